/** Without a byte for this long, and after this many timeouts, a way that looks open is no longer one. */
const FIRST_SILENT_MS = 10_000;
const SILENT_REQUESTS = 3;
/** A battery may sleep: with every opening in vain the next one waits longer, up to this, ms. */
const LONGEST_SILENT_MS = 300_000;

/** Who on the line answers, and who was silent when last asked. */
export class Liveness {
  readonly #answering = new Set<number>();
  readonly #silent = new Set<number>();
  /** Timeouts of targets that have answered before, since the last answer of any. */
  #timeouts = 0;
  #silentMs = FIRST_SILENT_MS;

  answered(target: number): void {
    this.#answering.add(target);
    this.#silent.delete(target);
    this.#timeouts = 0;
    this.#silentMs = FIRST_SILENT_MS;
  }

  timedOut(target: number): void {
    if (this.#answering.has(target)) this.#timeouts += 1;
  }

  /** All tries of a request were in vain. */
  gaveUp(target: number): void {
    this.#silent.add(target);
  }

  /** Whether a target was silent when last asked: one try is enough. */
  isSilent(target: number): boolean {
    return this.#silent.has(target);
  }

  /** Whether a target answered when last asked: it must not wait for those that may be dead. */
  isAlive(target: number): boolean {
    return this.#answering.has(target) && !this.#silent.has(target);
  }

  /** Whether targets that used to answer have all been silent for long: then it is the way that is dead. Tells once. */
  isWayDead(silentMs: number): boolean {
    if (this.#timeouts < SILENT_REQUESTS || silentMs < this.#silentMs) return false;
    this.#timeouts = 0;
    this.#silentMs = Math.min(LONGEST_SILENT_MS, 2 * this.#silentMs);
    return true;
  }
}
