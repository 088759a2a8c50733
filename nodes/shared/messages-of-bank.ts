import type { Node, NodeAPI, NodeDef, NodeMessageInFlow } from 'node-red';
import { asPaceError, PaceError } from '../../src/errors.js';
import type { ConnectionNode } from './connection-node.js';
import type { RawProperties } from './properties.js';
import { missingConnection, refuseToWork } from './refusal.js';

/** A message that may come from a query node. */
export type InputMessage = NodeMessageInFlow & { pace?: { connection?: string } };

/** Makes a node work that takes messages of the bank behind `connection`. @throws PaceError `CONFIG` */
type Run = (RED: NodeAPI, node: Node, properties: RawProperties, connection: ConnectionNode) => void;

/** Registers a node type that takes messages of one bank; without its connection, or with wrong properties, a node says so. */
export function registerNodeOfBank(RED: NodeAPI, type: string, run: Run): void {
  RED.nodes.registerType(type, function (this: Node, definition: NodeDef & { connection: string }): void {
    RED.nodes.createNode(this, definition);
    const connection = RED.nodes.getNode(definition.connection) as ConnectionNode | null;
    try {
      if (!connection) throw missingConnection(definition.connection);
      run(RED, this, definition as unknown as RawProperties, connection);
    } catch (thrown) {
      const origin = { connection: definition.connection ?? '', connectionName: connection?.name ?? '' };
      refuseToWork(RED, this, asPaceError(thrown, 'CONFIG'), origin);
    }
  });
}

/** @throws PaceError `CONFIG` when the message tells of another bank. */
export function checkConnection({ pace }: InputMessage, { id, name }: ConnectionNode): void {
  if (pace?.connection === undefined || pace.connection === id) return;
  const text = `this message comes from another connection than ${name || id}: use a node of its own for each bank`;
  throw new PaceError('CONFIG', text, { badge: 'message of another bank' });
}
