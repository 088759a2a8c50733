import assert from 'node:assert/strict';
import { runInThisContext } from 'node:vm';
import { type FlowNode, nodeOf, withNode } from './example-flows.js';

// biome-ignore lint/suspicious/noExplicitAny: payloads differ by node; the assertions know which
export type Message = Record<string, any>;
type Sent = Message | null | undefined;

/** A message that came to a node where the flow ends. */
export interface Arrived {
  name: string;
  msg: Message;
}

/**
 * The functions of an example without Node-RED, so that a test can hand them any message at any time. Messages go along
 * wires and links; nodes that are no functions pass
 * them on as they are, and a join node makes a list of one.
 */
export class FlowBench {
  /** What has come to the debug nodes. */
  readonly arrived: Arrived[] = [];
  #flow: readonly FlowNode[];
  readonly #contexts = new Map<string, Map<string, unknown>>();

  constructor(flow: readonly FlowNode[]) {
    this.#flow = flow;
    this.deploy();
  }

  /** Runs what the functions do at a deploy; what they remember survives it. */
  deploy(): void {
    for (const node of this.#flow) if (node.initialize) this.#call(node, String(node.initialize), {});
  }

  /** The node of that name. */
  node(name: string): FlowNode {
    return nodeOf(this.#flow, name);
  }

  /** Deploys the node of that name alone, with other properties. */
  change(name: string, changes: Partial<FlowNode>): void {
    this.#flow = withNode(this.#flow, name, changes);
  }

  /** Lets the node of that name send `msg` from one of its outputs. */
  send(name: string, msg: Message, output = 0): void {
    this.sendFrom(nodeOf(this.#flow, name).id, msg, output);
  }

  /** Lets the node of that id send `msg` from one of its outputs. */
  sendFrom(id: string, msg: Message, output = 0): void {
    this.#deliver(this.#flow.find((node) => node.id === id)?.wires?.[output] ?? [], msg);
  }

  /** What has come to the debug node of that name. */
  at(name: string): Message[] {
    return this.arrived.filter((arrived) => arrived.name === name).map(({ msg }) => msg);
  }

  #deliver(ids: readonly string[], msg: Message): void {
    for (const id of ids) {
      const node = this.#flow.find((candidate) => candidate.id === id);
      if (node && !node.d) this.#receive(node, structuredClone(msg));
    }
  }

  #receive(node: FlowNode, msg: Message): void {
    if (node.type === 'debug') this.arrived.push({ name: node.name ?? '', msg });
    else if (node.type === 'link out') this.#deliver(node.links ?? [], msg);
    else if (node.type === 'join') this.#deliver(node.wires?.[0] ?? [], { payload: [msg] });
    else if (node.type !== 'function') this.passOn(node, msg);
    else {
      const sent = this.#call(node, node.func ?? '', msg) as Sent | (Sent | Sent[])[];
      const outputs = Array.isArray(sent) ? sent : [sent];
      assert.ok(outputs.length <= (node.wires?.length ?? 0), `${node.name} sends from an output that it has not`);
      for (const [output, messages] of outputs.entries()) {
        for (const each of Array.isArray(messages) ? messages : [messages]) {
          if (each) this.#deliver(node.wires?.[output] ?? [], each);
        }
      }
    }
  }

  /** What a node does with a message that has no part of its own here. */
  protected passOn(node: FlowNode, msg: Message): void {
    this.sendFrom(node.id, msg);
  }

  #call(node: FlowNode, code: string, msg: Message): unknown {
    const memory = this.#contexts.get(node.id) ?? new Map<string, unknown>();
    this.#contexts.set(node.id, memory);
    const context = {
      get: (key: string) => structuredClone(memory.get(key)),
      set: (key: string, value: unknown) => memory.set(key, structuredClone(value)),
    };
    return runInThisContext(`(function (msg, context, node) {${code}\n})`)(msg, context, { status: () => {} });
  }
}
