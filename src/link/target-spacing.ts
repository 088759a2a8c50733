/** How much longer the time between two requests to a silent target gets at most, ms. */
const MOST_ADDED_MS = 2000;
/** So many timeouts in a row are bad luck, as with the tries of one read. */
const TIMEOUTS_AS_USUAL = 2;

/** When a target may be asked again: the more of its requests in a row came to nothing, the later. */
export class TargetSpacing {
  readonly #timeoutTakesMs: number;
  readonly #silent = new Map<number, { timeouts: number; askedAt: number }>();

  /** @param timeoutTakesMs from a request to the next one where no answer comes. */
  constructor(timeoutTakesMs: number) {
    this.#timeoutTakesMs = timeoutTakesMs;
  }

  /** A request made at `askedAt`, monotonic ms, was not answered. */
  timedOut(target: number, askedAt: number): void {
    const timeouts = (this.#silent.get(target)?.timeouts ?? 0) + 1;
    this.#silent.set(target, { timeouts, askedAt });
  }

  answered(target: number): void {
    this.#silent.delete(target);
  }

  /** The line was opened anew: what was silent may answer now. */
  clear(): void {
    this.#silent.clear();
  }

  /** From when on a target may be asked, monotonic ms. */
  dueAt(target: number): number {
    const silent = this.#silent.get(target);
    if (!silent || silent.timeouts <= TIMEOUTS_AS_USUAL) return Number.NEGATIVE_INFINITY;
    const added = Math.min(MOST_ADDED_MS, this.#timeoutTakesMs * (2 ** (silent.timeouts - TIMEOUTS_AS_USUAL) - 1));
    return silent.askedAt + this.#timeoutTakesMs + added;
  }
}
