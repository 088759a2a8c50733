import { around } from './random.js';

/*
 * Heat of a pack in air, by choice after a 45 kg pack: one of the cells warms up over hours and settles some 15 K above
 * the room at 50 A, the MOSFETs within minutes 12 K above their surroundings.
 */
const CELL_JOULES_PER_KELVIN = 2500;
const CELL_WATTS_PER_KELVIN = 0.25;
const MOSFET_KELVIN_PER_SQUARE_AMP = 0.005;
const MOSFET_SETTLING_SECONDS = 240;
/** How much of the cells' warmth reaches the sensor for the environment, inside the case. */
const SHARE_INSIDE_CASE = 0.3;
const CELL_SENSORS = 4;

/** How warm a pack is, in °C. */
export class ThermalModel {
  #cells: number;
  #mosfet: number;
  #ambient: number;
  readonly #cellSensors: readonly { share: number; offset: number }[];

  constructor(random: () => number, ambient: number) {
    this.#cells = ambient;
    this.#mosfet = ambient;
    this.#ambient = ambient;
    this.#cellSensors = Array.from({ length: CELL_SENSORS }, () => ({
      share: around(random, 0.98, 0.06),
      offset: around(random, 0, 0.3),
    }));
  }

  /**
   * @param amps of the pack, either sign.
   * @param cellOhms of one cell.
   * @param ambient °C of the room.
   */
  step(seconds: number, amps: number, cellOhms: number, ambient: number): void {
    this.#ambient = ambient;
    const watts = amps * amps * cellOhms - CELL_WATTS_PER_KELVIN * (this.#cells - ambient);
    this.#cells += (watts * seconds) / CELL_JOULES_PER_KELVIN;
    const settled = this.#insideCase() + MOSFET_KELVIN_PER_SQUARE_AMP * amps * amps;
    this.#mosfet += ((settled - this.#mosfet) * seconds) / MOSFET_SETTLING_SECONDS;
  }

  /** °C of the cells. */
  get cells(): number {
    return this.#cells;
  }

  /** What the sensors read: four at the cells, then those at the MOSFETs and in the environment where six are fitted. */
  read(sensors: number): number[] {
    const cells = this.#cellSensors.map(
      ({ share, offset }) => this.#ambient + share * (this.#cells - this.#ambient) + offset,
    );
    return [...cells, this.#mosfet, this.#insideCase()].slice(0, sensors);
  }

  #insideCase(): number {
    return this.#ambient + SHARE_INSIDE_CASE * (this.#cells - this.#ambient);
  }
}
