import type { NodeAPI } from 'node-red';
import type { LineReport } from '../../src/link/statistics.js';
import type { ConnectionNode } from './connection-node.js';

/** Lets those who may read see how each connection does: `GET pace-bms/connections/<id>/statistics`. */
export function serveStatistics(RED: NodeAPI, type: string): void {
  const mayRead = RED.auth.needsPermission('pace-bms.read');
  RED.httpAdmin.get('/pace-bms/connections/:id/statistics', mayRead, (request, response) => {
    const node = RED.nodes.getNode(request.params.id as string) as ConnectionNode | null;
    if (node?.type === type) response.json({ id: node.id, name: node.name ?? '', ...statisticsOf(node) });
    else response.status(404).json({ error: `no deployed connection has the id ${request.params.id}` });
  });
}

/** Of a connection with wrong settings there is only the error. */
function statisticsOf({ bank, configError }: ConnectionNode): object {
  return bank ? asStatistics(bank.client.report) : { state: 'error', error: configError?.message };
}

/** A line's report in the units that people read. */
function asStatistics({ state, lastGoodAgeMs, ...report }: LineReport): object {
  return {
    state: state.name,
    ...(state.name === 'backoff' ? { error: state.error.message } : {}),
    ...report,
    lastGoodAgeSeconds: lastGoodAgeMs === null ? null : Math.round(lastGoodAgeMs / 100) / 10,
  };
}
