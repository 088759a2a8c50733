import helper from 'node-red-node-test-helper';
import type { ConnectionNode } from '../../nodes/shared/connection-node.js';
import type { LineReport } from '../../src/link/statistics.js';
import { flowOf } from '../nodes/kit/flow.js';
import { Inbox, loadFlow, type Message, nodeOf } from '../support/node-red.js';
import type { SoakBank } from './banks.js';
import type { SoakLine } from './soak-line.js';

const SPACING_MS = 4;
const RETRIES = 2;

/** Calls with all that arrives at an inbox of the flow, and lets it keep nothing. */
export function onArrival(id: string, take: (message: Message) => void): void {
  const { messages } = new Inbox(id);
  nodeOf(id).on('input', (_message, _send, done) => {
    for (const message of messages.splice(0)) take(message);
    done();
  });
}

/** Loads the flow that asks all banks through their lines. */
export async function loadSoakFlow(lines: ReadonlyMap<SoakBank, SoakLine>): Promise<void> {
  const connections = [...lines].map(([{ name, connectionId, connection, timeoutMs }, line]) => ({
    id: connectionId,
    type: 'pace-bms-connection',
    name,
    ...connection,
    ...line.properties,
    timeout: timeoutMs,
    spacing: SPACING_MS,
    retries: RETRIES,
  }));
  const queries = [...lines.keys()].flatMap((bank) => bank.queries);
  await loadFlow(flowOf(null, queries, connections));
  stopSpying([...queries.map(({ id }) => id), 'complete', 'catch']);
}

/** The test helper keeps every call of every node for ever: here it must not. Nodes with wires keep `send` themselves. */
function stopSpying(ids: readonly string[]): void {
  (helper as unknown as { _sandbox: { restore(): void } })._sandbox.restore();
  for (const node of ids.map(nodeOf)) node.send = Object.getPrototypeOf(node).send;
}

/** What a bank's connection has done. */
export function reportOf({ name, connectionId }: SoakBank): LineReport {
  const { bank } = nodeOf(connectionId) as unknown as ConnectionNode;
  if (!bank) throw new Error(`the connection ${name} has no bank`);
  return bank.client.report;
}
