import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  bitNumbers,
  type Codec,
  Cursor,
  flags,
  integer,
  list,
  optional,
  record,
  text,
  whenPresent,
} from '../../src/wire/field-codec.js';

function written<T>(codec: Codec<T>, value: T): number[] {
  const out: number[] = [];
  codec.write(value, out);
  return out;
}
const read = <T>(codec: Codec<T>, ...bytes: number[]) => codec.read(new Cursor(Uint8Array.from(bytes)));

const flag = (id: string) => ({ id, category: 'system', label: id }) as const;
const TABLE = [flag('a'), flag('b'), flag('c'), flag('d'), flag('e'), flag('f'), flag('g'), flag('h')] as const;

describe('integer', () => {
  const current = integer(2, { unit: 'mA', step: 10, signed: true });
  const tenths = integer(2, { unit: '0.1 °C', offset: -2730 });
  const cases: { name: string; codec: Codec<number>; bytes: number[]; value: number }[] = [
    { name: 'a byte', codec: integer(1, { unit: '' }), bytes: [0xff], value: 255 },
    { name: 'big-endian mV', codec: integer(2, { unit: 'mV' }), bytes: [0x0d, 0x42], value: 3394 },
    { name: 'the highest u16', codec: integer(2, { unit: 'mV' }), bytes: [0xff, 0xff], value: 65535 },
    { name: 'charging, 10 mA steps', codec: current, bytes: [0x1a, 0xfb], value: 69070 },
    { name: 'discharging by one step', codec: current, bytes: [0xff, 0xff], value: -10 },
    { name: 'the lowest s16', codec: current, bytes: [0x80, 0x00], value: -327_680 },
    { name: 'the highest s16', codec: current, bytes: [0x7f, 0xff], value: 327_670 },
    { name: '0.0 °C', codec: tenths, bytes: [0x0a, 0xaa], value: 0 },
    { name: 'below freezing', codec: tenths, bytes: [0x0a, 0x78], value: -50 },
  ];
  for (const { name, codec, bytes, value } of cases) {
    it(`reads and writes ${name}`, () => {
      assert.equal(read(codec, ...bytes), value);
      assert.deepEqual(written(codec, value), bytes);
    });
  }

  for (const value of [327_680, -327_690, Number.NaN, Number.POSITIVE_INFINITY]) {
    it(`refuses to write ${value} mA into 16 bits`, () => {
      assert.throws(() => written(current, value), { code: 'SHAPE' });
    });
  }

  it('refuses to read past the end', () => {
    assert.throws(() => read(current, 0x1a), { code: 'SHAPE' });
    assert.throws(() => read(current), { code: 'SHAPE' });
  });
});

describe('optional', () => {
  const codec = optional(integer(2, { unit: '' }), 0x8000);
  it('has one number for none', () => {
    assert.equal(read(codec, 0x80, 0x00), null);
    assert.equal(read(codec, 0x80, 0x01), 0x8001);
    assert.deepEqual(written(codec, null), [0x80, 0x00]);
    assert.deepEqual(written(codec, 7), [0, 7]);
  });
});

describe('whenPresent', () => {
  const codec = whenPresent(integer(1, { unit: 'packs' }));
  it('is null, and no byte, where INFO has ended', () => {
    assert.equal(read(codec), null);
    assert.equal(read(codec, 0), 0);
    assert.deepEqual(written(codec, null), []);
    assert.deepEqual(written(codec, 5), [5]);
  });
});

describe('text', () => {
  const codec = text(8);
  const bytesOf = (characters: string) => [...Buffer.from(characters, 'latin1')];
  const cases: { wire: string; value: string | null }[] = [
    { wire: 'P16S1.00', value: 'P16S1.00' },
    { wire: 'P16S    ', value: 'P16S' },
    { wire: 'P16S\0\0\0\0', value: 'P16S' },
    { wire: 'P16S \0\r\n', value: 'P16S' },
    { wire: ' a b    ', value: 'a b' },
    { wire: 'P1\x016S\xff\xff\xff', value: 'P16S' },
    { wire: 'short', value: 'short' },
    { wire: '        ', value: null },
    { wire: '\0\0\0\0\0\0\0\0', value: null },
    { wire: '\xff\xff\xff\xff\xff\xff\xff\xff', value: null },
    { wire: '', value: null },
  ];
  for (const { wire, value } of cases) {
    it(`reads ${JSON.stringify(wire)} as ${JSON.stringify(value)}`, () => {
      assert.equal(read(codec, ...bytesOf(wire)), value);
    });
  }

  it('takes no more than its size', () => {
    const cursor = new Cursor(Uint8Array.from(bytesOf('12345678next')));
    assert.equal(codec.read(cursor), '12345678');
    assert.equal(codec.read(cursor), 'next');
    assert.equal(cursor.remaining, 0);
  });

  it('gives back what it wrote, always of its size', () => {
    const printable = fc.string({ unit: 'grapheme-ascii', maxLength: 8 }).map((characters) => characters.trim());
    fc.assert(
      fc.property(printable, (characters) => {
        const bytes = written(codec, characters || null);
        assert.equal(bytes.length, 8);
        assert.equal(read(codec, ...bytes), characters || null);
      }),
    );
  });

  for (const value of ['123456789', 'Zürich', 'a\tb']) {
    it(`refuses to write ${JSON.stringify(value)}`, () => {
      assert.throws(() => written(codec, value), { code: 'SHAPE' });
    });
  }
});

describe('list', () => {
  const codec = list(integer(2, { unit: 'mV' }));
  it('carries its own count', () => {
    assert.deepEqual(read(codec, 2, 0, 1, 0, 2), [1, 2]);
    assert.deepEqual(read(codec, 0), []);
    assert.deepEqual(written(codec, [1, 2]), [2, 0, 1, 0, 2]);
  });
  it('refuses a count that is not there', () => {
    assert.throws(() => read(codec, 2, 0, 1, 0), { code: 'SHAPE' });
  });
  it('refuses more items than a count byte can tell', () => {
    assert.throws(() => written(codec, Array(256).fill(0)), { code: 'SHAPE' });
  });
});

describe('flags', () => {
  const codec = flags(TABLE);
  it('names the bits that are set, bit 0 first', () => {
    assert.deepEqual(read(codec, 0b1000_0101), ['a', 'c', 'h']);
  });
  it('gives back every byte', () => {
    for (let byte = 0; byte < 256; byte++) assert.deepEqual(written(codec, read(codec, byte)), [byte]);
  });
});

describe('bitNumbers', () => {
  const codec = bitNumbers(2, 'cell');
  it('counts on from byte to byte', () => {
    assert.deepEqual(read(codec, 0b0000_0001, 0b1000_0001), [1, 9, 16]);
  });
  it('gives back every pair of bytes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 0, max: 255 }), (first, second) => {
        assert.deepEqual(written(codec, read(codec, first, second)), [first, second]);
      }),
    );
  });
});

describe('record', () => {
  it('reads and writes its fields in the order of the table', () => {
    const codec = record<{ state: number; volts: number }>({
      state: integer(1, { unit: '' }),
      volts: integer(2, { unit: 'mV' }),
    });
    assert.deepEqual(read(codec, 9, 0x0d, 0x42), { state: 9, volts: 3394 });
    assert.deepEqual(written(codec, { volts: 3394, state: 9 }), [9, 0x0d, 0x42]);
  });
});
