import type { PaceError } from '../errors.js';

/** A silent pack is not asked less often than this by intervals, ms. */
const LONGEST_REST_MS = 30_000;

interface Silence {
  error: PaceError;
  restMs: number;
  /** Since when it rests, monotonic ms. */
  since: number;
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
  readonly #suspected = new Set<number>();

  /** @param timeoutTakesMs how long a request takes the line that is not answered. @param now monotonic ms. */
  constructor(timeoutTakesMs: number, now: () => number) {
    this.#timeoutTakesMs = timeoutTakesMs;
    this.#now = now;
  }

  answered(pack: number): void {
    if (this.#answering.size === 0) this.wake(); // all were silent, so it was not the packs
    this.#answering.add(pack);
    this.#silent.delete(pack);
    this.#suspected.delete(pack);
  }

  /** A try to ask a pack was in vain, and it is tried again. */
  suspect(pack: number): void {
    this.#suspected.add(pack);
  }

  /** Asking a pack came to an end that says nothing of it. */
  clear(pack: number): void {
    this.#suspected.delete(pack);
  }

  /** Whether a pack is being tried again. */
  isSuspected(pack: number): boolean {
    return this.#suspected.has(pack);
  }

  /** All tries to ask a pack were in vain. */
  failed(pack: number, error: PaceError): void {
    this.#answering.delete(pack);
    this.#suspected.delete(pack);
    const restMs = Math.min(LONGEST_REST_MS, 2 * (this.#silent.get(pack)?.restMs ?? this.#timeoutTakesMs));
    this.#silent.set(pack, { error, restMs, since: this.#now() });
  }

  /** Why a pack was silent; undefined when it was not. */
  errorOf(pack: number): PaceError | undefined {
    return this.#silent.get(pack)?.error;
  }

  /** Whether a pack is to be left alone, which may be for `atMostMs`. */
  isResting(pack: number, atMostMs: number): boolean {
    const silence = this.#silent.get(pack);
    if (!silence || this.#answering.size === 0) return false;
    return this.#now() - silence.since < Math.min(silence.restMs, atMostMs);
  }

  /** Lets all be asked again: what kept them silent may be over. */
  wake(): void {
    for (const silence of this.#silent.values()) silence.since = Number.NEGATIVE_INFINITY;
  }
}
