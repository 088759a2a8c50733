import {
  type AnalogReading,
  extremes,
  percentage,
  powerMilliwatts,
  sum,
  temperaturesByPlace,
} from '../battery/analog.js';
import { type CellOfBank, type PackOf, summariseAnalog } from '../battery/bank-summary.js';
import type { FieldTable, LeafTable, LeafValue, Payload } from './field-table.js';
import { cellName, type Naming, named, packName, temperatureName } from './names.js';
import { ampHours, amps, degrees, glanceAmps, orNull, percent, volts, watts } from './numbers.js';
import type { QueryShape, Value } from './shape.js';

const NO_CELLS = 'the reply holds no cells';

/** A cell among others. */
const CELL = {
  name: { is: 'string', about: 'the cell, such as `cell_1`' },
  voltage: { is: 'number', unit: 'V', about: 'its voltage' },
} as const satisfies FieldTable;
const CELL_OF_BANK = {
  pack: { is: 'string', about: 'the pack, such as `pack_1`' },
  ...CELL,
} as const satisfies FieldTable;

/** What a pack's payload holds after `lastSeen`. */
export const ANALOG_PACK = {
  voltage: { is: 'number', unit: 'V', about: 'voltage of the pack' },
  current: { is: 'number', unit: 'A', about: 'positive while charging, negative while discharging' },
  power: { is: 'number', unit: 'W', about: 'voltage times current, with the same sign' },
  soc: {
    ...{ is: 'number', unit: '%', about: 'state of charge: remaining of full capacity, 0 to 100' },
    nullWhen: 'the BMS gives a full capacity of 0',
  },
  soh: {
    ...{ is: 'number', unit: '%', about: 'state of health: full of design capacity, 0 to 100' },
    nullWhen: 'the BMS gives a design capacity of 0',
  },
  remainingCapacity: { is: 'number', unit: 'Ah', about: 'charge that is left' },
  fullCapacity: { is: 'number', unit: 'Ah', about: 'charge when full, as the BMS has learnt it' },
  designCapacity: { is: 'number', unit: 'Ah', about: 'charge when full and new' },
  cycles: { is: 'number', about: 'charge cycles that the BMS has counted' },
  cellCount: { is: 'number', about: 'cells in series' },
  cellVoltages: {
    is: 'map',
    by: 'cell',
    of: { is: 'number', unit: 'V', about: 'that cell' },
    about: 'each cell by its name',
  },
  cells: {
    is: 'list',
    of: { cell: { is: 'number', about: 'number of the cell, from 1' }, ...CELL },
    about: 'the same as a list, for charts and tables',
  },
  cellMin: { is: 'object', of: CELL, about: 'the lowest cell; the first of equals', nullWhen: NO_CELLS },
  cellMax: { is: 'object', of: CELL, about: 'the highest cell; the first of equals', nullWhen: NO_CELLS },
  cellAverage: { is: 'number', unit: 'V', about: 'mean of the cells', nullWhen: NO_CELLS },
  cellDelta: { is: 'number', unit: 'V', about: 'highest less lowest cell', nullWhen: NO_CELLS },
  temperatures: {
    is: 'map',
    by: 'temp',
    of: { is: 'number', unit: '°C', about: 'that sensor', nullWhen: 'no sensor is fitted in that place' },
    about: 'each sensor by its name',
  },
  temperatureMin: { is: 'number', unit: '°C', about: 'coldest cell sensor', nullWhen: 'there is none' },
  temperatureMax: { is: 'number', unit: '°C', about: 'warmest cell sensor', nullWhen: 'there is none' },
  mosfetTemperature: {
    ...{ is: 'number', unit: '°C', about: 'of the switching transistors: sensor 5 of six' },
    nullWhen: 'the pack has not six sensors, or that one is not fitted',
  },
  environmentTemperature: {
    ...{ is: 'number', unit: '°C', about: 'of the surroundings: sensor 6 of six' },
    nullWhen: 'the pack has not six sensors, or that one is not fitted',
  },
} as const satisfies FieldTable;

