import {
  type CONTROL,
  FAULT,
  PROTECTION_1,
  PROTECTION_2,
  SYSTEM,
  WARNING_1,
  WARNING_2,
} from '../../src/dialects/pace25/flags.js';
import type { AlarmRecord, AnalogRecord } from '../../src/dialects/pace25/records.js';
import type { Flag } from '../../src/wire/field-codec.js';
import type { TrueRecord } from './truths.js';

type Query = 'analog' | 'warning' | 'status';
type Alarm = { code: string; level: string; label: string };

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const volts = (millivolts: number) => Math.round(millivolts) / 1000;
const degrees = (tenths: number | null | undefined) => (tenths == null ? null : tenths / 10);
const held = (share: number) => Math.round(Math.min(100, Math.max(0, share * 100)) * 100) / 100;
const named = <T, U>(prefix: string, values: readonly T[], convert: (value: T) => U): Record<string, U> =>
  Object.fromEntries(values.map((value, i) => [`${prefix}_${i + 1}`, convert(value)]));

function watts(millivolts: number, milliamps: number): number {
  const milliwatts = (millivolts * Math.abs(milliamps)) / 1000;
  return (Math.sign(milliamps) * Math.round(milliwatts / 100)) / 10 + 0;
}

/** Six sensors have known places: cells, then MOSFETs and environment; others all sit at cells. */
function temperaturesOf({ temperatureTenths: all }: AnalogRecord) {
  const areKnown = all.length === 6;
  const cells = (areKnown ? all.slice(0, 4) : all).filter((tenths) => tenths !== null);
  return {
    temperatures: named('temp', all, degrees),
    temperatureMin: cells.length === 0 ? null : degrees(Math.min(...cells)),
    temperatureMax: cells.length === 0 ? null : degrees(Math.max(...cells)),
    mosfetTemperature: areKnown ? degrees(all[4]) : null,
    environmentTemperature: areKnown ? degrees(all[5]) : null,
  };
}

function analogPack(record: AnalogRecord): object {
  const { cellMillivolts: cells, packMillivolts, currentMilliamps } = record;
  const { remainingMilliampHours: remaining, fullMilliampHours: full, designMilliampHours: design } = record;
  const located = (value: number) => ({ name: `cell_${cells.indexOf(value) + 1}`, voltage: value / 1000 });
  return {
    voltage: packMillivolts / 1000,
    current: currentMilliamps / 1000,
    power: watts(packMillivolts, currentMilliamps),
    soc: held(remaining / full),
    soh: held(full / design),
    remainingCapacity: remaining / 1000,
    fullCapacity: full / 1000,
    designCapacity: design / 1000,
    cycles: record.cycles,
    cellCount: cells.length,
    cellVoltages: named('cell', cells, (value) => value / 1000),
    cells: cells.map((value, i) => ({ cell: i + 1, name: `cell_${i + 1}`, voltage: value / 1000 })),
    cellMin: located(Math.min(...cells)),
    cellMax: located(Math.max(...cells)),
    cellAverage: volts(sum(cells) / cells.length),
    cellDelta: volts(Math.max(...cells) - Math.min(...cells)),
    ...temperaturesOf(record),
  };
}

const LEVELS = ['fault', 'protection', 'warning'];
const FLAG_TABLES: readonly (readonly Flag[])[] = [PROTECTION_1, PROTECTION_2, SYSTEM, FAULT, WARNING_1, WARNING_2];
const FLAGS: ReadonlyMap<string, Flag> = new Map(FLAG_TABLES.flat().map((flag) => [flag.id, flag]));
const STATES: Record<string, { suffix: string; level: string; words: string }> = {
  low: { suffix: 'BelowLimit', level: 'warning', words: 'below limit' },
  high: { suffix: 'AboveLimit', level: 'warning', words: 'above limit' },
  other: { suffix: 'OtherFault', level: 'fault', words: 'other fault' },
};

