import { isDeepStrictEqual } from 'node:util';
import { asPaceError, PaceError } from '../../errors.js';
import { BankMemory } from './bank-memory.js';
import { BmspaceLayout, bmspaceSerial } from './bmspace-layout.js';
import { DeviceLayout } from './device-layout.js';
import { linkTopic, packAvailabilityTopic } from './devices.js';
import { type InfoMessage, type PackMessage, readMessage } from './incoming.js';
import type { Layout } from './layout.js';
import { type MqttMessage, reliable } from './mqtt-message.js';
import type { PublisherHost, PublisherOptions, Remembered } from './publisher-types.js';
import type { HomeAssistantSettings } from './settings.js';
import { StateOutlet } from './state-outlet.js';
import { Succession } from './succession.js';
import { Timers } from './timers.js';

/** How long the serial number may take, from the first reading, until the connection's id stands in for it. */
const LONGEST_WAIT_FOR_SERIAL_MS = 30_000;
/** The messages of one poll come together and are told together. */
const GATHER_MS = 25;
/** What there is becomes known query by query. */
const GATHER_NEWS_MS = 1000;
/** By then Home Assistant listens to what it was just told of. */
const LISTENS_AFTER_MS = 3000;
/** Longer ones Node.js cannot wait for at once. */
const LONGEST_TIMER_MS = 86_400_000;
/** By then Home Assistant has let go of what goes over to others. */
const LETS_GO_AFTER_MS = 2000;

/** What a bank is known by. */
interface BankId {
  /** As the BMS tells it; null where the connection's id stands in. */
  serial: string | null;
}

/** Tells Home Assistant, through messages for `mqtt out`, of a bank that query nodes read. */
export class HomeAssistantPublisher {
  readonly #settings: HomeAssistantSettings;
  readonly #connectionId: string;
  readonly #host: PublisherHost;
  readonly #now: () => number;
  readonly #memory: BankMemory;
  readonly #states = new StateOutlet();
  readonly #succession: Succession;
  #remembered: Remembered;
  #id: BankId | null = null;
  #layout: Layout | null = null;
  #isMigrationWanted = false;
  #isMigrating = false;
  #isWaitingForSerial = false;
  #isToAnnounce = false;
  readonly #timers: Timers;
  #tellAt = Number.POSITIVE_INFINITY;
  #takeBackTelling: () => void = () => {};
  #takeBackRetelling: () => void = () => {};

  constructor({ settings, connectionId, remembered, host, now = () => performance.now() }: PublisherOptions) {
    this.#settings = settings;
    this.#connectionId = connectionId;
    this.#host = host;
    this.#now = now;
    this.#remembered = remembered;
    this.#memory = new BankMemory(settings.expireAfter);
    this.#succession = new Succession(this.#memory, settings, remembered.carried ?? null);
    this.#timers = new Timers((thrown) => host.failed(asPaceError(thrown, 'SHAPE')));
    this.#showProgress();
  }

  /**
   * Takes a message: of a query or info node, Home Assistant's own status, or the wish to migrate.
   * @throws PaceError `SHAPE` or `CONFIG`; nothing is lost.
   */
  take(message: Record<string, unknown>): void {
    if (message.migrate === true) this.#wantMigration();
    else if (this.#isStatus(message)) {
      if (String(message.payload) === 'online') this.#announceAgain();
    } else this.#takeReading(readMessage(message));
  }

