const INTERVALS_UNTIL_STALE = 3;
const LEAST_SECONDS = 30;
/** The last intervals count; the middle one of them, so that neither an input nor an outage matters. */
const INTERVALS_KEPT = 5;
const INTERVALS_UNTIL_CHANGE = 2;
/** Announcing another time costs a discovery message, so it must differ by so much. */
const MUCH_LONGER = 1.25;
const MUCH_SHORTER = 0.5;

/** How long what comes at intervals may be held for true: three of the intervals seen, at least 30 s, or as set. */
export class Expiry {
  /** s, as announced. */
  seconds: number;
  readonly #isSet: boolean;
  readonly #intervals: number[] = [];
  #lastAt: number | null = null;

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
    this.#intervals.push(intervalMs);
    if (this.#intervals.length > INTERVALS_KEPT) this.#intervals.shift();
    return this.#adapt();
  }

  /** What comes next does not follow what came last. */
  pause(): void {
    this.#lastAt = null;
  }

  #adapt(): boolean {
    const seen = this.#intervals.length;
    const middle = this.#intervals.toSorted((a, b) => a - b)[Math.floor(seen / 2)] as number;
    const wanted = Math.max(LEAST_SECONDS, Math.round((INTERVALS_UNTIL_STALE * middle) / 1000));
    const isNear = wanted < this.seconds * MUCH_LONGER && wanted > this.seconds * MUCH_SHORTER;
    if (wanted === this.seconds || (isNear && seen >= INTERVALS_UNTIL_CHANGE)) return false;
    this.seconds = wanted;
    return true;
  }
}
