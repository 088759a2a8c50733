import type { Naming } from '../names.js';

/** How a bank is told to Home Assistant. */
export interface HomeAssistantSettings {
  /** The base of state topics, without outer slashes; may be empty. */
  topic: string;
  /** Where Home Assistant listens for discovery. */
  discoveryPrefix: string;
  /** Devices with JSON states, or all that bmspace has. */
  layout: 'device' | 'bmspace';
  /** The bank's name; empty for the connection's, or in the layout of bmspace for that which it gave. */
  deviceName: string;
  connectionName: string;
  naming: Naming;
  /** s after which a state that was not repeated counts no more; 0 for never, null for three intervals. */
  expireAfter: number | null;
  perCellEntities: boolean;
  retainDiscovery: boolean;
}

/** An id without what topics and entity ids cannot hold. */
export const safeId = (text: string) => text.replace(/[^A-Za-z0-9_-]/g, '_');

const LONGEST_SLUG = 40;

/** A name as it can stand at the beginning of entity ids; empty where nothing of it can. */
export function slug(text: string): string {
  const plain = text.normalize('NFKD').replace(/\p{M}/gu, '').replace(/ß/g, 'ss').toLowerCase();
  const words = plain.replace(/[^a-z0-9]+/g, '_').slice(0, LONGEST_SLUG);
  return words.replace(/^_+|_+$/g, '');
}
