import { PaceError } from '../errors.js';
import { type LineRequest, type Priority, type QueuedRequest, queuedRequest, RequestQueue } from './request-queue.js';

/** An input waits this long for a connection that is being made, ms. */
const LONGEST_WAIT_FOR_CONNECTION_MS = 10_000;
const MOST_WAITING = 1000;

interface PendingRequestsOptions {
  /** How often a request is made until it has failed. */
  tries: number;
  /** The way, for people. */
  where: string;
  isAlive(target: number): boolean;
  /** Monotonic ms. */
  now(): number;
}

/** The requests of a line that are not answered yet: those that wait, and the one under way. Equal ones are one. */
export class PendingRequests {
  readonly #options: PendingRequestsOptions;
  readonly #queue = new RequestQueue();
  #underWay: QueuedRequest<unknown> | null = null;
  /** Whether the request begun last had waited too long: others come before the next such one. */
  #wasOverdue = false;
  /** How many wait for all of them. */
  #waiting = 0;

  constructor(options: PendingRequestsOptions) {
    this.#options = options;
  }

  /** How many requests there are, equal ones counted once. */
  get count(): number {
    return this.#queue.length + (this.#underWay ? 1 : 0);
  }

  /**
   * Adds a request, or joins it to an equal one.
   * `isLimited` says that the line is only being opened, so that it must not wait for ever.
   * @returns what it will come to. @throws PaceError `QUEUE_FULL`, as a rejection.
   */
  add<T>(request: LineRequest<T>, priority: Priority, { isLimited }: { isLimited: boolean }): Promise<T> {
    if (this.#waiting >= MOST_WAITING) {
      const text = `${MOST_WAITING} requests wait already: ask less often, or make the line faster`;
      return Promise.reject(new PaceError('QUEUE_FULL', text));
    }
    this.#waiting += 1;
    const key = request.bytes.toString('latin1');
    const equal = this.#underWay?.key === key ? this.#underWay : this.#queue.find(key);
    if (equal) {
      equal.waiting += 1;
      if (priority === 'input' && equal !== this.#underWay) this.#queue.promote(equal, this.#options.isAlive);
      return equal.promise as Promise<T>;
    }
    const queued = queuedRequest(request, key, priority, this.#options.tries, this.#options.now());
    this.#queue.add(queued as QueuedRequest<unknown>, this.#options.isAlive);
    if (isLimited) this.#limit(queued as QueuedRequest<unknown>);
    return queued.promise;
  }

  /** The request to be made next, and from when on (monotonic ms); null when none waits. */
  firstDue(dueAt: (target: number) => number, now: number): { queued: QueuedRequest<unknown>; dueAt: number } | null {
    const overdue = this.#wasOverdue ? undefined : this.#queue.overdue(this.#options.isAlive, now);
    if (overdue && dueAt(overdue.request.target) <= now) return { queued: overdue, dueAt: now };
    return this.#queue.firstDue(dueAt, now);
  }

  /** A request that waits is made. */
  begin(queued: QueuedRequest<unknown>): void {
    this.#wasOverdue = this.#queue.overdue(this.#options.isAlive, this.#options.now()) === queued;
    this.#queue.remove(queued);
    queued.triesLeft -= 1;
    this.#underWay = queued;
  }

  /** The request under way is made again at once, as if it had not been made. */
  repeat(queued: QueuedRequest<unknown>): void {
    this.#underWay = null;
    queued.triesLeft += 1;
    this.#queue.addFirst(queued);
  }

  /** The request under way is tried again, after those to others. */
  retry(queued: QueuedRequest<unknown>): void {
    this.#underWay = null;
    queued.queuedAt = this.#options.now();
    this.#queue.addBehindOtherTargets(queued);
  }

  resolve<T>(queued: QueuedRequest<T>, value: T): void {
    this.#settle(queued);
    queued.resolve(value);
  }

  fail(queued: QueuedRequest<unknown>, error: PaceError): void {
    this.#settle(queued);
    queued.reject(error);
  }

  /** Fails all but the request under way. */
  failWaiting(error: PaceError): void {
    for (const queued of this.#queue.clear()) this.fail(queued, error);
  }

  /** Lets no request wait for ever while the line is being opened. */
  limit(): void {
    for (const queued of this.#queue.all()) this.#limit(queued);
  }

  /** The line is open. */
  unlimit(): void {
    for (const queued of this.#queue.all()) clearTimeout(queued.deadline);
  }

  #limit(queued: QueuedRequest<unknown>): void {
    queued.deadline = setTimeout(() => {
      this.#queue.remove(queued);
      const text = `${this.#options.where}: no connection within 10 s: check the cable, the adapter and the network`;
      this.fail(queued, new PaceError('NOT_CONNECTED', text));
    }, LONGEST_WAIT_FOR_CONNECTION_MS);
  }

  #settle(queued: QueuedRequest<never> | QueuedRequest<unknown>): void {
    if (this.#underWay === queued) this.#underWay = null;
    clearTimeout(queued.deadline);
    this.#waiting -= queued.waiting;
    queued.waiting = 0;
  }
}
