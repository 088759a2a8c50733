/** Calls at start + k x interval, however long the calls take. */
export class Schedule {
  readonly #intervalMs: number;
  readonly #onTick: () => void;
  readonly #now: () => number;
  #startedAt = 0;
  /** The tick waited for. */
  #ticks = 0;
  #timer: NodeJS.Timeout | undefined;

  /** @param intervalMs 0 for never. @param now monotonic ms. */
  constructor(intervalMs: number, onTick: () => void, now: () => number) {
    this.#intervalMs = intervalMs;
    this.#onTick = onTick;
    this.#now = now;
  }

  /** Calls now, and from now on. */
  start(): void {
    this.stop();
    if (this.#intervalMs === 0) return;
    this.#startedAt = this.#now();
    this.#ticks = 0;
    this.#wait();
    this.#onTick();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #wait(): void {
    const elapsed = this.#now() - this.#startedAt;
    // Timers may fire early by a fraction of a ms: the count, not the clock, says which tick is next.
    this.#ticks = Math.max(this.#ticks + 1, Math.ceil(elapsed / this.#intervalMs));
    this.#timer = setTimeout(
      () => {
        this.#wait();
        this.#onTick();
      },
      this.#ticks * this.#intervalMs - elapsed,
    );
  }
}
