import { settingError } from './properties.js';

/** By base topic and node, whose bank's states are told there. */
const owners = new Map<string, Map<string, string>>();

/**
 * Claims a base topic for a node that tells of the bank behind a connection.
 * @returns what gives it back.
 * @throws PaceError `CONFIG` when another bank's states are told there: Home Assistant would mix them up.
 */
export function claimTopic(topic: string, node: string, connection: string): () => void {
  const nodes = owners.get(topic) ?? new Map<string, string>();
  owners.set(topic, nodes);
  if ([...nodes.values()].some((other) => other !== connection)) {
    throw settingError('topic', `"${topic}" is that of another bank already: give each bank a topic of its own`);
  }
  nodes.set(node, connection);
  return () => nodes.delete(node);
}
