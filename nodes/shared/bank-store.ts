import type { NodeAPI } from 'node-red';
import type { Remembered } from '../../src/messages/home-assistant/publisher-types.js';

/** The part of Node-RED's settings that survives a restart. */
interface StoredSettings {
  get(key: string): unknown;
  set(key: string, value: unknown): Promise<void>;
}

const KEY = 'paceBmsBanks';

const settingsOf = (RED: NodeAPI) => RED.settings as unknown as StoredSettings;

/** By the ids of the connections. */
function all(RED: NodeAPI): Record<string, Remembered> {
  try {
    return (settingsOf(RED).get(KEY) as Record<string, Remembered> | undefined) ?? {};
  } catch {
    return {}; // this Node-RED stores nothing
  }
}

/** What is remembered of the bank behind a connection. */
export const rememberedOf = (RED: NodeAPI, connection: string): Remembered => all(RED)[connection] ?? {};

/** Keeps that over restarts. @throws Error where nothing can be stored. */
export async function remember(RED: NodeAPI, connection: string, remembered: Remembered): Promise<void> {
  const before = all(RED);
  await settingsOf(RED).set(KEY, { ...before, [connection]: { ...before[connection], ...remembered } });
}
