import { asPaceError, PaceError } from '../errors.js';
import { type Frame, frameText } from '../wire/frame.js';
import type { Channel } from './channel.js';
import { Connector, type LinkState } from './connector.js';
import { Exchange, type Outcome } from './exchange.js';
import { Liveness } from './liveness.js';
import { Pacing } from './pacing.js';
import { type LineRequest, type Priority, type QueuedRequest, queuedRequest, RequestQueue } from './request-queue.js';
import type { Transport } from './transport.js';

/** 0 state changes, 1 rejected frames, 2 a line an exchange, 3 raw frames. */
export type DebugLevel = 0 | 1 | 2 | 3;
/** Takes a line for the log, with the debug level from which on it is written; only then is its text made. */
export type Log = (level: DebugLevel, text: () => string) => void;

/** How a line paces itself. */
export interface LineSettings {
  /** ms of silence before a request is given up. */
  timeoutMs: number;
  /** ms between the starts of two requests, at least. */
  spacingMs: number;
  /** More tries of a read after silence or a rejected frame. */
  retries: number;
}

/** What a line needs besides its settings; the defaults serve all but tests. */
export interface LineOptions extends LineSettings {
  transport: Transport;
  log: Log;
  /** Monotonic ms. */
  now?: () => number;
  random?: () => number;
}

/** An input waits this long for a connection that is being made, ms. */
const LONGEST_WAIT_FOR_CONNECTION_MS = 10_000;
const MOST_WAITING = 1000;

/** One line to one or more BMS: a bounded queue of requests, of which one at a time is under way. */
export class Line {
  readonly #options: LineOptions;
  readonly #now: () => number;
  readonly #connector: Connector;
  readonly #queue = new RequestQueue();
  readonly #listeners = new Set<(state: LinkState) => void>();
  readonly #liveness = new Liveness();
  readonly #isAlive = (target: number) => this.#liveness.isAlive(target);
  #current: { queued: QueuedRequest<unknown>; exchange: Exchange<unknown> } | null = null;
  #waiting = 0;
  readonly #pacing: Pacing;
  #timer: NodeJS.Timeout | undefined;
  /** The trouble last logged; the same again is not news. */
  #toldTrouble: string | null = null;

