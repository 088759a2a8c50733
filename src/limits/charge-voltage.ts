import type { Stage } from './charge-stage.js';
import { Rise } from './rise.js';
import type { LimitSettings } from './settings.js';

/** The highest cell, where it is above the absorption voltage. */
export interface Overshoot {
  /** V above it. */
  volts: number;
  reason: string;
}

/** What the bank may be charged to, V, and what decides. */
export interface VoltageLimit {
  volts: number;
  reasons: readonly string[];
}

/** The charge voltage limit: it steps down to float slowly, by what a cell is too high at once, and rises slowly. */
export class ChargeVoltage {
  readonly #settings: LimitSettings;
  #rise: Rise | null = null;
  /** V that the stage allows. */
  #level = Number.POSITIVE_INFINITY;
  #updatedAt = 0;
  #isMoving = false;

  constructor(settings: LimitSettings) {
    this.#settings = settings;
  }

  /** Whether it changes without another reading. */
  get isMoving(): boolean {
    return this.#isMoving;
  }

  /** The limit at `now`, monotonic ms. It begins at the float voltage. */
  update(stage: Stage, cellsInSeries: number, overshoot: Overshoot | null, now: number): VoltageLimit {
    const { absorptionVoltage, floatVoltage, ceilingVoltage } = this.#settings;
    const float = floatVoltage * cellsInSeries;
    const rise = this.#riseFrom(float);
    this.#level = Math.min(absorptionVoltage * cellsInSeries, stage === 'float' ? this.#towards(float, now) : Infinity);
    const due = Math.min(this.#level - (overshoot?.volts ?? 0), ceilingVoltage * cellsInSeries);
    const volts = rise.update(due, now);
    this.#updatedAt = now;
    this.#isMoving = rise.isRising || (stage === 'float' && this.#level > float);
    return {
      volts,
      reasons: rise.isRising ? [this.#risingReason(due)] : [overshoot?.reason ?? this.#reason(stage, float)],
    };
  }

  /** The limit without readings: float, or less where it was less. */
  withoutReadings(cellsInSeries: number, reason: string, now: number): VoltageLimit {
    const float = this.#settings.floatVoltage * cellsInSeries;
    const rise = this.#riseFrom(float);
    const volts = rise.update(Math.min(float, rise.value), now);
    this.#updatedAt = now;
    this.#isMoving = false;
    return { volts, reasons: [reason] };
  }

  #riseFrom(float: number): Rise {
    const { holdMs, rampVoltage } = this.#settings;
    this.#rise ??= new Rise({ holdMs, perSecond: rampVoltage }, float);
    return this.#rise;
  }

  /** One step from what is published towards float. */
  #towards(float: number, now: number): number {
    const from = Math.min(this.#level, this.#rise?.value ?? float);
    return Math.max(float, from - (this.#settings.rampVoltage * (now - this.#updatedAt)) / 1000);
  }

  #risingReason(due: number): string {
    const { holdMs, rampVoltage } = this.#settings;
    return `rises to ${due.toFixed(1)} V, by ${rampVoltage * 1000} mV/s after ${holdMs / 1000} s`;
  }

  #reason(stage: Stage, float: number): string {
    const { absorptionVoltage, floatVoltage } = this.#settings;
    if (stage !== 'float') return `absorption at ${absorptionVoltage} V a cell`;
    return this.#level > float ? `on the way down to float` : `float at ${floatVoltage} V a cell`;
  }
}
