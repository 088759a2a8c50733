/** Calls at start + k x interval, however long the calls take. */
export class Schedule {
  readonly #intervalMs: number;
  readonly #onTick: () => void;
  readonly #now: () => number;
  #startedAt = 0;
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
    this.#wait();
    this.#onTick();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #wait(): void {
    const elapsed = this.#now() - this.#startedAt;
    const nextAt = (Math.floor(elapsed / this.#intervalMs) + 1) * this.#intervalMs;
    this.#timer = setTimeout(() => {
      this.#wait();
      this.#onTick();
    }, nextAt - elapsed);
  }
}
