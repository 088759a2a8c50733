import type { LimitsPayload } from '../../src/limits/payload.js';
import type { PackTruth } from './bank.js';
import type { Moment } from './calendar.js';
import { DELAY_SECONDS } from './inverter.js';

const HIGHEST_CELL_MILLIVOLTS = 3550;
const LOWEST_CELL_MILLIVOLTS = 2800;
/** Up to this a pack is at rest, A. */
const REST_AMPS = 0.2;
/** Sums of decimal fractions are off by less, A. */
const ROUNDING = 1e-6;

/** Something that must not be, from when it began until it ended. */
export interface Excursion {
  what: string;
  from: Moment;
  seconds: number;
  /** At its worst. */
  worst: number;
  /** What must not be passed, at that time. */
  bound: number;
  unit: string;
}

/** What flowed for a while, and what it made of the packs. */
export interface Interval {
  from: Moment;
  seconds: number;
  /** Of the bank. */
  amps: number;
  packs: readonly PackTruth[];
}

interface Finding {
  what: string;
  value: number;
  bound: number;
  unit: string;
}

/** Sees everything as it is, and notes what must not be. */
export class Witness {
  readonly excursions: Excursion[] = [];
  #open = new Map<string, Excursion>();
  /** Limits with the time when they were sent; each holds until the next. */
  #sent: { limits: LimitsPayload; at: number }[] = [];

  /** Takes limits that were sent at `seconds`. */
  note(limits: LimitsPayload, at: number): void {
    this.#sent.push({ limits, at });
  }

  /** Looks at what was. */
  look(interval: Interval): void {
    const findings = [...interval.packs.flatMap((pack) => this.#ofPack(pack, interval)), ...this.#ofCurrent(interval)];
    if (findings.length === 0 && this.#open.size === 0) return;
    const open = new Map<string, Excursion>();
    for (const { what, value, bound, unit } of findings) {
      const excursion = this.#open.get(what) ?? this.#begin({ what, worst: value, bound, unit }, interval.from);
      excursion.seconds += interval.seconds;
      if (Math.abs(value - bound) > Math.abs(excursion.worst - excursion.bound)) {
        excursion.worst = value;
        excursion.bound = bound;
      }
      open.set(what, excursion);
    }
    this.#open = open;
  }

  #begin(finding: Omit<Excursion, 'from' | 'seconds'>, from: Moment): Excursion {
    const excursion = { ...finding, from, seconds: 0 };
    this.excursions.push(excursion);
    return excursion;
  }

  #ofPack(pack: PackTruth, { amps }: Interval): Finding[] {
    const { number, highestMillivolts, lowestMillivolts, cellCelsius, onFor } = pack;
    const found: Finding[] = [];
    if (highestMillivolts > HIGHEST_CELL_MILLIVOLTS) {
      found.push(volts(`a cell of pack ${number} is too high`, highestMillivolts, HIGHEST_CELL_MILLIVOLTS));
    }
    if (lowestMillivolts < LOWEST_CELL_MILLIVOLTS) {
      found.push(volts(`a cell of pack ${number} is too low`, lowestMillivolts, LOWEST_CELL_MILLIVOLTS));
    }
    // What packs give each other while the bank is at rest is no charging; and one that was off is not known at once.
    if (cellCelsius < 0 && amps > REST_AMPS && pack.amps > REST_AMPS && onFor > DELAY_SECONDS) {
      found.push({ what: `pack ${number} is charged in frost`, value: cellCelsius, bound: 0, unit: '°C' });
    }
    return found;
  }

  /** A limit may be passed for as long as the inverter takes to heed it: what counts is the highest of that time. */
  #ofCurrent({ from, seconds, amps }: Interval): Finding[] {
    const since = from.seconds + seconds - DELAY_SECONDS;
    while (this.#sent[1] && this.#sent[1].at < since) this.#sent.shift();
    const inForce = this.#sent.filter(({ at }) => at <= from.seconds).map(({ limits }) => limits);
    const most = (of: 'chargeCurrent' | 'dischargeCurrent') => Math.max(0, ...inForce.map((limits) => limits[of]));
    const [what, bound] = amps > 0 ? ['charge', most('chargeCurrent')] : ['discharge', most('dischargeCurrent')];
    const value = Math.abs(amps);
    return value > (bound as number) + ROUNDING
      ? [{ what: `the ${what} current is above its limit`, value, bound: bound as number, unit: 'A' }]
      : [];
  }
}

const volts = (what: string, millivolts: number, bound: number): Finding => ({
  ...{ what, value: millivolts / 1000, bound: bound / 1000, unit: 'V' },
});
