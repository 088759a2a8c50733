import type { PackOf } from '../battery/bank-summary.js';
import type { Naming } from './names.js';

/** The last part of a topic and what is sent there. */
export type Value = readonly [leaf: string, value: string | number];

/** How one query's readings become messages. */
export interface QueryShape<Reading> {
  /** The query's name in topics and `msg.pace`. */
  readonly query: 'analog' | 'warning' | 'status';
  /** What a pack's payload holds after `lastSeen`. */
  pack(reading: Reading, naming: Naming): object;
  /** What a bank's summary holds after its counts; `packs` are those online, at least one. */
  bank(packs: readonly PackOf<Reading>[], naming: Naming): object;
  /** The same of a bank without a pack online: nothing about it may look healthy. */
  readonly deadBank: object;
  /** A pack's values with bmspace's topics and units (`bmspace.md` 1c). */
  values(reading: Reading, naming: Naming): readonly Value[];
  /** The latest readings at a glance, for the node's status. */
  glance(packs: readonly PackOf<Reading>[], naming: Naming): string;
}

/** `true` as 1, `false` as 0. */
export const bit = (flag: boolean) => (flag ? 1 : 0);
