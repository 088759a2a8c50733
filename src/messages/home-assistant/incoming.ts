import type { WarningReading } from '../../battery/alarms.js';
import type { AnalogReading } from '../../battery/analog.js';
import type { BmsIdentity } from '../../battery/identity.js';
import type { StatusReading } from '../../battery/status.js';
import { PaceError } from '../../errors.js';
import { Fields, numberOfName } from '../fields.js';
import { analogOf, identityOf, statusOf, warningOf } from './pack-payloads.js';

/** What each query reads of a pack. */
export interface Readings {
  analog: AnalogReading;
  warning: WarningReading;
  status: StatusReading;
}

/** A query whose messages tell of packs. */
export type QueryName = keyof Readings;

/** What a message says of one pack. */
export interface PackReport<Query extends QueryName = QueryName> {
  pack: number;
  /** Null of a pack that is offline, and of a place without a pack. */
  reading: Readings[Query] | null;
  /** Epoch ms; null of a place without a pack. */
  lastSeen: number | null;
  /** Whether the pack answered for this very message; a bank's message keeps the last readings of the others. */
  isFresh: boolean;
}

/** A message of a query node. */
export type PackMessage = {
  [Query in QueryName]: {
    query: Query;
    packs: PackReport<Query>[];
    /** It is of a bank in which no pack was ever read. */
    isOfNobody: boolean;
  };
}[QueryName];
/** A message of an info node. */
export interface InfoMessage {
  query: 'info';
  identity: BmsIdentity;
  /** Where each pack is asked for itself: those that told, by number. */
  packs: ReadonlyMap<number, BmsIdentity>;
}

const READERS: { [Query in QueryName]: (payload: Fields) => Readings[Query] } = {
  analog: analogOf,
  warning: warningOf,
  status: statusOf,
};

const HIGHEST_PACK = 255;
/** The last that a date can be, epoch ms. */
const LATEST_TIME = 8.64e15;

/** Reads a message of a query or info node back. @throws PaceError `SHAPE` for any other. */
export function readMessage(message: Record<string, unknown>): PackMessage | InfoMessage {
  const pace = message.pace as { query?: unknown; receivedAt?: unknown } | null | undefined;
  const query = String(pace?.query ?? '');
  if (query !== 'info' && !Object.hasOwn(READERS, query)) {
    throw new PaceError('SHAPE', 'this is no message of a PACE query node: msg.pace.query does not say which');
  }
  if (typeof message.payload !== 'object' || message.payload === null) {
    const advice = `set Send of the ${query} node to a message for each pack, or one for the bank`;
    throw new PaceError('SHAPE', `single values cannot be used here: ${advice}`, { badge: 'single values' });
  }
  const payload = new Fields(message.payload, 'payload');
  if (query === 'info') return infoOf(payload);
  const receivedAt = typeof pace?.receivedAt === 'number' ? pace.receivedAt : Number.NEGATIVE_INFINITY;
  return packMessageOf(query as QueryName, payload, receivedAt);
}

function packMessageOf<Query extends QueryName>(query: Query, payload: Fields, receivedAt: number): PackMessage {
  const report = (pack: Fields) => reportOf(pack, READERS[query], receivedAt);
  const isBank = payload.has('packs');
  const packs = isBank ? objectsOf(payload.object('packs')).map(report) : [report(payload)];
  return { query, packs, isOfNobody: packs.length === 0 } as PackMessage;
}

function reportOf<Query extends QueryName>(
  payload: Fields,
  read: (payload: Fields) => Readings[Query],
  receivedAt: number,
): PackReport<Query> {
  const pack = payload.whole('pack', 0, HIGHEST_PACK);
  const isOnline = payload.flag('online');
  const lastSeen = payload.isNull('lastSeen') ? null : payload.whole('lastSeen', 0, LATEST_TIME);
  const isFresh = isOnline && lastSeen !== null && lastSeen >= receivedAt;
  return { pack, reading: isOnline ? read(payload) : null, lastSeen, isFresh };
}

function infoOf(payload: Fields): InfoMessage {
  const packs = payload.has('packs') ? payload.object('packs') : null;
  const told = (packs?.names ?? []).map((name) => [numberOfName(name), identityOf((packs as Fields).object(name))]);
  return { query: 'info', identity: identityOf(payload), packs: new Map(told as [number, BmsIdentity][]) };
}

const objectsOf = (fields: Fields) => fields.names.map((name) => fields.object(name));
