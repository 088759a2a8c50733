/** What a pack measures: one reading of one pack. Integers of small units, as batteries report them. */
export interface AnalogReading {
  /** mV a cell, cell 1 first. */
  cellMillivolts: readonly number[];
  /** Tenths of a °C a sensor, sensor 1 first; null where none is fitted. */
  temperatureTenths: readonly (number | null)[];
  /** mA; positive while charging. */
  currentMilliamps: number;
  packMillivolts: number;
  remainingMilliampHours: number;
  fullMilliampHours: number;
  designMilliampHours: number;
  cycles: number;
}

/** A number of a list, by where it stands in it (from 1). */
export interface Located {
  number: number;
  value: number;
}

/** The lowest and highest of `values`, the first of equals; null of an empty list. */
export function extremes(values: readonly number[]): { lowest: Located; highest: Located } | null {
  if (values.length === 0) return null;
  let low = 0;
  let high = 0;
  for (let i = 1; i < values.length; i++) {
    if ((values[i] as number) < (values[low] as number)) low = i;
    if ((values[i] as number) > (values[high] as number)) high = i;
  }
  return {
    lowest: { number: low + 1, value: values[low] as number },
    highest: { number: high + 1, value: values[high] as number },
  };
}

/** The sum of `values`. */
export function sum(values: readonly number[]): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i] as number;
  return total;
}

/** `part` of `whole` in percent, held to 0-100; null where there is no whole. For state of charge and of health. */
export function percentage(part: number, whole: number): number | null {
  return whole === 0 ? null : Math.min(100, Math.max(0, (part / whole) * 100));
}

/** mW; positive while charging. */
export function powerMilliwatts({ packMillivolts, currentMilliamps }: AnalogReading): number {
  return (packMillivolts * currentMilliamps) / 1000;
}

/** Where six sensors are fitted, 1-4 sit at the cells, 5 at the MOSFETs and 6 in the environment (`pace-v25.md` 3.3). */
const SENSORS_WITH_KNOWN_PLACES = 6;
const CELL_SENSORS = 4;
export const MOSFET_SENSOR = 5;
export const ENVIRONMENT_SENSOR = 6;
/** Whether it is known of `count` sensors where they sit. */
export const hasKnownPlaces = (count: number) => count === SENSORS_WITH_KNOWN_PLACES;

/** Tenths of a °C by where the sensors sit; without known places all count as cell sensors. */
export function temperaturesByPlace({ temperatureTenths: all }: AnalogReading): {
  cells: readonly number[];
  mosfet: number | null;
  environment: number | null;
} {
  const known = hasKnownPlaces(all.length);
  const cells = known ? all.slice(0, CELL_SENSORS) : all;
  return {
    cells: cells.filter((tenths) => tenths !== null),
    mosfet: known ? (all[MOSFET_SENSOR - 1] ?? null) : null,
    environment: known ? (all[ENVIRONMENT_SENSOR - 1] ?? null) : null,
  };
}

/** How far the cells' sum may be off the pack's own voltage before a reading is doubted (design, section 5). */
const CELL_SUM_TOLERANCE = 0.01;

/** The cells' sum as a share of the pack's own voltage; 1 where both agree or the pack is empty. */
export function cellSumRatio({ cellMillivolts, packMillivolts }: AnalogReading): number {
  const cells = sum(cellMillivolts);
  return cells === packMillivolts ? 1 : cells / packMillivolts;
}

/** Whether the cells' sum agrees with the pack's own voltage, or with what it is `usually` of it. */
export function cellSumAgrees(reading: AnalogReading, usually = 1): boolean {
  const ratio = cellSumRatio(reading);
  return ratio === usually || Math.abs(ratio - usually) <= CELL_SUM_TOLERANCE;
}

/** Whether this is what a bank reports for a place without a pack (`pace-v25.md` 5.4). */
export function isEmptySlot({ cellMillivolts, packMillivolts }: AnalogReading): boolean {
  return packMillivolts === 0 && cellMillivolts.every((millivolts) => millivolts === 0);
}
