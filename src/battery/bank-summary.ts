import { type AnalogReading, extremes, type Located, powerMilliwatts, sum, temperaturesByPlace } from './analog.js';
import type { PackMode, StatusReading } from './status.js';

/** One pack's reading, with the pack's number. */
export interface PackOf<Reading> {
  pack: number;
  reading: Reading;
}

/** A cell of a bank. */
export interface CellOfBank extends Located {
  pack: number;
}

/** The lowest and the highest cell. */
interface CellBounds {
  lowest: CellOfBank;
  highest: CellOfBank;
}

/** What a bank measures as a whole; its packs are in parallel. */
export interface AnalogSummary {
  /** The mean, mV. */
  millivolts: number;
  /** Sums, mA and mW. */
  currentMilliamps: number;
  powerMilliwatts: number;
  /** Sums, mAh. */
  remainingMilliampHours: number;
  fullMilliampHours: number;
  designMilliampHours: number;
  cells: CellBounds | null;
  /** Of the cell sensors, tenths of a °C. */
  temperatures: { lowest: Located; highest: Located } | null;
}

/** The lower of the lowest and the higher of the highest; the first of equals. */
const outermost = (a: CellBounds, b: CellBounds): CellBounds => ({
  lowest: b.lowest.value < a.lowest.value ? b.lowest : a.lowest,
  highest: b.highest.value > a.highest.value ? b.highest : a.highest,
});

/** A bank's measurements from those of its packs, of which there is at least one. */
export function summariseAnalog(packs: readonly PackOf<AnalogReading>[]): AnalogSummary {
  const total = (quantity: (reading: AnalogReading) => number) => sum(packs.map(({ reading }) => quantity(reading)));
  const bounds = packs.flatMap(({ pack, reading }) => {
    const found = extremes(reading.cellMillivolts);
    return found ? [{ lowest: { pack, ...found.lowest }, highest: { pack, ...found.highest } }] : [];
  });
  return {
    millivolts: total((reading) => reading.packMillivolts) / packs.length,
    currentMilliamps: total((reading) => reading.currentMilliamps),
    powerMilliwatts: total(powerMilliwatts),
    remainingMilliampHours: total((reading) => reading.remainingMilliampHours),
    fullMilliampHours: total((reading) => reading.fullMilliampHours),
    designMilliampHours: total((reading) => reading.designMilliampHours),
    cells: bounds.length > 0 ? bounds.reduce(outermost) : null,
    temperatures: extremes(packs.flatMap(({ reading }) => temperaturesByPlace(reading).cells)),
  };
}

/** What the packs of a bank do together. */
export interface StatusSummary {
  /** The one mode of all packs, or `mixed`. */
  mode: PackMode | 'mixed';
  /** True when true of every pack. */
  fullyCharged: boolean;
  chargeMosfet: boolean;
  dischargeMosfet: boolean;
  balancingCells: readonly { pack: number; cell: number }[];
}

/** A bank's state from those of its packs, of which there is at least one. */
export function summariseStatus(packs: readonly PackOf<StatusReading>[]): StatusSummary {
  const modes = new Set(packs.map(({ reading }) => reading.mode));
  const [mode] = modes;
  const all = (holds: (reading: StatusReading) => boolean) => packs.every(({ reading }) => holds(reading));
  return {
    mode: modes.size === 1 && mode ? mode : 'mixed',
    fullyCharged: all((reading) => reading.fullyCharged),
    chargeMosfet: all((reading) => reading.chargeMosfet),
    dischargeMosfet: all((reading) => reading.dischargeMosfet),
    balancingCells: packs.flatMap(({ pack, reading }) => reading.balancingCells.map((cell) => ({ pack, cell }))),
  };
}
