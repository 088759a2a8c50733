import { asPaceError, PaceError } from '../errors.js';
import { type Frame, frameText } from '../wire/frame.js';
import type { Channel } from './channel.js';
import { Connector, type LinkState } from './connector.js';
import { Exchange, type Outcome, type Timing, type Verdict } from './exchange.js';
import { LateReplies } from './late-replies.js';
import type { LineOptions } from './line-options.js';
import { Liveness } from './liveness.js';
import { Pacing, QUIET_AFTER_FAILURE_MS } from './pacing.js';
import { PendingRequests } from './pending-requests.js';
import type { LineRequest, Priority, QueuedRequest } from './request-queue.js';
import { type LineReport, LinkStatistics } from './statistics.js';

/** One line to one or more BMS: a bounded queue of requests, of which one at a time is under way. */
export class Line {
  readonly #options: LineOptions;
  readonly #now: () => number;
  readonly #connector: Connector;
  readonly #requests: PendingRequests;
  readonly #listeners = new Set<(state: LinkState) => void>();
  readonly #liveness: Liveness;
  readonly #dueAt = (target: number) => Math.max(this.#liveness.dueAt(target), this.#lateReplies.dueAt(target));
  #current: { exchange: Exchange<unknown>; sentAt: number } | null = null;
  readonly #pacing: Pacing;
  readonly #lateReplies: LateReplies;
  readonly #statistics: LinkStatistics;
  #timer: NodeJS.Timeout | undefined;
  /** The trouble last logged; the same again is not news. */
  #toldTrouble: string | null = null;

