import type { PaceError } from '../errors.js';
import { toHex } from '../wire/hex.js';
import type { LinkState } from './connector.js';
import type { Outcome, Verdict } from './exchange.js';

/** What a link has done since it was made. An exchange is one request on the line and how it ended. */
export interface LinkFigures {
  exchanges: number;
  /** Exchanges that ended with a reply to be used. */
  answers: number;
  timeouts: number;
  /** Exchanges whose reply was not trusted and asked again. */
  doubts: number;
  /** Frames not to be used, by reason: an error code, or `REFUSED 04` with the return code of the BMS in hex. */
  refusals: Record<string, number>;
  /** How often the way was opened. */
  opened: number;
  /** Since the last answer, ms; null before the first. */
  lastGoodAgeMs: number | null;
  /** Share of answers among the last 100 exchanges, % to one decimal; null before the first. */
  linkQuality: number | null;
}

/** A line as it is now, with what it has done. */
export interface LineReport extends LinkFigures {
  /** The way, for people. */
  transport: string;
  state: LinkState;
  /** Requests that wait or are under way; equal ones count once. */
  queueDepth: number;
}

/** Exchanges that the link quality is the share of. */
const LATEST = 100;

/** Counts what happens on a link. */
export class LinkStatistics {
  readonly #now: () => number;
  #exchanges = 0;
  #answers = 0;
  #timeouts = 0;
  #doubts = 0;
  #opened = 0;
  #lastGoodAt: number | null = null;
  readonly #refusals = new Map<string, number>();
  /** Whether each of the latest exchanges was answered, the oldest first. */
  readonly #latest: boolean[] = [];

  /** @param now monotonic ms. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** The way was opened. */
  opened(): void {
    this.#opened += 1;
  }

  /** Notes a frame that cannot be used. */
  rejected({ code, rtn }: PaceError): void {
    const reason = rtn === undefined ? code : `${code} ${toHex(rtn, 2)}`;
    this.#refusals.set(reason, (this.#refusals.get(reason) ?? 0) + 1);
  }

  /** Notes what a frame meant to the request that waits. @returns the verdict. */
  judged<T>(verdict: Verdict<T>): Verdict<T> {
    if (verdict.is === 'rejected' || verdict.is === 'refused') this.rejected(verdict.error);
    return verdict;
  }

  /** Notes the end of an exchange; one that our own closing cut short says nothing of the link. */
  ended(outcome: Outcome<unknown>): void {
    if (outcome.is === 'failed' && outcome.error.code === 'CLOSED') return;
    const isAnswer = outcome.is === 'accepted';
    this.#exchanges += 1;
    if (isAnswer) {
      this.#answers += 1;
      this.#lastGoodAt = this.#now();
    }
    if (outcome.is === 'doubted') this.#doubts += 1;
    if (outcome.is === 'failed' && outcome.error.code === 'TIMEOUT') this.#timeouts += 1;
    this.#latest.push(isAnswer);
    if (this.#latest.length > LATEST) this.#latest.shift();
  }

  /** The figures as they are now. */
  figures(): LinkFigures {
    return {
      exchanges: this.#exchanges,
      answers: this.#answers,
      timeouts: this.#timeouts,
      doubts: this.#doubts,
      refusals: Object.fromEntries(this.#refusals),
      opened: this.#opened,
      lastGoodAgeMs: this.#lastGoodAt === null ? null : this.#now() - this.#lastGoodAt,
      linkQuality: this.#quality(),
    };
  }

  #quality(): number | null {
    if (this.#latest.length === 0) return null;
    const good = this.#latest.filter((isAnswer) => isAnswer).length;
    return Math.round((good / this.#latest.length) * 1000) / 10;
  }
}
