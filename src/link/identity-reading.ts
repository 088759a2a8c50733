import type { BmsIdentity } from '../battery/identity.js';
import type { PackFailure } from './ask-packs.js';

/** What reading the identity of a bank's BMS gave. */
export interface IdentityReading {
  /** By the address of the BMS, in the order of the addresses: one in master and relay mode, all that answered in addressed. */
  identities: ReadonlyMap<number, BmsIdentity>;
  /** Why the others did not answer. */
  failures: readonly PackFailure[];
  /** Epoch ms, of the oldest exchange. */
  receivedAt: number;
  /** The sum over the exchanges, ms. */
  durationMs: number;
}
