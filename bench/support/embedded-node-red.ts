import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Node, NodeAPI } from 'node-red';

import nodeRed = require('node-red');

import type { Flow } from './node-red.js';

/** What of the runtime its types do not tell. */
interface Runtime {
  init(server: unknown, settings: object): void;
  start(): Promise<void>;
  stop(): Promise<void>;
  events: NodeJS.EventEmitter;
  util: unknown;
  nodes: {
    createNode(node: Node, definition: object): void;
    getNode(id: string): Node | null;
    registerType(module: string, type: string, make: (this: Node, definition: object) => void): void;
    setFlows(flow: Flow): Promise<void>;
  };
}
const runtime = nodeRed as unknown as Runtime;

/** A Node-RED inside this process, to look into what its nodes do. */
export class EmbeddedNodeRed {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** Starts it with core nodes and those that `types` register. */
  static async start(types: readonly ((RED: NodeAPI) => void)[]): Promise<EmbeddedNodeRed> {
    const folder = await mkdtemp(join(tmpdir(), 'pace-bms-bench-'));
    const logging = { console: { level: 'error' } };
    const settings = { userDir: folder, httpAdminRoot: false, httpNodeRoot: false, logging, editorTheme: {} };
    runtime.init(createServer(), settings);
    const started = once(runtime.events, 'flows:started');
    await runtime.start();
    await started;
    for (const type of types) type(runtime as unknown as NodeAPI);
    return new EmbeddedNodeRed(folder);
  }

  /** Registers a node type of the benchmark's own. */
  register(type: string, onMade: (node: Node) => void): void {
    runtime.nodes.registerType('bench', type, function (definition) {
      runtime.nodes.createNode(this, definition);
      onMade(this);
    });
  }

  /** Runs a flow instead of the one before. */
  async deploy(flow: Flow): Promise<void> {
    const started = once(runtime.events, 'flows:started');
    await runtime.nodes.setFlows(flow);
    await started;
  }

  node(id: string): Node {
    return runtime.nodes.getNode(id) as Node;
  }

  async stop(): Promise<void> {
    await runtime.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
