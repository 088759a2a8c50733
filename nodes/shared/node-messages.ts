import type { NodeAPI, NodeMessage } from 'node-red';
import type { PaceError } from '../../src/errors.js';
import { topicOf } from '../../src/messages/names.js';
import type { OutgoingMessage } from '../../src/messages/outgoing.js';
import type { Delivery } from '../../src/polling/poller-types.js';

/** What a node is about, in `msg.pace` of all its messages. */
export interface Origin {
  connection: string;
  connectionName: string;
  query: string;
  dialect: string;
}

/** What `msg.pace.error` tells of an error. */
export function errorFacts({ code, rtn, packs }: PaceError): object {
  return { code, ...(rtn === undefined ? {} : { rtn }), ...(packs === undefined ? {} : { packs }) };
}

/** Marks a message with the error that it ends with. */
export function failing(message: object, error: PaceError, pace: object): PaceError {
  Object.assign(message, { pace });
  return error;
}

/** The message that goes with an error that no input has caused. */
export function failureMessage(error: PaceError, topic: string, origin: Origin): NodeMessage {
  return { topic: topicOf(topic, 'bank', origin.query), pace: { ...origin, error: errorFacts(error) } };
}

/** A delivery for `send`: on the first output as copies of `original`, where there is one. */
export function outputsOf(
  RED: NodeAPI,
  { messages, events, info }: Delivery,
  origin: Origin,
  includeRaw: boolean,
  original: NodeMessage | null,
): NodeMessage[][] {
  const { durationMs = null, receivedAt = null } = info ?? {};
  const frame = includeRaw && info ? { frame: info.frames().join('\n') } : {};
  const pace = { ...origin, durationMs, receivedAt, ...frame };
  const parts = partsOf(RED, messages);
  const readings = messages.map(({ topic, payload }, i) => ({
    ...(original ? RED.util.cloneMessage(original) : {}),
    topic,
    payload,
    pace: { ...pace },
    ...(parts[i] ? { parts: parts[i] } : {}),
  }));
  if (events.length === 0) return [readings];
  return [readings, events.map((event) => freshMessage(RED, event, pace))];
}

/** Sends messages one by one: of those sent together Node-RED copies all but the first. */
export function sendEach(
  RED: NodeAPI,
  outputs: readonly (readonly NodeMessage[])[],
  send: (messages: (NodeMessage | null)[]) => void,
): void {
  const _msgid = RED.util.generateId(); // one for all that have none, as if they were sent together
  outputs.forEach((messages, output) => {
    const others = Array<null>(output).fill(null);
    for (const message of messages) {
      message._msgid ??= _msgid;
      send([...others, message]);
    }
  });
}

function freshMessage(RED: NodeAPI, { topic, payload }: OutgoingMessage, pace: object): NodeMessage {
  return { _msgid: RED.util.generateId(), topic, payload, pace: { ...pace } } as NodeMessage;
}

/** For each message that has a place in a group, how a Join node finds it. */
function partsOf(RED: NodeAPI, messages: readonly OutgoingMessage[]): (object | null)[] {
  const groups = new Map<string, { id: string; size: number }>();
  const places = messages.map(({ part }) => {
    if (!part) return null;
    const group = groups.get(part.group) ?? { id: RED.util.generateId(), size: 0 };
    groups.set(part.group, group);
    group.size += 1;
    return { group, key: part.key, index: group.size - 1 };
  });
  return places.map(
    (place) =>
      place && { id: place.group.id, type: 'object', key: place.key, index: place.index, count: place.group.size },
  );
}