  constructor(options: LineOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
    this.#pacing = new Pacing(options.spacingMs);
    this.#connector = new Connector(
      options.transport,
      {
        onState: (state) => this.#onState(state),
        onFrame: (frame) => this.#onFrame(frame),
        onRejected: (error, characters) => this.#onRejected(error, characters),
        onHeard: () => this.#pacing.heard(this.#now()),
        onBytes: (count, framed) => this.#current?.exchange.hear(count, framed),
      },
      options.random,
    );
  }

  get state(): LinkState {
    return this.#connector.state;
  }

  /** Calls `listener` at every change of state. @returns what ends that. */
  onState(listener: (state: LinkState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Opens the line and keeps it open. */
  start(): void {
    this.#connector.start();
  }

  /** Lets go of the line; `forGood` when it will not be started again. */
  stop(forGood: boolean): Promise<void> {
    return this.#connector.stop(forGood);
  }

  /**
   * Makes a read, or joins an equal one that waits or is under way.
   * @throws PaceError with any code but `CONFIG`.
   */
  request<T>(request: LineRequest<T>, priority: Priority): Promise<T> {
    const state = this.#connector.state;
    if (state.name === 'closed') return Promise.reject(new PaceError('CLOSED', 'the connection was closed'));
    if (state.name === 'backoff') return Promise.reject(state.error);
    if (state.name === 'idle') return Promise.reject(new PaceError('NOT_CONNECTED', 'the connection is not open'));
    if (this.#waiting >= MOST_WAITING) {
      const text = `${MOST_WAITING} requests wait already: ask less often, or make the line faster`;
      return Promise.reject(new PaceError('QUEUE_FULL', text));
    }
    this.#waiting += 1;
    return this.#join(request, priority) as Promise<T>;
  }

  #join<T>(request: LineRequest<T>, priority: Priority): Promise<unknown> {
    const key = request.bytes.toString('latin1');
    const equal = this.#current?.queued.key === key ? this.#current.queued : this.#queue.find(key);
    if (equal) {
      equal.waiting += 1;
      if (priority === 'input' && equal !== this.#current?.queued) this.#queue.promote(equal, this.#isAlive);
      return equal.promise;
    }
    const queued = queuedRequest(request, key, priority, 1 + this.#options.retries) as QueuedRequest<unknown>;
    this.#queue.add(queued, this.#isAlive);
    if (this.#connector.state.name === 'connecting') this.#limitWait(queued);
    this.#sendNext();
    return queued.promise;
  }

  #limitWait(queued: QueuedRequest<unknown>): void {
    queued.deadline = setTimeout(() => {
      this.#queue.remove(queued);
      const { name } = this.#options.transport;
      this.#fail(
        queued,
        new PaceError(
          'NOT_CONNECTED',
          `${name}: no connection within 10 s: check the cable, the adapter and the network`,
        ),
      );
    }, LONGEST_WAIT_FOR_CONNECTION_MS);
  }

  #sendNext(): void {
    clearTimeout(this.#timer);
    const channel = this.#connector.channel;
    if (!channel || this.#current || this.#queue.length === 0) return;
    const now = this.#now();
    const waitMs = this.#pacing.waitMs(now);
    if (waitMs === null) {
      this.#reopen('the line does not fall silent');
    } else if (waitMs > 0) {
      this.#timer = setTimeout(() => this.#sendNext(), waitMs);
    } else {
      this.#send(channel, this.#queue.next() as QueuedRequest<unknown>);
    }
  }

  #send(channel: Channel, queued: QueuedRequest<unknown>): void {
    const { request } = queued;
    const settings = {
      timeoutMs: this.#options.timeoutMs,
      baudRate: this.#options.transport.baudRate,
      now: this.#now,
      whom: request.whom,
      midFrame: () => channel.midFrame,
    };
    queued.triesLeft -= 1;
    this.#pacing.sent(this.#now());
    const exchange = new Exchange<unknown>(
      settings,
      (frame, timing) => request.judge(frame, timing),
      (outcome) => this.#onOutcome(queued, outcome),
    );
    this.#current = { queued, exchange };
    channel.reset();
    this.#options.log(3, () => `> ${frameText(request.bytes)}`);
    channel.write(request.bytes);
  }

  #onOutcome(queued: QueuedRequest<unknown>, outcome: Outcome<unknown>): void {
    this.#current = null;
    const { request } = queued;
    switch (outcome.is) {
      case 'accepted':
        this.#onAnswer(request.target);
        this.#options.log(2, () => `${request.whom} answered in ${Math.round(outcome.timing.durationMs)} ms`);
        this.#settle(queued);
        queued.resolve(outcome.value);
        break;
      case 'doubted':
        this.#onAnswer(request.target);
        queued.triesLeft += 1;
        this.#queue.addFirst(queued);
        break;
      case 'refused':
        this.#onAnswer(request.target);
        this.#options.log(2, () => `${request.whom}: ${outcome.error.message}`);
        this.#fail(queued, outcome.error);
        break;
      case 'failed':
        this.#onFailure(queued, outcome);
        break;
    }
    this.#sendNext();
  }

  #onAnswer(target: number): void {
    this.#pacing.answered();
    this.#connector.settle();
    this.#liveness.answered(target);
  }

  #onFailure(queued: QueuedRequest<unknown>, { error, late }: { error: PaceError; late: boolean }): void {
    this.#options.log(2, () => error.message);
    this.#pacing.failed(this.#now(), late);
    const { target } = queued.request;
    if (late) this.#liveness.timedOut(target);
    if (queued.triesLeft > 0 && !this.#liveness.isSilent(target) && this.#connector.channel) {
      this.#queue.addBehindOtherTargets(queued);
    } else {
      if (error.code === 'TIMEOUT') this.#liveness.gaveUp(target);
      this.#fail(queued, error);
    }
    if (this.#liveness.isWayDead(this.#pacing.silentMs(this.#now()))) this.#reopen('nothing has come for a long time');
  }

  #settle(queued: QueuedRequest<unknown>): void {
    clearTimeout(queued.deadline);
    this.#waiting -= queued.waiting;
    queued.waiting = 0;
  }

  #fail(queued: QueuedRequest<unknown>, error: PaceError): void {
    this.#settle(queued);
    queued.reject(error);
  }

  #reopen(reason: string): void {
    this.#options.log(0, () => `${this.#options.transport.name}: ${reason}; opening it anew`);
    this.#connector.reopen();
  }

  #onState(state: LinkState): void {
    const { name } = this.#options.transport;
    clearTimeout(this.#timer);
    if (state.name === 'open') {
      this.#options.log(0, () => `${name}: open`);
      this.#toldTrouble = null;
      this.#pacing.opened(this.#now());
      for (const queued of this.#queue.all()) clearTimeout(queued.deadline);
    } else if (state.name === 'connecting') {
      for (const queued of this.#queue.all()) this.#limitWait(queued);
    } else if (state.name === 'backoff') {
      if (state.error.message !== this.#toldTrouble) this.#options.log(0, () => `${state.error.message}; trying again`);
      this.#toldTrouble = state.error.message;
      this.#drop(state.error);
    } else if (state.name === 'closed' || state.name === 'idle') {
      this.#options.log(0, () => `${name}: closed`);
      this.#drop(new PaceError('CLOSED', 'the connection was closed'));
    }
    for (const listener of [...this.#listeners]) this.#tell(listener, state);
    this.#sendNext();
  }

  /** A listener that fails must not take the line down with it. */
  #tell(listener: (state: LinkState) => void, state: LinkState): void {
    try {
      listener(state);
    } catch (thrown) {
      this.#options.log(0, () => `a listener failed: ${asPaceError(thrown, 'CLOSED').message}`);
    }
  }

  /** Fails all that is under way or waits. */
  #drop(error: PaceError): void {
    for (const queued of this.#queue.clear()) this.#fail(queued, error);
    this.#current?.exchange.abort(error);
  }

  #onFrame(frame: Frame): void {
    this.#options.log(3, () => `< ${frameText(frame.characters)}`);
    const reason = this.#current ? this.#take(frame) : 'no request is under way';
    if (reason !== null) this.#options.log(1, () => `dropped a frame: ${reason}`);
  }

  #take(frame: Frame): string | null {
    try {
      return this.#current?.exchange.take(frame) ?? null;
    } catch (thrown) {
      const error = asPaceError(thrown, 'SHAPE');
      this.#current?.exchange.reject(error);
      return error.message;
    }
  }

  #onRejected(error: PaceError, characters: Uint8Array): void {
    this.#options.log(1, () => `rejected a frame: ${error.message}`);
    this.#options.log(3, () => `< ${frameText(characters)}`);
    this.#current?.exchange.reject(error);
  }
}
