import { roundDown } from './payload.js';
import type { LimitSettings } from './settings.js';

/** How far a bank is charged. */
export type Stage = 'bulk' | 'absorption' | 'float';

/** What decides it. */
export interface StageMeasurements {
  /** V: the sum of a pack's cells, the mean of the packs that can be charged. */
  cellSum: number;
  /** V between the lowest and the highest cell of a pack, the most of all packs. */
  spread: number;
  /** % of the bank; null where it is not known. */
  soc: number | null;
  cellsInSeries: number;
  /** V by which the charge voltage is below absorption, since a cell is too high. */
  reduction: number;
}

/** V a balanced pack may spread while absorption goes on, beyond what it may at its start. */
const SPREAD_HYSTERESIS = 0.003;
/** V of a pack below the absorption voltage at which absorption is given up. */
const ABSORPTION_LOST = 0.5;
/** Inverters may stay so far below the charge voltage they are told, V: after so long, ms, that is as high as it gets. */
const NEARLY_FULL = 0.2;
const NEARLY_FULL_MS = 10 * 60_000;
/** So long, ms, cells that do not get balanced are kept that high. */
const LONGEST_HIGH_MS = 2 * 3_600_000;
/** V of spread at which float ends. */
const REBULK_SPREAD = 0.08;
/** % that must have gone since float began where it began below the state of charge at which it ends. */
const REBULK_AFTER_LOW_START = 5;
/** Sums of decimal fractions are off by less. */
const ROUNDING = 1e-6;

/** Monotonic ms since when something has been so; null while it is not. */
type Since = number | null;
const since = (is: boolean, before: Since, now: number): Since => (is ? (before ?? now) : null);
const lasts = (begun: Since, ms: number, now: number): boolean => begun !== null && now - begun >= ms;

/** Bulk until the cells are full and balanced, absorption for some time, then float until charge is missing. */
export class ChargeStage {
  readonly #settings: LimitSettings;
  #stage: Stage = 'bulk';
  /** When absorption began, or began anew, monotonic ms. */
  #absorbsSince = 0;
  #nearlyFullSince: Since = null;
  #highSince: Since = null;
  /** % below which float ends. */
  #rebulkSoc = 0;

  constructor(settings: LimitSettings) {
    this.#settings = settings;
  }

  get stage(): Stage {
    return this.#stage;
  }

  /** Takes note of measurements at `now`, monotonic ms. */
  update(measured: StageMeasurements, now: number): Stage {
    const { absorptionMs, balanceDelta } = this.#settings;
    const { spread, soc } = measured;
    const missing = this.#told(measured) - measured.cellSum;
    const isBalanced = spread <= balanceDelta + ROUNDING;
    const isLost = missing > ABSORPTION_LOST + ROUNDING;
    this.#nearlyFullSince = since(isBalanced && missing <= NEARLY_FULL + ROUNDING, this.#nearlyFullSince, now);
    const isHigh = !isLost && (this.#highSince !== null || missing <= NEARLY_FULL + ROUNDING);
    this.#highSince = since(isHigh, this.#highSince, now);
    const isFull = (isBalanced && missing <= ROUNDING) || lasts(this.#nearlyFullSince, NEARLY_FULL_MS, now);
    if (this.#stage === 'float') {
      if ((soc ?? 100) < this.#rebulkSoc || spread >= REBULK_SPREAD - ROUNDING) this.#stage = 'bulk';
    } else if (lasts(this.#highSince, LONGEST_HIGH_MS, now)) {
      this.#float(soc);
    } else if (this.#stage === 'bulk') {
      if (isFull) this.#absorb(now);
    } else if (isLost) {
      this.#stage = 'bulk';
    } else if (spread > balanceDelta + SPREAD_HYSTERESIS + ROUNDING) {
      this.#absorb(now);
    } else if (now - this.#absorbsSince >= absorptionMs) {
      this.#float(soc);
    }
    return this.#stage;
  }

  /** Readings were missing for some time: what absorption has lasted does not count. */
  interrupt(): void {
    this.#nearlyFullSince = null;
    this.#highSince = null;
    if (this.#stage === 'absorption') this.#stage = 'bulk';
  }

  /** V that the charger is told at most while the bank is charged up. */
  #told({ cellsInSeries, reduction }: StageMeasurements): number {
    return roundDown(this.#settings.absorptionVoltage * cellsInSeries - reduction, 10);
  }

  #absorb(now: number): void {
    this.#stage = 'absorption';
    this.#absorbsSince = now;
  }

  #float(soc: number | null): void {
    this.#stage = 'float';
    this.#highSince = null;
    const { rebulkSoc } = this.#settings;
    // A BMS that miscounts would end float as soon as it begins.
    this.#rebulkSoc = soc === null || soc >= rebulkSoc ? rebulkSoc : soc - REBULK_AFTER_LOW_START;
  }
}
