const INTERVALS_UNTIL_STALE = 3;
const LEAST_SECONDS = 30;
/** Announcing another time costs a discovery message, so it must differ by so much. */
const MUCH_LONGER = 1.25;
const MUCH_SHORTER = 0.5;
/** One interval that is longer than the others is an outage, once there are so many. */
const INTERVALS_UNTIL_OUTAGE = 3;
/** Intervals count until two periods, each of as many expiry times, have passed without one so long. */
const PERIOD_EXPIRIES = 2;

const twoLongest = (intervals: readonly number[]) => intervals.toSorted((a, b) => b - a).slice(0, 2);

/** How long what comes at intervals may be held for true: three of the intervals seen, at least 30 s, or as set. */
export class Expiry {
  /** s, as announced. */
  seconds: number;
  readonly #isSet: boolean;
  #lastAt: number | null = null;
  #count = 0;
  #periodAt = 0;
  /** The longest intervals of this period and of the one before, ms. */
  #longest: number[] = [];
  #longestBefore: number[] = [];

  /** @param seconds as set; null or 0 to go by the intervals. */
  constructor(seconds: number | null) {
    this.#isSet = Boolean(seconds);
    this.seconds = seconds || LEAST_SECONDS;
  }

  /** Something has come, at `now` of a monotonic clock, ms. @returns whether `seconds` is another than before. */
  take(now: number): boolean {
    const intervalMs = this.#lastAt === null ? null : now - this.#lastAt;
    this.#lastAt = now;
    if (intervalMs === null || this.#isSet) return false;
    if (now - this.#periodAt > PERIOD_EXPIRIES * this.seconds * 1000) {
      this.#longestBefore = this.#longest;
      this.#longest = [];
      this.#periodAt = now;
    }
    this.#count += 1;
    this.#longest = twoLongest([...this.#longest, intervalMs]);
    return this.#adapt();
  }

  /** What comes next does not follow what came last. */
  pause(): void {
    this.#lastAt = null;
  }

  #adapt(): boolean {
    const [longest = 0, second = longest] = twoLongest([...this.#longest, ...this.#longestBefore]);
    const isNotSure = this.#count < INTERVALS_UNTIL_OUTAGE;
    const wasTooShort = longest > this.seconds * 1000; // without a word that the pack is offline
    const usual = isNotSure || wasTooShort ? longest : second;
    const wanted = Math.max(LEAST_SECONDS, Math.round((INTERVALS_UNTIL_STALE * usual) / 1000));
    const isNear = wanted < this.seconds * MUCH_LONGER && wanted > this.seconds * MUCH_SHORTER;
    if (wanted === this.seconds || (isNear && this.#count > 1)) return false;
    this.seconds = wanted;
    return true;
  }
}
