import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NodeRedProcess } from './node-red-process.js';
import { root } from './project-copy.js';

/** A node of an example. */
export interface FlowNode {
  id: string;
  type: string;
  /** Disabled. */
  d?: boolean;
  z?: string;
  g?: string;
  name?: string;
  info?: string;
  func?: string;
  x?: number;
  y?: number;
  wires?: string[][];
  links?: string[];
  scope?: string[] | null;
  nodes?: string[];
  [property: string]: unknown;
}

/** The files of all examples. */
export const files = readdirSync(join(root, 'examples')).filter((file) => file.endsWith('.json'));

export const load = (file: string): FlowNode[] => JSON.parse(readFileSync(join(root, 'examples', file), 'utf8'));

export function nodeOf(flow: readonly FlowNode[], name: string): FlowNode {
  const node = flow.find((candidate) => candidate.name === name);
  assert.ok(node, `no node is called ${name}`);
  return node;
}

/** The flow with other properties of the node of that name. */
export function withNode(flow: readonly FlowNode[], name: string, changes: Partial<FlowNode>): FlowNode[] {
  const { id } = nodeOf(flow, name);
  return flow.map((node) => (node.id === id ? { ...node, ...changes } : node));
}

/** The flow with other values of constants at the top of a function node. */
export function withConstants(flow: readonly FlowNode[], name: string, values: Record<string, unknown>): FlowNode[] {
  let func = nodeOf(flow, name).func ?? '';
  for (const [constant, value] of Object.entries(values)) {
    const declaration = new RegExp(`^const ${constant} = .*;$`, 'm');
    assert.match(func, declaration);
    func = func.replace(declaration, `const ${constant} = ${JSON.stringify(value)};`);
  }
  return withNode(flow, name, { func });
}

/** The flow with other properties of its connection. */
export const withConnection = (flow: readonly FlowNode[], changes: Partial<FlowNode>): FlowNode[] =>
  flow.map((node) => (node.type === 'pace-bms-connection' ? { ...node, ...changes } : node));

/** The flow with other properties of its query nodes. */
export const withQueries = (flow: readonly FlowNode[], changes: Partial<FlowNode>): FlowNode[] =>
  flow.map((node) => ('staleAfter' in node ? { ...node, ...changes } : node));

/** Presses an inject node's button. */
export async function press(nodeRed: NodeRedProcess, flow: readonly FlowNode[], name: string): Promise<void> {
  const { ok } = await fetch(`${nodeRed.url}inject/${nodeOf(flow, name).id}`, { method: 'POST' });
  assert.ok(ok);
}
