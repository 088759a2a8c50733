import { around, seededRandom } from '../../src/simulator/random.js';
import { DAYS_OF_YEAR, type Moment } from './calendar.js';

/** A shed's temperature, °C: the year's mean, how far the seasons and the hours take it, and how far one day differs. */
const MEAN = 12;
const SEASONS_REACH = 9;
const HOURS_REACH = 4;
const DAYS_REACH = 2.5;
const DAY_LASTS = 0.7;
/** Days of the year that are like no others: how much colder or warmer, and the share of the sky that is covered. */
const SPELLS = [
  { from: 18, to: 24, kelvin: -7, covered: 0.2 },
  { from: 205, to: 209, kelvin: 13, covered: 0.1 },
];
/** That of a day; null of most. */
export const spellOf = (dayOfYear: number) =>
  SPELLS.find(({ from, to }) => dayOfYear >= from && dayOfYear <= to) ?? null;

const COLDEST_DAY = 20;
const COLDEST_HOUR = 5;

/** How warm it is where the bank stands: all seasons, a week of frost and some days of great heat. */
export class Weather {
  readonly #random: () => number;
  #day = 0;
  #ofDay = 0;

  constructor(seed: number) {
    this.#random = seededRandom(seed);
  }

  /** °C. */
  celsius({ dayOfYear, hour }: Moment): number {
    if (dayOfYear !== this.#day) {
      this.#day = dayOfYear;
      this.#ofDay = DAY_LASTS * this.#ofDay + (1 - DAY_LASTS) * around(this.#random, 0, 2 * DAYS_REACH);
    }
    const ofSpell = spellOf(dayOfYear)?.kelvin ?? 0;
    return (
      MEAN -
      wave(dayOfYear - COLDEST_DAY, DAYS_OF_YEAR) * SEASONS_REACH -
      wave(hour - COLDEST_HOUR, 24) * HOURS_REACH +
      this.#ofDay +
      ofSpell
    );
  }
}

const wave = (since: number, period: number) => Math.cos((2 * Math.PI * since) / period);
