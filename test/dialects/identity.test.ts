import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { decodeIdentity, IDENTITY, type IdentityKind } from '../../src/dialects/pace25/identity.js';
import { encodeIdentityRequest, pace25 } from '../../src/dialects/pace25/index.js';
import { PaceError } from '../../src/errors.js';
import { textOf } from '../support/split.js';

const KINDS = Object.keys(IDENTITY) as IdentityKind[];
const bytesOf = (characters: string) => Uint8Array.from(Buffer.from(characters, 'latin1'));
const filled = (...texts: string[]) => bytesOf(texts.map((text) => text.padEnd(20)).join(''));

function decoded(kind: IdentityKind, info: Uint8Array): unknown {
  try {
    return decodeIdentity(kind, info);
  } catch (thrown) {
    if (thrown instanceof PaceError) return thrown.code;
    throw thrown;
  }
}

describe('what a BMS tells about itself', () => {
  it('is asked for with commands that only read', () => {
    const commands = KINDS.map((kind) => textOf(encodeIdentityRequest(kind, 1)).slice(7, 9));
    assert.deepEqual(commands.sort(), ['90', 'A6', 'B1', 'C1', 'C2']);
  });

  it('without INFO, of the address asked', () => {
    for (const kind of KINDS) {
      assert.match(textOf(encodeIdentityRequest(kind, 0x0b)), /^~250B46..0000[0-9A-F]{4}\r$/);
    }
  });

  const version = 'P16S100A-1812-1.00';
  const cases: { what: string; kind: IdentityKind; info: Uint8Array; told: unknown }[] = [
    {
      what: 'a version with the name of a Bluetooth module',
      kind: 'softwareVersion',
      info: filled(version, 'PACE-0815'),
      told: { softwareVersion: version, bluetoothName: 'PACE-0815' },
    },
    {
      what: 'a second text that is shorter',
      kind: 'softwareVersion',
      info: Uint8Array.of(...filled(version), ...bytesOf('PACE')),
      told: { softwareVersion: version, bluetoothName: 'PACE' },
    },
    {
      what: 'no serial number of the pack',
      kind: 'serialNumbers',
      info: filled('0907030493436D'),
      told: { bmsSerial: '0907030493436D', packSerial: null },
    },
    {
      what: 'no serial number at all',
      kind: 'serialNumbers',
      info: new Uint8Array(40),
      told: { bmsSerial: null, packSerial: null },
    },
    { what: 'no number of packs', kind: 'packCount', info: new Uint8Array(), told: { packCount: null } },
    {
      what: 'a leap day',
      kind: 'clock',
      info: Uint8Array.of(24, 2, 29, 23, 59, 59),
      told: { clock: '2024-02-29T23:59:59' },
    },
    {
      what: 'the last second of the clock',
      kind: 'clock',
      info: Uint8Array.of(99, 12, 31, 23, 59, 59),
      told: { clock: '2099-12-31T23:59:59' },
    },
  ];
  for (const { what, kind, info, told } of cases) {
    it(`is read: ${what}`, () => assert.deepEqual(decoded(kind, info), told));
  }

  const noTimes = [
    [25, 2, 29, 0, 0, 0],
    [25, 0, 1, 0, 0, 0],
    [25, 13, 1, 0, 0, 0],
    [25, 1, 0, 0, 0, 0],
    [25, 4, 31, 0, 0, 0],
    [25, 1, 1, 24, 0, 0],
    [25, 1, 1, 0, 60, 0],
    [25, 1, 1, 0, 0, 60],
    [100, 1, 1, 0, 0, 0],
    [255, 255, 255, 255, 255, 255],
  ];
  for (const bytes of noTimes) {
    it(`is refused: a clock at ${bytes.join(' ')}`, () => {
      assert.equal(decoded('clock', Uint8Array.from(bytes)), 'SHAPE');
    });
  }

  it('is refused when INFO has another length', () => {
    const lengths: Record<IdentityKind, [least: number, most: number]> = {
      packCount: [0, 1],
      capacity: [6, 6],
      clock: [6, 6],
      softwareVersion: [20, 40],
      serialNumbers: [20, 40],
    };
    for (const kind of KINDS) {
      const [least, most] = lengths[kind];
      for (let length = 0; length < 60; length++) {
        const info = new Uint8Array(length).fill(kind === 'clock' ? 1 : 0x41);
        const isRefused = decoded(kind, info) === 'SHAPE';
        assert.equal(isRefused, length < least || length > most, `${kind}, ${length} bytes`);
      }
    }
  });

  it('any time of the clock is written and read again as it is', () => {
    const times = fc.date({ min: new Date('2000-01-01'), max: new Date('2099-12-31T23:59:59'), noInvalidDate: true });
    fc.assert(
      fc.property(times, (time) => {
        const clock = time.toISOString().slice(0, 19);
        const bytes: number[] = [];
        IDENTITY.clock.fields.write({ clock }, bytes);
        assert.deepEqual(decodeIdentity('clock', Uint8Array.from(bytes)), { clock });
      }),
    );
  });

  it('any texts are no 42 or 44 reply, and read as themselves', () => {
    const name = fc.string({ unit: 'grapheme-ascii', maxLength: 20 }).map((characters) => characters.trim() || null);
    fc.assert(
      fc.property(name, name, (bmsSerial, packSerial) => {
        const info = filled(bmsSerial ?? '', packSerial ?? '');
        assert.deepEqual(decodeIdentity('serialNumbers', info), { bmsSerial, packSerial });
        for (const pack of ['all', 1] as const) {
          for (const kind of ['analog', 'alarms'] as const) {
            assert.equal(pace25.fits(kind, info, { address: 1, pack }), false);
          }
        }
      }),
    );
  });
});
