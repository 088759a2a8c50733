import type { NodeAPI } from 'node-red';

/** Calls once the flows run: before that no Catch node would see an error. @returns what ends the wait. */
export function whenStarted(RED: NodeAPI, call: () => void): () => void {
  RED.events.once('flows:started', call);
  return () => RED.events.removeListener('flows:started', call);
}
