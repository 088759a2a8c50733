import { isDeepStrictEqual } from 'node:util';
import { type CheckedComponent, type Discovery, readDiscovery } from './discovery.js';
import { DISCOVERY_PREFIX } from './documented.js';
import { LiveEntity } from './live-entity.js';
import { type Json, type Message, payloadText, topicFault } from './message.js';
import { type DeviceEntry, type EntityEntry, Registry } from './registry.js';

export interface SimulatorOptions {
  prefix?: string;
  /** The user has enabled what comes disabled. */
  enableAll?: boolean;
}

/** An entity as a user sees it. */
export interface EntityView extends EntityEntry {
  /** Whether it is set up; what is only remembered is unavailable. */
  loaded: boolean;
  enabled: boolean;
  /** Undefined where it is disabled. */
  state: string | undefined;
}

interface Discovered {
  topic: string;
  entity: LiveEntity;
  uniqueId: string;
}

/**
 * What Home Assistant keeps of the messages it is fed: devices, entities, their states, and in `errors` all that it
 * would log or refuse. Stricter where that shows mistakes: a unique id is unique across platforms, a component must not
 * just be left out, an availability payload must be one of the two, and no state outlives a restart.
 */
export class SimulatedHomeAssistant {
  readonly errors: string[] = [];
  readonly #prefix: string;
  readonly #enableAll: boolean;
  readonly #registry = new Registry();
  /** What the broker keeps, in the order it came. */
  readonly #retained = new Map<string, string>();
  /** By platform and discovery id. */
  readonly #discovered = new Map<string, Discovered>();
  /** The same by unique id. */
  readonly #live = new Map<string, LiveEntity>();
  #now = 0;

  constructor({ prefix = DISCOVERY_PREFIX, enableAll = false }: SimulatorOptions = {}) {
    this.#prefix = prefix;
    this.#enableAll = enableAll;
  }

  /** Takes messages in order, as the broker would pass them on. */
  receive(...messages: Message[]): void {
    for (const message of messages) this.#receive(message);
  }

  /** Lets time pass. */
  advance(ms: number): void {
    this.#now += ms;
  }

  /** Starts anew: only the registry is left, and what the broker retains comes again. */
  restart(): void {
    this.#discovered.clear();
    this.#live.clear();
    for (const [topic, payload] of [...this.#retained]) this.#discover({ topic, payload });
  }

  entities(): EntityView[] {
    return [...this.#registry.entities.values()].map((entry) => this.#view(entry));
  }

  /** The state's text, `unavailable` or `unknown`; undefined where there is no such entity, or it is disabled. */
  state(uniqueId: string): string | undefined {
    const entry = this.#registry.entities.get(uniqueId);
    return entry && this.#view(entry).state;
  }

  /** Devices with their entities. */
  devices(): (DeviceEntry & { entities: EntityView[] })[] {
    const entities = this.entities();
    return this.#registry.devices.map((device) => ({
      ...device,
      entities: entities.filter((entity) => entity.device === device),
    }));
  }

  #view(entry: EntityEntry): EntityView {
    const enabled = this.#isEnabled(entry.config);
    const live = this.#live.get(entry.uniqueId);
    const state = live?.state(this.#now) ?? 'unavailable';
    return { ...entry, loaded: live !== undefined, enabled, state: enabled ? state : undefined };
  }

