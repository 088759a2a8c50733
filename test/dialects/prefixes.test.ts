import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type AnalogReading, cellSumAgrees } from '../../src/battery/analog.js';
import type { ReadKind, Target } from '../../src/dialects/dialect.js';
import { pace25 } from '../../src/dialects/pace25/index.js';
import { PaceError } from '../../src/errors.js';
import { fieldCaptures, frameOf, referenceVectors } from '../support/captures.js';
import { split } from '../support/split.js';
import { alarmReplies, analogReplies, infoOf } from './replies.js';

const texts = [
  ...fieldCaptures.map(frameOf),
  ...referenceVectors.flatMap(({ request, response }) => [request, response]),
].filter((text) => typeof text === 'string');

/** The packs of a reply; the code of the error where it is refused. */
function reading(kind: ReadKind, info: Uint8Array, target: Target): unknown {
  try {
    return pace25.decode(kind, info, target).slots;
  } catch (thrown) {
    if (thrown instanceof PaceError) return thrown.code;
    throw thrown;
  }
}

/** Whether a pack's cells do not add up to its voltage, so that it is asked again. */
function isDoubted(kind: ReadKind, got: unknown): boolean {
  const slots = got as { reading: AnalogReading | null }[];
  return kind === 'analog' && slots.some((slot) => slot.reading && !cellSumAgrees(slot.reading));
}

describe('a frame that breaks off', () => {
  it('gives nothing while it may go on, and FRAME when it ends: every prefix of every fixture', () => {
    for (const text of texts) {
      for (let length = 1; length < text.length - 1; length++) {
        const prefix = text.slice(0, length);
        assert.deepEqual(split(prefix).frames, [], prefix);
        const { frames, rejected } = split(`${prefix}\r`);
        assert.deepEqual(frames, [], prefix);
        assert.ok(rejected.length >= 1 && rejected.every(({ error }) => error.code === 'FRAME'), prefix);
      }
    }
  });
});

/**
 * Lengths at which the rest of a 44 reply is a whole reply of unlike packs: nothing in it tells otherwise, but what
 * came before it does (`link/reply-reader-captures.test.ts`).
 */
const AMBIGUOUS_LENGTHS: Record<string, number[]> = { 'wild-061': [60], 'wild-062': [75] };

describe('a reply whose INFO stops early, in an envelope that holds', () => {
  for (const { id, kind, text, target } of [...analogReplies, ...alarmReplies]) {
    it(`${id}: is refused, or doubted, or only its tail is shorter`, () => {
      const info = infoOf(text);
      const whole = reading(kind, info, target);
      const tailBytes = pace25.decode(kind, info, target).tailBytes;
      const otherwise: number[] = [];
      for (let length = 0; length < info.length; length++) {
        const got = reading(kind, info.subarray(0, length), target);
        const onlyTailIsCut = Array.isArray(whole) && whole.length === 1 && length >= info.length - tailBytes;
        if (onlyTailIsCut) assert.deepEqual(got, whole);
        else if (got !== 'SHAPE' && !isDoubted(kind, got)) otherwise.push(length);
      }
      assert.deepEqual(otherwise, AMBIGUOUS_LENGTHS[id] ?? []);
    });

    it(`${id}: is refused with more bytes than a tail can have`, () => {
      const info = infoOf(text);
      const longestTail = kind === 'analog' ? 40 : 8;
      const packs = pace25.decode(kind, info, target).slots.length;
      const added = packs * (longestTail + 1);
      assert.equal(reading(kind, Uint8Array.of(...info, ...new Uint8Array(added)), target), 'SHAPE');
    });
  }
});

describe('a count that INFO does not hold', () => {
  for (const { id, kind, text, target, packs } of [...analogReplies, ...alarmReplies]) {
    if (target.pack !== 'all') continue;
    it(`${id}: every other count is refused`, () => {
      const info = Uint8Array.from(infoOf(text));
      for (let count = 1; count <= 32; count++) {
        if (count === packs.length) continue;
        info[1] = count;
        assert.equal(reading(kind, info, target), 'SHAPE', `${packs.length} packs, count ${count}`);
      }
    });
  }
});
