import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  announcedInfoCharacters,
  encodeFrame,
  frameChecksum,
  frameText,
  LARGEST_FRAME_CHARACTERS,
  lengthField,
} from '../../src/wire/frame.js';
import { split, textOf } from '../support/split.js';

const byte = fc.integer({ min: 0, max: 255 });
const bytes = (text: string) => Buffer.from(text, 'latin1');

describe('LENGTH', () => {
  // pace-v25.md 2.2, with the examples worked out there
  const fields = '0000 E002 C004 A006 8008 600A 400C 200E F010 D012 501A 6028 B050 F07A 7090 D0F4'.split(' ');
  for (const field of fields) {
    it(`${field} announces ${Number.parseInt(field.slice(1), 16)} characters`, () => {
      const characters = Number.parseInt(field.slice(1), 16);
      assert.equal(lengthField(characters), Number.parseInt(field, 16));
      assert.equal(announcedInfoCharacters(Number.parseInt(field, 16)), characters);
    });
  }

  it('protects every length with its own checksum nibble', () => {
    for (let characters = 0; characters <= 0xffe; characters += 2) {
      const right = lengthField(characters);
      for (let nibble = 0; nibble < 16; nibble++) {
        const field = ((nibble << 12) | characters).toString(16).toUpperCase().padStart(4, '0');
        const read = () => announcedInfoCharacters(Number.parseInt(field, 16));
        if (nibble === right >> 12) assert.equal(read(), characters);
        else assert.throws(read, { code: 'FRAME' });
      }
    }
  });
});

describe('CHKSUM', () => {
  const examples = [
    { source: 'pace-v25.md 2.3, pack count', text: '~250146900000', checksum: 'FDA5' },
    { source: 'the vendor document’s arithmetic example', text: '~1203400356ABCEFE', checksum: 'FC72' },
    { source: 'pace-v25.md 2.3, moved digits', text: '~250146090000', checksum: 'FDA5' },
  ];
  for (const { source, text, checksum } of examples) {
    it(`is ${checksum} in ${source}`, () => {
      assert.equal(frameChecksum(bytes(text), text.length), Number.parseInt(checksum, 16));
    });
  }

  it('is 0000, not five digits, where the sum is a multiple of 65536', () => {
    // 1260 characters '4' (0x34) and 1 of value 0x10 add up to 0x10000
    const characters = new Uint8Array(1 + 1261).fill(0x34);
    characters[1] = 0x10;
    assert.equal(frameChecksum(characters, characters.length), 0);
  });

  it('sees every single changed digit of a frame', () => {
    const frame = encodeFrame({ version: 0x25, address: 1, cid1: 0x46, code: 0x42, info: Uint8Array.of(0xff) });
    for (let at = 1; at < frame.length - 1; at++) {
      for (const digit of '0123456789ABCDEF') {
        const damaged = Buffer.from(frame);
        damaged[at] = digit.charCodeAt(0);
        if (damaged.equals(frame)) continue;
        const { frames } = split(textOf(damaged));
        assert.deepEqual(frames, [], `digit ${digit} at ${at}`);
      }
    }
  });
});

describe('encodeFrame', () => {
  it('writes the characters of the protocol document’s pack count request', () => {
    const frame = encodeFrame({ version: 0x25, address: 1, cid1: 0x46, code: 0x90, info: new Uint8Array() });
    assert.equal(textOf(frame), '~250146900000FDA5\r');
  });

  it('gives back every frame that it wrote', () => {
    const info = fc.uint8Array({ maxLength: 2047 });
    const frame = fc.record({ version: byte, address: byte, cid1: byte, code: byte, info }, { noNullPrototype: true });
    fc.assert(
      fc.property(frame, (fields) => {
        const { frames, rejected } = split(textOf(encodeFrame(fields)));
        assert.deepEqual(rejected, []);
        assert.equal(frames.length, 1);
        const { characters, ...decoded } = frames[0] ?? assert.fail();
        assert.deepEqual({ ...decoded, info: Uint8Array.from(decoded.info) }, fields);
        assert.equal(textOf(characters), textOf(encodeFrame(fields)));
      }),
    );
  });

  it('fills the longest frame and refuses what is longer', () => {
    const fields = { version: 0x25, address: 1, cid1: 0x46, code: 0 };
    const longest = encodeFrame({ ...fields, info: new Uint8Array(2047) });
    assert.equal(longest.length, LARGEST_FRAME_CHARACTERS - 1); // an odd LENID is no frame
    assert.throws(() => encodeFrame({ ...fields, info: new Uint8Array(2048) }), { code: 'FRAME' });
  });
});

describe('frameText', () => {
  it('goes from ~ to the last checksum digit', () => {
    assert.equal(frameText(bytes('~250146900000FDA5\r')), '~250146900000FDA5');
    assert.equal(frameText(bytes('~2501')), '~2501');
    assert.equal(frameText(bytes('xx~2501\r').subarray(2)), '~2501');
  });
});
