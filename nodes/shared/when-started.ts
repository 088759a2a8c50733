import type { NodeAPI } from 'node-red';

/** What waits for the flows; one listener serves all, since the emitter warns of many. */
const waiting = new Set<() => void>();

/** Calls once the flows run: before that no Catch node would see an error. @returns what ends the wait. */
export function whenStarted(RED: NodeAPI, call: () => void): () => void {
  if (waiting.size === 0) RED.events.once('flows:started', callAll);
  waiting.add(call);
  return () => {
    waiting.delete(call);
    if (waiting.size === 0) RED.events.removeListener('flows:started', callAll);
  };
}

function callAll(): void {
  const calls = [...waiting];
  waiting.clear();
  for (const call of calls) call();
}
