import type { LimitState } from '../../battery/alarms.js';
import { PaceError } from '../../errors.js';
import {
  bitNumbers,
  type Codec,
  flags,
  integer,
  list,
  optional,
  record,
  type ValueOf,
} from '../../wire/field-codec.js';
import { toHex } from '../../wire/hex.js';
import { CONTROL, FAULT, PROTECTION_1, PROTECTION_2, SYSTEM, WARNING_1, WARNING_2 } from './flags.js';

const millivolts = integer(2, { unit: 'mV' });
const milliampHours = integer(2, { unit: 'mAh', step: 10 });

/** What the wire says where no sensor is fitted, 0x8000, as tenths of a °C (`pace-v25.md` 3.1). */
const NO_SENSOR = 0x8000 - 2730;
/** 0.1 K with the fixed offset 2730 (`pace-v25.md` 3.1). */
const temperatureTenths = optional(integer(2, { unit: '0.1 °C', offset: -2730 }), NO_SENSOR);

/** One pack of a 42 reply; the order is the wire's (`pace-v25.md` 3.3). */
export const ANALOG_FIELDS = {
  cellMillivolts: list(millivolts),
  temperatureTenths: list(temperatureTenths),
  currentMilliamps: integer(2, { unit: 'mA', step: 10, signed: true }),
  packMillivolts: millivolts,
  remainingMilliampHours: milliampHours,
  userItemCount: integer(1, { unit: 'items' }),
  fullMilliampHours: milliampHours,
  cycles: integer(2, { unit: 'cycles' }),
  designMilliampHours: milliampHours,
};

/** What the codes of a state byte stand for (`pace-v25.md` 3.4, alarm code). */
export const NAMED_STATES: Readonly<Record<number, LimitState>> = { 0: 'normal', 1: 'low', 2: 'high', 240: 'other' };
const STATES = Array.from({ length: 256 }, (_, code) => NAMED_STATES[code] ?? (`unknown-${toHex(code, 2)}` as const));

/** A state byte (`pace-v25.md` 3.4, alarm code). */
const limitState: Codec<LimitState> = {
  unit: 'state',
  read: (cursor) => STATES[cursor.unsigned(1)] as LimitState,
  write(state, out) {
    const code = STATES.indexOf(state);
    if (code < 0) throw new PaceError('SHAPE', `no state code stands for ${state}`);
    out.push(code);
  },
};

/** One pack of a 44 reply; the order is the wire's (`pace-v25.md` 3.4). */
export const ALARM_FIELDS = {
  cellStates: list(limitState),
  temperatureStates: list(limitState),
  chargeCurrentState: limitState,
  packVoltageState: limitState,
  dischargeCurrentState: limitState,
  protection1: flags(PROTECTION_1),
  protection2: flags(PROTECTION_2),
  system: flags(SYSTEM),
  control: flags(CONTROL),
  fault: flags(FAULT),
  balancingCells: bitNumbers(2, 'cell'),
  warning1: flags(WARNING_1),
  warning2: flags(WARNING_2),
};

/** One pack of a 42 reply, both ways. */
export const analogRecord = record(ANALOG_FIELDS);
/** One pack of a 44 reply, both ways. */
export const alarmRecord = record(ALARM_FIELDS);

/** A pack as a 42 reply has it. */
export type AnalogRecord = ValueOf<typeof analogRecord>;
/** A pack as a 44 reply has it. */
export type AlarmRecord = ValueOf<typeof alarmRecord>;

/** How the records of a reply are built, for finding where each one ends. */
export interface RecordShape {
  /** Bytes of each item in the two counted lists, cells and temperatures. */
  bytesPerItem: number;
  /** Bytes after the two lists. */
  bytesAfterLists: number;
  /** The longest tail a firmware may add to each record, in bytes (design, section 5). */
  longestTail: number;
}

/** The records of a 42 reply (`pace-v25.md` 3.3). */
export const ANALOG_SHAPE: RecordShape = { bytesPerItem: 2, bytesAfterLists: 13, longestTail: 40 };
/** The records of a 44 reply (`pace-v25.md` 3.4). */
export const ALARM_SHAPE: RecordShape = { bytesPerItem: 1, bytesAfterLists: 12, longestTail: 8 };
