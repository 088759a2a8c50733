import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { cellSumAgrees } from '../../src/battery/analog.js';
import type { ReadKind, Slot, Target } from '../../src/dialects/dialect.js';
import { pace25 } from '../../src/dialects/pace25/index.js';
import { PaceError } from '../../src/errors.js';
import { type FieldCapture, fieldCaptures, frameOf } from '../support/captures.js';
import { split } from '../support/split.js';

const KINDS: Record<string, ReadKind> = { analog: 'analog', warn: 'alarms' };
/** Positions of INFO that are compared with each other: every so many characters, so that the run stays short. */
const STRIDES: Record<ReadKind, number> = { analog: 7, alarms: 1 };

/** Changes that leave the sum of the characters as it was. */
const CHANGES: Record<string, (a: string, b: string) => [string, string] | null> = {
  'characters that changed places': (a, b) => (a === b ? null : [b, a]),
  'changes that cancel out': (a, b) => {
    const [more, less] = [a.charCodeAt(0) + 1, b.charCodeAt(0) - 1].map((code) => String.fromCharCode(code));
    return /[0-9A-F]/.test(more as string) && /[0-9A-F]/.test(less as string) ? [more as string, less as string] : null;
  },
};

function targetOf({ expected }: FieldCapture): Target {
  const isBank = expected?.layout?.startsWith('multi-pack') ?? false;
  return { address: 1, pack: isBank ? 'all' : (expected?.second_byte ?? 1) };
}

/** What a damaged INFO reads as; null where a check refuses or doubts it. */
function read(kind: ReadKind, info: Buffer, target: Target): readonly Slot<unknown>[] | null {
  try {
    const { slots } = pace25.decode(kind, info, target);
    const doubted = kind === 'analog' && slots.some(({ reading }) => reading && !cellSumAgrees(reading as never));
    return doubted ? null : slots;
  } catch (error) {
    assert.ok(error instanceof PaceError);
    return null;
  }
}

function countCaught(kind: ReadKind, change: (a: string, b: string) => [string, string] | null) {
  const stride = STRIDES[kind];
  let caught = 0;
  let wrong = 0;
  for (const capture of fieldCaptures) {
    if (KINDS[capture.kind] !== kind || !capture.expected) continue;
    const info = Buffer.from(split(frameOf(capture)).frames[0]?.info ?? [])
      .toString('hex')
      .toUpperCase();
    const target = targetOf(capture);
    const truth = pace25.decode(kind, Buffer.from(info, 'hex'), target).slots;
    for (let i = 0; i < info.length; i += stride) {
      for (let j = i + 1; j < info.length; j += stride) {
        const changed = change(info[i] as string, info[j] as string);
        if (!changed) continue;
        const text = `${info.slice(0, i)}${changed[0]}${info.slice(i + 1, j)}${changed[1]}${info.slice(j + 1)}`;
        const got = read(kind, Buffer.from(text, 'hex'), target);
        if (got === null) caught += 1;
        else if (!isDeepStrictEqual(got, truth)) wrong += 1;
      }
    }
  }
  return { caught, wrong };
}

describe('damage that the checksum cannot see', () => {
  for (const [kind, reply] of [['analog', 'measurements (42)'] as const, ['alarms', 'alarms (44)'] as const]) {
    for (const [what, change] of Object.entries(CHANGES)) {
      it(`${reply}: some ${what} are caught by the other checks`, (t) => {
        const { caught, wrong } = countCaught(kind, change);
        t.diagnostic(
          `${reply}, ${what}: ${Math.round((100 * caught) / (caught + wrong))} % of ${caught + wrong} caught`,
        );
        assert.ok(caught > 0);
      });
    }
  }
});
