import { around, seededRandom } from '../../src/simulator/random.js';
import { DAYS_OF_YEAR, type Moment } from './calendar.js';
import { lasting } from './chance.js';
import { spellOf } from './weather.js';

/** Panels of a house at 50° north. */
const LATITUDE = (50 * Math.PI) / 180;
const AXIS_TILT = (23.44 * Math.PI) / 180;
const PEAK_WATTS = 6000;
/** Low sun has more air to pass. */
const AIR = 1.2;
/** What the next day's clouds have of the day's. */
const WEATHER_LASTS = 0.6;
/** What the sun gives through clouds that cover all. */
const THROUGH_CLOUDS = 0.15;
/** A cloud and a gap last so long, s. */
const SHORTEST_CLOUD = 30;
const LONGEST_CLOUD = 1200;

/** What the panels give on days of all seasons, clear and cloudy. */
export class Sky {
  readonly #ofDays: () => number;
  readonly #ofClouds: () => number;
  #day = 0;
  /** The share of the sky that is covered, 0-1. */
  #covered = 0.5;
  /** What is let through for now, 0-1, and until when. */
  #clearness = 1;
  #changesAt = 0;

  constructor(seed: number) {
    this.#ofDays = seededRandom(seed);
    this.#ofClouds = seededRandom(seed + 1);
  }

  /** W. */
  watts(moment: Moment): number {
    const { dayOfYear, seconds } = moment;
    if (dayOfYear !== this.#day) {
      this.#day = dayOfYear;
      const tomorrow = WEATHER_LASTS * this.#covered + (1 - WEATHER_LASTS) * around(this.#ofDays, 0.5, 1);
      this.#covered = spellOf(dayOfYear)?.covered ?? Math.min(1, Math.max(0, tomorrow));
    }
    while (seconds >= this.#changesAt) this.#nextCloud();
    return PEAK_WATTS * Math.max(0, sunHeight(moment)) ** AIR * this.#clearness;
  }

  #nextCloud(): void {
    const random = this.#ofClouds;
    this.#changesAt += lasting(random, SHORTEST_CLOUD, LONGEST_CLOUD);
    const through = around(random, 2 * THROUGH_CLOUDS, THROUGH_CLOUDS);
    this.#clearness = random() < this.#covered ? through : 1;
  }
}

/** The sine of the sun's height. */
function sunHeight({ dayOfYear, hour }: Moment): number {
  const declination = -AXIS_TILT * Math.cos((2 * Math.PI * (dayOfYear + 9)) / DAYS_OF_YEAR);
  const hourAngle = ((hour - 12) * Math.PI) / 12;
  return Math.sin(LATITUDE) * Math.sin(declination) + Math.cos(LATITUDE) * Math.cos(declination) * Math.cos(hourAngle);
}
