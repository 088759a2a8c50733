import type { PaceError } from '../errors.js';
import type { OutgoingMessage, OutputSettings } from '../messages/outgoing.js';
import type { NodeStatus } from './node-status.js';
import type { Selection } from './selection.js';

/** How a query node polls and what it sends. */
export interface PollerSettings extends OutputSettings {
  packs: Selection;
  /** 0 for only on an input. */
  intervalMs: number;
  /** null for never. */
  staleAfterMs: number | null;
  onlyChanges: boolean;
  /** The tail to assume in analog replies, bytes; found from the reply where absent. */
  forcedTailBytes?: number | undefined;
}

/** Of which exchanges messages tell. */
export interface ReplyInfo {
  durationMs: number;
  /** Epoch ms, of the oldest exchange. */
  receivedAt: number;
  /** Each reply from `~` to the last checksum digit. */
  frames: () => readonly string[];
}

/** What a poll, or the end of a reading's life, gives to send. */
export interface Delivery {
  messages: readonly OutgoingMessage[];
  events: readonly OutgoingMessage[];
  /** null where nothing was ever read. */
  info: ReplyInfo | null;
}

/** Nothing to send. */
export const NOTHING: Delivery = { messages: [], events: [], info: null };

/** How a poll ended. */
export interface PollResult {
  delivery: Delivery;
  error: PaceError | null;
  /** The packs that answered. */
  answered: readonly number[];
}

/** The node that a poller works for. */
export interface PollerHost {
  deliver(delivery: Delivery): void;
  /** An interval poll failed: the whole bank, or packs, that did not fail before. */
  failed(error: PaceError): void;
  /** Interval polls that failed succeed again, for packs by name or the bank. */
  recovered(whom: string): void;
  status(status: NodeStatus): void;
}
