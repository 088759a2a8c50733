import type { BmsIdentity } from '../../battery/identity.js';
import { packName, topicOf } from '../names.js';
import { BANK_SOURCES, type BankEntities, BMS_ENTITIES, bankEntities } from './bank-entities.js';
import { type BankMemory, QUERIES } from './bank-memory.js';
import type { Entity } from './entity.js';
import type { QueryName } from './incoming.js';
import { formerCells, type PackEntities, packEntities } from './pack-entities.js';
import type { PackMemory } from './pack-memory.js';
import { type HomeAssistantSettings, safeId, slug } from './settings.js';

/** What an entity is, without what it is worth. */
export type EntityFacts = Omit<Entity<never>, 'value'>;
/** What entities are worth, by key. */
export type Values = Record<string, string | number | null>;

/** The entities that one query gives a device. */
export interface Part {
  query: QueryName | 'info';
  entities: readonly EntityFacts[];
  /** s for which a value holds. */
  holdsSeconds: number;
  /** What they are worth; all null where nothing holds. */
  values(now: number): Values;
}

/** A device of Home Assistant: a pack, or the bank. */
export interface Device {
  /** The pack's number; null of the bank. */
  pack: number | null;
  /** What Home Assistant knows it by. */
  id: string;
  /** The id of the device it belongs to. */
  parentId: string | null;
  name: string;
  /** Where its states are told. */
  topic: string;
  /** Where it is told whether the pack answers; null of the bank. */
  availabilityTopic: string | null;
  /** The beginning of its entities' unique ids. */
  uniqueId: string;
  /** The beginning of the entity ids that are asked for. */
  entityId: string;
  identity: BmsIdentity | null;
  /** Entities that an earlier deploy may have told of, and that are not there. */
  former: readonly EntityFacts[];
  parts: readonly Part[];
  isOnline(now: number): boolean;
}

/** Where it is told whether the bank answers. */
export const linkTopic = ({ topic }: HomeAssistantSettings) => topicOf(topic, 'availability');

/** Where it is told whether a pack answers. */
export const packAvailabilityTopic = (pack: number, { topic, naming }: HomeAssistantSettings) =>
  topicOf(topic, packName(pack, naming), 'availability');

/** The bank and every pack that is surely there, the bank first; none without a pack. */
export function devicesOf(memory: BankMemory, settings: HomeAssistantSettings, serial: string): Device[] {
  const { packs } = memory;
  if (packs.length === 0) return [];
  return [bankDevice(memory, settings, serial), ...packs.map((pack) => packDevice(memory, pack, settings, serial))];
}

const NAMELESS = 'PACE battery';
const bankName = ({ deviceName, connectionName }: HomeAssistantSettings) => deviceName || connectionName || NAMELESS;
/** What entity ids begin with. */
const bankWord = (settings: HomeAssistantSettings) => slug(bankName(settings)) || slug(NAMELESS);

const bankId = (serial: string) => `pace_${safeId(serial)}`;

function bankDevice(memory: BankMemory, settings: HomeAssistantSettings, serial: string): Device {
  const entities = bankEntities(settings.naming);
  const parts = QUERIES.flatMap((query) => bankPart(memory, query, entities));
  return {
    pack: null,
    id: bankId(serial),
    parentId: null,
    name: bankName(settings),
    topic: topicOf(settings.topic, 'bank'),
    availabilityTopic: null,
    uniqueId: `${safeId(serial)}_bank`,
    entityId: bankWord(settings),
    identity: memory.info?.identity ?? null,
    former: [],
    parts: [...parts, ...infoPart(memory)],
    isOnline: (now) => memory.onlinePacks(now).length > 0,
  };
}

function bankPart<Query extends QueryName>(memory: BankMemory, query: Query, all: BankEntities): Part[] {
  const entities: BankEntities[Query] = all[query];
  const known = memory.known(query);
  if (known.length === 0) return [];
  return [
    {
      query,
      entities,
      holdsSeconds: Math.max(...known.map((each) => each.memory.holdsSeconds)),
      values(now) {
        const online = memory.online(query, now);
        if (online.length === 0) return valuesOf(entities, null);
        return valuesOf(entities, BANK_SOURCES[query](online, memory.known(query).length));
      },
    },
  ];
}

function infoPart(memory: BankMemory): Part[] {
  if (!memory.isInfoRepeated) return [];
  return [
    {
      query: 'info',
      entities: BMS_ENTITIES,
      holdsSeconds: memory.infoExpiry.seconds,
      values: (now) => valuesOf(BMS_ENTITIES, memory.isInfoLive(now) ? (memory.info?.identity ?? null) : null),
    },
  ];
}

function packDevice(memory: BankMemory, pack: number, settings: HomeAssistantSettings, serial: string): Device {
  const name = packName(pack, settings.naming);
  const topic = topicOf(settings.topic, name);
  const entities = packEntities(memory.structure(pack), settings);
  return {
    pack,
    id: `${bankId(serial)}_pack_${pack}`,
    parentId: bankId(serial),
    name: `${bankName(settings)} ${name.replace('pack_', 'Pack ')}`,
    topic,
    availabilityTopic: packAvailabilityTopic(pack, settings),
    uniqueId: `${safeId(serial)}_pack_${pack}`,
    entityId: `${bankWord(settings)}_${name}`,
    identity: memory.identity(pack),
    former: formerCells(memory.structure(pack), settings),
    parts: QUERIES.flatMap((query) => packPart(memory.memory(query, pack), query, entities)),
    isOnline: (now) => memory.isOnline(pack, now),
  };
}

function packPart<Query extends QueryName>(memory: PackMemory<Query> | null, query: Query, all: PackEntities): Part[] {
  if (!memory) return [];
  const entities: PackEntities[Query] = all[query];
  return [
    {
      query,
      entities,
      holdsSeconds: memory.holdsSeconds,
      values(now) {
        const { reading, lastSeen } = memory;
        return valuesOf(entities, reading && memory.isLive(now) ? { reading, lastSeen } : null);
      },
    },
  ];
}

function valuesOf<Source>(entities: readonly Entity<Source>[], source: Source | null): Values {
  const values: Values = {};
  for (const entity of entities) values[entity.key] = source === null ? null : entity.value(source);
  return values;
}
