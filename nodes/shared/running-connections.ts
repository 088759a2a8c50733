import type { ConnectionNode } from './connection-node.js';

/** The connections of the running flow, those of subflows among them. */
const running = new Set<ConnectionNode>();

/** Counts a connection among the running ones until it is closed. */
export function keepWhileRunning(node: ConnectionNode): void {
  running.add(node);
  node.on('close', () => running.delete(node));
}

const holdsLine = ({ bank }: ConnectionNode) => bank && ['connecting', 'open'].includes(bank.client.state.name);

/** The running connection that holds the line to `place`, or is opening it. */
export async function holderOf(place: string): Promise<ConnectionNode | undefined> {
  const holders = [...running].filter(holdsLine);
  const places = await Promise.all(holders.map((holder) => holder.place?.()));
  return holders.find((holder, i) => places[i] === place && holdsLine(holder));
}
