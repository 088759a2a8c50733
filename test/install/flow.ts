/** A node of a flow file. */
export interface FlowNode {
  id: string;
  type: string;
  /** Disabled. */
  d?: boolean;
  interval?: string | number;
  wires?: string[][];
  links?: string[];
  [property: string]: unknown;
}

/** What a flow file holds besides nodes. */
const NO_NODES = /^(tab|group|junction|global-config|subflow(:.*)?)$/;

const isOurs = ({ type }: FlowNode) => type.startsWith('pace-bms-');

/** The types of the nodes in a flow. */
export function typesIn(flow: readonly FlowNode[]): string[] {
  return [...new Set(flow.map(({ type }) => type))].filter((type) => !NO_NODES.test(type));
}

/** Our nodes that have something to send to. */
export function sendersIn(flow: readonly FlowNode[]): FlowNode[] {
  return flow.filter((node) => isOurs(node) && !node.d && node.wires?.flat().length);
}

/** The buttons to press for all our nodes to send: the first that leads to each of those that do not poll by themselves. */
export function buttonsIn(flow: readonly FlowNode[]): string[] {
  const injects = flow.filter(({ type, d }) => type === 'inject' && !d);
  const waiting = sendersIn(flow).filter(({ interval }) => !(Number(interval) > 0));
  const buttons = waiting.map(({ id }) => injects.find((inject) => reachedFrom(inject, flow).has(id))?.id);
  return [...new Set(buttons.filter((id) => id !== undefined))];
}

/** The ids of the nodes that something from `start` can come to. */
function reachedFrom(start: FlowNode, flow: readonly FlowNode[]): Set<string> {
  const reached = new Set<string>();
  const nodes = [start];
  for (const { type, wires = [], links = [] } of nodes) {
    for (const id of [...wires.flat(), ...(type === 'link out' ? links : [])]) {
      const node = flow.find((candidate) => candidate.id === id);
      if (!node || reached.has(id)) continue;
      reached.add(id);
      nodes.push(node);
    }
  }
  return reached;
}

/**
 * The flow with its MQTT brokers where nobody listens: one that this machine may run is somebody's, and is not to hear
 * of simulated batteries.
 */
export function withoutBrokers(flow: readonly FlowNode[]): FlowNode[] {
  return flow.map((node) => (node.type === 'mqtt-broker' ? { ...node, broker: '127.0.0.1', port: '1' } : node));
}