/** What a bank's summary holds after its counts. */
export const ANALOG_BANK = {
  voltage: { is: 'number', unit: 'V', about: 'mean of the packs' },
  current: { is: 'number', unit: 'A', about: 'sum of the packs; positive while charging' },
  power: { is: 'number', unit: 'W', about: 'sum of the packs' },
  soc: { is: 'number', unit: '%', about: 'from the summed capacities', nullWhen: 'the full capacities add up to 0' },
  soh: { is: 'number', unit: '%', about: 'from the summed capacities', nullWhen: 'the design capacities add up to 0' },
  remainingCapacity: { is: 'number', unit: 'Ah', about: 'sum of the packs' },
  fullCapacity: { is: 'number', unit: 'Ah', about: 'sum of the packs' },
  designCapacity: { is: 'number', unit: 'Ah', about: 'sum of the packs' },
  cellMin: { is: 'object', of: CELL_OF_BANK, about: 'the lowest cell of all packs', nullWhen: NO_CELLS },
  cellMax: { is: 'object', of: CELL_OF_BANK, about: 'the highest cell of all packs', nullWhen: NO_CELLS },
  cellDelta: { is: 'number', unit: 'V', about: 'highest less lowest cell of all packs', nullWhen: NO_CELLS },
  temperatureMin: { is: 'number', unit: '°C', about: 'coldest cell sensor of all packs', nullWhen: 'there is none' },
  temperatureMax: { is: 'number', unit: '°C', about: 'warmest cell sensor of all packs', nullWhen: 'there is none' },
} as const satisfies FieldTable;

/** A pack's values, by the topics and in the units of bmspace (`bmspace.md` 1c). */
export const ANALOG_VALUES = {
  'v_cells/*': { is: 'number', unit: 'mV', about: 'voltage of a cell' },
  cells_max_diff_calc: { is: 'number', unit: 'mV', about: 'highest less lowest cell', missingWhen: NO_CELLS },
  'temps/*': { is: 'number', unit: '°C', about: 'a temperature', missingWhen: 'no sensor is fitted in that place' },
  i_pack: { is: 'number', unit: 'A', about: 'current; positive while charging' },
  v_pack: { is: 'number', unit: 'V', about: 'voltage of the pack' },
  i_remain_cap: { is: 'number', unit: 'mAh', about: 'charge that is left' },
  i_full_cap: { is: 'number', unit: 'mAh', about: 'charge when full' },
  i_design_cap: { is: 'number', unit: 'mAh', about: 'charge when full and new' },
  cycles: { is: 'number', about: 'charge cycles' },
  soc: { is: 'number', unit: '%', about: 'state of charge', missingWhen: 'the BMS gives a full capacity of 0' },
  soh: { is: 'number', unit: '%', about: 'state of health', missingWhen: 'the BMS gives a design capacity of 0' },
} as const satisfies LeafTable;

/** The capacities of a pack or a bank. */
export interface Capacities {
  remainingMilliampHours: number;
  fullMilliampHours: number;
  designMilliampHours: number;
}

/** %, 0-100; null where the full capacity is 0. */
export const stateOfCharge = ({ remainingMilliampHours, fullMilliampHours }: Capacities) =>
  orNull(percentage(remainingMilliampHours, fullMilliampHours), percent);
/** %, 0-100; null where the design capacity is 0. */
export const stateOfHealth = ({ fullMilliampHours, designMilliampHours }: Capacities) =>
  orNull(percentage(fullMilliampHours, designMilliampHours), percent);

