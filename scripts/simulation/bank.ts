import { extremes, sum } from '../../src/battery/analog.js';
import { alarmReading } from '../../src/dialects/pace25/alarm-reading.js';
import { shareAmps } from '../../src/simulator/current-sharing.js';
import { PackModel } from '../../src/simulator/pack-model.js';
import { seededRandom } from '../../src/simulator/random.js';

export const PACKS = 2;
export const CELLS = 16;
const START_CHARGE = 0.5;
/** The second pack's weak cell. */
const WEAR = [{}, { 5: { capacity: 0.92, resistance: 1.6 } }];
/** A pack is so much warmer than the one below it, K. */
const WARMER = 1;

const trueSensors = (_number: number, celsius: number) => celsius;
const surroundings = (index: number, roomCelsius: number) => ({
  ambientCelsius: roomCelsius + index * WARMER,
  sensorReading: trueSensors,
});

/** What is so in a pack, whatever its sensors say. */
export interface PackTruth {
  number: number;
  amps: number;
  lowestMillivolts: number;
  highestMillivolts: number;
  cellCelsius: number;
  /** s since it was switched on. */
  onFor: number;
}

/** The simulated packs in parallel; the current comes from outside. */
export class Bank {
  readonly #packs: readonly PackModel[];
  #connected: readonly PackModel[];
  #shares: readonly number[];
  #onFor: readonly number[];

  constructor(seed: number, roomCelsius: number) {
    this.#packs = Array.from({ length: PACKS }, (_, index) => {
      const random = seededRandom(seed + index);
      const wear = WEAR[index] ?? {};
      return new PackModel({
        ...{ cells: CELLS, stateOfCharge: START_CHARGE, random, wear },
        surroundings: surroundings(index, roomCelsius),
      });
    });
    this.#connected = this.#packs;
    this.#shares = this.#packs.map(() => 0);
    this.#onFor = this.#packs.map(() => 0);
  }

  /** Connects the packs that are on and disconnects the others. */
  connect(isOn: (number: number) => boolean): void {
    this.#connected = this.#packs.filter((_, index) => isOn(index + 1));
  }

  /** Lets `seconds` pass with `amps` flowing, positive while charging, as far as the BMSs let them. */
  step(seconds: number, amps: number, roomCelsius: number): void {
    const shares = shareAmps(this.#connected, amps);
    this.#shares = this.#packs.map((pack) => shares[this.#connected.indexOf(pack)] ?? 0);
    this.#onFor = this.#packs.map((pack, i) =>
      this.#connected.includes(pack) ? (this.#onFor[i] as number) + seconds : 0,
    );
    for (const [index, pack] of this.#packs.entries()) {
      pack.step(seconds, this.#shares[index] as number, surroundings(index, roomCelsius));
    }
  }

  /** What flows, A. */
  get amps(): number {
    return sum(this.#shares);
  }

  /** V at the cells, the mean of the packs. */
  get volts(): number {
    const packs = this.#connected.length > 0 ? this.#connected : this.#packs;
    return sum(packs.map((pack) => pack.analogRecord().packMillivolts)) / packs.length / 1000;
  }

  /** 0-1. */
  get stateOfCharge(): number {
    const [held, full] = [this.#packs.map((pack) => pack.ampHours), this.#packs.map((pack) => pack.fullAmpHours)];
    return sum(held) / sum(full);
  }

  /** The amps that bring it to `volts`; 0 where it is above them. */
  ampsTo(volts: number): number {
    const able = this.#connected.filter((pack) => pack.accepts('charging'));
    return Math.max(0, sum(able.map((pack) => (volts - pack.openCircuitVolts) / pack.resistanceOhms)));
  }

  get truths(): PackTruth[] {
    return this.#packs.map((pack, index) => {
      const { lowest, highest } = extremes(pack.analogRecord().cellMillivolts) as NonNullable<
        ReturnType<typeof extremes>
      >;
      return {
        number: index + 1,
        amps: this.#shares[index] as number,
        lowestMillivolts: lowest.value,
        highestMillivolts: highest.value,
        cellCelsius: pack.cellCelsius,
        onFor: this.#onFor[index] as number,
      };
    });
  }

  get measurements() {
    return this.#packs.map((pack) => pack.analogRecord());
  }

  get alarms() {
    return this.#packs.map((pack) => alarmReading(pack.alarmRecord()));
  }
}
