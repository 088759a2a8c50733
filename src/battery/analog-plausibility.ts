import { type AnalogReading, cellSumAgrees, cellSumRatio, sum } from './analog.js';
import { type Doubt, failedStandard, type Standard } from './plausibility.js';

/** What a reading must hold against an earlier one of the pack. */
interface Comparison extends Doubt {
  holds(reading: AnalogReading, before: AnalogReading, ageMs: number): boolean;
}

/** mV that a cell can have (`pace-v25.md` 5.3). */
const LOWEST_CELL_MILLIVOLTS = 1000;
const HIGHEST_CELL_MILLIVOLTS = 5000;
/** Tenths of a °C; a BMS's own limits can be set from -35 to 120 °C (`pace-v25.md` 3.12). */
const COLDEST_TENTHS = -400;
const HOTTEST_TENTHS = 1200;
/** A spread that only a pack out of balance has; captured packs: cells within 50 mV, sensors within 9 °C. */
const MOST_CELL_SPREAD_MILLIVOLTS = 200;
const MOST_TEMPERATURE_SPREAD_TENTHS = 250;
/** Remaining and full capacity are rounded one by one; a full pack may show a little more than full. */
const MOST_REMAINING_OF_FULL = 1.01;
/** New cells hold more than is printed on them: captured packs up to 1.10 of their design capacity. */
const MOST_FULL_OF_DESIGN = 1.25;
/** Packs are made for 1 C; over-current limits end near 2 C (`pace-v25.md` 3.12). */
const MOST_CURRENT_OF_DESIGN = 2;

const ON_ITS_OWN: readonly Standard<AnalogReading>[] = [
  {
    words: (pack) => `the cells of pack ${pack} do not add up to its voltage`,
    mustBeSaidTwice: true,
    holds: (reading) => cellSumAgrees(reading),
    isOddLike: (reading, before) => cellSumAgrees(reading, cellSumRatio(before)),
  },
  {
    words: (pack) => `a cell of pack ${pack} is outside of 1 to 5 V`,
    holds: hasPlausibleCells,
  },
  {
    words: (pack) => `a cell of pack ${pack} is far from the others`,
    holds: ({ cellMillivolts }) => areWithin(cellMillivolts, MOST_CELL_SPREAD_MILLIVOLTS),
  },
  {
    words: (pack) => `a temperature of pack ${pack} is outside of -40 to 120 °C`,
    holds: ({ temperatureTenths }) => areFrom(temperatureTenths, COLDEST_TENTHS, HOTTEST_TENTHS),
  },
  {
    words: (pack) => `a temperature of pack ${pack} is far from the others`,
    holds: ({ temperatureTenths }) => areWithin(temperatureTenths, MOST_TEMPERATURE_SPREAD_TENTHS),
  },
  {
    words: (pack) => `pack ${pack} has more charge left than it holds when full`,
    holds: ({ remainingMilliampHours, fullMilliampHours }) =>
      remainingMilliampHours <= fullMilliampHours * MOST_REMAINING_OF_FULL,
  },
  {
    words: (pack) => `the full capacity of pack ${pack} is far above its design capacity`,
    holds: ({ fullMilliampHours, designMilliampHours }) =>
      designMilliampHours === 0 || fullMilliampHours <= designMilliampHours * MOST_FULL_OF_DESIGN,
  },
  {
    words: (pack) => `the current of pack ${pack} is more than twice its design capacity an hour`,
    holds: ({ currentMilliamps, designMilliampHours }) =>
      designMilliampHours === 0 || Math.abs(currentMilliamps) <= designMilliampHours * MOST_CURRENT_OF_DESIGN,
  },
];

/** Full capacity is learnt anew at the end of a charge, in small steps. */
const MOST_FULL_CHANGE = 0.01;
const MOST_CYCLES_CHANGE = 20;

/** What stays as it is for months. */
const LASTING: readonly Comparison[] = [
  {
    words: (pack) => `pack ${pack} has another number of cells or sensors than before`,
    holds: (reading, before) =>
      reading.cellMillivolts.length === before.cellMillivolts.length &&
      reading.temperatureTenths.length === before.temperatureTenths.length,
  },
  {
    words: (pack) => `pack ${pack} has other sensors fitted than before`,
    holds: (reading, before) =>
      reading.temperatureTenths.every((tenths, i) => (tenths === null) === (before.temperatureTenths[i] === null)),
  },
  {
    words: (pack) => `the design capacity of pack ${pack} changed`,
    holds: (reading, before) => reading.designMilliampHours === before.designMilliampHours,
  },
  {
    words: (pack) => `the full capacity of pack ${pack} jumped`,
    holds: ({ fullMilliampHours: full }, { fullMilliampHours: before }) =>
      Math.abs(full - before) <= before * MOST_FULL_CHANGE,
  },
  {
    // most BMS report their cells' sum as the pack's voltage
    words: (pack) => `the voltage of pack ${pack} is not the sum of its cells any more`,
    holds: (reading, before) => cellSumExcess(reading) === 0 || cellSumExcess(before) !== 0,
  },
  {
    words: (pack) => `the cycles of pack ${pack} jumped`,
    holds: (reading, before) => Math.abs(reading.cycles - before.cycles) <= MOST_CYCLES_CHANGE,
  },
];