function alarmsOf(record: AlarmRecord): Alarm[] {
  const { protection1, protection2, system, fault, warning1, warning2, cellStates, temperatureStates } = record;
  const flags = [protection1, protection2, system, fault, warning1, warning2].flat().flatMap((id) => {
    const { category = '', label = '' } = FLAGS.get(id) ?? {};
    return LEVELS.includes(category) ? [{ code: id, level: category, label }] : [];
  });
  const ofState = (subject: string, state: string, words: string, more: object = {}) => {
    const known = STATES[state];
    return known
      ? [{ code: `${subject}${known.suffix}`, level: known.level, label: `${words} ${known.words}`, ...more }]
      : [];
  };
  const all = [
    ...flags,
    ...cellStates.flatMap((state, i) => ofState('cell', state, `cell_${i + 1}`, { cell: `cell_${i + 1}` })),
    ...temperatureStates.flatMap((state, i) =>
      ofState('temperature', state, `temp_${i + 1}`, { temperature: `temp_${i + 1}` }),
    ),
    ...ofState('chargeCurrent', record.chargeCurrentState, 'Charge current'),
    ...ofState('packVoltage', record.packVoltageState, 'Pack voltage'),
    ...ofState('dischargeCurrent', record.dischargeCurrentState, 'Discharge current'),
  ];
  return LEVELS.flatMap((level) => all.filter((alarm) => alarm.level === level));
}

function warningPack(record: AlarmRecord): object {
  const active = alarmsOf(record);
  return {
    level: active[0]?.level ?? 'normal',
    text: active.map(({ label }) => label).join('; '),
    active,
    cellStates: named('cell', record.cellStates, (state) => state),
    temperatureStates: named('temp', record.temperatureStates, (state) => state),
    chargeCurrentState: record.chargeCurrentState,
    packVoltageState: record.packVoltageState,
    dischargeCurrentState: record.dischargeCurrentState,
  };
}

function statusPack({ system, control, protection2, balancingCells }: AlarmRecord): object {
  const idle = system.includes('acIn') ? 'charging' : 'idle';
  return {
    mode: system.includes('packSupplying') ? 'discharging' : idle,
    fullyCharged: protection2.includes('fullyCharged'),
    chargeMosfet: system.includes('chargeMosfetOn'),
    dischargeMosfet: system.includes('dischargeMosfetOn'),
    chargeCurrentLimiter: system.includes('chargeCurrentLimiterActive'),
    chargerReversed: system.includes('chargerReversed'),
    packSupplying: system.includes('packSupplying'),
    acIn: system.includes('acIn'),
    heater: system.includes('heaterOn'),
    shutdown: system.includes('shutdownState'),
    balancing: { active: balancingCells.length > 0, cells: balancingCells.map((cell) => `cell_${cell}`) },
    settings: settingsOf(control),
  };
}

function settingsOf(control: readonly (typeof CONTROL)[number]['id'][]): object {
  return {
    buzzerAlarm: control.includes('buzzerAlarmEnabled'),
    ledAlarm: !control.includes('ledAlarmDisabled'),
    chargeLimiter: !control.includes('chargeLimiterDisabled'),
    chargeLimiterGear: control.includes('chargeLimiterLowGear') ? 'low' : 'high',
    chargeMosfetForcedOff: control.includes('chargeMosfetForcedOff'),
    dischargeMosfetForcedOff: control.includes('dischargeMosfetForcedOff'),
    systemLock: control.includes('systemLockEnabled'),
    testMode: control.includes('testMode'),
  };
}

/** What the contract makes of a true record in pack and bank shape, but for the pack's number and `lastSeen`. */
export function payloadOf(query: Query, { kind, record }: TrueRecord): object {
  if (kind === 'analog') return analogPack(record);
  return query === 'warning' ? warningPack(record) : statusPack(record);
}

/** The values of a true record in value shape, by the last part of their topics; there are none of an unfitted sensor. */
export function valuesOf(record: AnalogRecord): Record<string, number> {
  const { cellMillivolts: cells, temperatureTenths, remainingMilliampHours, fullMilliampHours } = record;
  const fitted = temperatureTenths.flatMap((tenths, i) =>
    tenths === null ? [] : [[`temps/temp_${i + 1}`, tenths / 10]],
  );
  return {
    ...named('v_cells/cell', cells, (value) => value),
    cells_max_diff_calc: Math.max(...cells) - Math.min(...cells),
    ...Object.fromEntries(fitted),
    i_pack: record.currentMilliamps / 1000,
    v_pack: record.packMillivolts / 1000,
    i_remain_cap: remainingMilliampHours,
    i_full_cap: fullMilliampHours,
    i_design_cap: record.designMilliampHours,
    cycles: record.cycles,
    soc: held(remainingMilliampHours / fullMilliampHours),
    soh: held(fullMilliampHours / record.designMilliampHours),
  };
}
