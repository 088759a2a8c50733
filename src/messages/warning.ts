import { ALARM_LEVELS, type Alarm, type WarningReading, worstLevel } from '../battery/alarms.js';
import type { PackOf } from '../battery/bank-summary.js';
import type { FieldTable, LeafTable, LeafValue, Payload } from './field-table.js';
import { cellName, type Naming, named, packName, temperatureName } from './names.js';
import { bit, type QueryShape } from './shape.js';

const LEVEL = { is: 'string', oneOf: ALARM_LEVELS } as const;

/** An alarm as messages have it. */
export const ALARM_ENTRY = {
  code: { is: 'string', about: 'stable name of the alarm, for flows to act on' },
  level: { is: 'string', oneOf: ['warning', 'protection', 'fault'], about: 'how bad it is' },
  label: { is: 'string', about: 'in words, with the name of the cell or sensor' },
  cell: { is: 'string', about: 'the cell that has it, such as `cell_4`', only: 'of a cell' },
  temperature: { is: 'string', about: 'the sensor that has it, such as `temp_2`', only: 'of a temperature sensor' },
} as const satisfies FieldTable;
export type AlarmEntry = Payload<typeof ALARM_ENTRY>;

const LIMIT_STATE = { is: 'string', about: 'its state' } as const;

/** What a pack's payload holds after `lastSeen`. */
export const WARNING_PACK = {
  level: { ...LEVEL, about: 'the worst of what is active' },
  text: { is: 'string', about: 'what is active in words, the worst first, parted by `; `; empty when normal' },
  active: { is: 'list', of: ALARM_ENTRY, about: 'what is active, the worst first; empty when normal' },
  cellStates: { is: 'map', by: 'cell', of: LIMIT_STATE, about: 'each cell voltage against its limits' },
  temperatureStates: { is: 'map', by: 'temp', of: LIMIT_STATE, about: 'each temperature against its limits' },
  chargeCurrentState: { is: 'string', about: 'the charge current against its limit' },
  packVoltageState: { is: 'string', about: 'the voltage of the pack against its limits' },
  dischargeCurrentState: { is: 'string', about: 'the discharge current against its limit' },
} as const satisfies FieldTable;

/** What a bank's summary holds after its counts. */
export const WARNING_BANK = {
  level: { ...LEVEL, about: 'the worst of all packs' },
  text: { is: 'string', about: 'what is active in words, by pack, parted by ` | `; empty when normal' },
  active: {
    is: 'list',
    of: { pack: { is: 'string', about: 'the pack, such as `pack_1`' }, ...ALARM_ENTRY },
    about: 'what is active in all packs, by pack',
  },
} as const satisfies FieldTable;

/** A pack's values, by the topics of bmspace (`bmspace.md` 1c). */
export const WARNING_VALUES = {
  warnings: { is: 'string', about: 'what is active in words, as `text`; empty when nothing is' },
  prot_short_circuit: { is: 'number', about: '1 while the short-circuit protection is active, else 0' },
  prot_discharge_current: { is: 'number', about: '1 while the discharge over-current protection is active, else 0' },
  prot_charge_current: { is: 'number', about: '1 while the charge over-current protection is active, else 0' },
} as const satisfies LeafTable;

/** An alarm with its cell or sensor named. */
export function alarmEntry({ code, level, label, cell, temperature }: Alarm, naming: Naming): AlarmEntry {
  if (cell !== undefined) {
    const name = cellName(cell, naming);
    return { code, level, label: `${name} ${label}`, cell: name };
  }
  if (temperature !== undefined) {
    const name = temperatureName(temperature);
    return { code, level, label: `${name} ${label}`, temperature: name };
  }
  return { code, level, label };
}

/** What is wrong with a pack, in words; empty where nothing is. */
export const alarmText = (alarms: readonly Alarm[], naming: Naming) =>
  alarms.map((alarm) => alarmEntry(alarm, naming).label).join('; ');

/** What is wrong with the packs of a bank, in words; empty where nothing is. */
export const bankAlarmText = (packs: readonly PackOf<WarningReading>[], naming: Naming) =>
  packs
    .filter(({ reading }) => reading.alarms.length > 0)
    .map((entry) => `${packName(entry.pack, naming)}: ${alarmText(entry.reading.alarms, naming)}`)
    .join(' | ');

function pack(reading: WarningReading, naming: Naming): Payload<typeof WARNING_PACK> {
  const { alarms, cellStates, temperatureStates } = reading;
  return {
    level: worstLevel(alarms),
    text: alarmText(alarms, naming),
    active: alarms.map((alarm) => alarmEntry(alarm, naming)),
    cellStates: named(
      cellStates,
      (number) => cellName(number, naming),
      (state) => state,
    ),
    temperatureStates: named(temperatureStates, temperatureName, (state) => state),
    chargeCurrentState: reading.chargeCurrentState,
    packVoltageState: reading.packVoltageState,
    dischargeCurrentState: reading.dischargeCurrentState,
  };
}

function bank(packs: readonly PackOf<WarningReading>[], naming: Naming): Payload<typeof WARNING_BANK> {
  return {
    level: worstLevel(packs.flatMap(({ reading }) => reading.alarms)),
    text: bankAlarmText(packs, naming),
    active: packs.flatMap((entry) =>
      entry.reading.alarms.map((alarm) => ({ pack: packName(entry.pack, naming), ...alarmEntry(alarm, naming) })),
    ),
  };
}

function values({ alarms }: WarningReading, naming: Naming): LeafValue<typeof WARNING_VALUES, string | number>[] {
  const has = (code: string) => bit(alarms.some((alarm) => alarm.code === code));
  return [
    ['warnings', alarmText(alarms, naming)],
    ['prot_short_circuit', has('shortCircuitProtection')],
    ['prot_discharge_current', has('dischargeOverCurrentProtection')],
    ['prot_charge_current', has('chargeOverCurrentProtection')],
  ];
}

function glance(packs: readonly PackOf<WarningReading>[], naming: Naming): string {
  const alarms = packs.flatMap(({ reading }) => reading.alarms);
  const level = worstLevel(alarms);
  const worst = alarms.find((alarm) => alarm.level === level);
  if (!worst) return 'no alarms';
  return alarms.length === 1 ? alarmEntry(worst, naming).label : `${alarms.length} alarms, worst: ${level}`;
}

/** Alarms (44), `pace-bms-warning`. */
export const warningShape: QueryShape<WarningReading> = {
  query: 'warning',
  pack,
  bank,
  deadBank: { level: null, text: null, active: [] },
  values,
  glance,
};
