import { asPaceError, PaceError } from '../errors.js';
import type { BankClient, BankReading } from '../link/bank-client.js';
import type { LinkState } from '../link/connector.js';
import { eventMessage } from '../messages/events.js';
import { packName } from '../messages/names.js';
import {
  availabilityMessage,
  bankMessage,
  type OutgoingMessage,
  type OutputSettings,
  offlineMessage,
  type PackView,
  pollMessages,
} from '../messages/outgoing.js';
import { AlarmEdges } from './alarm-edges.js';
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
import type { Query } from './queries.js';
import { Schedule } from './schedule.js';
import type { Selection } from './selection.js';

/** How a query node polls and what it sends. */
export interface PollerSettings extends OutputSettings {
  packs: Selection;
  /** 0 for only on an input. */
  intervalMs: number;
  /** null for never. */
  staleAfterMs: number | null;
  onlyChanges: boolean;
  /** The tail to assume in analog replies, bytes; found from the reply where absent. */
  forcedTailBytes?: number | undefined;
}

/** Of which exchanges messages tell. */
export interface ReplyInfo {
  durationMs: number;
  /** Epoch ms, of the oldest exchange. */
  receivedAt: number;
  /** Each reply from `~` to the last checksum digit. */
  frames: readonly string[];
}

/** What a poll, or the end of a reading's life, gives to send. */
export interface Delivery {
  messages: readonly OutgoingMessage[];
  events: readonly OutgoingMessage[];
  /** null where nothing was ever read. */
  info: ReplyInfo | null;
}

/** The node that a poller works for. */
export interface PollerHost {
  deliver(delivery: Delivery): void;
  /** An interval poll failed, for the first time in a row or in a new way. */
  failed(error: PaceError): void;
  /** Interval polls that failed succeed again. */
  recovered(): void;
  status(status: NodeStatus): void;
}

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
    for (const message of result.delivery.messages) this.#changes.note(message);
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
    for (const message of messages) this.#changes.note(message);
    if (messages.length > 0 || delivery.events.length > 0) this.#host.deliver({ ...delivery, messages });
    this.#report(error);
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
    const events = this.#remember(bank, selection);
    const views = this.#views(bank, selection);
    const error = this.#shortfall(bank, selection);
    const anyFresh = views.some(({ fresh }) => fresh);
    const messages = anyFresh ? pollMessages(this.#query.shape, views, this.#settings) : [];
    if (anyFresh) {
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

  /** Keeps what the packs answered that belong to this node. @returns the alarms that came and went. */
  #remember(bank: BankReading<Reading>, selection: Selection): OutgoingMessage[] {
    const { alarmsOf } = this.#query;
    const events: OutgoingMessage[] = [];
    for (const [pack, answer] of bank.packs) {
      if (!(selection?.includes(pack) ?? true) || !(this.#settings.packs?.includes(pack) ?? true)) continue;
      this.#memory.update(pack, answer);
      if (!alarmsOf || answer.reading === null) continue;
      const edges = this.#alarms.update(pack, alarmsOf(answer.reading), answer.receivedAt);
      events.push(...edges.map((edge) => eventMessage(edge, this.#settings)));
    }
    return events;
  }

  /** How the packs asked for stand after this answer. */
  #views(bank: BankReading<Reading>, selection: Selection): PackView<Reading>[] {
    const numbers = selection ?? [...new Set([...bank.packs.keys(), ...this.#memory.known])].sort((a, b) => a - b);
    return numbers
      .map((pack): PackView<Reading> | null => {
        const answer = bank.packs.get(pack);
        if (answer && answer.reading !== null) {
          return { pack, reading: answer.reading, lastSeen: answer.receivedAt, online: true, fresh: true };
        }
        const empty = answer && { pack, reading: null, lastSeen: null, online: false, fresh: false };
        return this.#memory.view(pack) ?? empty ?? null;
      })
      .filter((view) => view !== null);
  }

  /** What is wanting in an answer: packs that failed, and packs asked for, or read before, that are not there. */
  #shortfall(bank: BankReading<Reading>, selection: Selection): PaceError | null {
    const [failure] = bank.failures;
    const failed = bank.failures.map(({ pack }) => pack);
    const expected = selection ?? this.#memory.known;
    const absent = expected.filter((pack) => !failed.includes(pack) && !bank.packs.get(pack)?.reading);
    const packs = [...failed, ...absent].sort((a, b) => a - b);
    if (failure) {
      const { code, message, rtn, badge } = failure.error;
      const text = packs.length > 1 ? `${this.#names(packs)}: ${message}` : message;
      return new PaceError(code, text, { packs, badge, cause: failure.error, ...(rtn === undefined ? {} : { rtn }) });
    }
    if (packs.length > 0) return this.#noPackError(packs, bank);
    if ([...bank.packs.values()].some(({ reading }) => reading !== null)) return null;
    return new PaceError(
      'NO_PACK',
      'the BMS answers but knows no pack: check the DIP addresses and the cables between the packs',
    );
  }

  #noPackError(packs: readonly number[], bank: BankReading<Reading>): PaceError {
    const present = [...bank.packs].filter(([, { reading }]) => reading !== null).map(([pack]) => pack);
    const text = `${this.#names(packs)} not in the bank, which now has ${present.length > 0 ? this.#names(present) : 'none'}`;
    return new PaceError('NO_PACK', `${text}: check the packs asked for, the DIP addresses and the cables`, {
      packs,
      badge: `${this.#names(packs)} not there`,
    });
  }

  #names(packs: readonly number[]): string {
    return packs.map((pack) => packName(pack, this.#settings.naming)).join(', ');
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
    const news = this.#failures.update(error);
    if (news?.tell === 'failed') this.#host.failed(news.error);
    else if (news?.tell === 'recovered') this.#host.recovered();
  }

  #onStale(pack: number, lastSeen: number): void {
    this.#changes.forgetPack(pack);
    const bankIsDead = this.#memory.onlineCount === 0;
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
    for (const message of messages) this.#changes.note(message);
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
      return isPartial ? partialStatus(packs.map((pack) => this.#names([pack]))) : errorStatus(badge);
    }
    if (online.length === 0) return waitingStatus();
    return readingStatus(this.#query.shape.glance(online, this.#settings.naming));
  }
}
