import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { LimitState } from '../../src/battery/alarms.js';
import type { ReadKind, Target } from '../../src/dialects/dialect.js';
import { encodeAlarmInfo, encodeAnalogInfo, type RecordWithTail } from '../../src/dialects/pace25/encode.js';
import { pace25 } from '../../src/dialects/pace25/index.js';
import { type AlarmRecord, type AnalogRecord, alarmRecord } from '../../src/dialects/pace25/records.js';
import { PaceError } from '../../src/errors.js';
import { Cursor } from '../../src/wire/field-codec.js';

const ALL: Target = { address: 1, pack: 'all' };
/** LENID of at most 4094 characters, less INFOFLAG and count. */
const MOST_BYTES = 2047 - 2;

const u8 = fc.integer({ min: 0, max: 255 });
const u16 = fc.integer({ min: 0, max: 65_535 });
const temperature = fc.oneof(fc.constant(null), fc.integer({ min: -400, max: 1200 }));

/** A pack whose voltage is that of its cells within half a percent. */
const analogPack: fc.Arbitrary<AnalogRecord> = fc
  .record({
    cells: fc.array(fc.integer({ min: 1000, max: 4000 }), { minLength: 1, maxLength: 32 }),
    temperatureTenths: fc.array(temperature, { maxLength: 16 }),
    current: fc.integer({ min: -32_768, max: 32_767 }),
    offBy: fc.integer({ min: -5, max: 5 }),
    remaining: u16,
    userItemCount: u8,
    full: u16,
    cycles: u16,
    design: u16,
  })
  .map(({ cells, temperatureTenths, offBy, userItemCount, cycles, ...raw }) => {
    const cellMillivolts = cells.map((millivolts) => Math.min(millivolts, Math.floor(65_000 / cells.length)));
    const sum = cellMillivolts.reduce((total, millivolts) => total + millivolts, 0);
    return {
      cellMillivolts,
      temperatureTenths,
      currentMilliamps: raw.current * 10,
      packMillivolts: sum + Math.round((sum * offBy) / 1000),
      remainingMilliampHours: raw.remaining * 10,
      userItemCount,
      fullMilliampHours: raw.full * 10,
      cycles,
      designMilliampHours: raw.design * 10,
    };
  });

const emptySlot: fc.Arbitrary<AnalogRecord> = fc
  .tuple(fc.integer({ min: 1, max: 32 }), fc.integer({ min: 0, max: 16 }))
  .map(([cells, sensors]) => ({
    cellMillivolts: Array(cells).fill(0),
    temperatureTenths: Array(sensors).fill(0),
    currentMilliamps: 0,
    packMillivolts: 0,
    remainingMilliampHours: 0,
    userItemCount: 9,
    fullMilliampHours: 0,
    cycles: 0,
    designMilliampHours: 0,
  }));

const stateCode = fc.oneof({ weight: 5, arbitrary: fc.constantFrom(0, 0, 0, 1, 2, 0xf0) }, u8);
const alarmPack: fc.Arbitrary<AlarmRecord> = fc
  .tuple(
    fc.array(stateCode, { minLength: 1, maxLength: 32 }),
    fc.array(stateCode, { maxLength: 16 }),
    fc.array(stateCode, { minLength: 3, maxLength: 3 }),
    fc.array(u8, { minLength: 9, maxLength: 9 }),
  )
  .map(([cells, sensors, states, flags]) => {
    const bytes = [cells.length, ...cells, sensors.length, ...sensors, ...states, ...flags];
    return alarmRecord.read(new Cursor(Uint8Array.from(bytes)));
  });

/** Packs alike or unlike, with tails of one length, as many as fit a frame. */
function bankOf<Fields>(pack: fc.Arbitrary<Fields>, longestTail: number, encode: Encode<Fields>) {
  const packs = fc.oneof(
    fc.array(pack, { minLength: 1, maxLength: 28 }),
    fc.tuple(pack, fc.integer({ min: 1, max: 28 })).map(([same, count]) => Array<Fields>(count).fill(same)),
  );
  const tailByte = fc.oneof(fc.constant(0), fc.constantFrom(16, 6, 100, 0x27), u8);
  return fc.tuple(packs, fc.integer({ min: 0, max: longestTail })).chain(([fields, tailBytes]) =>
    fc
      .array(
        fc.uint8Array({ minLength: tailBytes, maxLength: tailBytes }).chain((bytes) =>
          fc.oneof(
            fc.constant(bytes),
            fc.array(tailByte, { minLength: tailBytes, maxLength: tailBytes }).map((list) => Uint8Array.from(list)),
          ),
        ),
        { minLength: fields.length, maxLength: fields.length },
      )
      .map((tails) => {
        const records = fields.map((values, i) => ({ fields: values, tail: tails[i] ?? new Uint8Array() }));
        let fitting = records.length;
        while (encode(fitting, records.slice(0, fitting)).length > MOST_BYTES) fitting -= 1;
        return records.slice(0, fitting);
      }),
  );
}

type Encode<Fields> = (packField: number, records: readonly RecordWithTail<Fields>[]) => Uint8Array;

/** In how many ways the records of INFO can end where INFO ends (`pace-v25.md` 5.3). */
function countFits(info: Uint8Array, bytesPerItem: number, bytesAfterLists: number, longestTail: number): number {
  let fits = 0;
  for (let tail = 0; tail <= longestTail; tail++) {
    let position = 2;
    let valid = true;
    for (let i = 0; i < (info[1] as number) && valid; i++) {
      const cells = info[position] ?? 0;
      const sensors = info[position + 1 + cells * bytesPerItem] ?? 99;
      valid = cells >= 1 && cells <= 32 && sensors <= 16;
      position += 2 + (cells + sensors) * bytesPerItem + bytesAfterLists + tail;
    }
    if (valid && position === info.length) fits += 1;
  }
  return fits;
}

/** The readings of INFO; null where it is refused as ambiguous. */
function readings(kind: ReadKind, info: Uint8Array, hints = {}) {
  try {
    return pace25.decode(kind, info, ALL, hints).slots.map(({ reading }) => reading);
  } catch (thrown) {
    assert.ok(thrown instanceof PaceError && thrown.code === 'SHAPE', String(thrown));
    return null;
  }
}
void (0 as unknown as LimitState);

describe('any bank', () => {
  const analogBank = bankOf(fc.oneof({ weight: 6, arbitrary: analogPack }, emptySlot), 40, encodeAnalogInfo);
  it('42: decodes to what was written, or is refused where it can be read in several ways', () => {
    fc.assert(
      fc.property(analogBank, (records) => {
        const info = encodeAnalogInfo(records.length, records);
        const got = readings('analog', info);
        if (got === null) assert.ok(countFits(info, 2, 13, 40) > 1);
        else
          assert.deepEqual(
            got,
            records.map(({ fields }) => (fields.packMillivolts === 0 ? null : fields)),
          );
      }),
    );
  });
});
