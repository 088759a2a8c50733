import { type Alarm, type WarningReading, worstLevel } from '../battery/alarms.js';
import type { PackOf } from '../battery/bank-summary.js';
import { cellName, type Naming, packName, temperatureName } from './names.js';
import { bit, type QueryShape, type Value } from './shape.js';

/** An alarm as messages have it. */
export interface AlarmEntry {
  code: string;
  level: Alarm['level'];
  /** In words, the cell's or sensor's name included. */
  label: string;
  cell?: string;
  temperature?: string;
}

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

function pack(reading: WarningReading, naming: Naming): object {
  const { alarms, cellStates, temperatureStates } = reading;
  return {
    level: worstLevel(alarms),
    text: alarmText(alarms, naming),
    active: alarms.map((alarm) => alarmEntry(alarm, naming)),
    cellStates: Object.fromEntries(cellStates.map((state, i) => [cellName(i + 1, naming), state])),
    temperatureStates: Object.fromEntries(temperatureStates.map((state, i) => [temperatureName(i + 1), state])),
    chargeCurrentState: reading.chargeCurrentState,
    packVoltageState: reading.packVoltageState,
    dischargeCurrentState: reading.dischargeCurrentState,
  };
}

function bank(packs: readonly PackOf<WarningReading>[], naming: Naming): object {
  return {
    level: worstLevel(packs.flatMap(({ reading }) => reading.alarms)),
    text: bankAlarmText(packs, naming),
    active: packs.flatMap((entry) =>
      entry.reading.alarms.map((alarm) => ({ pack: packName(entry.pack, naming), ...alarmEntry(alarm, naming) })),
    ),
  };
}

function values({ alarms }: WarningReading, naming: Naming): Value[] {
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
