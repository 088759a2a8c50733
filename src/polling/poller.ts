import { asPaceError, type PaceError } from '../errors.js';
import type { BankClient } from '../link/bank-client.js';
import type { BankReading, ReadOptions } from '../link/bank-reading.js';
import type { LinkState } from '../link/connector.js';
import { eventMessage } from '../messages/events.js';
import { packName } from '../messages/names.js';
import {
  availabilityMessage,
  bankMessage,
  type OutgoingMessage,
  offlineMessage,
  pollMessages,
} from '../messages/outgoing.js';
import { AlarmEdges } from './alarm-edges.js';
import { shortfallOf, viewsOf } from './answer.js';
import { ChangeFilter } from './change-filter.js';
import { FailureReport } from './failure-report.js';
import { callAfter } from './long-timeout.js';
import { linkStatus, type NodeStatus, readingStatus, staleStatus, waitingStatus } from './node-status.js';
import { Outlet } from './outlet.js';
import { PackMemory } from './pack-memory.js';
import {
  type Delivery,
  NOTHING,
  type PollerHost,
  type PollerSettings,
  type PollResult,
  type ReplyInfo,
} from './poller-types.js';
import type { Query } from './queries.js';
import { Schedule } from './schedule.js';
import type { Selection } from './selection.js';
import { Troubles } from './troubles.js';

const OLDEST_SHARED_REPLY_MS = 5000;
/** An interval poll waits no longer than this for packs that may be dead, so that the next tick finds it finished. */
const SHARE_OF_INTERVAL_TO_WAIT = 0.8;

/** Asks a bank for one query, at intervals and on demand, and knows what of it still counts. */
export class Poller<Reading> {
  readonly #query: Query<Reading>;
  readonly #client: BankClient;
  readonly #settings: PollerSettings;
  readonly #host: PollerHost;
  readonly #now: () => number;
  readonly #schedule: Schedule;
  readonly #memory: PackMemory<Reading>;
  readonly #outlet: Outlet;
  readonly #alarms = new AlarmEdges();
  readonly #failures = new FailureReport();
  readonly #troubles = new Troubles();
  #stopListening: () => void = () => {};
  #stopWaiting: () => void = () => {};
  #pollsUnderWay = 0;
  /** Counts the polls on ticks. */
  #tick = 0;
  /** Monotonic ms when a reading was taken last: older replies are not taken again. */
  #takenAt = Number.NEGATIVE_INFINITY;
  /** Since the line opened no poll has ended. */
  #waitsForFirst = true;
  #closed = false;
  #available = false;
  #stale = false;
  #lastInfo: ReplyInfo | null = null;
  #lastGoodAt: number;

  /** @param now monotonic ms. */
  constructor(
    query: Query<Reading>,
    client: BankClient,
    settings: PollerSettings,
    host: PollerHost,
    now: () => number = () => performance.now(),
  ) {
    this.#query = query;
    this.#client = client;
    this.#settings = settings;
    this.#host = host;
    this.#now = now;
    this.#lastGoodAt = now();
    this.#schedule = new Schedule(settings.intervalMs, () => this.#onTick(), now);
    this.#memory = new PackMemory(settings.staleAfterMs, (pack, lastSeen) => this.#onStale(pack, lastSeen), now);
    const changes = settings.onlyChanges ? new ChangeFilter(settings.intervalMs, now) : null;
    this.#outlet = new Outlet((delivery) => host.deliver(delivery), changes);
  }

  /** Follows the client's line and polls while it is open. */
  start(): void {
    const { staleAfterMs } = this.#settings;
    if (staleAfterMs !== null) this.#stopWaiting = callAfter(staleAfterMs, () => this.#onNeverRead());
    this.#stopListening = this.#client.onState((state) => this.#onLink(state));
    this.#onLink(this.#client.state);
  }

  /** Ends all polling and waiting; nothing is delivered any more. */
  close(): void {
    this.#closed = true;
    this.#stopListening();
    this.#schedule.stop();
    this.#memory.close();
    this.#stopWaiting();
  }

  /**
   * Polls once, now.
   * @param packs instead of the packs of the settings; null for those.
   */
  async poll(packs: Selection): Promise<PollResult> {
    const result = await this.#poll(packs ?? this.#settings.packs, 'input');
    this.#outlet.note(result.delivery.messages);
    return result;
  }

