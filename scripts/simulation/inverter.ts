import type { LimitsPayload } from '../../src/limits/payload.js';
import { type Bank, CELLS } from './bank.js';

/** From when limits are sent until the inverter heeds them, s. */
export const DELAY_SECONDS = 5;
/** What the inverter can do. */
const MOST_AMPS = 160;
/** Without limits for so long it stops, s. */
const LOST_AFTER_SECONDS = 60;
/** How far it takes the bank's voltage to be lower than it is, V. */
const VOLTAGE_ERROR = 0.1;
/** What it charges with from the grid when it is asked to, A. */
const REQUESTED_AMPS = 10;
/** The bank must be so far above the lowest voltage before it is discharged again, V. */
const DISCHARGES_AGAIN = 0.1 * CELLS;
/** What an inverter that heeds nothing charges to, V. */
const OWN_VOLTS = 3.65 * CELLS;

interface Sent {
  limits: LimitsPayload;
  at: number;
}

/** An inverter that heeds the limits, some seconds late. */
export class Inverter {
  readonly #obeys: boolean;
  /** Those that it heeds, and those on their way. */
  #sent: Sent[] = [];
  #isEmpty = false;

  constructor(obeys: boolean) {
    this.#obeys = obeys;
  }

  /** Takes limits that were sent at `seconds`. */
  receive(limits: LimitsPayload, seconds: number): void {
    this.#sent.push({ limits, at: seconds });
  }

  /** What of `wanted` it can do by itself, A, positive while charging. */
  static able(wanted: number): number {
    return Math.max(-MOST_AMPS, Math.min(MOST_AMPS, wanted));
  }

  /** What it makes flow from `seconds` on, A, where sun and house want `wanted`. */
  amps(wanted: number, bank: Bank, seconds: number): number {
    const able = Inverter.able(wanted);
    if (!this.#obeys) return able > 0 ? Math.min(able, bank.ampsTo(OWN_VOLTS)) : able;
    const limits = this.#heeded(seconds);
    if (limits === null) return 0;
    const asked = limits.chargeRequest ? Math.max(able, REQUESTED_AMPS) : able;
    return asked > 0 ? this.#charge(asked, limits, bank) : -this.#discharge(-asked, limits, bank);
  }

  #charge(asked: number, { chargeCurrent, chargeVoltage }: LimitsPayload, bank: Bank): number {
    if (chargeVoltage === null) return 0;
    return Math.min(asked, chargeCurrent, bank.ampsTo(chargeVoltage + VOLTAGE_ERROR));
  }

  #discharge(asked: number, { dischargeCurrent, lowVoltage }: LimitsPayload, bank: Bank): number {
    const volts = bank.volts + VOLTAGE_ERROR;
    if (lowVoltage === null || volts <= lowVoltage) this.#isEmpty = true;
    else if (volts >= lowVoltage + DISCHARGES_AGAIN) this.#isEmpty = false;
    return this.#isEmpty ? 0 : Math.min(asked, dischargeCurrent);
  }

  #heeded(seconds: number): LimitsPayload | null {
    while (this.#sent[1] && this.#sent[1].at <= seconds - DELAY_SECONDS) this.#sent.shift();
    const [heeded] = this.#sent;
    const last = this.#sent.at(-1);
    if (!heeded || !last || heeded.at > seconds - DELAY_SECONDS) return null;
    return seconds - last.at < LOST_AFTER_SECONDS ? heeded.limits : null;
  }
}
