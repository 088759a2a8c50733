import type { PaceError } from '../errors.js';

/** A silent pack is not asked less often than this by intervals, ms. */
const LONGEST_REST_MS = 30_000;

interface Silence {
  error: PaceError;
  restMs: number;
  /** Monotonic ms. */
  restsUntil: number;
}

/**
 * The packs that were silent when last asked by themselves. While others answer they rest for longer and longer, so that
 * the line is there for those that live.
 */
export class SilentPacks {
  readonly #timeoutTakesMs: number;
  readonly #now: () => number;
  readonly #silent = new Map<number, Silence>();
  readonly #answering = new Set<number>();

  /** @param timeoutTakesMs how long a request takes the line that is not answered. @param now monotonic ms. */
  constructor(timeoutTakesMs: number, now: () => number) {
    this.#timeoutTakesMs = timeoutTakesMs;
    this.#now = now;
  }

  answered(pack: number): void {
    if (this.#answering.size === 0) this.wake(); // all were silent, so it was not the packs
    this.#answering.add(pack);
    this.#silent.delete(pack);
  }

  /** All tries to ask a pack were in vain. */
  failed(pack: number, error: PaceError): void {
    this.#answering.delete(pack);
    const restMs = Math.min(LONGEST_REST_MS, 2 * (this.#silent.get(pack)?.restMs ?? this.#timeoutTakesMs));
    this.#silent.set(pack, { error, restMs, restsUntil: this.#now() + restMs });
  }

  /** Why a pack was silent; undefined when it was not. */
  errorOf(pack: number): PaceError | undefined {
    return this.#silent.get(pack)?.error;
  }

  /** Whether an interval is to leave a pack alone. */
  isResting(pack: number): boolean {
    const silence = this.#silent.get(pack);
    return silence !== undefined && this.#answering.size > 0 && this.#now() < silence.restsUntil;
  }

  /** Lets all be asked again: what kept them silent may be over. */
  wake(): void {
    for (const silence of this.#silent.values()) silence.restsUntil = Number.NEGATIVE_INFINITY;
  }
}
