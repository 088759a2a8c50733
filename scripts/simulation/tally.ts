import type { LimitsPayload } from '../../src/limits/payload.js';
import type { Interval } from './witness.js';

/** What the node is at; `down` while Node-RED is. */
export type State = LimitsPayload['mode'] | 'down';
export const STATES: readonly State[] = ['bulk', 'absorption', 'float', 'stale', 'starting', 'down'];

/** With so much in it a bank is full, with a cell below so many mV it is empty: then no limit is to blame. */
const FULL = 0.97;
const EMPTY_MILLIVOLTS = 3050;

const LARGE_FALL_AMPS = 10;

/** Energy one way, Wh. */
export interface Energy {
  wanted: number;
  flowed: number;
  /** Not taken because the bank was full, not given because it was empty. */
  fullOrEmpty: number;
  /** Refused while nothing was known of the bank. */
  unknown: number;
  /** Refused by the limits. */
  limited: number;
}

const none = (): Energy => ({ wanted: 0, flowed: 0, fullOrEmpty: 0, unknown: 0, limited: 0 });

/** Counts what a run comes to. */
export class Tally {
  readonly charge = none();
  readonly discharge = none();
  readonly seconds = Object.fromEntries(STATES.map((state) => [state, 0])) as Record<State, number>;
  /** Absorptions that came to their end. */
  fullCharges = 0;
  /** Days on which the bank became full, whatever the node made of it. */
  fullDays = 0;
  #lastFullDay = 0;
  /** How often a limit fell by 10 A or more from one reading to the next, while there were some. */
  readonly falls = { charge: 0, discharge: 0 };
  #before: LimitsPayload | null = null;
  readonly cells = { lowest: Number.POSITIVE_INFINITY, highest: Number.NEGATIVE_INFINITY };
  readonly celsius = { lowest: Number.POSITIVE_INFINITY, highest: Number.NEGATIVE_INFINITY };
  readonly amps = { charge: 0, discharge: 0 };
  #stage: State = 'bulk';

  /** Takes what was, where sun and house wanted `wanted` amps. */
  take(
    { from, seconds, amps, packs }: Interval,
    state: State,
    wanted: number,
    volts: number,
    stateOfCharge: number,
  ): void {
    this.seconds[state] += seconds;
    if (state === 'float' && this.#stage !== 'float') this.fullCharges += 1;
    if (state === 'bulk' || state === 'absorption' || state === 'float') this.#stage = state;
    if (stateOfCharge >= FULL && from.dayOfYear !== this.#lastFullDay) {
      this.fullDays += 1;
      this.#lastFullDay = from.dayOfYear;
    }
    const isEmpty = packs.some(({ lowestMillivolts }) => lowestMillivolts < EMPTY_MILLIVOLTS);
    const isDone = wanted > 0 ? stateOfCharge >= FULL : isEmpty;
    this.#takeEnergy(wanted, amps, (volts * seconds) / 3600, state, isDone);
    this.amps.charge = Math.max(this.amps.charge, amps);
    this.amps.discharge = Math.max(this.amps.discharge, -amps);
    for (const { lowestMillivolts, highestMillivolts, cellCelsius } of packs) {
      widen(this.cells, lowestMillivolts / 1000, highestMillivolts / 1000);
      widen(this.celsius, cellCelsius, cellCelsius);
    }
  }

  /** Takes the limits that were sent. */
  takeLimits(limits: LimitsPayload | null): void {
    const before = this.#before;
    this.#before = limits;
    if (!limits?.onlineCount || limits.onlineCount !== before?.onlineCount) return;
    if (before.chargeCurrent - limits.chargeCurrent >= LARGE_FALL_AMPS) this.falls.charge += 1;
    if (before.dischargeCurrent - limits.dischargeCurrent >= LARGE_FALL_AMPS) this.falls.discharge += 1;
  }

  #takeEnergy(wanted: number, amps: number, wattHoursAnAmp: number, state: State, isDone: boolean): void {
    const energy = wanted > 0 ? this.charge : this.discharge;
    const asked = Math.abs(wanted);
    const flowed = Math.max(0, Math.sign(wanted) * amps);
    const refused = Math.max(0, asked - flowed);
    const isKnown = state === 'bulk' || state === 'absorption' || state === 'float';
    energy.wanted += asked * wattHoursAnAmp;
    energy.flowed += flowed * wattHoursAnAmp;
    energy[isDone ? 'fullOrEmpty' : isKnown ? 'limited' : 'unknown'] += refused * wattHoursAnAmp;
  }
}

function widen(bounds: { lowest: number; highest: number }, lowest: number, highest: number): void {
  bounds.lowest = Math.min(bounds.lowest, lowest);
  bounds.highest = Math.max(bounds.highest, highest);
}
