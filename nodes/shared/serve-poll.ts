import type { NodeAPI } from 'node-red';
import { isPollingType } from './polling-node.js';
import type { AskingNode } from './refusal.js';

/** Lets those who may write make a node read now: `POST pace-bms/nodes/<id>/poll`. */
export function servePoll(RED: NodeAPI): void {
  const mayWrite = RED.auth.needsPermission('pace-bms.write');
  RED.httpAdmin.post('/pace-bms/nodes/:id/poll', mayWrite, (request, response) => {
    const node = RED.nodes.getNode(request.params.id as string) as AskingNode | null;
    if (!node || !isPollingType(node.type)) {
      response.status(404).json({ error: `no deployed node that reads has the id ${request.params.id}` });
      return;
    }
    const hindrance = node.hindrance?.();
    if (hindrance) {
      response.status(409).json({ error: hindrance.message });
    } else {
      node.receive();
      response.status(204).end();
    }
  });
}
