/** So long after a request that timed out its reply may still come, ms. */
const LATEST_MS = 5000;
/** Room for the network between two replies that follow each other, ms. */
const LEEWAY_MS = 50;
/** After a long silence replies may come in a heap; so long nothing may follow the first, ms. */
const AFTER_LONG_SILENCE_MS = 500;
/** So many requests without a reply are remembered. */
const MOST_REMEMBERED = 20;

/** What is known of the requests with the same characters. */
interface Asked {
  /** When those were made whose reply may still come, monotonic ms. */
  unanswered: number[];
  /** When the last that timed out was made, monotonic ms. */
  timedOutAt: number;
  /** How long an answer took, beyond doubt where there was one, ms; null before the first. */
  usualMs: number | null;
}

/**
 * A reply does not say which request it answers, so one that comes after a timeout may belong to the request before.
 * It is held back for as long as the true one could follow it: if another comes, neither can be trusted.
 */
export class LateReplies {
  readonly #timeoutTakesMs: number;
  readonly #asked = new Map<string, Asked>();
  #areSeen = false;

  /** @param timeoutTakesMs from a request to the next where no answer comes: nothing waits longer for a held reply. */
  constructor(timeoutTakesMs: number) {
    this.#timeoutTakesMs = timeoutTakesMs;
  }

  /** Whether a reply came after its request was given up, and none beyond doubt since. */
  get areSeen(): boolean {
    return this.#areSeen;
  }

  #of(key: string): Asked {
    const known = this.#asked.get(key);
    if (known) return known;
    const asked: Asked = { unanswered: [], timedOutAt: Number.NEGATIVE_INFINITY, usualMs: null };
    this.#asked.set(key, asked);
    return asked;
  }

  /** The request `key`, made at `askedAt`, was not answered in time. */
  timedOut(key: string, askedAt: number): void {
    const asked = this.#of(key);
    asked.unanswered = [...asked.unanswered.slice(1 - MOST_REMEMBERED), askedAt];
    asked.timedOutAt = askedAt;
  }

  /** A frame came while no request was under way: replies come in the order of their requests. */
  strayed(): void {
    let oldest: Asked | null = null;
    for (const asked of this.#asked.values()) {
      const at = asked.unanswered[0] ?? Number.POSITIVE_INFINITY;
      if (at < (oldest?.unanswered[0] ?? Number.POSITIVE_INFINITY)) oldest = asked;
    }
    if (!oldest) return;
    oldest.unanswered.shift();
    this.#areSeen = true;
  }

  /** The request `key`, made at `askedAt`, was answered; or an earlier one was, and its own reply may still come. */
  answered(key: string, askedAt: number, durationMs: number): void {
    const asked = this.#of(key);
    const isBeyondDoubt = asked.unanswered.length === 0 || askedAt - asked.timedOutAt > LATEST_MS;
    asked.unanswered = isBeyondDoubt ? [] : [askedAt];
    if (isBeyondDoubt) this.#areSeen = false;
    if (isBeyondDoubt || asked.usualMs === null) asked.usualMs = durationMs;
  }

  /**
   * Replies to `key`, last made at `askedAt`, are under way: they come as far apart as their requests were made.
   * @returns how long the line must be silent until none is, ms; it is to be drained so.
   */
  drain(key: string, askedAt: number): number {
    const asked = this.#of(key);
    const requests = [...asked.unanswered, askedAt];
    const gaps = requests.slice(1).map((at, i) => at - (requests[i] as number));
    asked.unanswered = [];
    return Math.min(LATEST_MS, Math.max(this.#timeoutTakesMs, ...gaps) + LEEWAY_MS);
  }

  /** The line was opened anew: nothing is under way on it. */
  clear(): void {
    this.#asked.clear();
    this.#areSeen = false;
  }

  /**
   * How long a reply to `key` is held back that came after `durationMs` to a request made at `askedAt`, ms.
   * @returns infinity where it is not to be trusted at all.
   */
  holdMs(key: string, askedAt: number, durationMs: number): number {
    const { unanswered, usualMs } = this.#of(key);
    const [first, second] = unanswered.filter((at) => askedAt - at <= LATEST_MS);
    if (first === undefined) return unanswered.length > 1 ? AFTER_LONG_SILENCE_MS : 0;
    if (second === undefined) {
      const trueOneAfterMs = usualMs === null ? AFTER_LONG_SILENCE_MS : 1.5 * usualMs + LEEWAY_MS;
      return Math.max(LEEWAY_MS, trueOneAfterMs - durationMs);
    }
    return this.#areSeen ? Number.POSITIVE_INFINITY : this.#timeoutTakesMs + LEEWAY_MS;
  }
}