/** So long a reading says what the next can be, ms. */
const RECENT_MS = 60_000;
/** A load moves all cells at once, by what their resistance makes of it. */
const MOST_CELL_CHANGE_MILLIVOLTS = 400;
/** What differs between cells: a poor joint at a change of load, and the steep ends of charging and discharging. */
const CELL_DEVIATION: Rate = { atOnce: 30, perSecond: 1.2, most: 100 };
/** Tenths of a °C: MOSFETs under load, and cells in a day of 24 minutes, as the simulator has it. */
const TEMPERATURE_CHANGE: Rate = { atOnce: 30, perSecond: 4, most: 100 };
/** Share of full: a correction, a current of 2 C, and a day of 24 minutes. */
const REMAINING_CHANGE: Rate = { atOnce: 0.01, perSecond: 0.01, most: 0.05 };
/** Captured packs report their cells' sum, or a voltage that is off from it by one fixed amount (up to 100 mV). */
const MOST_CELL_SUM_DRIFT_MILLIVOLTS = 20;

/** How far a quantity may move. */
interface Rate {
  atOnce: number;
  perSecond: number;
  most: number;
}
const mostChange = ({ atOnce, perSecond, most }: Rate, ageMs: number) =>
  Math.min(most, atOnce + (perSecond * ageMs) / 1000);

/** What changes slowly. */
const RECENT: readonly Comparison[] = [
  {
    words: (pack) => `a cell of pack ${pack} jumped`,
    holds: ({ cellMillivolts }, { cellMillivolts: before }, ageMs) =>
      haveMovedAtMost(cellMillivolts, before, MOST_CELL_CHANGE_MILLIVOLTS) &&
      haveMovedTogether(cellMillivolts, before, mostChange(CELL_DEVIATION, ageMs)),
  },
  {
    words: (pack) => `the voltage of pack ${pack} moved otherwise than its cells`,
    holds: (reading, before) =>
      Math.abs(cellSumExcess(reading) - cellSumExcess(before)) <= MOST_CELL_SUM_DRIFT_MILLIVOLTS,
  },
  {
    words: (pack) => `a temperature of pack ${pack} jumped`,
    holds: ({ temperatureTenths }, before, ageMs) =>
      haveMovedAtMost(temperatureTenths, before.temperatureTenths, mostChange(TEMPERATURE_CHANGE, ageMs)),
  },
  {
    words: (pack) => `the charge left in pack ${pack} jumped`,
    holds: ({ remainingMilliampHours: remaining, fullMilliampHours: full }, before, ageMs) =>
      Math.abs(remaining - before.remainingMilliampHours) <= full * mostChange(REMAINING_CHANGE, ageMs),
  },
  {
    words: (pack) => `the full capacity of pack ${pack} changed`,
    holds: (reading, before) => reading.fullMilliampHours === before.fullMilliampHours,
  },
];

/** mV that the cells' sum is above the pack's own voltage. */
const cellSumExcess = ({ cellMillivolts, packMillivolts }: AnalogReading) => sum(cellMillivolts) - packMillivolts;

/** Whether every cell has a voltage that a cell can have. */
export function hasPlausibleCells({ cellMillivolts }: AnalogReading): boolean {
  return areFrom(cellMillivolts, LOWEST_CELL_MILLIVOLTS, HIGHEST_CELL_MILLIVOLTS);
}

/*
 * Every reading is checked, so the lists are gone through by plain loops; null is no value.
 */
type Values = readonly (number | null)[];

/** Whether all values are from `least` to `most`. */
function areFrom(values: Values, least: number, most: number): boolean {
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number | null;
    if (value !== null && (value < least || value > most)) return false;
  }
  return true;
}

/** Whether no value has moved farther than `reach`; both lists have their values at the same places. */
function haveMovedAtMost(values: Values, before: Values, reach: number): boolean {
  for (let i = 0; i < values.length; i++) {
    const change = (values[i] ?? 0) - (before[i] ?? 0);
    if (change > reach || change < -reach) return false;
  }
  return true;
}

/** Whether all values are within `reach` of their median. */
function areWithin(values: Values, reach: number): boolean {
  let least = Number.MAX_SAFE_INTEGER;
  let most = Number.MIN_SAFE_INTEGER;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number | null;
    if (value === null) continue;
    if (value < least) least = value;
    if (value > most) most = value;
  }
  return (
    most - least <= reach ||
    areNearMedian(
      values.filter((value) => value !== null),
      reach,
    )
  );
}

/** Whether what each value has moved is within `reach` of the median of that. */
function haveMovedTogether(values: readonly number[], before: readonly number[], reach: number): boolean {
  let least = Number.MAX_SAFE_INTEGER;
  let most = Number.MIN_SAFE_INTEGER;
  for (let i = 0; i < values.length; i++) {
    const change = (values[i] as number) - (before[i] as number);
    if (change < least) least = change;
    if (change > most) most = change;
  }
  const changes = () => values.map((value, i) => value - (before[i] as number));
  return most - least <= reach || areNearMedian(changes(), reach);
}

function areNearMedian(values: readonly number[], reach: number): boolean {
  const sorted = [...values].sort((a, b) => a - b);
  const median = sorted[sorted.length >> 1] as number;
  return values.every((value) => Math.abs(value - median) <= reach);
}

/**
 * Why a pack's measurements are hard to believe; null when nothing speaks against them.
 * @param before an earlier reading of the pack, believed or said again; null where there is none.
 * @param ageMs how long before it was read.
 */
export function doubtAboutAnalog(reading: AnalogReading, before: AnalogReading | null, ageMs: number): Doubt | null {
  const standard = failedStandard(ON_ITS_OWN, reading, before);
  if (standard || before === null) return standard;
  const fails = ({ holds }: Comparison) => !holds(reading, before, ageMs);
  return LASTING.find(fails) ?? (ageMs <= RECENT_MS ? RECENT.find(fails) : undefined) ?? null;
}
