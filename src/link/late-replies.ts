/** So late a reply may be, ms: as a BMS or a gateway may be slow, and as one is of which late replies have been seen. */
const LATEST_MS = 5000;
const LATEST_WHERE_SEEN_MS = 30_000;
/** Room for the network between two replies that follow each other, ms. */
const LEEWAY_MS = 50;
/** After a long silence replies may come in a heap; so long nothing may follow the first, ms. */
const AFTER_LONG_SILENCE_MS = 500;

/** What is known of the requests to a target. */
interface Target {
  /** When those were made whose reply has not come, monotonic ms, the oldest first; replies come in their order. */
  unanswered: number[];
  /** When those were made that timed out, and of whose reply nothing was seen since: it may have been overtaken. */
  missing: number[];
  /** How long an answer took, ms; null before the first. */
  usualMs: number | null;
  /** Until then it is not asked, so that the line can show whether a reply is still under way, monotonic ms. */
  restsUntil: number;
}

/**
 * A reply does not say which request it answers, so one that comes after a timeout may belong to an earlier request.
 * Replies come in the order of their requests, and as far apart as the requests were made, or as the first of them took:
 * when the line is silent for that long, none is under way.
 */
export class LateReplies {
  readonly #timeoutTakesMs: number;
  readonly #targets = new Map<number, Target>();
  #areSeen = false;

  /** @param timeoutTakesMs from a request to the next where no answer comes: other targets wait no longer for a held reply. */
  constructor(timeoutTakesMs: number) {
    this.#timeoutTakesMs = timeoutTakesMs;
  }

  /** Whether a reply came after its request was given up, and none beyond doubt since. */
  get areSeen(): boolean {
    return this.#areSeen;
  }

  #of(target: number): Target {
    const known = this.#targets.get(target);
    if (known) return known;
    const made: Target = {
      unanswered: [],
      missing: [],
      usualMs: null,
      restsUntil: Number.NEGATIVE_INFINITY,
    };
    this.#targets.set(target, made);
    return made;
  }

  /** A request made at `askedAt` was not answered in time. */
  timedOut(target: number, askedAt: number): void {
    const asked = this.#of(target);
    const [oldest] = asked.unanswered;
    if (oldest !== undefined && askedAt - oldest > this.#latestMs) asked.unanswered.shift();
    asked.unanswered.push(askedAt);
    asked.missing = [...asked.missing.filter((at) => askedAt - at <= LATEST_MS), askedAt];
  }

  /** A frame came while no request was under way. */
  strayed(): void {
    let first: Target | null = null;
    for (const target of this.#targets.values()) {
      const at = target.unanswered[0] ?? Number.POSITIVE_INFINITY;
      if (at < (first?.unanswered[0] ?? Number.POSITIVE_INFINITY)) first = target;
    }
    if (!first) return;
    first.unanswered.shift();
    first.missing.shift();
    this.#areSeen = true;
  }

  /**
   * How long a reply that came at `at` to a request made at `askedAt` is held back, ms, so that another can show that it
   * is a late one.
   */
  holdMs(target: number, askedAt: number, at: number): number {
    const { unanswered, missing, usualMs } = this.#of(target);
    const [oldest, second] = unanswered;
    if (oldest === undefined || second === undefined) {
      if (!missing.some((missed) => at - missed <= LATEST_MS)) return 0;
      const trueOneAt = askedAt + (usualMs === null ? AFTER_LONG_SILENCE_MS : 1.5 * usualMs + LEEWAY_MS);
      return Math.max(LEEWAY_MS, trueOneAt - at);
    }
    return at - second > this.#latestMs ? AFTER_LONG_SILENCE_MS : this.#lateness(oldest, at);
  }

  /**
   * A reply that came at `at` was taken as the answer to the request made at `askedAt`. With one request before it unanswered
   * it may be the answer to that; then its own is under way.
   */
  answered(target: number, askedAt: number, at: number): void {
    const asked = this.#of(target);
    const [oldest] = asked.unanswered;
    const isDoubtful = asked.unanswered.length === 1 && oldest !== undefined && at - oldest <= this.#latestMs;
    asked.unanswered = isDoubtful ? [askedAt] : [];
    if (!isDoubtful || asked.usualMs === null) asked.usualMs = at - askedAt;
    if (isDoubtful) asked.restsUntil = at + this.#lateness(oldest, at);
    else this.#areSeen = false;
  }

  /**
   * More replies came than one, the last at `at`.
   * @returns how long the line must be silent until none is under way, ms; it is to be drained so.
   */
  drain(target: number, at: number): number {
    const asked = this.#of(target);
    const quietMs = this.#lateness(asked.unanswered[0] ?? at, at);
    asked.unanswered = [];
    asked.missing = [];
    this.#areSeen = true;
    return Math.max(quietMs, this.#timeoutTakesMs);
  }

  /** From when on a target may be asked, monotonic ms. */
  dueAt(target: number): number {
    return this.#targets.get(target)?.restsUntil ?? Number.NEGATIVE_INFINITY;
  }

  /** A request to `target` is made: what was silent for so long before it is not under way. */
  asked(target: number, at: number): void {
    const asked = this.#of(target);
    if (asked.restsUntil > Number.NEGATIVE_INFINITY && at >= asked.restsUntil) asked.unanswered = [];
    asked.restsUntil = Number.NEGATIVE_INFINITY;
  }

  /** The line was opened anew: nothing is under way on it. */
  clear(): void {
    this.#targets.clear();
    this.#areSeen = false;
  }

  get #latestMs(): number {
    return this.#areSeen ? LATEST_WHERE_SEEN_MS : LATEST_MS;
  }

  /** How late a reply is if it answers the oldest request, ms; others wait no longer than for a timeout. */
  #lateness(oldest: number, at: number): number {
    const most = this.#targets.size > 1 ? this.#timeoutTakesMs : this.#latestMs;
    return Math.min(most, at - oldest) + LEEWAY_MS;
  }
}
