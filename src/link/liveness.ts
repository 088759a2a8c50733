/** Without a byte for this long, and after this many timeouts, a way that looks open is no longer one. */
const FIRST_SILENT_MS = 10_000;
const SILENT_REQUESTS = 3;
/** A battery may sleep: with every opening in vain the next one waits longer, up to this, ms. */
const LONGEST_SILENT_MS = 300_000;

/** So many timeouts in a row are bad luck, as with the tries of one read. */
const TIMEOUTS_AS_USUAL = 2;
/** How much longer the time between two requests to a silent target gets at most, ms. */
const MOST_ADDED_MS = 1000;

/** What is known of a target. */
interface Target {
  hasAnswered: boolean;
  /** All tries of the last request were in vain. */
  isSilent: boolean;
  timeoutsInARow: number;
  /** When the last request was made that timed out, monotonic ms. */
  timedOutAt: number;
}

/** Who on the line answers, and who was silent when last asked. */
export class Liveness {
  readonly #timeoutTakesMs: number;
  readonly #targets = new Map<number, Target>();
  /** Timeouts of targets that have answered before, since the last answer of any. */
  #timeouts = 0;
  #silentMs = FIRST_SILENT_MS;

  /** @param timeoutTakesMs from a request to the next one where no answer comes. */
  constructor(timeoutTakesMs: number) {
    this.#timeoutTakesMs = timeoutTakesMs;
  }

  #of(target: number): Target {
    const known = this.#targets.get(target);
    if (known) return known;
    const made: Target = { hasAnswered: false, isSilent: false, timeoutsInARow: 0, timedOutAt: 0 };
    this.#targets.set(target, made);
    return made;
  }

  answered(target: number): void {
    Object.assign(this.#of(target), { hasAnswered: true, isSilent: false, timeoutsInARow: 0 });
    this.#timeouts = 0;
    this.#silentMs = FIRST_SILENT_MS;
  }

  /** A request made at `askedAt`, monotonic ms, was not answered. */
  timedOut(target: number, askedAt: number): void {
    const asked = this.#of(target);
    if (asked.hasAnswered) this.#timeouts += 1;
    asked.timeoutsInARow += 1;
    asked.timedOutAt = askedAt;
  }

  /** All tries of a request were in vain. */
  gaveUp(target: number): void {
    this.#of(target).isSilent = true;
  }

  /** The line was opened anew: what was silent may answer now. */
  opened(): void {
    for (const target of this.#targets.values()) target.timeoutsInARow = 0;
  }

  /** Whether a target was silent when last asked: one try is enough. */
  isSilent(target: number): boolean {
    return this.#of(target).isSilent;
  }

  /** Whether a target answered when last asked: it must not wait for those that may be dead. */
  isAlive(target: number): boolean {
    const { hasAnswered, isSilent } = this.#of(target);
    return hasAnswered && !isSilent;
  }

  /** From when on a target may be asked, monotonic ms: the more requests in a row came to nothing, the later. */
  dueAt(target: number): number {
    const { timeoutsInARow, timedOutAt } = this.#of(target);
    const more = timeoutsInARow - TIMEOUTS_AS_USUAL;
    if (more <= 0) return Number.NEGATIVE_INFINITY;
    return timedOutAt + this.#timeoutTakesMs + Math.min(MOST_ADDED_MS, this.#timeoutTakesMs * (2 ** more - 1));
  }

  /** Whether targets that used to answer have all been silent for long: then it is the way that is dead. Tells once. */
  isWayDead(silentMs: number): boolean {
    if (this.#timeouts < SILENT_REQUESTS || silentMs < this.#silentMs) return false;
    this.#timeouts = 0;
    this.#silentMs = Math.min(LONGEST_SILENT_MS, 2 * this.#silentMs);
    return true;
  }
}
