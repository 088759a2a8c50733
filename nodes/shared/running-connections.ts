import type { ConnectionNode } from './connection-node.js';

/** The connections of the running flow, those of subflows among them. */
const running = new Set<ConnectionNode>();

/** Counts a connection among the running ones until it is closed. */
export function keepWhileRunning(node: ConnectionNode): void {
  running.add(node);
  node.on('close', () => running.delete(node));
}

/** The running connections, in the order of their start. */
export const runningConnections = (): readonly ConnectionNode[] => [...running];

/** The running connection that holds the line to `place`, or is opening it. */
export function holderOf(place: string): ConnectionNode | undefined {
  return runningConnections().find(({ bank, place: ownPlace }) => {
    return bank && ownPlace?.() === place && ['connecting', 'open'].includes(bank.client.state.name);
  });
}
