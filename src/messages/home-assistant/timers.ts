/** Calls that are to come, all ended at once. */
export class Timers {
  readonly #onThrown: (thrown: unknown) => void;
  readonly #waiting = new Set<NodeJS.Timeout>();

  /** @param onThrown is told what a call throws; from a timer it would reach nobody else. */
  constructor(onThrown: (thrown: unknown) => void) {
    this.#onThrown = onThrown;
  }

  /** Calls in `ms`. @returns what takes that back. */
  after(ms: number, call: () => void): () => void {
    const timer = setTimeout(() => {
      this.#waiting.delete(timer);
      try {
        call();
      } catch (thrown) {
        this.#onThrown(thrown);
      }
    }, ms);
    this.#waiting.add(timer);
    return () => {
      clearTimeout(timer);
      this.#waiting.delete(timer);
    };
  }

  close(): void {
    for (const timer of this.#waiting) clearTimeout(timer);
    this.#waiting.clear();
  }
}
