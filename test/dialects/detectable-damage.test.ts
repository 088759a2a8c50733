import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import type { ReadKind, Slot, Target } from '../../src/dialects/dialect.js';
import { encodeAlarmInfo, encodeAnalogInfo, encodeReply } from '../../src/dialects/pace25/encode.js';
import { pace25 } from '../../src/dialects/pace25/index.js';
import { PaceError } from '../../src/errors.js';
import { split } from '../support/split.js';
import { alarmBank, analogBank } from './banks.js';
import { alarmReplies, analogReplies, infoOf } from './replies.js';

const ALL: Target = { address: 1, pack: 'all' };
const KINDS = ['analog', 'alarms'] as const;

/** What a read of `kind` takes from these characters: the packs of each frame that is a reply and can be read. */
function readingsIn(kind: ReadKind, target: Target, text: string): (readonly Slot<unknown>[])[] {
  return split(text).frames.flatMap((frame) => {
    if (pace25.natureOf(frame).is !== 'reply') return [];
    try {
      return [pace25.decode(kind, frame.info, target).slots];
    } catch (thrown) {
      assert.ok(thrown instanceof PaceError && thrown.code === 'SHAPE', String(thrown));
      return [];
    }
  });
}

const captured = [...analogReplies, ...alarmReplies].map(({ id, kind, text, target }) => {
  return { id, kind, target, text, slots: pace25.decode(kind, infoOf(text), target).slots };
});
const capturedReply = fc.constantFrom(...captured);
const anyByte = fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code));
const hexDigit = fc.constantFrom(...'0123456789ABCDEF');
/** Where in a text, from 0 up to 1; and what stands there instead. */
const place = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const indexOf = (share: number, { length }: string) => Math.floor(share * length);
const replaced = (text: string, index: number, character: string) =>
  `${text.slice(0, index)}${character}${text.slice(index + 1)}`;
const sumOf = (text: string) => [...text].reduce((total, character) => total + character.charCodeAt(0), 0);

describe('damage that the envelope shows', () => {
  it('one character of a captured reply changed: the same values, or none', () => {
    fc.assert(
      fc.property(capturedReply, place, fc.oneof(anyByte, hexDigit), ({ id, kind, target, text, slots }, at, byte) => {
        const index = indexOf(at, text);
        for (const got of readingsIn(kind, target, replaced(text, index, byte))) {
          assert.deepEqual(got, slots, `${id}: character ${index} is ${JSON.stringify(byte)}`);
        }
      }),
      { numRuns: 5000 },
    );
  });

  it('one character of a short captured reply changed: every place, every byte', () => {
    for (const wanted of KINDS) {
      const ofKind = captured.filter(({ kind }) => kind === wanted);
      const { kind, target, text, slots } = ofKind.sort((a, b) => a.text.length - b.text.length)[0] ?? assert.fail();
      for (let index = 0; index < text.length; index++) {
        for (let code = 0; code < 256; code++) {
          const byte = String.fromCharCode(code);
          const readings = readingsIn(kind, target, replaced(text, index, byte));
          const words = `character ${index} is ${JSON.stringify(byte)}`;
          // small letters in the checksum are as good as capitals
          const isSame = byte.toUpperCase() === text[index];
          if (!isSame) assert.deepEqual(readings, [], words);
          else if (readings.length > 0) assert.deepEqual(readings, [slots], words);
        }
      }
    }
  });

  it('two characters of a captured reply changed so that the sum shows it: nothing is read', () => {
    fc.assert(
      fc.property(capturedReply, place, hexDigit, place, hexDigit, ({ kind, target, text }, at1, one, at2, two) => {
        const content = text.slice(1, -5);
        const once = replaced(content, indexOf(at1, content), one);
        const twice = replaced(once, indexOf(at2, content), two);
        fc.pre(sumOf(twice) !== sumOf(content));
        assert.deepEqual(readingsIn(kind, target, `~${twice}${text.slice(-5)}`), []);
      }),
      { numRuns: 5000 },
    );
  });

  it('a character lost, doubled or put in: nothing is read', () => {
    const change = fc.constantFrom('lost', 'doubled', 'put in');
    fc.assert(
      fc.property(capturedReply, place, change, hexDigit, ({ kind, target, text }, at, what, digit) => {
        const index = Math.max(1, indexOf(at, text.slice(0, -1)));
        const put = { lost: '', doubled: `${text[index]}${text[index]}`, 'put in': `${text[index]}${digit}` }[what];
        assert.deepEqual(readingsIn(kind, target, replaced(text, index, put)), []);
      }),
      { numRuns: 3000 },
    );
  });
});

describe('characters that are no reply', () => {
  it('random bytes, and frames of random digits, never read as anything', () => {
    const digits = (most: number) => fc.array(hexDigit, { maxLength: most }).map((list) => list.join(''));
    const frame = fc
      .tuple(fc.constantFrom('', '25', '250146', '25014600'), digits(150))
      .map(([start, rest]) => `~${start}${rest}\r`);
    const noise = fc.array(anyByte, { maxLength: 200 }).map((bytes) => bytes.join(''));
    fc.assert(
      fc.property(fc.array(fc.oneof(noise, frame), { minLength: 1, maxLength: 4 }), (pieces) => {
        for (const kind of KINDS) assert.deepEqual(readingsIn(kind, ALL, pieces.join('')), []);
      }),
      { numRuns: 2000 },
    );
  });

  it('a captured reply after noise, or after another that broke off, is read all the same', () => {
    const noise = fc.array(
      anyByte.filter((byte) => byte !== '~'),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(noise, capturedReply, place, capturedReply, (bytes, broken, at, { kind, target, text, slots }) => {
        const begun = broken.text.slice(0, indexOf(at, broken.text));
        assert.deepEqual(readingsIn(kind, target, `${bytes.join('')}${begun}${text}`), [slots]);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('any bank’s reply that breaks off', () => {
  const texts: Record<ReadKind, fc.Arbitrary<string>> = {
    analog: analogBank.map((records) => encodeReply(1, encodeAnalogInfo(records.length, records)).toString('latin1')),
    alarms: alarmBank.map((records) => encodeReply(1, encodeAlarmInfo(records.length, records)).toString('latin1')),
  };
  for (const kind of KINDS) {
    it(`${kind}: any prefix reads as nothing, also when a line end follows`, () => {
      fc.assert(
        fc.property(texts[kind], place, fc.constantFrom('', '\r'), (text, at, end) => {
          const prefix = text.slice(0, indexOf(at, text.slice(0, -1)));
          assert.deepEqual(readingsIn(kind, ALL, `${prefix}${end}`), []);
        }),
        { numRuns: 500 },
      );
    });
  }

  it('measurements: any one digit changed reads as nothing', () => {
    fc.assert(
      fc.property(texts.analog, place, hexDigit, (text, at, digit) => {
        const index = 1 + indexOf(at, text.slice(1, -1));
        fc.pre(text[index] !== digit);
        const readings = readingsIn('analog', ALL, replaced(text, index, digit));
        assert.ok(isDeepStrictEqual(readings, []));
      }),
      { numRuns: 500 },
    );
  });
});
