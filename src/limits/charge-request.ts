import type { SoundPack } from './bank-state.js';

/** V a cell above the lowest allowed at which a request ends. */
const RECOVERED = 0.1;

/** Whether the bank is so empty that it wants to be charged, whatever the price. */
export class ChargeRequest {
  readonly #minVoltage: number;
  #isOn = false;

  /** @param minVoltage the lowest that a cell is to be discharged to, V. */
  constructor(minVoltage: number) {
    this.#minVoltage = minVoltage;
  }

  get isOn(): boolean {
    return this.#isOn;
  }

  /** Takes note of packs whose cells are sound. */
  update(packs: readonly SoundPack[]): boolean {
    const lowest = Math.min(...packs.map(({ cells }) => cells.lowest.volts));
    if (lowest <= this.#minVoltage) this.#isOn = true;
    else if (lowest >= this.#minVoltage + RECOVERED) this.#isOn = false;
    return this.#isOn;
  }
}
