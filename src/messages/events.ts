import type { Alarm } from '../battery/alarms.js';
import type { FieldTable, Payload } from './field-table.js';
import { type Naming, packName, topicOf } from './names.js';
import type { OutgoingMessage, OutputSettings } from './outgoing.js';
import { ALARM_ENTRY, alarmEntry } from './warning.js';

/** The payload of an event. */
export const EVENT = {
  pack: { is: 'number', about: 'number of the pack' },
  name: { is: 'string', about: 'name of the pack, such as `pack_1`' },
  ...ALARM_ENTRY,
  state: { is: 'string', oneOf: ['raised', 'cleared'], about: 'whether it came or went' },
  since: { is: 'number', unit: 'epoch ms', about: 'the first reading that had it' },
  at: { is: 'number', unit: 'epoch ms', about: 'the reading that shows the change' },
} as const satisfies FieldTable;

/** An alarm that came or went. */
export interface AlarmEdge {
  pack: number;
  alarm: Alarm;
  state: 'raised' | 'cleared';
  /** Epoch ms of the first reading that had it. */
  since: number;
  /** Epoch ms of the reading that shows the change. */
  at: number;
}

/** The message that tells of an alarm that came or went. */
export function eventMessage(edge: AlarmEdge, { topic, naming }: OutputSettings): OutgoingMessage {
  const name = packName(edge.pack, naming);
  return { topic: topicOf(topic, name, 'event'), payload: eventPayload(edge, name, naming), pack: edge.pack };
}

function eventPayload(
  { pack, alarm, state, since, at }: AlarmEdge,
  name: string,
  naming: Naming,
): Payload<typeof EVENT> {
  return { pack, name, ...alarmEntry(alarm, naming), state, since, at };
}