  constructor(options: LineOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
    this.#requests = new PendingRequests({
      tries: 1 + options.retries,
      where: options.transport.name,
      isAlive: (target) => this.#liveness.isAlive(target),
      now: this.#now,
    });
    this.#pacing = new Pacing(options.spacingMs);
    const timeoutTakesMs = options.timeoutMs + QUIET_AFTER_FAILURE_MS;
    this.#liveness = new Liveness(timeoutTakesMs);
    this.#lateReplies = new LateReplies(options.timeoutMs, timeoutTakesMs);
    this.#statistics = new LinkStatistics(this.#now);
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

  /** The line as it is now, and what it has done. */
  get report(): LineReport {
    return {
      transport: this.#options.transport.name,
      state: this.#connector.state,
      queueDepth: this.#requests.count,
      ...this.#statistics.figures(),
    };
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
    const promise = this.#requests.add(request, priority, { isLimited: state.name === 'connecting' });
    this.#sendNext();
    return promise;
  }

  #sendNext(): void {
    clearTimeout(this.#timer);
    const channel = this.#connector.channel;
    if (!channel || this.#current) return;
    const now = this.#now();
    const first = this.#requests.firstDue(this.#dueAt, now);
    if (!first) return;
    const { queued, dueAt } = first;
    const waitMs = dueAt > now ? Math.ceil(dueAt - now) : this.#pacing.waitMs(now);
    if (waitMs === null) {
      this.#reopen('the line does not fall silent');
    } else if (waitMs > 0) {
      this.#timer = setTimeout(() => this.#sendNext(), waitMs);
    } else {
      this.#send(channel, queued);
    }
  }

  #send(channel: Channel, queued: QueuedRequest<unknown>): void {
    const { request } = queued;
    const sentAt = this.#now();
    const settings = {
      timeoutMs: this.#options.timeoutMs,
      baudRate: this.#options.transport.baudRate,
      now: this.#now,
      whom: request.whom,
      midFrame: () => channel.midFrame,
      repliesComeLate: () => this.#lateReplies.areSeen,
      holdMs: (frame: Frame) =>
        this.#lateReplies.holdMs(request.target, this.#options.senderOf(frame), sentAt, this.#now()),
    };
    this.#requests.begin(queued);
    this.#pacing.sent(sentAt);
    this.#lateReplies.asked(request.target, sentAt);
    const exchange = new Exchange<unknown>(
      settings,
      (frame, timing) => this.#judge(queued, frame, timing),
      (outcome) => this.#onOutcome(queued, outcome),
    );
    this.#current = { exchange, sentAt };
    channel.reset();
    this.#options.log(3, () => `> ${frameText(request.bytes)}`);
    channel.write(request.bytes);
  }

  /** What a frame means to the request under way; a reply to an earlier one means nothing to it. */
  #judge({ request }: QueuedRequest<unknown>, frame: Frame, timing: Timing): Verdict<unknown> {
    const verdict = request.judge(frame, timing);
    if (verdict.is === 'rejected' && this.#lateReplies.strayed(this.#options.senderOf(frame), this.#now())) {
      return { is: 'ignored', reason: 'late replies to earlier requests came', likelyCause: 'late' };
    }
    return this.#statistics.judged(verdict);
  }

  #onOutcome(queued: QueuedRequest<unknown>, outcome: Outcome<unknown>): void {
    const sentAt = this.#current?.sentAt ?? 0;
    this.#current = null;
    this.#statistics.ended(outcome);
    const { request } = queued;
    switch (outcome.is) {
      case 'accepted':
        this.#onAnswer(request.target);
        this.#lateReplies.answered(request.target, sentAt, outcome.timing.answeredAt);
        this.#options.log(2, () => `${request.whom} answered in ${Math.round(outcome.timing.durationMs)} ms`);
        this.#requests.resolve(queued, outcome.value);
        break;
      case 'doubted':
        this.#onAnswer(request.target);
        if (outcome.isLate) this.#pacing.drain(this.#lateReplies.drain(request.target, this.#now()));
        this.#requests.repeat(queued);
        break;
      case 'refused':
        this.#onAnswer(request.target);
        this.#options.log(2, () => `${request.whom}: ${outcome.error.message}`);
        this.#requests.fail(queued, outcome.error);
        break;
      case 'failed':
        this.#onFailure(queued, sentAt, outcome);
        break;
    }
    this.#sendNext();
  }

  #onAnswer(target: number): void {
    this.#pacing.answered();
    this.#connector.settle();
    this.#liveness.answered(target);
  }

  #onFailure(
    queued: QueuedRequest<unknown>,
    sentAt: number,
    { error, late }: { error: PaceError; late: boolean },
  ): void {
    this.#options.log(2, () => error.message);
    this.#pacing.failed(this.#now(), late);
    const { target } = queued.request;
    if (late) {
      this.#liveness.timedOut(target, sentAt);
      this.#lateReplies.timedOut(target, sentAt);
    }
    if (queued.triesLeft > 0 && !this.#liveness.isSilent(target) && this.#connector.channel) {
      this.#requests.retry(queued);
      queued.request.onRetry?.();
    } else {
      if (error.code === 'TIMEOUT') this.#liveness.gaveUp(target);
      this.#requests.fail(queued, error);
    }
    if (this.#liveness.isWayDead(this.#pacing.silentMs(this.#now()))) this.#reopen('nothing has come for a long time');
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
      this.#statistics.opened();
      this.#pacing.opened(this.#now());
      this.#liveness.opened();
      this.#lateReplies.opened();
      this.#requests.unlimit();
    } else if (state.name === 'connecting') {
      this.#requests.limit();
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
    this.#requests.failWaiting(error);
    this.#current?.exchange.abort(error);
  }

  #onFrame(frame: Frame): void {
    this.#options.log(3, () => `< ${frameText(frame.characters)}`);
    if (!this.#current) this.#onOverheard(frame);
    const reason = this.#current ? this.#take(frame) : 'no request is under way';
    if (reason !== null) this.#options.log(1, () => `dropped a frame: ${reason}`);
  }

  #onOverheard(frame: Frame): void {
    this.#options.onOverheard(frame);
    this.#lateReplies.strayed(this.#options.senderOf(frame), this.#now());
  }

  #take(frame: Frame): string | null {
    try {
      return this.#current?.exchange.take(frame) ?? null;
    } catch (thrown) {
      const error = asPaceError(thrown, 'SHAPE');
      this.#statistics.rejected(error);
      this.#current?.exchange.reject(error);
      return error.message;
    }
  }

  #onRejected(error: PaceError, characters: Uint8Array): void {
    this.#statistics.rejected(error);
    this.#options.log(1, () => `rejected a frame: ${error.message}`);
    this.#options.log(3, () => `< ${frameText(characters)}`);
    this.#current?.exchange.reject(error);
  }
}