  /** Whether Home Assistant tells how it is. */
  #isStatus({ topic, pace }: Record<string, unknown>): boolean {
    return topic === `${this.#settings.discoveryPrefix}/status` && pace === undefined;
  }

  #takeReading(told: PackMessage | InfoMessage): void {
    const mayBeSilent = told.query !== 'info' && this.#host.mayBeSilent(told.query);
    if (this.#memory.take(told, this.#now(), mayBeSilent)) this.#announceSoon();
    if (told.query === 'info') this.#identify(told);
    else this.#waitForSerial();
    this.#tellStatesIn(GATHER_MS);
  }

  /** Ends all telling. Where Home Assistant would hold on for ever to what it was told, it is told not to. */
  close(): void {
    this.#timers.close();
    const { packs } = this.#memory;
    if (this.#settings.expireAfter !== 0 || !this.#layout || packs.length === 0) return;
    const topics = [linkTopic(this.#settings), ...packs.map((pack) => packAvailabilityTopic(pack, this.#settings))];
    this.#host.send(topics.map((topic) => reliable(topic, 'offline', false)));
  }

  #waitForSerial(): void {
    if (this.#id || this.#isWaitingForSerial) return;
    this.#isWaitingForSerial = true;
    this.#timers.after(LONGEST_WAIT_FOR_SERIAL_MS, () => this.#knowAs({ serial: null }));
  }

  #identify({ identity }: InfoMessage): void {
    const isSilent = Object.values(identity).every((member) => member === null);
    if (!isSilent) this.#knowAs({ serial: identity.bmsSerial || null });
  }

  /** A bank keeps the id by which it was first told of; a serial number that is missed this time is the one before. */
  #knowAs(told: BankId): void {
    if (this.#id) return;
    const serial = told.serial ?? this.#remembered.serial ?? null;
    this.#id = { serial };
    if (serial !== null) this.#remember({ serial });
    this.#layout =
      this.#settings.layout === 'bmspace' && !this.#succession.carried
        ? new BmspaceLayout(this.#memory, this.#settings, serial === null ? this.#connectionId : bmspaceSerial(serial))
        : this.#deviceLayout();
    this.#announceSoon();
  }

  #remember(news: Remembered): void {
    const remembered = { ...this.#remembered, ...news };
    if (isDeepStrictEqual(remembered, this.#remembered)) return;
    this.#remembered = remembered;
    this.#host.remember(remembered);
  }

  #deviceLayout(): DeviceLayout {
    const serial = this.#id?.serial ?? this.#connectionId;
    return new DeviceLayout(this.#memory, this.#settings, serial, this.#succession.predecessorsOf);
  }

  /** Announces soon, so that what becomes known together is announced together. */
  #announceSoon(): void {
    if (this.#isToAnnounce) return;
    this.#isToAnnounce = true;
    this.#timers.after(GATHER_NEWS_MS, () => {
      this.#isToAnnounce = false;
      this.#announce();
    });
  }

  /** Tells of what there is, then of its states: for those who listen already, and again for what was new to them. */
  #announce(): void {
    if (!this.#layout || this.#isMigrating) return;
    if (this.#isMigrationWanted && this.#succession.isReady) {
      this.#isMigrationWanted = false;
      if (this.#migrate()) return;
    }
    const discovery = this.#layout.discovery();
    if (discovery.length === 0) return;
    this.#states.forget();
    this.#tellStates(discovery);
    this.#takeBackRetelling();
    this.#takeBackRetelling = this.#timers.after(LISTENS_AFTER_MS, () => {
      this.#states.forget();
      this.#tellStates();
    });
  }

  #announceAgain(): void {
    this.#layout?.forgetDiscovery();
    this.#announce();
  }

  /** Tells the states that are due, after other messages; comes again when more will be due. */
  #tellStates(before: readonly MqttMessage[] = []): void {
    this.#showProgress();
    if (!this.#layout || this.#isMigrating) return;
    const now = this.#now();
    const messages = [...before, ...this.#states.due(this.#layout.states(now), now)];
    if (messages.length > 0) this.#host.send(messages);
    const nextAt = Math.min(this.#states.nextAt, this.#memory.nextSilence(now));
    if (Number.isFinite(nextAt)) this.#tellStatesIn(Math.min(nextAt - now, LONGEST_TIMER_MS));
  }

  /** Tells states in `ms` at the latest. */
  #tellStatesIn(ms: number): void {
    const at = this.#now() + ms;
    if (at >= this.#tellAt) return;
    this.#takeBackTelling();
    this.#tellAt = at;
    this.#takeBackTelling = this.#timers.after(ms, () => {
      this.#tellAt = Number.POSITIVE_INFINITY;
      this.#tellStates();
    });
  }

  #wantMigration(): void {
    if (this.#id && this.#id.serial === null) throw withoutSerial();
    this.#isMigrationWanted = !this.#isMigrating;
    this.#announceSoon();
  }

  /** @returns whether it has begun; until it ends nothing else is told. */
  #migrate(): boolean {
    const serial = this.#id?.serial ?? null;
    if (serial === null) {
      this.#host.failed(withoutSerial());
      return false;
    }
    const { letGo, clear } = this.#succession.carryOver(bmspaceSerial(serial));
    if (this.#succession.carried) this.#remember({ carried: this.#succession.carried });
    if (!(this.#layout instanceof DeviceLayout)) this.#layout = this.#deviceLayout();
    this.#isMigrating = true;
    this.#host.send(letGo);
    this.#timers.after(LETS_GO_AFTER_MS, () => {
      this.#isMigrating = false;
      this.#announce();
      this.#tellStates();
      this.#timers.after(LETS_GO_AFTER_MS, () => this.#host.send(clear));
    });
    return true;
  }

  #showProgress(): void {
    const { packs } = this.#memory;
    const onlineCount = this.#memory.onlinePacks(this.#now()).length;
    const step = this.#id ? 'told' : 'serial';
    this.#host.progress({ step: packs.length > 0 ? step : 'readings', packCount: packs.length, onlineCount });
  }
}

function withoutSerial(): PaceError {
  const text = 'the serial number of the BMS is not known, by which bmspace named its entities: wire a pace info node';
  return new PaceError('CONFIG', text, { badge: 'no serial number' });
}
