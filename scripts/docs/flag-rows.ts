import {
  ALARM_LEVELS,
  type AlarmLevel,
  alarmsOfStates,
  LEVEL_MEANINGS,
  LIMIT_STATES,
  type LimitState,
} from '../../src/battery/alarms.js';
import { alarmReading } from '../../src/dialects/pace25/alarm-reading.js';
import * as flags from '../../src/dialects/pace25/flags.js';
import { type AlarmRecord, alarmRecord, NAMED_STATES } from '../../src/dialects/pace25/records.js';
import { alarmEntry } from '../../src/messages/warning.js';
import { Cursor, type FlagTable } from '../../src/wire/field-codec.js';
import { toHex } from '../../src/wire/hex.js';
import { code, table } from './markdown.js';

const FLAG_BYTES = {
  protection1: flags.PROTECTION_1,
  protection2: flags.PROTECTION_2,
  system: flags.SYSTEM,
  control: flags.CONTROL,
  fault: flags.FAULT,
  warning1: flags.WARNING_1,
  warning2: flags.WARNING_2,
} as const satisfies { [Name in keyof AlarmRecord]?: FlagTable };

const NAMING = { padPacks: 0, padCells: 0 };

/** A pack of which nothing is set. */
const QUIET = alarmRecord.read(new Cursor(new Uint8Array(14)));
const QUIET_STATUS = flat(alarmReading(QUIET).status);

/** The members of an object and of the objects in it, by their path. */
function flat(value: object, path = ''): Map<string, unknown> {
  return new Map(
    Object.entries(value).flatMap(([name, member]) =>
      typeof member === 'object' ? [...flat(member, `${path}${name}.`)] : [[`${path}${name}`, member] as const],
    ),
  );
}

interface Bit {
  /** Where it is in the reply. */
  place: string;
  label: string;
  alarms: ReturnType<typeof alarmReading>['warning']['alarms'];
  /** The members of a pack's status that it changes, with what they become. */
  states: string[];
}

/** Every bit of the flag bytes, with what the code makes of it alone. */
const BITS: readonly Bit[] = Object.entries(FLAG_BYTES).flatMap(([byte, bits]) =>
  bits.map(({ id, label }, bit) => {
    const { warning, status } = alarmReading({ ...QUIET, [byte]: [id] });
    const changed = [...flat(status)].filter(([member, value]) => QUIET_STATUS.get(member) !== value);
    return {
      place: `${byte.replace(/(\d)$/, ' $1')}, bit ${bit}`,
      label,
      alarms: warning.alarms,
      states: changed.map(([member, value]) => code(`${member}: ${JSON.stringify(value)}`)),
    };
  }),
);

const worst = (level: AlarmLevel) => ALARM_LEVELS.indexOf(level);

/** The alarms that the BMS has a bit for, the worst level first. */
export function alarmTable(): string {
  const alarms = BITS.flatMap(({ alarms: [alarm], place }) => (alarm ? [{ ...alarm, place }] : []));
  const sorted = alarms.sort((a, b) => worst(b.level) - worst(a.level));
  const rows = sorted.map(({ code: id, level, label, place }) => [code(id), level, label, place]);
  return table(['code', 'level', 'label', 'in the reply'], rows);
}

/** The bits that show as a state. */
export function stateBitTable(): string {
  const rows = BITS.filter(({ states }) => states.length > 0).map(({ label, states, place }) => [
    states.join(', '),
    label,
    place,
  ]);
  return table(['shows as', 'the BMS says', 'in the reply'], rows);
}

type LimitStates = Parameters<typeof alarmsOfStates>[0];

const NORMAL: LimitStates = {
  cellStates: [],
  temperatureStates: [],
  chargeCurrentState: 'normal',
  packVoltageState: 'normal',
  dischargeCurrentState: 'normal',
};
const fourthIs = (state: LimitState) => Array.from({ length: 4 }, (_, i) => (i === 3 ? state : 'normal'));
/** What has a state: a cell, a sensor, the currents and the voltage. */
const IN_STATE: readonly ((state: LimitState) => Partial<LimitStates>)[] = [
  (state) => ({ cellStates: fourthIs(state) }),
  (state) => ({ temperatureStates: fourthIs(state) }),
  (chargeCurrentState) => ({ chargeCurrentState }),
  (packVoltageState) => ({ packVoltageState }),
  (dischargeCurrentState) => ({ dischargeCurrentState }),
];
const WRONG: readonly LimitState[] = ['low', 'high', 'other', 'unknown-85'];

/** The alarms that follow from states against limits. */
export function limitAlarmTable(): string {
  const rows = IN_STATE.flatMap((inState) =>
    WRONG.flatMap((state) =>
      alarmsOfStates({ ...NORMAL, ...inState(state) }).map((alarm) => {
        const { code: id, level, label } = alarmEntry(alarm, NAMING);
        return [code(id), level, label, code(state)];
      }),
    ),
  );
  return table(['code', 'level', 'label', 'state'], rows);
}

/** The levels of alarms. */
export const levelTable = () =>
  table(
    ['level', 'meaning'],
    ALARM_LEVELS.map((level) => [code(level), LEVEL_MEANINGS[level]]),
  );

/** The states against limits. */
export function limitStateTable(): string {
  const named = Object.entries(NAMED_STATES).map(([byte, state]) => [
    code(state),
    LIMIT_STATES[state as keyof typeof LIMIT_STATES],
    code(toHex(Number(byte), 2)),
  ]);
  const unknown = [code('unknown-85'), 'a code that no document names, in hex', 'any other, here `85`'];
  return table(['state', 'meaning', 'byte in the reply'], [...named, unknown]);
}
