import type { Sender } from './line-options.js';

/** So late may a reply be: in timeouts, but at least and at most, ms; and where late replies have been seen. */
const LATEST_IN_TIMEOUTS = 5;
const LATEST_AT_LEAST_MS = 1500;
const LATEST_AT_MOST_MS = 5000;
const LATEST_WHERE_SEEN_MS = 30_000;
/** A line on which late replies came may have more of them for so long, ms. */
const SEEN_FOR_MS = 600_000;
/** A line is not kept silent for longer than this, ms. */
const LONGEST_DRAIN_MS = 4500;
/** Room for the network between two replies that follow each other, ms. */
const LEEWAY_MS = 50;
/** The BMS's limit for an answer, ms (`pace-v25.md` 1.4): so soon the true reply follows where nothing better is known. */
const ANSWER_LIMIT_MS = 500;

/** What is known of the requests to a target. */
interface Asked {
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
  readonly #unseenLatestMs: number;
  readonly #targets = new Map<number, Asked>();
  #areSeen = false;
  #seenAt = Number.NEGATIVE_INFINITY;

  /**
   * @param timeoutMs of the line.
   * @param timeoutTakesMs from a request to the next one where no answer comes: the timeout and the pause after it.
   */
  constructor(timeoutMs: number, timeoutTakesMs: number) {
    this.#timeoutTakesMs = timeoutTakesMs;
    this.#unseenLatestMs = Math.min(LATEST_AT_MOST_MS, Math.max(LATEST_AT_LEAST_MS, LATEST_IN_TIMEOUTS * timeoutMs));
  }

  /** Whether a reply came after its request was given up, and none beyond doubt since. */
  get areSeen(): boolean {
    return this.#areSeen;
  }

  #of(target: number): Asked {
    const known = this.#targets.get(target);
    if (known) return known;
    const made: Asked = { unanswered: [], missing: [], usualMs: null, restsUntil: Number.NEGATIVE_INFINITY };
    this.#targets.set(target, made);
    return made;
  }

  /** A request made at `askedAt` was not answered in time. */
  timedOut(target: number, askedAt: number): void {
    const asked = this.#of(target);
    asked.unanswered = [...asked.unanswered.filter((at) => askedAt - at <= this.#latestMs), askedAt];
    asked.missing = [...asked.missing.filter((at) => askedAt - at <= this.#unseenLatestMs), askedAt];
  }

  /** A frame came that is not the answer to the request under way. @returns whether it answers an earlier one. */
  strayed(sender: Sender, now: number): boolean {
    if (sender === 'nobody') return false;
    const asked = sender === 'anybody' ? this.#longestUnanswered() : this.#of(sender.target);
    if (!asked || asked.unanswered.length === 0) return false;
    asked.unanswered.shift();
    asked.missing.shift();
    this.#areSeen = true;
    this.#seenAt = now;
    return true;
  }

  #longestUnanswered(): Asked | undefined {
    const since = ({ unanswered: [oldest] }: Asked) => oldest ?? Number.POSITIVE_INFINITY;
    return [...this.#targets.values()].sort((a, b) => since(a) - since(b))[0];
  }

  /**
   * How long a reply that came at `at` to a request made at `askedAt` is held back, ms, so that another can show that it
   * is a late one.
   */
  holdMs(target: number, sender: Sender, askedAt: number, at: number): number {
    const asked = this.#of(target);
    const candidates = sender === 'anybody' ? [...this.#targets.values()] : [asked];
    const [oldest, second] = candidates.flatMap(({ unanswered }) => unanswered).sort((a, b) => a - b);
    const isAnothers = sender === 'anybody' && asked.unanswered.length === 0 && oldest !== undefined;
    if (oldest !== undefined && (second !== undefined || isAnothers)) {
      if (at - (second ?? oldest) > this.#latestMs) return ANSWER_LIMIT_MS;
      return Math.min(this.#longestHoldMs(at), this.#lateness(oldest, at));
    }
    if (!asked.missing.some((missed) => at - missed <= this.#unseenLatestMs)) return 0;
    const trueOneAt = askedAt + (asked.usualMs === null ? ANSWER_LIMIT_MS : 1.5 * asked.usualMs + LEEWAY_MS);
    return Math.min(ANSWER_LIMIT_MS, Math.max(LEEWAY_MS, trueOneAt - at)); // its first byte prolongs the wait
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
    const quietMs = Math.max(this.#lateness(asked.unanswered[0] ?? at, at), this.#timeoutTakesMs);
    asked.unanswered = [];
    asked.missing = [];
    this.#areSeen = true;
    this.#seenAt = at;
    return Math.min(quietMs, LONGEST_DRAIN_MS);
  }

  /** From when on a target may be asked, monotonic ms. */
  dueAt(target: number): number {
    return this.#of(target).restsUntil;
  }

  /** A request to `target` is made: what was silent for so long before it is not under way. */
  asked(target: number, at: number): void {
    const asked = this.#of(target);
    if (asked.restsUntil > Number.NEGATIVE_INFINITY && at >= asked.restsUntil) asked.unanswered = [];
    asked.restsUntil = Number.NEGATIVE_INFINITY;
  }

  /** The line was opened anew: nothing is under way on it. */
  opened(): void {
    for (const asked of this.#targets.values()) {
      Object.assign(asked, { unanswered: [], missing: [], restsUntil: Number.NEGATIVE_INFINITY });
    }
  }

  /** Replies that were lost are likelier than late ones, and others wait while one is held. */
  #longestHoldMs(at: number): number {
    if (this.#targets.size > 1) return ANSWER_LIMIT_MS;
    return at - this.#seenAt <= SEEN_FOR_MS ? this.#latestMs : this.#timeoutTakesMs + LEEWAY_MS;
  }

  get #latestMs(): number {
    return this.#areSeen ? LATEST_WHERE_SEEN_MS : this.#unseenLatestMs;
  }

  /** How late a reply is if it answers the oldest request, ms; where there are other targets they do not wait so long. */
  #lateness(oldest: number, at: number): number {
    const most = this.#targets.size > 1 ? this.#timeoutTakesMs : this.#latestMs;
    return Math.min(most, at - oldest) + LEEWAY_MS;
  }
}
