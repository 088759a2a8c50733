import { worstLevel } from '../../battery/alarms.js';
import {
  ENVIRONMENT_SENSOR,
  extremes,
  hasKnownPlaces,
  type Located,
  MOSFET_SENSOR,
  powerMilliwatts,
} from '../../battery/analog.js';
import { type Capacities, stateOfCharge, stateOfHealth } from '../analog.js';
import { cellName, type Naming, temperatureName } from '../names.js';
import { ampHours, amps, degrees, orNull, volts, watts } from '../numbers.js';
import { alarmText } from '../warning.js';
import { diagnostic, type Entity, KINDS, main, onOff, stateText } from './entity.js';
import type { QueryName, Readings } from './incoming.js';

/** A pack's reading and when it was made, epoch ms. */
export interface PackSource<Query extends QueryName> {
  reading: Readings[Query];
  lastSeen: number;
}

/** What decides which entities a pack has. */
export interface PackStructure {
  cellCount: number;
  /** By sensor, whether it has ever told a temperature. */
  sensors: readonly boolean[];
}

/** The options of a node that decide the same. */
export interface EntityOptions {
  naming: Naming;
  perCellEntities: boolean;
}

/** The capacities, alike for a pack and a bank; `of` finds them in what is read. */
export function capacityEntities<Source>(of: (source: Source) => Capacities): Entity<Source>[] {
  return [
    main('soc', 'State of charge', KINDS.charge, (source) => stateOfCharge(of(source))),
    diagnostic('soh', 'State of health', KINDS.health, (source) => stateOfHealth(of(source))),
    main('remaining_capacity', 'Remaining capacity', KINDS.capacity, (s) => ampHours(of(s).remainingMilliampHours)),
    diagnostic('full_capacity', 'Full capacity', KINDS.capacity, (s) => ampHours(of(s).fullMilliampHours)),
    diagnostic('design_capacity', 'Design capacity', KINDS.capacity, (s) => ampHours(of(s).designMilliampHours)),
  ];
}

/** The lowest and highest cell, alike for a pack and a bank; `of` finds them in what is read, in mV. */
export function cellRangeEntities<Source>(
  of: (source: Source) => { lowest: Located; highest: Located } | null,
): Entity<Source>[] {
  const inVolts = (millivolts: (lowest: number, highest: number) => number) => (source: Source) => {
    const cells = of(source);
    return cells && volts(millivolts(cells.lowest.value, cells.highest.value));
  };
  return [
    main(
      'cell_min',
      'Lowest cell',
      KINDS.cellVoltage,
      inVolts((lowest) => lowest),
    ),
    main(
      'cell_max',
      'Highest cell',
      KINDS.cellVoltage,
      inVolts((_lowest, highest) => highest),
    ),
    main(
      'cell_delta',
      'Cell difference',
      KINDS.cellVoltage,
      inVolts((lowest, highest) => highest - lowest),
    ),
  ];
}

type AnalogEntity = Entity<PackSource<'analog'>>;

const MEASUREMENTS: readonly AnalogEntity[] = [
  ...capacityEntities((source: PackSource<'analog'>): Capacities => source.reading),
  main('voltage', 'Voltage', KINDS.packVoltage, ({ reading }) => volts(reading.packMillivolts)),
  main('current', 'Current', KINDS.current, ({ reading }) => amps(reading.currentMilliamps)),
  main('power', 'Power', KINDS.power, ({ reading }) => watts(powerMilliwatts(reading))),
  diagnostic('cycles', 'Cycles', KINDS.cycles, ({ reading }) => reading.cycles),
  ...cellRangeEntities(({ reading }: PackSource<'analog'>) => extremes(reading.cellMillivolts)),
  {
    ...diagnostic('last_seen', 'Last seen', KINDS.time, ({ lastSeen }) => new Date(lastSeen).toISOString()),
    isAlwaysNew: true,
  },
];

/** Sensors that are no cell's. */
const PLACES: Record<number, readonly [key: string, name: string]> = {
  [MOSFET_SENSOR]: ['mosfet_temperature', 'MOSFET temperature'],
  [ENVIRONMENT_SENSOR]: ['environment_temperature', 'Environment temperature'],
};

/** The key and name of a sensor's entity, one of `count` sensors. */
export function sensorEntity(sensor: number, count: number): readonly [key: string, name: string] {
  const place = hasKnownPlaces(count) ? PLACES[sensor] : undefined;
  return place ?? [temperatureName(sensor), `Temperature ${sensor}`];
}

function temperatureEntities(sensors: readonly boolean[]): AnalogEntity[] {
  return sensors.flatMap((isFitted, i) => {
    const [key, name] = sensorEntity(i + 1, sensors.length);
    const degreesOf = ({ reading }: PackSource<'analog'>) => orNull(reading.temperatureTenths[i] ?? null, degrees);
    return isFitted ? [diagnostic(key, name, KINDS.temperature, degreesOf)] : [];
  });
}

