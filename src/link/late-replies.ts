/** So long after a request that timed out its reply may still come, ms. */
const LATEST_MS = 5000;
/** Room for the network between two replies that follow each other, ms. */
const LEEWAY_MS = 50;
/** After a long silence replies may come in a heap; so long nothing may follow the first, ms. */
const AFTER_LONG_SILENCE_MS = 500;

/** What is known of the requests with the same characters. */
interface Asked {
  /** When those were made that timed out since the last answer, monotonic ms. */
  timedOutInARow: number[];
  /** When the last that timed out was made, monotonic ms. */
  timedOutAt: number;
  /** How long the last answer took, ms; null before the first. */
  usualMs: number | null;
}

/**
 * A reply does not say which request it answers, so one that comes after a timeout may belong to the request before.
 * It is held back for as long as the true one could follow it: if another comes, neither can be trusted.
 */
export class LateReplies {
  readonly #asked = new Map<string, Asked>();
  #areSeen = false;

  /** Whether a reply came after its request was given up, and none in time since. */
  get areSeen(): boolean {
    return this.#areSeen;
  }

  /** A frame came while no request was under way. */
  strayed(): void {
    this.#areSeen = this.#asked.size > 0;
  }

  #of(key: string): Asked {
    const known = this.#asked.get(key);
    if (known) return known;
    const asked: Asked = { timedOutInARow: [], timedOutAt: Number.NEGATIVE_INFINITY, usualMs: null };
    this.#asked.set(key, asked);
    return asked;
  }

  /** The request `key`, made at `askedAt`, was not answered in time. */
  timedOut(key: string, askedAt: number): void {
    const asked = this.#of(key);
    asked.timedOutInARow = [...asked.timedOutInARow.slice(-1), askedAt];
    asked.timedOutAt = askedAt;
  }

  /** The request `key` was answered, beyond doubt. */
  answered(key: string, durationMs: number): void {
    const asked = this.#of(key);
    asked.timedOutInARow = [];
    this.#areSeen = false;
    asked.usualMs = durationMs;
  }

  /** More replies came than are asked for: what was under way has arrived, or does so while the line is drained. */
  drained(key: string): void {
    this.#asked.delete(key);
  }

  /** The line was opened anew: nothing is under way on it. */
  clear(): void {
    this.#asked.clear();
    this.#areSeen = false;
  }

  /** How long a reply to `key` is held back that came after `durationMs` to a request made at `askedAt`, ms. */
  holdMs(key: string, askedAt: number, durationMs: number): number {
    const asked = this.#asked.get(key);
    if (!asked) return 0;
    const { timedOutInARow, timedOutAt, usualMs } = asked;
    const [first, second] = timedOutInARow;
    if (first !== undefined && second !== undefined) {
      const isLongAgo = askedAt - first > LATEST_MS;
      return isLongAgo ? AFTER_LONG_SILENCE_MS : Math.max(second - first, askedAt - second) + LEEWAY_MS;
    }
    if (askedAt - timedOutAt > LATEST_MS) return 0;
    const trueOneAfterMs = usualMs === null ? AFTER_LONG_SILENCE_MS : 1.5 * usualMs + LEEWAY_MS;
    return Math.max(LEEWAY_MS, trueOneAfterMs - durationMs);
  }
}
