import { EventEmitter, once } from 'node:events';
import { dirname } from 'node:path';
import type { Node, NodeAPI, NodeDef, NodeMessage } from 'node-red';
import helper from 'node-red-node-test-helper';

import analog = require('../../nodes/pace-bms-analog.js');
import connection = require('../../nodes/pace-bms-connection.js');
import homeAssistant = require('../../nodes/pace-bms-homeassistant.js');
import info = require('../../nodes/pace-bms-info.js');
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

const runtime = require.resolve(process.env.NODE_RED ?? 'node-red');
helper.init(runtime);

/** What registers node types with a runtime. */
type NodeTypes = (RED: NodeAPI) => void;

/** Types that the runtime itself brings, such as those of `network/10-mqtt.js`. */
export const coreNodes = (path: string): NodeTypes =>
  require(require.resolve(`@node-red/nodes/core/${path}`, { paths: [dirname(runtime)] }));

/** Starts the runtime that the flows of a test file run in. */
export const startRuntime = (): Promise<void> => helper.startServer() as unknown as Promise<void>;
export const stopRuntime = (): Promise<void> => helper.stopServer() as unknown as Promise<void>;
export const unloadFlow = (): Promise<void> => helper.unload() as unknown as Promise<void>;

/** Settings of the runtime, as in a `settings.js`, for the flows loaded from now on. */
export const applySettings = (settings: object): void => {
  helper.settings(settings as never);
};

/** Loads a flow with the package's nodes, and with `modules`, into the runtime; `credentials` are by node id. */
export async function loadFlow(
  flow: object[],
  { modules = [], credentials = {} }: { modules?: NodeTypes[]; credentials?: object } = {},
): Promise<void> {
  const nodes = [connection, analog, warning, status, info, homeAssistant, inbox, ...modules];
  await helper.load(nodes, flow as never, credentials as never);
}

/** Deploys a changed flow: all of it, or only the nodes that changed. */
export async function redeploy(flow: object[], type: 'full' | 'flows' | 'nodes'): Promise<void> {
  await helper.setFlows(flow as never, type);
}

export const nodeOf = (id: string): Node => helper.getNode(id) as unknown as Node;

/** A test that waits longer than this for something has failed, ms. */
const LONGEST_WAIT_MS = 8000;
/** Tells of every message that arrives at any inbox. */
const arrivals = new EventEmitter().setMaxListeners(0);

/** Waits until `look` finds something, looking anew at every event `name` of `source`. @throws Error after long. */
async function wait<T>(source: EventEmitter, name: string, look: () => T | undefined, what: string): Promise<T> {
  const signal = AbortSignal.timeout(LONGEST_WAIT_MS);
  for (;;) {
    const found = look();
    if (found !== undefined) return found;
    await once(source, name, { signal }).catch((cause) => {
      throw new Error(`${what}: not in ${LONGEST_WAIT_MS} ms`, { cause });
    });
  }
}

/** Keeps what arrives at a node in `messages`. */
function keep(node: Node, messages: Message[]): Message[] {
  node.on('input', (message, _send, done) => {
    messages.push(message as Message);
    arrivals.emit('message');
    done();
  });
  return messages;
}

const keptFromStart = new WeakMap<Node, Message[]>();

/** The node type `inbox`: unlike `helper` it keeps what arrives while the flow is still being started. */
function inbox(RED: NodeAPI): void {
  RED.nodes.registerType('inbox', function (this: Node, definition: NodeDef) {
    RED.nodes.createNode(this, definition);
    keptFromStart.set(this, keep(this, []));
  });
}

/** Collects what arrives at a helper or inbox node. */
export class Inbox {
  readonly messages: Message[];
  readonly #id: string;

  constructor(id: string) {
    this.#id = id;
    const node = nodeOf(id);
    this.messages = keptFromStart.get(node) ?? keep(node, []);
  }

  /** Waits until `count` messages have come in all. */
  has(count: number): Promise<Message[]> {
    const look = () => (this.messages.length >= count ? this.messages : undefined);
    return wait(arrivals, 'message', look, `${this.#id}: ${count} messages`);
  }

  /** Waits for a message that `fits`, looking at those that came too. */
  find(fits: (message: Message) => boolean): Promise<Message> {
    return wait(arrivals, 'message', () => this.messages.find(fits), `${this.#id}: a message`);
  }

  /** Waits until `count` messages have come at several places in all. */
  static async any(inboxes: readonly Inbox[], count: number): Promise<void> {
    const come = () => inboxes.reduce((total, { messages }) => total + messages.length, 0);
    await wait(arrivals, 'message', () => (come() >= count ? true : undefined), `${count} messages`);
  }
}

/** What a node shows in the editor. */
export interface ShownStatus {
  fill: string;
  shape: string;
  text: string;
}

/** All that a node has shown so far, the last at the end. */
export function statusesOf(id: string): ShownStatus[] {
  const node = nodeOf(id) as Node & { status: { args: [ShownStatus][]; thisValues: Node[] } };
  return node.status.args.filter((_, i) => node.status.thisValues[i]?.id === id).map(([status]) => status);
}

/** Waits for a node's status that `fits`, looking at those it had too. */
export function statusOf(id: string, fits: (status: ShownStatus) => boolean): Promise<ShownStatus> {
  return wait(nodeOf(id), 'call:status', () => statusesOf(id).find(fits), `${id}: status`);
}
