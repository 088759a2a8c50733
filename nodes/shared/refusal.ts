import type { Node, NodeAPI } from 'node-red';
import { asPaceError, PaceError } from '../../src/errors.js';
import { errorStatus } from '../../src/polling/node-status.js';
import { errorFacts, failing } from './node-messages.js';
import { parseProperties, text } from './properties.js';
import { whenStarted } from './when-started.js';

/** Why there is no connection where `property` should name one. */
export function missingConnection(property: unknown): PaceError {
  const advice = 'no connection is set, or it is missing or disabled: open the node and choose one';
  try {
    parseProperties({ connection: property }, { connection: text('') });
    return new PaceError('CONFIG', advice, { badge: 'connection missing' });
  } catch (thrown) {
    return asPaceError(thrown, 'CONFIG'); // names a variable that is not set
  }
}

/** A node that asks a bank, at run time. */
export interface AskingNode extends Node {
  /** Why an input would be in vain now; null where it would not. */
  hindrance?(): PaceError | null;
}

/** A node that cannot work says why: once by itself, and to every input. */
export function refuseToWork(RED: NodeAPI, node: AskingNode, error: PaceError, origin: object): void {
  const pace = { ...origin, error: errorFacts(error) };
  node.status(errorStatus(error.badge));
  node.hindrance = () => error;
  node.on('input', (message, _send, done) => done(failing(message, error, pace)));
  const stopWaiting = whenStarted(RED, () => node.error(error, { pace }));
  node.on('close', () => stopWaiting());
}