  #receive({ topic, payload, retain }: Message): void {
    const fault = topicFault(topic);
    const text = payloadText(payload);
    if (fault || text === null) {
      this.errors.push(`${topic}: ${fault ?? 'the payload is no UTF-8'}`);
      return;
    }
    if (retain && text === '') this.#retained.delete(topic);
    else if (retain) this.#retained.set(topic, text);
    if (this.#discover({ topic, payload: text })) return;
    for (const { entity, uniqueId } of this.#discovered.values()) this.#deliver(uniqueId, entity, topic, text);
  }

  #deliver(uniqueId: string, entity: LiveEntity, topic: string, text: string): void {
    if (!this.#isEnabled(entity.config) || !entity.topics.includes(topic)) return;
    const errors = entity.receive(topic, text, this.#now);
    this.errors.push(...errors.map((error) => `${uniqueId}: ${error}`));
  }

  /** Whether the message is one of discovery. */
  #discover(message: Message): boolean {
    const discovery = readDiscovery(message, this.#prefix);
    if (!discovery) return false;
    const { topic, faults, kind, components } = discovery;
    this.errors.push(...faults.map((fault) => `${topic}: ${fault}`));
    if (faults.length > 0) return true;
    if (kind !== 'config') this.#unload(discovery);
    for (const component of components) this.#setUp(topic, component);
    if (kind === 'config') this.#findLeftOut(discovery);
    return true;
  }

  /** Takes out all that came by a topic; the registry forgets it too unless it is to migrate. */
  #unload({ topic, kind, at }: Discovery): void {
    const mine = [...this.#discovered].filter(([, each]) => each.topic === topic);
    for (const [id] of mine) this.#remove(id, kind === 'migrate');
    if (kind === 'clear' && at?.component === 'device' && mine.length === 0) {
      this.errors.push(`${topic}: no components to clean up`);
    }
  }

  #setUp(topic: string, { platform, discoveryId, config, faults }: CheckedComponent): void {
    const id = `${platform} ${discoveryId}`;
    const known = this.#discovered.get(id);
    if (known && known.topic !== topic) {
      this.errors.push(`${id}: conflicting message on ${topic}, was discovered on ${known.topic}`);
      return;
    }
    this.errors.push(...faults.map((fault) => `${id}: ${fault}`));
    if (faults.length > 0) return;
    if (config === null) this.#remove(id);
    else if (known) this.#update(id, known, config);
    else this.#add(id, topic, platform, config);
  }

  #add(id: string, topic: string, platform: string, config: Json): void {
    const uniqueId = String(config.unique_id);
    const other = this.#registry.entities.get(uniqueId);
    if (this.#live.has(uniqueId) || (other && other.platform !== platform)) {
      this.errors.push(`${id}: unique id ${uniqueId} already exists`);
      return;
    }
    this.#registry.enter(platform, config, this.errors);
    const entity = new LiveEntity(platform, config);
    this.#discovered.set(id, { topic, entity, uniqueId });
    this.#live.set(uniqueId, entity);
    this.#listen(uniqueId, entity, entity.topics);
  }

  #update(id: string, { entity, uniqueId }: Discovered, config: Json): void {
    // A message that changes nothing leaves everything as it is.
    if (isDeepStrictEqual(entity.config, config)) return;
    if (config.unique_id !== uniqueId) {
      this.errors.push(`${id}: unique id ${uniqueId} cannot become ${config.unique_id}`);
      return;
    }
    const before = entity.topics;
    entity.update(config);
    this.#registry.enter(entity.platform, config, this.errors);
    this.#listen(
      uniqueId,
      entity,
      entity.topics.filter((topic) => !before.includes(topic)),
    );
  }

  /** Subscribes: the broker sends what it retains. */
  #listen(uniqueId: string, entity: LiveEntity, topics: readonly string[]): void {
    for (const topic of topics) {
      const text = this.#retained.get(topic);
      if (text !== undefined) this.#deliver(uniqueId, entity, topic, text);
    }
  }

  #remove(id: string, keepEntry = false): void {
    const known = this.#discovered.get(id);
    if (!known) return;
    this.#discovered.delete(id);
    this.#live.delete(known.uniqueId);
    if (!keepEntry) this.#registry.entities.delete(known.uniqueId);
  }

  #findLeftOut({ topic, components }: Discovery): void {
    const named = new Set(components.map(({ platform, discoveryId }) => `${platform} ${discoveryId}`));
    for (const [id, each] of this.#discovered) {
      if (each.topic === topic && !named.has(id)) this.errors.push(`${id}: left out of ${topic}, and never removed`);
    }
  }

  #isEnabled(config: Json): boolean {
    return this.#enableAll || config.enabled_by_default !== false;
  }
}
