import type { PaceError } from '../errors.js';
import type { Frame } from '../wire/frame.js';
import type { Timing, Verdict } from './exchange.js';

/** Requests of an input go before those of an interval. */
export type Priority = 'input' | 'interval';

/** A read to be made on the line. */
export interface LineRequest<T> {
  /** The request's characters; equal ones are made once. */
  bytes: Buffer;
  /** Who is to answer, by number: a pack where the master relays, else an address. */
  target: number;
  /** The end of "no answer from …". */
  whom: string;
  /** Whether a frame that came is the answer. */
  judge(frame: Frame, timing: Timing): Verdict<T>;
  /** Is told when a try was in vain and another will follow. */
  onRetry?: () => void;
}

/** A request with those who wait for it. */
export interface QueuedRequest<T> {
  request: LineRequest<T>;
  key: string;
  priority: Priority;
  triesLeft: number;
  /** Since when it waits, monotonic ms. */
  queuedAt: number;
  /** How many wait for it. */
  waiting: number;
  promise: Promise<T>;
  resolve(value: T): void;
  reject(error: PaceError): void;
  /** Ends the wait for a connection. */
  deadline?: NodeJS.Timeout;
}

/** So long may requests to the living go before one to a target that may be dead, ms. */
const LONGEST_OVERTAKEN_MS = 10_000;

/** Makes a request ready to be queued. */
export function queuedRequest<T>(
  request: LineRequest<T>,
  key: string,
  priority: Priority,
  tries: number,
  now: number,
): QueuedRequest<T> {
  let resolve: (value: T) => void = () => {};
  let reject: (error: PaceError) => void = () => {};
  const promise = new Promise<T>((onValue, onError) => {
    resolve = onValue;
    reject = onError;
  });
  promise.catch(() => {}); // each waiter handles it; the queue itself does not
  return { request, key, priority, triesLeft: tries, queuedAt: now, waiting: 1, promise, resolve, reject };
}

/** Requests that wait for the line, next first: those of inputs before those of intervals, else in the order they came. */
export class RequestQueue {
  #waiting: QueuedRequest<unknown>[] = [];

  get length(): number {
    return this.#waiting.length;
  }

  /** The waiting request with this key. */
  find(key: string): QueuedRequest<unknown> | undefined {
    return this.#waiting.find((queued) => queued.key === key);
  }

  /** Puts a request behind the others of its priority; one to a target that is alive goes before those that are not. */
  add(queued: QueuedRequest<unknown>, isAlive: (target: number) => boolean): void {
    const rank = ({ priority, request }: QueuedRequest<unknown>) =>
      (priority === 'input' ? 0 : 2) + (isAlive(request.target) ? 0 : 1);
    const behind = this.#waiting.findIndex((other) => rank(other) > rank(queued));
    this.#waiting.splice(behind < 0 ? this.#waiting.length : behind, 0, queued);
  }

  /** Puts a request before all others. */
  addFirst(queued: QueuedRequest<unknown>): void {
    this.#waiting.unshift(queued);
  }

  /** Puts a request that failed behind what waits for others than its target, which may be dead. */
  addBehindOtherTargets(queued: QueuedRequest<unknown>): void {
    const lastOther = this.#waiting.findLastIndex(({ request }) => request.target !== queued.request.target);
    this.#waiting.splice(lastOther + 1, 0, queued);
  }

  /** Lets a waiting request go with those of inputs. */
  promote(queued: QueuedRequest<unknown>, isAlive: (target: number) => boolean): void {
    if (queued.priority === 'input') return;
    this.remove(queued);
    queued.priority = 'input';
    this.add(queued, isAlive);
  }

  remove(queued: QueuedRequest<unknown>): void {
    this.#waiting = this.#waiting.filter((other) => other !== queued);
  }

  /** The request that has waited longest of those to targets that may be dead, if that is too long. */
  overdue(isAlive: (target: number) => boolean, now: number): QueuedRequest<unknown> | undefined {
    const dead = this.#waiting.filter(
      ({ request, queuedAt }) => now - queuedAt > LONGEST_OVERTAKEN_MS && !isAlive(request.target),
    );
    return dead.sort((a, b) => a.queuedAt - b.queuedAt)[0];
  }

  /** The first request whose target may be asked now, or else the one whose target may be asked soonest. */
  firstDue(dueAt: (target: number) => number, now: number): { queued: QueuedRequest<unknown>; dueAt: number } | null {
    let first: { queued: QueuedRequest<unknown>; dueAt: number } | null = null;
    for (const queued of this.#waiting) {
      const at = dueAt(queued.request.target);
      if (at <= now) return { queued, dueAt: at };
      if (first === null || at < first.dueAt) first = { queued, dueAt: at };
    }
    return first;
  }

  /** Takes all requests out. */
  clear(): QueuedRequest<unknown>[] {
    return this.#waiting.splice(0);
  }

  /** All requests, next first. */
  all(): readonly QueuedRequest<unknown>[] {
    return this.#waiting;
  }
}
