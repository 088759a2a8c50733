import type { Dialect } from '../dialects/dialect.js';
import type { PackFailure } from './ask-packs.js';
import type { LineOptions } from './line-options.js';
import type { Priority } from './request-queue.js';

/** How the packs of a bank are asked. */
export type Addressing =
  /** The BMS at `address` answers for all packs. */
  | { mode: 'master'; address: number }
  /** The BMS at `address` is asked for each pack. */
  | { mode: 'relay'; address: number; packs: readonly number[] }
  /** Each pack answers at its own address. */
  | { mode: 'addressed'; packs: readonly number[] };

/** A bank's line, whom to ask on it, and in which protocol. */
export interface BankOptions extends Omit<LineOptions, 'senderOf' | 'onOverheard'> {
  dialect: Dialect;
  addressing: Addressing;
}

/** What to read, and how urgently. */
export interface ReadOptions<Reading> {
  /** The packs wanted; all where absent. */
  packs?: readonly number[] | undefined;
  priority: Priority;
  /** A reply that came to another reader is good enough when it is so young, and came after the time given. */
  recent?: { maxAgeMs: number; after: number };
  /** Packs that are silent hold up the others for no longer than this, ms; absent: all are waited for. */
  patienceMs?: number;
  /** Is told what each pack answers that is asked by itself, as it comes; `isLate` when it was not waited for. */
  onAnswer?: (bank: BankReading<Reading>, isLate: boolean) => void;
  /** The tail to assume in analog replies, bytes; found from the reply where absent. */
  forcedTailBytes?: number | undefined;
}

/** One pack of a bank reading. */
export interface PackReading<Reading> {
  /** null for an empty slot. */
  reading: Reading | null;
  /** Epoch ms of the exchange. */
  receivedAt: number;
  /** How long ago that was, ms, by a clock that never jumps. */
  ageMs: number;
}

/** What a read of a bank gave. */
export interface BankReading<Reading> {
  /** Every pack that answered, by number. */
  packs: ReadonlyMap<number, PackReading<Reading>>;
  /** Why the others did not. */
  failures: readonly PackFailure[];
  /** Packs of which nothing is known yet: their requests go on. */
  pending: readonly number[];
  /** Epoch ms, of the oldest exchange. */
  receivedAt: number;
  /** The sum over the exchanges, ms. */
  durationMs: number;
  /** Each reply from `~` to the last checksum digit; made only where it is wanted. */
  frames: () => readonly string[];
}
