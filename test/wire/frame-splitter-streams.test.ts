import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { fieldCaptures, frameOf, referenceVectors } from '../support/captures.js';
import { collectingSplitter, type Found, split, textOf } from '../support/split.js';

const GOOD = '~25014600E00205FD32\r';
const LARGEST_FRAME = 4113;

const texts = [
  ...fieldCaptures.map(frameOf),
  ...referenceVectors.flatMap(({ request, response }) => [request, response]),
].filter((text) => typeof text === 'string');

const summary = ({ frames, rejected }: Found) => ({
  frames: frames.map(({ characters }) => textOf(characters)),
  rejected: rejected.map(({ error, characters }) => `${error.code} ${textOf(characters)}`),
});

/** A stream of fixtures with noise between them, and where it is cut. */
const cutStream = fc
  .array(
    fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...texts) }, fc.constantFrom('\0', '\n', '~', '\r', 'noise')),
    {
      minLength: 1,
      maxLength: 6,
    },
  )
  .chain((parts) => {
    const stream = parts.join('');
    return fc.tuple(fc.constant(stream), fc.array(fc.nat(stream.length), { maxLength: 12 }));
  });

function piecesOf(stream: string, cuts: number[]): string[] {
  const places = [0, ...[...cuts].sort((a, b) => a - b), stream.length];
  return places.slice(1).map((end, i) => stream.slice(places[i], end));
}

describe('a stream of real frames', () => {
  it('gives the same frames however it is cut', () => {
    fc.assert(
      fc.property(cutStream, ([stream, cuts]) => {
        assert.deepEqual(summary(split(...piecesOf(stream, cuts))), summary(split(stream)));
      }),
    );
  });

  it('gives the same frames byte by byte', () => {
    for (const text of texts) assert.deepEqual(summary(split(...text)), summary(split(text)));
  });

  it('gives every intact frame of all fixtures when they are glued together', () => {
    const each = texts.flatMap((text) => summary(split(text)).frames);
    assert.deepEqual(summary(split(texts.join(''))).frames, each);
    assert.ok(each.length > 150, `${each.length} frames`);
  });
});

describe('a babbling line', () => {
  const MEGABYTE = 1_048_576;
  const noises: Record<string, string> = {
    'no SOI at all': '0123456789ABCDEF\r\n\0\xff',
    'digits without an end': '25014600E002',
    'frames of the greatest length without an end': `~250146004FFE${'0'.repeat(5000)}`,
    'SOI after SOI': '~',
    'beginnings of frames': '~25014600',
    'wrong lengths': '~25014600E003',
  };
  for (const [name, unit] of Object.entries(noises)) {
    it(`${name}: what is held never grows beyond a frame, and a good frame is still found`, () => {
      const { splitter, frames, rejected } = collectingSplitter();
      const piece = Buffer.from(unit.repeat(Math.ceil(65_536 / unit.length)), 'latin1');
      splitter.push(Buffer.from('~', 'latin1'));
      let longest = 0;
      for (let sent = 0; sent < (unit === '~' ? MEGABYTE / 16 : MEGABYTE); sent += piece.length) {
        splitter.push(piece);
        for (const { characters } of rejected.splice(0)) longest = Math.max(longest, characters.length);
        assert.equal(frames.length, 0);
      }
      splitter.push(Buffer.from(GOOD, 'latin1'));
      assert.deepEqual(summary({ frames, rejected: [] }).frames, [GOOD]);
      assert.ok(longest <= LARGEST_FRAME, `${longest} characters were held`);
    });
  }

  it('gives up an endless frame at the length it announces', () => {
    const { rejected } = split(`~250146004FFE${'0'.repeat(4094 + 4)}0`);
    assert.deepEqual(
      rejected.map(({ error }) => error.code),
      ['FRAME'],
    );
  });
});
