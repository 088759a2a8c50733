import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pace25 } from '../../src/dialects/pace25/index.js';
import { encodeFrame, type FrameFields } from '../../src/wire/frame.js';
import { split, textOf } from '../support/split.js';

const natureOf = (fields: Partial<FrameFields>) => {
  const frame = { version: 0x25, address: 1, cid1: 0x46, code: 0, info: new Uint8Array(), ...fields };
  return pace25.natureOf({ ...frame, characters: encodeFrame(frame) });
};

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

  // pace-v25.md 2.4 and 3.2: configuration commands whose codes are return codes too
  const ambiguous: { code: number; infoBytes: number; is: string }[] = [
    { code: 0xe1, infoBytes: 0, is: 'refusal' },
    { code: 0xe1, infoBytes: 1, is: 'refusal' },
    { code: 0xe2, infoBytes: 0, is: 'refusal' },
    { code: 0xe2, infoBytes: 3, is: 'request' },
    { code: 0xe2, infoBytes: 6, is: 'request' },
    { code: 0xe3, infoBytes: 0, is: 'refusal' },
    { code: 0xe3, infoBytes: 1, is: 'refusal' },
    { code: 0xe4, infoBytes: 0, is: 'refusal' },
    { code: 0xe4, infoBytes: 1, is: 'request' },
  ];
  for (const { code, infoBytes, is } of ambiguous) {
    it(`code ${code.toString(16)} with ${infoBytes} bytes of INFO: ${is}`, () => {
      assert.equal(natureOf({ code, info: new Uint8Array(infoBytes) }).is, is);
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
    const [echo] = split(textOf(pace25.encodeRead('analog', { address: 1, pack: 'all' }))).frames;
    assert.deepEqual(echo && pace25.natureOf(echo), { is: 'request' });
  });
});
