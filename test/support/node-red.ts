import { once } from 'node:events';
import type { Node, NodeMessage } from 'node-red';
import helper from 'node-red-node-test-helper';

import analog = require('../../nodes/pace-bms-analog.js');
import connection = require('../../nodes/pace-bms-connection.js');
import status = require('../../nodes/pace-bms-status.js');
import warning = require('../../nodes/pace-bms-warning.js');

/** A message as the nodes send it. */
export type Message = NodeMessage & {
  // biome-ignore lint/suspicious/noExplicitAny: payloads differ by query and shape; the assertions know which
  payload: any;
  topic: string;
  // biome-ignore lint/suspicious/noExplicitAny: as above
  [key: string]: any;
};

helper.init(require.resolve(process.env.NODE_RED ?? 'node-red'));

/** Starts the runtime that the flows of a test file run in. */
export const startRuntime = (): Promise<void> => helper.startServer() as unknown as Promise<void>;
export const stopRuntime = (): Promise<void> => helper.stopServer() as unknown as Promise<void>;
export const unloadFlow = (): Promise<void> => helper.unload() as unknown as Promise<void>;

/** Loads a flow with the package's nodes into the runtime. */
export async function loadFlow(flow: object[]): Promise<void> {
  await helper.load([connection, analog, warning, status], flow as never);
}

export const nodeOf = (id: string): Node => helper.getNode(id) as unknown as Node;

/** Collects what arrives at a helper node. */
export class Inbox {
  readonly messages: Message[] = [];
  readonly #node: Node;

  constructor(id: string) {
    this.#node = nodeOf(id);
    this.#node.on('input', (message, _send, done) => {
      this.messages.push(message as Message);
      done();
    });
  }

  /** Waits until `count` messages have come in all. */
  async has(count: number): Promise<Message[]> {
    while (this.messages.length < count) await once(this.#node, 'input');
    return this.messages;
  }

  /** Waits for a message that `fits`, looking at those that came too. */
  async find(fits: (message: Message) => boolean): Promise<Message> {
    for (;;) {
      const found = this.messages.find(fits);
      if (found) return found;
      await once(this.#node, 'input');
    }
  }
}

/** Waits for a node's status that `fits`, looking at those it had too. */
export async function statusOf(id: string, fits: (status: { fill: string; shape: string; text: string }) => boolean) {
  const node = nodeOf(id) as Node & { status: { args: [{ fill: string; shape: string; text: string }][] } };
  for (;;) {
    const found = node.status.args.map(([status]) => status).find(fits);
    if (found) return found;
    await once(node, 'call:status');
  }
}
