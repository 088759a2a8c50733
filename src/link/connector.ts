import { asPaceError, type PaceError } from '../errors.js';
import { Channel, type ChannelListener } from './channel.js';
import { lostError } from './connect-errors.js';
import type { Transport } from './transport.js';

/** The states of a way to a BMS. */
export type LinkState =
  /** Nobody needs it. */
  | { name: 'idle' }
  | { name: 'connecting' }
  | { name: 'open' }
  /** It failed and is tried again after a pause. */
  | { name: 'backoff'; retryInMs: number; error: PaceError }
  /** Ended for good. */
  | { name: 'closed' };

const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 30_000;
/** Pauses vary by this share, so that many connections to one gateway do not knock together. */
const JITTER = 0.2;

/** Keeps a transport open while it is wanted: opens it, notices its loss, and tries again with growing pauses. */
export class Connector {
  readonly #transport: Transport;
  readonly #listener: Omit<ChannelListener, 'onLost'> & { onState(state: LinkState): void };
  readonly #random: () => number;
  #state: LinkState = { name: 'idle' };
  #channel: Channel | null = null;
  #opening: AbortController | null = null;
  #pause: NodeJS.Timeout | undefined;
  #failures = 0;
  /** Closing what was open before; the next opening waits for it, since many gateways accept one client only. */
  #closing: Promise<void> = Promise.resolve();
  #attempt: Promise<void> = Promise.resolve();

  constructor(
    transport: Transport,
    listener: Omit<ChannelListener, 'onLost'> & { onState(state: LinkState): void },
    random: () => number = Math.random,
  ) {
    this.#transport = transport;
    this.#listener = listener;
    this.#random = random;
  }

  get state(): LinkState {
    return this.#state;
  }

  /** The open channel; null in every state but `open`. */
  get channel(): Channel | null {
    return this.#channel;
  }

  /** Opens the way, unless that is under way or done. */
  start(): void {
    if (this.#state.name === 'idle') this.#attempt = this.#connect(this.#attempt);
  }

  /** Leaves the present channel and opens a new one at once. */
  reopen(): void {
    if (this.#state.name !== 'open') return;
    this.#leave();
    this.#attempt = this.#connect(this.#attempt);
  }

  /** Forgets earlier failures: the BMS has answered. */
  settle(): void {
    this.#failures = 0;
  }

  /** Closes the way until the next start; with `forGood` none can follow. */
  async stop(forGood: boolean): Promise<void> {
    this.#leave();
    this.#failures = 0;
    this.#enter({ name: forGood ? 'closed' : 'idle' });
    await this.#attempt;
    await this.#closing;
  }

  #enter(state: LinkState): void {
    this.#state = state;
    this.#listener.onState(state);
  }

  #leave(): void {
    clearTimeout(this.#pause);
    this.#opening?.abort();
    this.#opening = null;
    const channel = this.#channel;
    this.#channel = null;
    if (channel) this.#closing = this.#closing.then(() => channel.close()).catch(() => {});
  }

  async #connect(attemptBefore: Promise<void>): Promise<void> {
    const opening = new AbortController();
    this.#opening = opening;
    this.#enter({ name: 'connecting' });
    try {
      await attemptBefore;
      await this.#closing;
      const port = await this.#transport.open(opening.signal);
      if (opening.signal.aborted) {
        this.#closing = this.#closing.then(() => port.close()).catch(() => {});
        return;
      }
      const channel: Channel = new Channel(port, {
        ...this.#listener,
        onLost: (cause) => this.#retryLater(lostError(this.#transport.name, cause)),
      });
      this.#opening = null;
      this.#channel = channel;
      this.#enter({ name: 'open' });
    } catch (thrown) {
      if (!opening.signal.aborted) this.#retryLater(asPaceError(thrown, 'NOT_CONNECTED'));
    }
  }

  #retryLater(error: PaceError): void {
    this.#leave();
    const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** this.#failures);
    this.#failures += 1;
    const retryInMs = Math.round(pause * (1 + JITTER * (this.#random() - 0.5)));
    this.#pause = setTimeout(() => {
      this.#attempt = this.#connect(this.#attempt);
    }, retryInMs);
    this.#enter({ name: 'backoff', retryInMs, error });
  }
}
