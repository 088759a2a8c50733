import { type Curve, interpolate } from '../../src/battery/curve.js';
import { seededRandom } from '../../src/simulator/random.js';
import { HOUR_SECONDS, type Moment } from './calendar.js';
import { waitFor } from './chance.js';

/** W that are drawn all the time, by hour. */
const BASE: Curve = [
  [0, 150],
  [5, 150],
  [7, 450],
  [9, 250],
  [16, 250],
  [19, 600],
  [22, 400],
  [24, 150],
];

/** What is switched on now and then, and then draws all its power at once. */
interface Appliance {
  watts: number;
  minutes: number;
  timesADay: number;
  from: number;
  to: number;
}

const APPLIANCES: readonly Appliance[] = [
  { watts: 2200, minutes: 3, timesADay: 6, from: 6, to: 23 },
  { watts: 3000, minutes: 35, timesADay: 0.8, from: 11, to: 20 },
  { watts: 2000, minutes: 25, timesADay: 1, from: 8, to: 18 },
  { watts: 1500, minutes: 15, timesADay: 2.5, from: 0, to: 24 },
  // All at once, more than the bank may give.
  { watts: 7000, minutes: 6, timesADay: 1, from: 7, to: 21 },
];

/** One appliance, again and again. */
class Switch {
  readonly #appliance: Appliance;
  readonly #random: () => number;
  #onAt = 0;
  #offAt = 0;

  constructor(appliance: Appliance, seed: number) {
    this.#appliance = appliance;
    this.#random = seededRandom(seed);
  }

  watts(seconds: number): number {
    while (seconds >= this.#offAt) this.#next();
    return seconds >= this.#onAt ? this.#appliance.watts : 0;
  }

  #next(): void {
    const { minutes, timesADay, from, to } = this.#appliance;
    const hours = to - from;
    const onAt = this.#offAt + waitFor(this.#random, (timesADay * 24) / hours);
    const hour = (onAt / HOUR_SECONDS) % 24;
    const isNight = hour < from || hour > to;
    const untilMorning = isNight ? ((from - hour + 24) % 24) + this.#random() : 0;
    this.#onAt = onAt + untilMorning * HOUR_SECONDS;
    this.#offAt = this.#onAt + minutes * 60;
  }
}

/** What a house draws: a base all day, and steps. */
export class Household {
  readonly #switches: readonly Switch[];

  constructor(seed: number) {
    this.#switches = APPLIANCES.map((appliance, i) => new Switch(appliance, seed + i));
  }

  /** W. */
  watts({ seconds, hour }: Moment): number {
    return this.#switches.reduce((total, each) => total + each.watts(seconds), interpolate(BASE, hour));
  }
}
