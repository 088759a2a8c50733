import type { PackOf } from '../battery/bank-summary.js';
import type { FieldTable, LeafTable, Payload } from './field-table.js';
import { type Naming, packName, topicOf } from './names.js';
import type { QueryShape } from './shape.js';

/** What every pack's payload begins with, and all there is of a pack that is offline. */
export const EVERY_PACK = {
  pack: { is: 'number', about: 'number of the pack' },
  name: { is: 'string', about: 'its name, such as `pack_1`' },
  online: { is: 'boolean', about: 'whether its reading still counts' },
  lastSeen: { is: 'number', unit: 'epoch ms', about: 'when that reading came', nullWhen: 'the pack was never read' },
} as const satisfies FieldTable;

/** What every bank's summary begins with. */
export const EVERY_BANK = {
  packCount: { is: 'number', about: 'packs ever read, of those selected; empty slots are none' },
  onlineCount: { is: 'number', about: 'those whose reading still counts' },
} as const satisfies FieldTable;

/** What the value shape tells of a bank as a whole, as bmspace does. */
export const BANK_VALUES = {
  availability: { is: 'string', about: '`online` when the first pack answers, `offline` when the last has gone stale' },
} as const satisfies LeafTable;

/** A pack as it stands when a message is made. */
export interface PackView<Reading> {
  pack: number;
  /** What it read last; null where it was never read. */
  reading: Reading | null;
  /** Epoch ms of that reading; null of an empty slot. */
  lastSeen: number | null;
  /** Whether the reading still counts. */
  online: boolean;
  /** Whether it came with the present poll. */
  fresh: boolean;
}

/** A message to be sent, without what the node adds. */
export interface OutgoingMessage {
  topic: string;
  payload: unknown;
  /** The pack it is about; absent of a bank. */
  pack?: number;
  /** Its name among the messages of its group, where it has one. */
  part?: { group: string; key: string };
}

/** A message a pack, one for the bank, or one a value. */
export type OutputShape = 'pack' | 'bank' | 'value';

/** How a node's messages are named and laid out. */
export interface OutputSettings {
  output: OutputShape;
  /** The base topic, without outer slashes; may be empty. */
  topic: string;
  naming: Naming;
}

type ReadPack<Reading> = PackView<Reading> & { reading: Reading };
const isFresh = <Reading>(view: PackView<Reading>): view is ReadPack<Reading> => view.fresh && view.reading !== null;
const isOnline = <Reading>(view: PackView<Reading>): view is ReadPack<Reading> => view.online && view.reading !== null;

/** The messages of a poll in which at least one pack answered. */
export function pollMessages<Reading>(
  shape: QueryShape<Reading>,
  views: readonly PackView<Reading>[],
  settings: OutputSettings,
): OutgoingMessage[] {
  if (settings.output === 'bank') return [bankMessage(shape, views, settings)];
  const ofPack = settings.output === 'pack' ? packMessage : valueMessages;
  return views.filter(isFresh).flatMap((view) => ofPack(shape, view, settings));
}

function packMessage<Reading>(
  shape: QueryShape<Reading>,
  view: ReadPack<Reading>,
  settings: OutputSettings,
): OutgoingMessage {
  const name = packName(view.pack, settings.naming);
  return {
    topic: topicOf(settings.topic, name, shape.query),
    payload: onlinePack(shape, view, settings.naming),
    pack: view.pack,
    part: { group: 'packs', key: name },
  };
}

function valueMessages<Reading>(
  shape: QueryShape<Reading>,
  view: ReadPack<Reading>,
  { topic, naming }: OutputSettings,
): OutgoingMessage[] {
  const name = packName(view.pack, naming);
  return shape.values(view.reading, naming).map(([leaf, payload]) => ({
    topic: topicOf(topic, name, leaf),
    payload,
    pack: view.pack,
    part: { group: name, key: leaf },
  }));
}

/** A pack that has gone stale. */
export function offlineMessage<Reading>(
  shape: QueryShape<Reading>,
  pack: number,
  lastSeen: number | null,
  { topic, naming }: OutputSettings,
): OutgoingMessage {
  const name = packName(pack, naming);
  const payload = offlinePack(pack, lastSeen, naming);
  return { topic: topicOf(topic, name, shape.query), payload, pack, part: { group: 'packs', key: name } };
}

/** Whether the bank gives values at all, as bmspace tells it. */
export function availabilityMessage(online: boolean, { topic }: OutputSettings): OutgoingMessage {
  return {
    topic: topicOf(topic, 'availability'),
    payload: online ? 'online' : 'offline',
    part: { group: 'availability', key: 'availability' },
  };
}

/** The whole bank: every pack by name, and their summary. */
export function bankMessage<Reading>(
  shape: QueryShape<Reading>,
  views: readonly PackView<Reading>[],
  { topic, naming }: OutputSettings,
): OutgoingMessage {
  const online = views.filter(isOnline);
  const packs = views.map((view) => [
    packName(view.pack, naming),
    isOnline(view) ? onlinePack(shape, view, naming) : offlinePack(view.pack, view.lastSeen, naming),
  ]);
  const readings: PackOf<Reading>[] = online.map(({ pack, reading }) => ({ pack, reading }));
  const bank = {
    packCount: views.filter(({ lastSeen }) => lastSeen !== null).length,
    onlineCount: online.length,
    ...(readings.length > 0 ? shape.bank(readings, naming) : structuredClone(shape.deadBank)),
  };
  return { topic: topicOf(topic, 'bank', shape.query), payload: { packs: Object.fromEntries(packs), bank } };
}

function onlinePack<Reading>(
  shape: QueryShape<Reading>,
  { pack, reading, lastSeen }: ReadPack<Reading>,
  naming: Naming,
): Payload<typeof EVERY_PACK> {
  return { pack, name: packName(pack, naming), online: true, lastSeen, ...shape.pack(reading, naming) };
}

function offlinePack(pack: number, lastSeen: number | null, naming: Naming): Payload<typeof EVERY_PACK> {
  return { pack, name: packName(pack, naming), online: false, lastSeen };
}
