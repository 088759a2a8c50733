import { LOWEST_STATE_OF_CHARGE, openCircuitVolts } from './cell-curve.js';
import { around } from './random.js';

/** What a cell holds when new, Ah; also the design capacity that packs report. */
export const DESIGN_AMP_HOURS = 100;
/** Of a cell with its links; about what makers state for 100 Ah cells. */
const NOMINAL_OHMS = 0.0015;
/** How far the cells of a pack differ, by choice, so that they drift apart over a day and balancing has work. */
const CAPACITY_REACH_AMP_HOURS = 1;
const OHMS_REACH = 0.0002;
const CHARGE_REACH_AMP_HOURS = 0.3;
const LARGEST_LEAK_AMPS = 0.012;
/** What a balancing resistor draws: between a passive board's 0.1 A and an active one's 1 A. */
const BALANCING_AMPS = 0.2;

/** What a cell has become in use, next to a new one. */
export interface Wear {
  /** The share of its capacity that it still has, 0-1. */
  capacity: number;
  /** How many times its resistance it has. */
  resistance: number;
}

const AS_NEW: Wear = { capacity: 1, resistance: 1 };

/** One cell: what it holds, and what it loses besides the pack's current. */
export class CellModel {
  readonly capacityAmpHours: number;
  readonly ohms: number;
  readonly #leakAmps: number;
  ampHours: number;
  balancing = false;
  /** Volts without the pack's current. */
  openCircuitVolts = 0;

  /**
   * @param packAmpHours what the pack's cells hold on average when full.
   * @param stateOfCharge of the pack, 0-1; the cells are alike at the full end, as in a pack that has been balanced.
   */
  constructor(random: () => number, packAmpHours: number, stateOfCharge: number, wear = AS_NEW) {
    this.capacityAmpHours = around(random, packAmpHours, CAPACITY_REACH_AMP_HOURS) * wear.capacity;
    this.ohms = around(random, NOMINAL_OHMS, OHMS_REACH) * wear.resistance;
    this.#leakAmps = random() * LARGEST_LEAK_AMPS;
    const missing = (1 - stateOfCharge) * packAmpHours + around(random, 0, CHARGE_REACH_AMP_HOURS);
    this.ampHours = this.capacityAmpHours - missing;
    this.#settle();
  }

  /** @param amps positive while charging. */
  step(seconds: number, amps: number): void {
    const lostAmps = this.#leakAmps + (this.balancing ? BALANCING_AMPS : 0);
    this.ampHours += ((amps - lostAmps) * seconds) / 3600;
    this.#settle();
  }

  /** Volts at the terminals while `amps` flow, positive while charging. */
  voltsAt(amps: number): number {
    return this.openCircuitVolts + amps * this.ohms;
  }

  #settle(): void {
    this.ampHours = Math.max(this.ampHours, LOWEST_STATE_OF_CHARGE * this.capacityAmpHours);
    this.openCircuitVolts = openCircuitVolts(this.ampHours / this.capacityAmpHours);
  }
}
