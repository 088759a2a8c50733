import fc from 'fast-check';
import { encodeAlarmInfo, encodeAnalogInfo, type RecordWithTail } from '../../src/dialects/pace25/encode.js';
import { type AlarmRecord, type AnalogRecord, alarmRecord } from '../../src/dialects/pace25/records.js';
import { Cursor } from '../../src/wire/field-codec.js';

/** INFO holds at most 4094 characters (`pace-v25.md` 5.6). */
const MOST_BYTES = 2047;

const u8 = fc.integer({ min: 0, max: 255 });
const u16 = fc.integer({ min: 0, max: 65_535 });
const temperature = fc.oneof(fc.constant(null), fc.integer({ min: -400, max: 1200 }));

/** A pack whose voltage is that of its cells within half a percent. */
const analogPack: fc.Arbitrary<AnalogRecord> = fc
  .record({
    cells: fc.array(fc.integer({ min: 1000, max: 4000 }), { minLength: 1, maxLength: 32 }),
    temperatureTenths: fc.array(temperature, { maxLength: 16 }),
    currentSteps: fc.integer({ min: -32_768, max: 32_767 }),
    perMilleOff: fc.integer({ min: -5, max: 5 }),
    capacities: fc.tuple(u16, u16, u16),
    userItemCount: u8,
    cycles: u16,
  })
  .map(({ cells, temperatureTenths, currentSteps, perMilleOff, capacities, userItemCount, cycles }) => {
    const cellMillivolts = cells.map((millivolts) => Math.min(millivolts, Math.floor(65_000 / cells.length)));
    const sum = cellMillivolts.reduce((total, millivolts) => total + millivolts, 0);
    return {
      cellMillivolts,
      temperatureTenths,
      currentMilliamps: currentSteps * 10,
      packMillivolts: sum + Math.round((sum * perMilleOff) / 1000),
      remainingMilliampHours: capacities[0] * 10,
      userItemCount,
      fullMilliampHours: capacities[1] * 10,
      cycles,
      designMilliampHours: capacities[2] * 10,
    };
  });

/** A place without a pack (`pace-v25.md` 5.4). */
const emptySlot: fc.Arbitrary<AnalogRecord> = analogPack.map((pack) => ({
  ...pack,
  cellMillivolts: pack.cellMillivolts.map(() => 0),
  temperatureTenths: pack.temperatureTenths.map(() => 0),
  currentMilliamps: 0,
  packMillivolts: 0,
  remainingMilliampHours: 0,
  fullMilliampHours: 0,
  cycles: 0,
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

const tailByte = fc.oneof(fc.constantFrom(0, 6, 16, 100), u8);
const tail = (bytes: number) =>
  fc.array(tailByte, { minLength: bytes, maxLength: bytes }).map((list) => Uint8Array.from(list));

/** Packs alike or unlike with tails of one length, as many as fit a frame. */
function bankOf<Fields>(
  pack: fc.Arbitrary<Fields>,
  longestTail: number,
  encode: (packField: number, records: readonly RecordWithTail<Fields>[]) => Uint8Array,
): fc.Arbitrary<RecordWithTail<Fields>[]> {
  const packs = fc.oneof(
    fc.array(pack, { minLength: 1, maxLength: 28 }),
    fc.tuple(pack, fc.integer({ min: 1, max: 28 })).map(([same, count]) => Array<Fields>(count).fill(same)),
  );
  return fc.tuple(packs, fc.integer({ min: 0, max: longestTail })).chain(([fields, tailBytes]) =>
    fc.array(tail(tailBytes), { minLength: fields.length, maxLength: fields.length }).map((tails) => {
      const records = fields.map((values, i) => ({ fields: values, tail: tails[i] ?? new Uint8Array() }));
      while (encode(records.length, records).length > MOST_BYTES) records.pop();
      return records;
    }),
  );
}

export const analogBank = bankOf(fc.oneof({ weight: 6, arbitrary: analogPack }, emptySlot), 40, encodeAnalogInfo);
export const alarmBank = bankOf(alarmPack, 8, encodeAlarmInfo);