/** The key of a cell's entity. */
export const cellKey = (cell: number) => `cell_${cell}`;

function cellEntities(cellCount: number, naming: Naming): AnalogEntity[] {
  return Array.from({ length: cellCount }, (_, i) => {
    const entityId = cellName(i + 1, naming);
    const name = entityId.replace('cell_', 'Cell ');
    const voltsOf = ({ reading }: PackSource<'analog'>) => orNull(reading.cellMillivolts[i] ?? null, volts);
    return { ...diagnostic(cellKey(i + 1), name, KINDS.cellVoltage, voltsOf), entityId };
  });
}

/** As many cells as packs mostly have. */
const USUAL_CELL_COUNT = 16;

/** A pack's structure with the cells that an earlier deploy may have told of. */
export const withUsualCells = (structure: PackStructure): PackStructure => ({
  ...structure,
  cellCount: Math.max(structure.cellCount, USUAL_CELL_COUNT),
});

/** The cells that an earlier deploy may have told of: those that are not wanted now, and those beyond the pack's. */
export function formerCells(
  structure: PackStructure | null,
  { naming, perCellEntities }: EntityOptions,
): AnalogEntity[] {
  if (!structure) return [];
  const all = cellEntities(withUsualCells(structure).cellCount, naming);
  return perCellEntities ? all.slice(structure.cellCount) : all;
}

type AlarmEntity = Entity<PackSource<'warning'>>;

const protection = (key: string, name: string, code: string): AlarmEntity =>
  diagnostic(key, name, KINDS.problem, ({ reading }) => onOff(reading.alarms.some((alarm) => alarm.code === code)));

const alarmEntities = (naming: Naming): AlarmEntity[] => [
  main('problem', 'Problem', KINDS.problem, ({ reading }) => onOff(reading.alarms.length > 0)),
  main('alarm_level', 'Alarm level', KINDS.alarmLevel, ({ reading }) => worstLevel(reading.alarms)),
  main('alarms', 'Alarms', KINDS.text, ({ reading }) => stateText(alarmText(reading.alarms, naming))),
  protection('short_circuit', 'Short-circuit protection', 'shortCircuitProtection'),
  protection('discharge_over_current', 'Discharge over-current protection', 'dischargeOverCurrentProtection'),
  protection('charge_over_current', 'Charge over-current protection', 'chargeOverCurrentProtection'),
];

type StateEntity = Entity<PackSource<'status'>>;

const stateEntities = (naming: Naming): StateEntity[] => [
  main('mode', 'Mode', KINDS.packMode, ({ reading }) => reading.mode),
  diagnostic('charge_mosfet', 'Charge MOSFET', KINDS.state, ({ reading }) => onOff(reading.chargeMosfet)),
  diagnostic('discharge_mosfet', 'Discharge MOSFET', KINDS.state, ({ reading }) => onOff(reading.dischargeMosfet)),
  diagnostic('fully_charged', 'Fully charged', KINDS.state, ({ reading }) => onOff(reading.fullyCharged)),
  diagnostic('balancing', 'Balancing', KINDS.state, ({ reading }) => onOff(reading.balancingCells.length > 0)),
  diagnostic('balancing_cells', 'Balancing cells', KINDS.text, ({ reading }) =>
    stateText(reading.balancingCells.map((cell) => cellName(cell, naming)).join(', ')),
  ),
  diagnostic('charge_limiter', 'Charge current limiter', KINDS.state, (s) => onOff(s.reading.chargeCurrentLimiter)),
  diagnostic('charger_reversed', 'Charger reversed', KINDS.problem, ({ reading }) => onOff(reading.chargerReversed)),
  diagnostic('pack_supplying', 'Pack supplying', KINDS.state, ({ reading }) => onOff(reading.packSupplying)),
  diagnostic('ac_in', 'AC in', KINDS.state, ({ reading }) => onOff(reading.acIn)),
  diagnostic('heater', 'Heater', KINDS.state, ({ reading }) => onOff(reading.heater)),
];

/** The entities that each query's readings give a pack. */
export type PackEntities = { [Query in QueryName]: readonly Entity<PackSource<Query>>[] };

/** All entities of a pack, by the query that reads them; none of measurements where the structure is not known. */
export function packEntities(
  structure: PackStructure | null,
  { naming, perCellEntities }: EntityOptions,
): PackEntities {
  const { cellCount, sensors } = structure ?? { cellCount: 0, sensors: [] };
  const cells = perCellEntities ? cellEntities(cellCount, naming) : [];
  return {
    analog: [...MEASUREMENTS, ...temperatureEntities(sensors), ...cells],
    warning: alarmEntities(naming),
    status: stateEntities(naming),
  };
}
