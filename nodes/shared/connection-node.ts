import type { Node } from 'node-red';
import type { PaceError } from '../../src/errors.js';
import type { SharedClient } from './shared-client.js';

/** A pace-bms-connection node at run time: it has a bank, or the error that keeps it from having one. */
export interface ConnectionNode extends Node {
  bank?: SharedClient;
  /** The name of the protocol it speaks. */
  dialect?: string;
  configError?: PaceError;
  /** Where its line leads now; absent where no other can lead there. */
  place?: (() => Promise<string>) | undefined;
}
