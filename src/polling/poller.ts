import { asPaceError, type PaceError } from '../errors.js';
import type { BankClient, BankReading } from '../link/bank-client.js';
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
import {
  errorStatus,
  linkStatus,
  type NodeStatus,
  partialStatus,
  readingStatus,
  staleStatus,
  waitingStatus,
} from './node-status.js';
import { PackMemory } from './pack-memory.js';
import type { Delivery, PollerHost, PollerSettings, ReplyInfo } from './poller-types.js';
import type { Query } from './queries.js';
import { Schedule } from './schedule.js';
import type { Selection } from './selection.js';

const OLDEST_SHARED_REPLY_MS = 5000;

/** Asks a bank for one query, at intervals and on demand, and knows what of it still counts. */
export class Poller<Reading> {
  readonly #query: Query<Reading>;
  readonly #client: BankClient;
  readonly #settings: PollerSettings;
  readonly #host: PollerHost;
  readonly #now: () => number;
  readonly #schedule: Schedule;
  readonly #memory: PackMemory<Reading>;
  readonly #changes: ChangeFilter;
  readonly #alarms = new AlarmEdges();
  readonly #failures = new FailureReport();
  #stopListening: () => void = () => {};
  #neverRead: NodeJS.Timeout | undefined;
  #polling = false;
  #closed = false;
  #available = false;
  #stale = false;
  #lastError: PaceError | null = null;
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
    this.#memory = new PackMemory(settings.staleAfterMs, (pack, lastSeen) => this.#onStale(pack, lastSeen));
    this.#changes = new ChangeFilter(now);
  }

  /** Follows the client's line and polls while it is open. */
  start(): void {
    const { staleAfterMs } = this.#settings;
    if (staleAfterMs !== null) this.#neverRead = setTimeout(() => this.#onNeverRead(), staleAfterMs);
    this.#stopListening = this.#client.onState((state) => this.#onLink(state));
    this.#onLink(this.#client.state);
  }

  /** Ends all polling and waiting; nothing is delivered any more. */
  close(): void {
    this.#closed = true;
    this.#stopListening();
    this.#schedule.stop();
    this.#memory.close();
    clearTimeout(this.#neverRead);
  }

  /**
   * Polls once, now.
   * @param packs instead of the packs of the settings; null for those.
   */
  async poll(packs: Selection): Promise<{ delivery: Delivery; error: PaceError | null }> {
    const result = await this.#poll(packs ?? this.#settings.packs, 'input');
    this.#note(result.delivery.messages);
    return result;
  }

  #onTick(): void {
    if (this.#polling) return;
    this.#polling = true;
    this.#pollOnTick()
      .catch((thrown) => this.#host.failed(asPaceError(thrown, 'SHAPE')))
      .finally(() => {
        this.#polling = false;
      });
  }

  async #pollOnTick(): Promise<void> {
    const { delivery, error } = await this.#poll(this.#settings.packs, 'interval');
    if (this.#closed || error?.code === 'CLOSED') return;
    const { onlyChanges } = this.#settings;
    const messages = delivery.messages.filter((message) => !onlyChanges || this.#changes.isNews(message));
    this.#note(messages);
    if (messages.length > 0 || delivery.events.length > 0) this.#host.deliver({ ...delivery, messages });
    this.#report(error);
  }

  #note(messages: readonly OutgoingMessage[]): void {
    if (!this.#settings.onlyChanges) return;
    for (const message of messages) this.#changes.note(message);
  }

  async #poll(selection: Selection, priority: 'input' | 'interval'): ReturnType<Poller<Reading>['poll']> {
    const { intervalMs, forcedTailBytes } = this.#settings;
    const maxAgeMs = priority === 'interval' ? Math.min(intervalMs / 2, OLDEST_SHARED_REPLY_MS) : 0;
    try {
      const packs = selection ?? undefined;
      const reading = await this.#query.read(this.#client, { packs, priority, maxAgeMs, forcedTailBytes });
      return this.#take(reading, selection);
    } catch (thrown) {
      const error = asPaceError(thrown, 'SHAPE');
      this.#lastError = error;
      this.#showStatus();
      return { delivery: { messages: [], events: [], info: null }, error };
    }
  }

  #take(bank: BankReading<Reading>, selection: Selection): { delivery: Delivery; error: PaceError | null } {
    if (this.#closed) return { delivery: { messages: [], events: [], info: null }, error: null };
    const { events, remembered } = this.#remember(bank, selection);
    const views = viewsOf(bank, selection, this.#memory);
    const error = shortfallOf(bank, selection ?? this.#memory.online, this.#settings.naming);
    const anyFresh = views.some(({ fresh }) => fresh);
    const messages = anyFresh ? pollMessages(this.#query.shape, views, this.#settings) : [];
    if (remembered) {
      this.#lastGoodAt = this.#now();
      this.#stale = false;
      clearTimeout(this.#neverRead);
      if (this.#tellsAvailability && !this.#available) messages.unshift(availabilityMessage(true, this.#settings));
      this.#available = true;
    }
    this.#lastError = error;
    this.#lastInfo = { durationMs: bank.durationMs, receivedAt: bank.receivedAt, frames: bank.frames };
    this.#showStatus();
    return { delivery: { messages, events, info: this.#lastInfo }, error };
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
      remembered ||= answer.reading !== null;
      if (!alarmsOf || answer.reading === null) continue;
      const edges = this.#alarms.update(pack, alarmsOf(answer.reading), answer.receivedAt);
      events.push(...edges.map((edge) => eventMessage(edge, this.#settings)));
    }
    return { events, remembered };
  }

  #onLink(state: LinkState): void {
    this.#schedule.stop();
    if (state.name === 'open') {
      this.#changes.clear();
      this.#lastError = null;
      this.#showStatus();
      this.#schedule.start();
      return;
    }
    this.#showStatus();
    if (state.name === 'backoff' && this.#settings.intervalMs > 0) this.#report(state.error);
  }

  #report(error: PaceError | null): void {
    const { failed, recovered } = this.#failures.update(error);
    const { naming } = this.#settings;
    const names = recovered.map((concern) => (concern === 'bank' ? 'the bank' : packName(concern, naming)));
    if (names.length > 0) this.#host.recovered(names.join(', '));
    if (failed) this.#host.failed(failed);
  }

  #onStale(pack: number, lastSeen: number): void {
    this.#changes.forgetPack(pack);
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
    this.#stale = true;
    const isBank = this.#settings.output === 'bank';
    this.#deliverAside(isBank ? [bankMessage(this.#query.shape, [], this.#settings)] : []);
  }

  /** Delivers what no poll has brought. */
  #deliverAside(messages: readonly OutgoingMessage[]): void {
    this.#note(messages);
    if (messages.length > 0) this.#host.deliver({ messages, events: [], info: this.#lastInfo });
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
    const online = this.#memory
      .views()
      .flatMap(({ pack, reading, online: counts }) => (counts && reading !== null ? [{ pack, reading }] : []));
    if (this.#lastError) {
      const { packs, badge } = this.#lastError;
      const isPartial = packs !== undefined && online.some(({ pack }) => !packs.includes(pack));
      return isPartial ? partialStatus(packs.map((pack) => packName(pack, this.#settings.naming))) : errorStatus(badge);
    }
    if (online.length === 0) return waitingStatus(this.#settings.intervalMs > 0 ? 'an answer' : 'an input');
    return readingStatus(this.#query.shape.glance(online, this.#settings.naming));
  }
}