function pack(reading: AnalogReading, naming: Naming): Payload<typeof ANALOG_PACK> {
  const { cellMillivolts, temperatureTenths } = reading;
  const cells = cellMillivolts.map((value, i) => ({
    cell: i + 1,
    name: cellName(i + 1, naming),
    voltage: volts(value),
  }));
  const bounds = extremes(cellMillivolts);
  const located = (number: number, value: number) => ({ name: cellName(number, naming), voltage: volts(value) });
  const places = temperaturesByPlace(reading);
  const cellTemperatures = extremes(places.cells);
  return {
    voltage: volts(reading.packMillivolts),
    current: amps(reading.currentMilliamps),
    power: watts(powerMilliwatts(reading)),
    soc: stateOfCharge(reading),
    soh: stateOfHealth(reading),
    remainingCapacity: ampHours(reading.remainingMilliampHours),
    fullCapacity: ampHours(reading.fullMilliampHours),
    designCapacity: ampHours(reading.designMilliampHours),
    cycles: reading.cycles,
    cellCount: cellMillivolts.length,
    cellVoltages: named(cellMillivolts, (number) => cellName(number, naming), volts),
    cells,
    cellMin: bounds && located(bounds.lowest.number, bounds.lowest.value),
    cellMax: bounds && located(bounds.highest.number, bounds.highest.value),
    cellAverage: bounds && volts(sum(cellMillivolts) / cellMillivolts.length),
    cellDelta: bounds && volts(bounds.highest.value - bounds.lowest.value),
    temperatures: named(temperatureTenths, temperatureName, (tenths) => orNull(tenths, degrees)),
    temperatureMin: cellTemperatures && degrees(cellTemperatures.lowest.value),
    temperatureMax: cellTemperatures && degrees(cellTemperatures.highest.value),
    mosfetTemperature: orNull(places.mosfet, degrees),
    environmentTemperature: orNull(places.environment, degrees),
  };
}

function bank(packs: readonly PackOf<AnalogReading>[], naming: Naming): Payload<typeof ANALOG_BANK> {
  const summary = summariseAnalog(packs);
  const { cells, temperatures } = summary;
  const located = ({ pack: number, number: cell, value }: CellOfBank) => ({
    pack: packName(number, naming),
    name: cellName(cell, naming),
    voltage: volts(value),
  });
  return {
    voltage: volts(summary.millivolts),
    current: amps(summary.currentMilliamps),
    power: watts(summary.powerMilliwatts),
    soc: stateOfCharge(summary),
    soh: stateOfHealth(summary),
    remainingCapacity: ampHours(summary.remainingMilliampHours),
    fullCapacity: ampHours(summary.fullMilliampHours),
    designCapacity: ampHours(summary.designMilliampHours),
    cellMin: cells && located(cells.lowest),
    cellMax: cells && located(cells.highest),
    cellDelta: cells && volts(cells.highest.value - cells.lowest.value),
    temperatureMin: temperatures && degrees(temperatures.lowest.value),
    temperatureMax: temperatures && degrees(temperatures.highest.value),
  };
}

function values(reading: AnalogReading, naming: Naming): Value[] {
  const { cellMillivolts, temperatureTenths } = reading;
  const bounds = extremes(cellMillivolts);
  const all: LeafValue<typeof ANALOG_VALUES, number | null>[] = [
    ...cellMillivolts.map((value, i) => [`v_cells/${cellName(i + 1, naming)}`, value] as const),
    ['cells_max_diff_calc', bounds && bounds.highest.value - bounds.lowest.value],
    ...temperatureTenths.map((tenths, i) => [`temps/${temperatureName(i + 1)}`, orNull(tenths, degrees)] as const),
    ['i_pack', amps(reading.currentMilliamps)],
    ['v_pack', volts(reading.packMillivolts)],
    ['i_remain_cap', reading.remainingMilliampHours],
    ['i_full_cap', reading.fullMilliampHours],
    ['i_design_cap', reading.designMilliampHours],
    ['cycles', reading.cycles],
    ['soc', stateOfCharge(reading)],
    ['soh', stateOfHealth(reading)],
  ];
  return all.filter((value): value is LeafValue<typeof ANALOG_VALUES, number> => value[1] !== null);
}

function glance(packs: readonly PackOf<AnalogReading>[]): string {
  const summary = summariseAnalog(packs);
  const soc = stateOfCharge(summary);
  const voltage = (summary.millivolts / 1000).toFixed(2);
  return `${soc === null ? '' : `${Math.round(soc)} % · `}${voltage} V · ${glanceAmps(summary.currentMilliamps)} A`;
}

/** Measurements (42), `pace-bms-analog`. */
export const analogShape: QueryShape<AnalogReading> = {
  query: 'analog',
  pack,
  bank,
  deadBank: {
    voltage: null,
    current: null,
    power: null,
    soc: null,
    soh: null,
    remainingCapacity: null,
    fullCapacity: null,
    designCapacity: null,
    cellMin: null,
    cellMax: null,
    cellDelta: null,
    temperatureMin: null,
    temperatureMax: null,
  } satisfies Record<keyof typeof ANALOG_BANK, null>,
  values,
  glance,
};
