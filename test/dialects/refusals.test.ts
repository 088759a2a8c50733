import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pace25 } from '../../src/dialects/pace25/index.js';
import { PaceError } from '../../src/errors.js';
import { encodeFrame, type FrameFields } from '../../src/wire/frame.js';
import { fieldCaptures, referenceVectors } from '../support/captures.js';
import { split, textOf } from '../support/split.js';
import { refusedTexts } from './refused.js';

/** What becomes of a text: the errors it gives, or what its frame is. */
function fatesOf(text: string): (PaceError | string)[] {
  const { frames, rejected } = split(text);
  const natures = frames.map((frame) => pace25.natureOf(frame));
  return [
    ...rejected.map(({ error }) => error),
    ...natures.map((nature) => ('error' in nature ? nature.error : nature.is)),
  ];
}

const natureOf = (fields: Partial<FrameFields>) => {
  const frame = { version: 0x25, address: 1, cid1: 0x46, code: 0, info: new Uint8Array(), ...fields };
  return pace25.natureOf({ ...frame, characters: encodeFrame(frame) });
};

describe('what is no reply', () => {
  for (const { id, text, fate, rtn } of refusedTexts) {
    it(`${id}: ${fate}`, () => {
      const [first, ...more] = fatesOf(text);
      assert.deepEqual(more, []);
      assert.equal(first instanceof PaceError ? first.code : first, fate);
      if (fate === 'REFUSED') assert.equal((first as PaceError).rtn, rtn);
    });
  }

  it('every fixture marked negative, foreign, partial or to be rejected is among these', () => {
    const marked = [
      ...fieldCaptures.filter(({ note }) => /NEGATIVE|FOREIGN|PARTIAL/.test(note)),
      ...fieldCaptures.filter(({ expected }) => !expected),
      ...referenceVectors.filter(({ id, expected }) => expected.reject || id.startsWith('neg-')),
    ].map(({ id }) => id);
    const ids = refusedTexts.map(({ id }) => id);
    assert.deepEqual(
      marked.filter((id) => !ids.includes(id)),
      [],
    );
  });
});

describe('natureOf', () => {
  it('a foreign protocol is named, with what to check', () => {
    const nature = natureOf({ version: 0x20 });
    assert.ok(nature.is === 'foreign');
    assert.match(nature.error.message, /protocol 2\.0.*VER 20.*check/);
  });

  it('another kind of battery on 2.5 is foreign; the ternary one is not', () => {
    assert.equal(natureOf({ cid1: 0x4a }).is, 'foreign');
    assert.equal(natureOf({ cid1: 0x4f }).is, 'reply');
  });

  // pace-v25.md 2.4 and 2.5
  const codes: { codes: number[]; is: string }[] = [
    { codes: [0], is: 'reply' },
    { codes: [1, 2, 3, 4, 5, 6, 7, 8, 9, 0x0a, 0x41, 0x91], is: 'refusal' },
    {
      codes: [0x42, 0x44, 0x90, 0x99, 0x9a, 0x9b, 0x9c, 0xa0, 0xa1, 0xa6, 0xb1, 0xc1, 0xc2, 0xd1, 0xeb],
      is: 'request',
    },
  ];
  for (const { codes: list, is } of codes) {
    it(`codes ${list.map((code) => code.toString(16)).join(' ')}: ${is}`, () => {
      assert.deepEqual(
        list.map((code) => natureOf({ code }).is),
        list.map(() => is),
      );
    });
  }

  it('a refusal tells its return code, in the text too', () => {
    for (let rtn = 1; rtn <= 9; rtn++) {
      const nature = natureOf({ code: rtn });
      assert.ok(nature.is === 'refusal');
      assert.equal(nature.error.rtn, rtn);
      assert.match(nature.error.message, new RegExp(`RTN 0${rtn}`));
    }
  });

  it('a refusal that carries INFO stays a refusal', () => {
    assert.equal(natureOf({ code: 9, info: Uint8Array.of(4) }).is, 'refusal');
  });
});

describe('a request', () => {
  it('of our own is not taken for a reply when it echoes', () => {
    const echo = textOf(pace25.encodeRead('analog', { address: 1, pack: 'all' }));
    assert.deepEqual(fatesOf(echo), ['request']);
  });
});
