import type { NodeAPI } from 'node-red';
import { outputsOf } from '../../nodes/shared/node-messages.js';
import { type BmsIdentity, NOTHING_TOLD } from '../../src/battery/identity.js';
import type { IdentityKind, ReadingOf, ReadKind } from '../../src/dialects/dialect.js';
import { alarmReading } from '../../src/dialects/pace25/alarm-reading.js';
import { pace25 } from '../../src/dialects/pace25/index.js';
import { alarmRecord } from '../../src/dialects/pace25/records.js';
import { analogShape } from '../../src/messages/analog.js';
import { eventMessage } from '../../src/messages/events.js';
import { infoGlance, infoMessages } from '../../src/messages/info.js';
import {
  type OutgoingMessage,
  type OutputShape,
  offlineMessage,
  type PackView,
  pollMessages,
} from '../../src/messages/outgoing.js';
import type { QueryShape } from '../../src/messages/shape.js';
import { statusShape } from '../../src/messages/status.js';
import { warningShape } from '../../src/messages/warning.js';
import { Cursor } from '../../src/wire/field-codec.js';
import type { Frame } from '../../src/wire/frame.js';
import { fieldCapture, frameOf } from '../../test/support/captures.js';
import { theFrame } from '../../test/support/split.js';
import { jsonBlock } from './markdown.js';

/** Replies of one bank of two packs. */
const ANALOG = 'wild-060';
const ALARMS = 'wild-061';
/** What BMS have told about themselves. */
const IDENTITY: Partial<Record<IdentityKind, string>> = {
  softwareVersion: 'wild-048',
  serialNumbers: 'wild-049',
  packCount: 'wild-056',
};

const NAMING = { padPacks: 0, padCells: 0 };
/** When the examples were read. */
export const AT = 1_790_000_000_000;
/** For how long an alarm of the examples has been active, ms. */
const ACTIVE_MS = 60_000;

const frameOfCapture = (id: string): Frame => theFrame(Buffer.from(frameOf(fieldCapture(id)), 'latin1'));

function captured<Kind extends ReadKind>(kind: Kind, id: string): PackView<ReadingOf[Kind]>[] {
  const { address, info } = frameOfCapture(id);
  const { slots } = pace25.decode(kind, info, { address, pack: 'all' });
  return slots.map(({ pack, reading }) => ({ pack, reading, lastSeen: AT, online: true, fresh: true }));
}

const analog = captured('analog', ANALOG);
const alarms = captured('alarms', ALARMS);
const statuses = alarms.map((view) => ({ ...view, reading: view.reading?.status ?? null }));

/** The captured alarms, with one cell of the first pack too high and the BMS acting on it. */
const alarmed = alarms.map((view, i) => {
  if (i > 0) return { ...view, reading: view.reading?.warning ?? null };
  const record = alarmRecord.read(new Cursor(frameOfCapture(ALARMS).info, 2));
  const cellStates = record.cellStates.with(3, 'high');
  const reading = alarmReading({ ...record, cellStates, protection1: ['cellOverVoltageProtection'] });
  return { ...view, reading: reading.warning };
});

function messages<Reading>(
  shape: QueryShape<Reading>,
  views: readonly PackView<Reading>[],
  output: OutputShape,
): OutgoingMessage[] {
  return pollMessages(shape, views, { output, topic: 'pace', naming: NAMING });
}

const payload = ([first]: readonly OutgoingMessage[]) => jsonBlock(first?.payload);
/** Only the summary of a bank, as the packs are shown elsewhere. */
const summary = ([first]: readonly OutgoingMessage[]) =>
  jsonBlock((first?.payload as { bank?: object } | undefined)?.bank);

/** What a node makes of a status reading of one pack. */
function wholeMessage(): string {
  const RED = { util: { generateId: () => 'b6e2c1f09d3a4875' } } as unknown as NodeAPI;
  const origin = { connection: 'a1b2c3d4e5f60718', connectionName: 'Shed', query: 'status', dialect: pace25.name };
  const info = { durationMs: 412, receivedAt: AT, frames: () => [] };
  const delivery = { messages: messages(statusShape, statuses, 'pack'), events: [], info };
  return jsonBlock(outputsOf(RED, delivery, origin, false, null)[0]?.[0]);
}

function event(): string {
  const [alarm] = alarmed[0]?.reading?.alarms ?? [];
  if (!alarm) throw new Error('no alarm to tell of');
  const edge = { pack: 1, alarm, state: 'cleared', since: AT - ACTIVE_MS, at: AT } as const;
  return payload([eventMessage(edge, { output: 'pack', topic: 'pace', naming: NAMING })]);
}

/** What a BMS tells that knows no more than this. */
const TOLD: BmsIdentity = Object.assign(
  { ...NOTHING_TOLD },
  ...Object.entries(IDENTITY).map(([kind, id]) => pace25.decodeIdentity(kind as IdentityKind, frameOfCapture(id).info)),
);
const info = () =>
  payload(infoMessages({ identity: TOLD, packs: null }, { output: 'bank', topic: 'pace', naming: NAMING }));

const gone = analog.map((view) => ({ ...view, online: false, fresh: false }));
const offline = offlineMessage(analogShape, 2, AT, { output: 'pack', topic: 'pace', naming: NAMING });

/** Values in lines of topic and payload. */
function valueList(list: readonly OutgoingMessage[]): string {
  return ['```text', ...list.map(({ topic, payload: value }) => `${topic} ${value}`), '```'].join('\n');
}

/** What the captured bank tells, `ms` later, with its readings new again. */
export function bankMessagesAt(ms: number): OutgoingMessage[] {
  const later = <Reading>(views: readonly PackView<Reading>[]) => views.map((view) => ({ ...view, lastSeen: AT + ms }));
  return [
    ...messages(analogShape, later(analog), 'bank'),
    ...messages(warningShape, later(alarmed), 'bank'),
    ...messages(statusShape, later(statuses), 'bank'),
  ];
}

const readingsOf = <Reading>(views: readonly PackView<Reading>[]) =>
  views.flatMap(({ pack, reading }) => (reading === null ? [] : [{ pack, reading }]));

/** The captured readings in a few words, for a node's status. */
export const GLANCES = {
  analog: analogShape.glance(readingsOf(analog), NAMING),
  warning: warningShape.glance(readingsOf(alarmed), NAMING),
  status: statusShape.glance(readingsOf(statuses), NAMING),
  info: infoGlance({ identity: TOLD, packs: null }),
};

/** The examples of the page, made by the code from captured replies. */
export const EXAMPLES: Readonly<Record<string, () => string>> = {
  'whole message': wholeMessage,
  'analog pack example': () => payload(messages(analogShape, analog, 'pack')),
  'analog bank example': () => summary(messages(analogShape, analog, 'bank')),
  'analog value example': () => valueList(messages(analogShape, analog.slice(0, 1), 'value')),
  'warning pack example': () => payload(messages(warningShape, alarmed, 'pack')),
  'warning bank example': () => summary(messages(warningShape, alarmed, 'bank')),
  'status pack example': () => payload(messages(statusShape, statuses, 'pack')),
  'status bank example': () => summary(messages(statusShape, statuses, 'bank')),
  'event example': event,
  'info example': info,
  'offline pack example': () => jsonBlock(offline.payload),
  'dead bank example': () => payload(messages(analogShape, gone, 'bank')),
};
