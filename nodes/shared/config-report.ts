import type { Node, NodeAPI, NodeMessage } from 'node-red';
import type { PaceError } from '../../src/errors.js';

/** Tells a configuration error once the flows run: before that no Catch node would see it. @returns what ends the wait. */
export function reportWhenStarted(RED: NodeAPI, node: Node, error: PaceError, message: NodeMessage): () => void {
  const report = () => node.error(error, message);
  RED.events.once('flows:started', report);
  return () => RED.events.removeListener('flows:started', report);
}
