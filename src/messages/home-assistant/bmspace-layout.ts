import { analogShape } from '../analog.js';
import { bmsValues } from '../info.js';
import { packName, topicOf } from '../names.js';
import type { QueryShape, Value } from '../shape.js';
import { statusShape } from '../status.js';
import { warningShape } from '../warning.js';
import { type BankMemory, QUERIES } from './bank-memory.js';
import { BMSPACE_BMS_ENTITIES, type BmspaceEntity, bmspacePackEntities } from './bmspace-entities.js';
import { linkTopic, packAvailabilityTopic } from './devices.js';
import { fitted } from './entity.js';
import type { QueryName, Readings } from './incoming.js';
import type { Layout } from './layout.js';
import { type MqttMessage, reliable } from './mqtt-message.js';
import { ORIGIN } from './origin.js';
import { withUsualCells } from './pack-entities.js';
import type { PackMemory } from './pack-memory.js';
import { type HomeAssistantSettings, safeId } from './settings.js';
import { availability, repeatMsOf, type State } from './state-outlet.js';

const SHAPES: { [Query in QueryName]: QueryShape<Readings[Query]> } = {
  analog: analogShape,
  warning: warningShape,
  status: statusShape,
};

/** What Home Assistant takes for a state that is not known. */
const UNKNOWN = 'None';

/** What `pace-bms-info` tells once only; it does not go stale. */
const TOLD_ONCE = ['bms_version', 'bms_sn', 'pack_sn'];

/** A serial number as bmspace cuts it (`bmspace.md` 1c): its users' history hangs on that. */
export const bmspaceSerial = (serial: string) => safeId(serial.slice(0, 15).replaceAll(' ', ''));

/** An entity's id in its discovery topic. */
export const bmspaceObjectId = ({ name }: BmspaceEntity) => name.replaceAll(' ', '_');
/** The whole unique id of an entity. */
export const bmspaceUniqueId = ({ id }: BmspaceEntity, serial: string) => `bmspace_${serial}_${id}`;
/** Where an entity's discovery is told. */
export const bmspaceTopic = (entity: BmspaceEntity, serial: string, { discoveryPrefix }: HomeAssistantSettings) =>
  `${discoveryPrefix}/${entity.kind.platform}/BMS-${serial}/${bmspaceObjectId(entity)}/config`;

/** The entities, names and topics of bmspace dev, with its faults mended. */
export class BmspaceLayout implements Layout {
  readonly #memory: BankMemory;
  readonly #settings: HomeAssistantSettings;
  readonly #serial: string;
  /** The configurations told, by topic. */
  readonly #told = new Map<string, string>();
  /** Where the states of a pack's entities are told, by pack. */
  #stateTopics: ReadonlyMap<number, readonly string[]> = new Map();

  /** @param serial as bmspace cuts it. */
  constructor(memory: BankMemory, settings: HomeAssistantSettings, serial: string) {
    this.#memory = memory;
    this.#settings = settings;
    this.#serial = serial;
  }

