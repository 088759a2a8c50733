import type { NodeAPI, NodeDef } from 'node-red';

interface QueryDefinition extends NodeDef {
  connection?: string;
  onlyChanges?: boolean | string;
  /** Set where the node is disabled. */
  d?: boolean;
}

/**
 * Tells whether the nodes that read `query` of a bank may be silent while nothing changes: where one sends only changes,
 * or where none is known, such as for messages that come from another Node-RED.
 */
export function mayBeSilent(RED: NodeAPI, connection: string, query: string): boolean {
  let isRegular = false;
  let sendsOnlyChanges = false;
  RED.nodes.eachNode((definition) => {
    const node = definition as QueryDefinition;
    if (node.type !== `pace-bms-${query}` || node.connection !== connection || node.d) return;
    isRegular = true;
    if (node.onlyChanges && node.onlyChanges !== 'false') sendsOnlyChanges = true;
  });
  return sendsOnlyChanges || !isRegular;
}
