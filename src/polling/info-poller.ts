import { asPaceError, type PaceError } from '../errors.js';
import { combinedError } from '../link/ask-packs.js';
import type { BankClient } from '../link/bank-client.js';
import type { LinkState } from '../link/connector.js';
import type { IdentityReading } from '../link/identity-reading.js';
import type { Priority } from '../link/request-queue.js';
import { type InfoOutput, type InfoView, infoGlance, infoMessages } from '../messages/info.js';
import { packName } from '../messages/names.js';
import { FailureReport } from './failure-report.js';
import { linkStatus, type NodeStatus, readingStatus, waitingStatus } from './node-status.js';
import { type Delivery, NOTHING, type PollerHost, type PollResult } from './poller-types.js';
import { Schedule } from './schedule.js';
import { Troubles } from './troubles.js';

/** How an info node reads and what it sends. */
export interface InfoSettings extends InfoOutput {
  /** ms; 0 for only when the line opens and on an input. */
  intervalMs: number;
}

/** The part of a bank client that tells who the BMS are. */
export type IdentityClient = Pick<BankClient, 'state' | 'addresses' | 'onState' | 'readIdentity'>;

/** Where all addresses were asked, each pack speaks for itself, and the first for the bank; else one BMS was asked. */
function viewOf({ identities, failures }: IdentityReading, addresses: readonly number[]): InfoView {
  const asked = [...identities.keys(), ...failures.map(({ pack }) => pack)];
  const [first] = addresses;
  const isEachAsked = first !== undefined && addresses.every((address) => asked.includes(address));
  if (isEachAsked) return { identity: identities.get(first) ?? null, packs: identities };
  const [identity = null] = identities.values();
  return { identity, packs: null };
}

/** Asks a bank's BMS about themselves: when the line opens, at intervals and on demand. */
export class InfoPoller {
  readonly #client: IdentityClient;
  readonly #settings: InfoSettings;
  readonly #host: PollerHost;
  readonly #schedule: Schedule;
  readonly #failures = new FailureReport();
  readonly #troubles = new Troubles();
  #stopListening: () => void = () => {};
  /** A read on a tick of this opening of the line is under way. */
  #isReading = false;
  /** The last reading since the line opened. */
  #view: InfoView | null = null;
  /** The addresses that answered it. */
  #answered: readonly number[] = [];
  #closed = false;

  /** @param now monotonic ms. */
  constructor(
    client: IdentityClient,
    settings: InfoSettings,
    host: PollerHost,
    now: () => number = () => performance.now(),
  ) {
    this.#client = client;
    this.#settings = settings;
    this.#host = host;
    this.#schedule = new Schedule(settings.intervalMs, () => this.#onTick(), now);
  }

  /** Follows the client's line and reads when it opens. */
  start(): void {
    this.#stopListening = this.#client.onState((state) => this.#onLink(state));
    this.#onLink(this.#client.state);
  }

  /** Ends all reading; nothing is delivered any more. */
  close(): void {
    this.#closed = true;
    this.#stopListening();
    this.#schedule.stop();
  }

  /** Reads once, now. */
  poll(): Promise<PollResult> {
    return this.#read('input');
  }

  #onLink(state: LinkState): void {
    this.#schedule.stop();
    if (state.name === 'open') {
      this.#troubles.clear();
      this.#view = null;
      this.#isReading = false;
    }
    this.#showStatus();
    if (state.name === 'backoff') this.#report(state.error, []);
    if (state.name !== 'open') return;
    if (this.#settings.intervalMs > 0) this.#schedule.start();
    else this.#onTick();
  }

  #onTick(): void {
    if (this.#isReading) return;
    this.#readOnTick().catch((thrown) => this.#host.failed(asPaceError(thrown, 'SHAPE')));
  }

  async #readOnTick(): Promise<void> {
    this.#isReading = true;
    const { delivery, error, answered } = await this.#read('interval');
    this.#isReading = false;
    if (this.#closed || error?.code === 'CLOSED') return;
    if (delivery.messages.length > 0) this.#host.deliver(delivery);
    this.#report(error, answered);
  }

  async #read(priority: Priority): Promise<PollResult> {
    try {
      return this.#take(await this.#client.readIdentity(priority));
    } catch (thrown) {
      return this.#finish(NOTHING, asPaceError(thrown, 'SHAPE'), []);
    }
  }

  #take(reading: IdentityReading): PollResult {
    const { failures, durationMs, receivedAt } = reading;
    const view = viewOf(reading, this.#client.addresses ?? []);
    const answered = [...reading.identities.keys()];
    const messages = infoMessages(view, this.#settings);
    const { naming } = this.#settings;
    const error = failures.length > 0 ? combinedError(failures, (pack) => packName(pack, naming)) : null;
    this.#view = view;
    this.#answered = answered;
    return this.#finish({ messages, events: [], info: { durationMs, receivedAt, frames: () => [] } }, error, answered);
  }

  #finish(delivery: Delivery, error: PaceError | null, answered: readonly number[]): PollResult {
    this.#troubles.update(error, answered, () => true);
    this.#showStatus();
    return { delivery, error, answered };
  }

  #report(error: PaceError | null, answered: readonly number[]): void {
    const { failed, recovered } = this.#failures.update(error, answered);
    const { naming } = this.#settings;
    const names = recovered.map((concern) => (concern === 'bank' ? 'the bank' : packName(concern, naming)));
    if (names.length > 0) this.#host.recovered(names.join(', '));
    if (failed) this.#host.failed(failed);
  }

  #showStatus(): void {
    if (!this.#closed) this.#host.status(this.#status());
  }

  #status(): NodeStatus {
    const link = this.#client.state;
    if (link.name !== 'open') return linkStatus(link);
    const trouble = this.#troubles.status(this.#answered, [], this.#settings.naming);
    if (trouble) return trouble;
    return this.#view ? readingStatus(infoGlance(this.#view)) : waitingStatus('an answer');
  }
}
