import {
  type AnalogReading,
  extremes,
  percentage,
  powerMilliwatts,
  sum,
  temperaturesByPlace,
} from '../battery/analog.js';
import { type CellOfBank, type PackOf, summariseAnalog } from '../battery/bank-summary.js';
import { cellName, type Naming, packName, temperatureName } from './names.js';
import { ampHours, amps, degrees, glanceAmps, orNull, percent, volts, watts } from './numbers.js';
import type { QueryShape, Value } from './shape.js';

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

function pack(reading: AnalogReading, naming: Naming): object {
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
    cellVoltages: Object.fromEntries(cells.map(({ name, voltage }) => [name, voltage])),
    cells,
    cellMin: bounds && located(bounds.lowest.number, bounds.lowest.value),
    cellMax: bounds && located(bounds.highest.number, bounds.highest.value),
    cellAverage: bounds && volts(sum(cellMillivolts) / cellMillivolts.length),
    cellDelta: bounds && volts(bounds.highest.value - bounds.lowest.value),
    temperatures: Object.fromEntries(
      temperatureTenths.map((tenths, i) => [temperatureName(i + 1), orNull(tenths, degrees)]),
    ),
    temperatureMin: cellTemperatures && degrees(cellTemperatures.lowest.value),
    temperatureMax: cellTemperatures && degrees(cellTemperatures.highest.value),
    mosfetTemperature: orNull(places.mosfet, degrees),
    environmentTemperature: orNull(places.environment, degrees),
  };
}

function bank(packs: readonly PackOf<AnalogReading>[], naming: Naming): object {
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
  const all: (readonly [string, number | null])[] = [
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
  return all.filter((value): value is readonly [string, number] => value[1] !== null);
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
  },
  values,
  glance,
};
