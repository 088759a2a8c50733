/** How a limit may rise. */
export interface RiseSettings {
  /** What a rise waits, ms. */
  holdMs: number;
  /** What it rises a second. */
  perSecond: number;
}

/** A limit that falls at once and rises slowly: every rise waits, then ramps up to what is due. */
export class Rise {
  readonly #settings: RiseSettings;
  #value: number;
  /** Monotonic ms since when more has been due; null while nothing more is. */
  #dueSince: number | null = null;
  #updatedAt = 0;

  constructor(settings: RiseSettings, value: number) {
    this.#settings = settings;
    this.#value = value;
  }

  get value(): number {
    return this.#value;
  }

  /** Whether more is due than the limit is yet. */
  get isRising(): boolean {
    return this.#dueSince !== null;
  }

  /** Moves towards what is due at `now`, monotonic ms. @returns the limit. */
  update(due: number, now: number): number {
    if (due <= this.#value) {
      this.#value = due;
      this.#dueSince = null;
    } else {
      this.#dueSince ??= now;
      const rampsSince = Math.max(this.#updatedAt, this.#dueSince + this.#settings.holdMs);
      const rampedMs = Math.max(0, now - rampsSince);
      this.#value = Math.min(due, this.#value + (this.#settings.perSecond * rampedMs) / 1000);
      if (this.#value === due) this.#dueSince = null;
    }
    this.#updatedAt = now;
    return this.#value;
  }
}
