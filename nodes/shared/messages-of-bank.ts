import type { NodeMessageInFlow } from 'node-red';
import { PaceError } from '../../src/errors.js';
import type { ConnectionNode } from './connection-node.js';

/** A message that may come from a query node. */
export type InputMessage = NodeMessageInFlow & { pace?: { connection?: string } };

/** @throws PaceError `CONFIG` when the message tells of another bank. */
export function checkConnection({ pace }: InputMessage, { id, name }: ConnectionNode): void {
  if (pace?.connection === undefined || pace.connection === id) return;
  const text = `this message comes from another connection than ${name || id}: use a node of its own for each bank`;
  throw new PaceError('CONFIG', text, { badge: 'message of another bank' });
}