  discovery(): MqttMessage[] {
    const { packs } = this.#memory;
    if (packs.length === 0) return [];
    this.#stateTopics = new Map(packs.map((pack) => [pack, this.#stateTopicsOf(this.#knownEntitiesOf(pack))]));
    const configs = new Map([...packs.flatMap((pack) => this.#packConfigs(pack)), ...this.#bmsConfigs()]);
    const changed = [...configs].filter(([topic, config]) => this.#told.get(topic) !== JSON.stringify(config));
    const gone = [...this.#told.keys(), ...this.#formerCells()].filter((topic) => !configs.has(topic));
    for (const [topic, config] of changed) this.#told.set(topic, JSON.stringify(config));
    for (const topic of gone) this.#told.delete(topic);
    const { retainDiscovery } = this.#settings;
    return [
      ...gone.map((topic) => reliable(topic, '', true)),
      ...changed.map(([topic, config]) => reliable(topic, config, retainDiscovery)),
    ];
  }

  forgetDiscovery(): void {
    for (const topic of this.#told.keys()) this.#told.set(topic, '');
  }

  #entitiesOf(pack: number): BmspaceEntity[] {
    return bmspacePackEntities(pack, this.#memory.structure(pack), this.#settings.naming);
  }

  /** Those that a query has told of. */
  #knownEntitiesOf(pack: number): BmspaceEntity[] {
    return this.#entitiesOf(pack).filter((entity) => this.#memoryOf(entity, pack) !== null);
  }

  #memoryOf({ query }: BmspaceEntity, pack: number): PackMemory<QueryName> | null {
    return query === 'info' ? null : this.#memory.memory(query, pack);
  }

  #packConfigs(pack: number): [topic: string, config: object][] {
    const topics = [linkTopic(this.#settings), packAvailabilityTopic(pack, this.#settings)];
    return this.#entitiesOf(pack).flatMap((entity) => {
      const memory = this.#memoryOf(entity, pack);
      if (!memory || (isCell(entity) && !this.#settings.perCellEntities)) return [];
      return [[this.#topicOf(entity), this.#config(entity, topics, memory.holdsSeconds)]];
    });
  }

  #bmsConfigs(): [topic: string, config: object][] {
    if (!this.#memory.info) return [];
    const { seconds } = this.#memory.infoExpiry;
    const topics = [linkTopic(this.#settings)];
    return BMSPACE_BMS_ENTITIES.map((entity) => [this.#topicOf(entity), this.#config(entity, topics, seconds)]);
  }

  /** The topics of cells that an earlier deploy may have told of. */
  #formerCells(): string[] {
    if (this.#told.size > 0) return [];
    return this.#memory.packs.flatMap((pack) => {
      const structure = this.#memory.structure(pack);
      if (!structure) return [];
      const entities = bmspacePackEntities(pack, withUsualCells(structure), this.#settings.naming);
      return entities.filter(isCell).map((entity) => this.#topicOf(entity));
    });
  }

  #topicOf(entity: BmspaceEntity): string {
    return bmspaceTopic(entity, this.#serial, this.#settings);
  }

  #config(entity: BmspaceEntity, availabilityTopics: readonly string[], holdsSeconds: number): object {
    const { topic, expireAfter, deviceName } = this.#settings;
    const { platform, deviceClass, stateClass, unit } = entity.kind;
    const { softwareVersion = null } = this.#memory.info?.identity ?? {};
    return {
      name: entity.name,
      unique_id: bmspaceUniqueId(entity, this.#serial),
      state_topic: topicOf(topic, entity.topic),
      ...(deviceClass ? { device_class: deviceClass } : {}),
      ...(stateClass ? { state_class: stateClass } : {}),
      ...(unit ? { unit_of_measurement: unit } : {}),
      ...(platform === 'binary_sensor' ? { payload_on: '1', payload_off: '0' } : {}),
      ...(expireAfter === 0 ? {} : { expire_after: holdsSeconds }),
      availability: availabilityTopics.map((availabilityTopic) => ({ topic: availabilityTopic })),
      availability_mode: 'all',
      device: {
        manufacturer: 'BMS Pace',
        model: 'AM-x',
        identifiers: `bmspace_${this.#serial}`,
        name: deviceName || 'Generic Lithium',
        ...(softwareVersion ? { sw_version: softwareVersion } : {}),
      },
      origin: { name: ORIGIN.name, sw_version: ORIGIN.version },
    };
  }

  states(now: number): State[] {
    if (this.#told.size === 0) return [];
    const { packs } = this.#memory;
    const repeatMs = Math.min(...packs.map((pack) => this.#repeatOf(pack)));
    const isOnline = this.#memory.onlinePacks(now).length > 0;
    return [
      availability(linkTopic(this.#settings), isOnline, repeatMs),
      ...packs.flatMap((pack) => this.#packStates(pack, now)),
      ...this.#bmsStates(now),
    ];
  }

  #packStates(pack: number, now: number): State[] {
    const isOnline = this.#memory.isOnline(pack, now);
    const told = QUERIES.flatMap((query) => this.#queryStates(query, this.#memory.memory(query, pack), pack, now));
    const state = availability(packAvailabilityTopic(pack, this.#settings), isOnline, this.#repeatOf(pack));
    return isOnline ? [state, ...told, ...unknownStates(this.#stateTopics.get(pack) ?? [], told)] : [state];
  }

  #queryStates<Query extends QueryName>(
    query: Query,
    memory: PackMemory<Query> | null,
    pack: number,
    now: number,
  ): State[] {
    if (!memory?.reading || !memory.isLive(now)) return [];
    const { topic, naming } = this.#settings;
    const values = SHAPES[query].values(memory.reading, naming);
    const base = topicOf(topic, packName(pack, naming));
    return values.map((value) => stateOf(base, value, repeatMsOf(memory.holdsSeconds)));
  }

  #bmsStates(now: number): State[] {
    const { info, infoExpiry } = this.#memory;
    if (!info) return [];
    const values = bmsValues(info.identity).filter(
      ([leaf]) => TOLD_ONCE.includes(leaf) || this.#memory.isInfoLive(now),
    );
    const told = values.map((value) => {
      const repeatMs = TOLD_ONCE.includes(value[0]) ? null : repeatMsOf(infoExpiry.seconds);
      return stateOf(this.#settings.topic, value, repeatMs);
    });
    return [...told, ...unknownStates(this.#stateTopicsOf(BMSPACE_BMS_ENTITIES), told)];
  }

  #stateTopicsOf(entities: readonly BmspaceEntity[]): string[] {
    return entities.map(({ topic }) => topicOf(this.#settings.topic, topic));
  }

  #repeatOf(pack: number): number {
    const memories = QUERIES.map((query) => this.#memory.memory(query, pack)).filter((memory) => memory !== null);
    return Math.min(...memories.map(({ holdsSeconds }) => repeatMsOf(holdsSeconds)));
  }
}

const isCell = ({ topic }: BmspaceEntity) => topic.includes('/v_cells/');

function stateOf(base: string, [leaf, value]: Value, repeatMs: number | null): State {
  const payload = typeof value === 'string' ? fitted(value) : value;
  return { topic: topicOf(base, leaf), payload, news: String(payload), repeatMs, qos: 0 };
}

/** Takes back what is told at none of `topics` any more: Home Assistant would go on showing it. */
function unknownStates(topics: readonly string[], told: readonly State[]): State[] {
  const known = new Set(told.map(({ topic }) => topic));
  return topics
    .filter((topic) => !known.has(topic))
    .map((topic) => ({ topic, payload: UNKNOWN, news: UNKNOWN, repeatMs: null, qos: 0 }));
}
