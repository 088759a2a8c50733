import type { Node, NodeAPI } from 'node-red';
import type { RawProperties } from './properties.js';

/** A value that is nothing but the name of a variable, in the two ways that Node-RED knows. */
const VARIABLE = /^\$(?:\{(\S+)\}|\((\S+)\))$/;

/** What runs of a tab or a subflow, or what is around all of them. */
interface Flow {
  getSetting(name: string): unknown;
}
/** A deployed node knows its flow, which its type does not tell. */
type Deployed = Node & { _flow?: Flow };

/** Properties as they would be after a deploy to the same place: the variables that are set replaced. */
export function withEnvironment(RED: NodeAPI, raw: RawProperties): RawProperties {
  const replaced = (value: unknown) => {
    const [, inBraces, inBrackets] = (typeof value === 'string' && VARIABLE.exec(value)) || [];
    const name = inBraces ?? inBrackets;
    return name === undefined ? value : (variableOf(RED, name, raw) ?? value);
  };
  return Object.fromEntries(Object.entries(raw).map(([property, value]) => [property, replaced(value)]));
}

/** A variable as the node sees it that is deployed with this id, or else any in its tab or subflow, or in none. */
function variableOf(RED: NodeAPI, name: string, { id, z }: RawProperties): unknown {
  const deployed = typeof id === 'string' ? RED.nodes.getNode(id) : null;
  if (deployed) return RED.util.getSetting(deployed, name);
  const flow = (typeof z === 'string' && z !== '' && flowOf(RED, z)) || flowOf(RED, '');
  // Asked of the flow, since a node in it may be in a group with variables of its own.
  if (flow) return flow.getSetting(name);
  const { envVarExcludes = [] } = RED.settings as { envVarExcludes?: readonly string[] };
  return envVarExcludes.includes(name) ? undefined : process.env[name];
}

/** The running tab `z`, an instance of the subflow `z`, or where `z` is blank what is around all of them. */
function flowOf(RED: NodeAPI, z: string): Flow | undefined {
  const ids: string[] = [];
  RED.nodes.eachNode((node) => {
    if ((node.z ?? '') === z || (z !== '' && node.type === `subflow:${z}`)) ids.push(node.id);
  });
  for (const id of ids) {
    const flow = (RED.nodes.getNode(id) as Deployed | null)?._flow;
    if (flow) return flow;
  }
  return undefined;
}
