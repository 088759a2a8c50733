import type { NodeAPI } from 'node-red';
import type { Carried } from '../../src/messages/home-assistant/succession.js';

/** The part of Node-RED's settings that survives a restart. */
interface StoredSettings {
  get(key: string): unknown;
  set(key: string, value: unknown): Promise<void>;
}

const KEY = 'paceBmsCarriedOver';

const settingsOf = (RED: NodeAPI) => RED.settings as unknown as StoredSettings;

function all(RED: NodeAPI): Record<string, Carried> {
  try {
    return (settingsOf(RED).get(KEY) as Record<string, Carried> | undefined) ?? {};
  } catch {
    return {}; // this Node-RED stores nothing
  }
}

/** Which of bmspace's entities were carried over for a connection; null for none. */
export const carriedOf = (RED: NodeAPI, connection: string): Carried | null => all(RED)[connection] ?? null;

/** Keeps that over restarts. @throws Error where nothing can be stored. */
export async function keepCarried(RED: NodeAPI, connection: string, carried: Carried): Promise<void> {
  await settingsOf(RED).set(KEY, { ...all(RED), [connection]: carried });
}
