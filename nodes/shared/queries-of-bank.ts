import type { NodeAPI, NodeDef } from 'node-red';

interface Definition extends NodeDef {
  connection?: string;
  onlyChanges?: boolean | string;
  /** Set where the node is disabled. */
  d?: boolean;
  /** Set where the tab is disabled. */
  disabled?: boolean;
}

/** What was found in the flows that run, by connection and query. */
const found = new Map<string, boolean>();
let isListening = false;

/**
 * Tells whether the nodes that read `query` of a bank may be silent while nothing changes: where one sends only changes,
 * or where none is known, such as for messages that come from another Node-RED.
 */
export function mayBeSilent(RED: NodeAPI, connection: string, query: string): boolean {
  if (!isListening) {
    isListening = true; // one listener serves all nodes, since the emitter warns of many
    RED.events.once('flows:started', () => {
      isListening = false;
      found.clear();
    });
  }
  const key = `${connection} ${query}`;
  const known = found.get(key) ?? lookUp(RED, connection, query);
  found.set(key, known);
  return known;
}

function lookUp(RED: NodeAPI, connection: string, query: string): boolean {
  const all: Definition[] = [];
  RED.nodes.eachNode((definition) => all.push(definition as Definition));
  const disabled = all.filter(({ d, disabled: isOff }) => d || isOff).map(({ id }) => id);
  const isRunning = ({ id, z }: Definition) => !disabled.includes(id) && !disabled.includes(z ?? '');
  const reading = all.filter((node) => node.type === `pace-bms-${query}` && node.connection === connection);
  const running = reading.filter(isRunning);
  return running.length === 0 || running.some(({ onlyChanges }) => onlyChanges && onlyChanges !== 'false');
}
