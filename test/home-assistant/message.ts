import { isUtf8 } from 'node:buffer';
import { MAX_TOPIC_BYTES } from './documented.js';

/** A JSON object. */
export type Json = Record<string, unknown>;

/** A message on its way to the broker, as a flow sends it. */
export interface Message {
  topic: string;
  payload: unknown;
  retain?: boolean | undefined;
  qos?: number | undefined;
}

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !Buffer.isBuffer(value);

/** The text that goes over the wire: objects as JSON, as an `mqtt out` node sends them; null where it is no UTF-8. */
export function payloadText(payload: unknown): string | null {
  if (payload === null || payload === undefined) return '';
  if (Buffer.isBuffer(payload)) return isUtf8(payload) ? payload.toString() : null;
  return typeof payload === 'object' ? JSON.stringify(payload) : String(payload);
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL_CHARACTER = /[\u0000-\u001f\u007f-\u009f]/;

/** Why nothing can be published on a topic; null if something can. */
export function topicFault(topic: unknown): string | null {
  if (typeof topic !== 'string' || topic === '') return 'is no topic';
  if (/[+#]/.test(topic)) return 'has a wildcard';
  if (CONTROL_CHARACTER.test(topic)) return 'has a control character';
  if (Buffer.byteLength(topic) > MAX_TOPIC_BYTES) return `is longer than ${MAX_TOPIC_BYTES} bytes`;
  return null;
}
