import type { NodeAPI } from 'node-red';
import type { RawProperties } from './properties.js';
import { runningConnections } from './running-connections.js';

/** A value that is nothing but the name of a variable, in the two ways that Node-RED knows. */
const VARIABLE = /^\$(?:\{(\S+)\}|\((\S+)\))$/;

/** Properties as they would be after a deploy: the variables that are set replaced. */
export function withEnvironment(RED: NodeAPI, raw: RawProperties): RawProperties {
  const replaced = (value: unknown) => {
    const [, inBraces, inBrackets] = (typeof value === 'string' && VARIABLE.exec(value)) || [];
    const name = inBraces ?? inBrackets;
    return name === undefined ? value : (variableOf(RED, name, raw.id) ?? value);
  };
  return Object.fromEntries(Object.entries(raw).map(([property, value]) => [property, replaced(value)]));
}

/** As the node with this id sees a variable, or else a connection of no particular flow. */
function variableOf(RED: NodeAPI, name: string, id: unknown): unknown {
  const deployed = typeof id === 'string' ? RED.nodes.getNode(id) : null;
  const node = deployed ?? runningConnections().find(({ z }) => !z);
  if (node) return RED.util.getSetting(node, name);
  const { envVarExcludes = [] } = RED.settings as { envVarExcludes?: readonly string[] };
  return envVarExcludes.includes(name) ? undefined : process.env[name];
}
