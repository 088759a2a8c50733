import type { Alarm } from '../battery/alarms.js';
import { type Naming, packName, topicOf } from './names.js';
import type { OutgoingMessage, OutputSettings } from './outgoing.js';
import { alarmEntry } from './warning.js';

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

function eventPayload({ pack, alarm, state, since, at }: AlarmEdge, name: string, naming: Naming): object {
  return { pack, name, ...alarmEntry(alarm, naming), state, since, at };
}