  #onTick(): void {
    if (this.#pollsUnderWay > 0) return;
    this.#pollOnTick().catch((thrown) => this.#host.failed(asPaceError(thrown, 'SHAPE')));
  }

  async #pollOnTick(): Promise<void> {
    const { delivery, error, answered } = await this.#poll(this.#settings.packs, 'interval');
    if (this.#closed || error?.code === 'CLOSED') return;
    this.#outlet.deliverNews(delivery);
    this.#report(error, answered);
  }

  async #poll(selection: Selection, priority: 'input' | 'interval'): Promise<PollResult> {
    const { forcedTailBytes } = this.#settings;
    this.#pollsUnderWay += 1;
    try {
      const packs = selection ?? undefined;
      const options = {
        packs,
        priority,
        forcedTailBytes,
        onAnswer: (bank: BankReading<Reading>) => this.#refresh(bank),
      };
      const ofTick = priority === 'interval' ? this.#forTick() : {};
      const reading = await this.#query.read(this.#client, { ...options, ...ofTick });
      return this.#take(reading, selection);
    } catch (thrown) {
      return this.#finish(NOTHING, asPaceError(thrown, 'SHAPE'), []);
    } finally {
      this.#pollsUnderWay -= 1;
    }
  }

  #take(bank: BankReading<Reading>, selection: Selection): PollResult {
    if (this.#closed) return { delivery: NOTHING, error: null, answered: [] };
    this.#takenAt = this.#now();
    const { events, remembered } = this.#remember(bank, selection);
    const views = viewsOf(bank, selection, this.#memory);
    const error = shortfallOf(bank, selection ?? this.#memory.online, this.#settings.naming);
    const messages = views.some(({ fresh }) => fresh) ? pollMessages(this.#query.shape, views, this.#settings) : [];
    const info = { durationMs: bank.durationMs, receivedAt: bank.receivedAt, frames: bank.frames };
    if (remembered) {
      this.#lastInfo = info;
      this.#lastGoodAt = this.#now();
      this.#stale = false;
      this.#stopWaiting();
      if (this.#tellsAvailability && !this.#available) messages.unshift(availabilityMessage(true, this.#settings));
      this.#available = true;
    }
    const answered = views.filter(({ fresh }) => fresh).map(({ pack }) => pack);
    return this.#finish({ messages, events, info }, error, answered);
  }

  /** What a poll on a tick may do and an input's may not: use another's reply, and not wait for all. */
  #forTick(): Pick<ReadOptions<Reading>, 'recent' | 'patienceMs' | 'onAnswer'> {
    const { intervalMs } = this.#settings;
    return {
      recent: { maxAgeMs: Math.min(intervalMs / 2, OLDEST_SHARED_REPLY_MS), after: this.#takenAt },
      patienceMs: intervalMs * SHARE_OF_INTERVAL_TO_WAIT,
      onAnswer: this.#lateTaker(),
    };
  }

  /** Takes what comes after a poll on a tick has ended, until the next one begins, which gets the rest itself. */
  #lateTaker(): (bank: BankReading<Reading>, isLate: boolean) => void {
    this.#tick += 1;
    const tick = this.#tick;
    return (bank, isLate) => {
      this.#refresh(bank);
      if (this.#closed || !isLate || tick !== this.#tick) return;
      const { delivery, error, answered } = this.#take(bank, [...bank.packs.keys()]);
      const isBank = this.#settings.output === 'bank'; // the next message of the bank has it
      this.#outlet.deliverNews({ ...delivery, messages: isBank ? [] : delivery.messages });
      this.#report(error, answered);
    };
  }

  /** Lets a pack's answer count from when it comes, though its message may wait for others. */
  #refresh(bank: BankReading<Reading>): void {
    if (this.#closed) return;
    for (const [pack, answer] of bank.packs) {
      if (this.#settings.packs?.includes(pack) ?? true) this.#memory.update(pack, answer);
    }
  }

  #finish(delivery: Delivery, error: PaceError | null, answered: readonly number[]): PollResult {
    this.#waitsForFirst = false;
    this.#troubles.update(error, answered, (pack) => this.#isOurs(pack));
    this.#showStatus();
    return { delivery, error, answered };
  }

  #isOurs(pack: number): boolean {
    const ours = this.#settings.packs ?? [...this.#memory.known, ...(this.#client.addresses ?? [])];
    return ours.includes(pack);
  }

  /** Keeps what the packs answered that belong to this node, and finds the alarms that came and went. */
  #remember(
    bank: BankReading<Reading>,
    selection: Selection,
  ): { events: readonly OutgoingMessage[]; remembered: boolean } {
    const { alarmsOf } = this.#query;
    const events: OutgoingMessage[] = [];
    let remembered = false;
    for (const [pack, answer] of bank.packs) {
      if (!(selection?.includes(pack) ?? true) || !(this.#settings.packs?.includes(pack) ?? true)) continue;
      this.#memory.update(pack, answer);
      if (answer.reading === null || !this.#memory.isFresh(answer.ageMs)) continue;
      remembered = true;
      if (!alarmsOf) continue;
      const edges = this.#alarms.update(pack, alarmsOf(answer.reading), answer.receivedAt);
      events.push(...edges.map((edge) => eventMessage(edge, this.#settings)));
    }
    return { events, remembered };
  }

  #onLink(state: LinkState): void {
    this.#schedule.stop();
    if (state.name === 'open') {
      this.#outlet.forget();
      this.#troubles.clear();
      this.#waitsForFirst = true;
      this.#showStatus();
      this.#schedule.start();
      return;
    }
    this.#showStatus();
    if (state.name === 'backoff' && this.#settings.intervalMs > 0) this.#report(state.error, []);
  }

  #report(error: PaceError | null, answered: readonly number[]): void {
    const { failed, recovered } = this.#failures.update(error, answered);
    const { naming } = this.#settings;
    const names = recovered.map((concern) => (concern === 'bank' ? 'the bank' : packName(concern, naming)));
    if (names.length > 0) this.#host.recovered(names.join(', '));
    if (failed) this.#host.failed(failed);
  }

  #onStale(pack: number, lastSeen: number): void {
    this.#outlet.forget(pack);
    const bankIsDead = this.#memory.online.length === 0;
    const { shape } = this.#query;
    const messages: OutgoingMessage[] = [];
    if (this.#settings.output === 'pack') messages.push(offlineMessage(shape, pack, lastSeen, this.#settings));
    if (this.#settings.output === 'bank' && bankIsDead) {
      messages.push(bankMessage(shape, this.#memory.views(), this.#settings));
    }
    if (bankIsDead) {
      if (this.#tellsAvailability) messages.push(availabilityMessage(false, this.#settings));
      this.#available = false;
      this.#stale = true;
    }
    this.#deliverAside(messages);
  }

  #onNeverRead(): void {
    if (this.#memory.known.length > 0) return; // a pack has answered, and its message waits for others
    this.#stale = true;
    const isBank = this.#settings.output === 'bank';
    this.#deliverAside(isBank ? [bankMessage(this.#query.shape, [], this.#settings)] : []);
  }

  /** Delivers what no poll has brought. */
  #deliverAside(messages: readonly OutgoingMessage[]): void {
    this.#outlet.deliver({ messages, events: [], info: this.#lastInfo });
    this.#showStatus();
  }

  get #tellsAvailability(): boolean {
    return this.#settings.output === 'value' && this.#query.shape.query === 'analog';
  }

  #showStatus(): void {
    if (!this.#closed) this.#host.status(this.#status());
  }

  #status(): NodeStatus {
    const link = this.#client.state;
    if (link.name !== 'open') return linkStatus(link);
    if (this.#stale) return staleStatus(this.#now() - this.#lastGoodAt);
    const { naming, intervalMs } = this.#settings;
    const { online, offline } = this.#memory;
    const trouble = this.#troubles.status(online, offline, naming);
    if (trouble) return trouble;
    const isWaiting = this.#waitsForFirst || online.length === 0;
    if (isWaiting) return waitingStatus(intervalMs > 0 ? 'an answer' : 'an input');
    return readingStatus(this.#query.shape.glance(this.#memory.readings, naming));
  }
}
