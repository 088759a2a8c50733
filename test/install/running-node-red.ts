import type { ChildProcess } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { join } from 'node:path';
import { freePort } from '../examples/project-copy.js';
import type { FlowNode } from './flow.js';
import { hasEnded, startProgram, stopProgram } from './programs.js';
import type { UserDir } from './user-dir.js';

interface Logged {
  level: number;
  type?: string;
  name?: string;
  text: string;
}

/** What settings.cjs tells. */
interface News {
  receivedFrom?: string;
  flowsStarted?: true;
  logged?: Logged;
}

/** What Node-RED tells of a file with nodes. */
interface NodeSet {
  module: string;
  name: string;
  types: string[];
  enabled: boolean;
  err?: unknown;
}

const LEVEL_ERROR = 20;
const PATIENCE_MS = 30_000;

/** A Node-RED that runs with what is installed in a user's folder, used as the editor uses it. */
export class RunningNodeRed {
  readonly #url: string;
  readonly #child: ChildProcess;
  #logged: Logged[] = [];
  #receivedFrom = new Set<string>();
  #starts = 0;
  /** Emits `news` at whatever the process tells, and at its end. */
  readonly #events = new EventEmitter();

  private constructor(child: ChildProcess, port: number) {
    this.#child = child;
    this.#url = `http://127.0.0.1:${port}/`;
    child.on('message', ({ receivedFrom, flowsStarted, logged }: News) => {
      if (receivedFrom) this.#receivedFrom.add(receivedFrom);
      if (flowsStarted) this.#starts++;
      if (logged) this.#logged.push(logged);
      this.#events.emit('news');
    });
    child.once('exit', () => this.#events.emit('news'));
  }

  /** Starts Node-RED and waits until it serves the editor and runs the flows. */
  static async start({ nodeRed, folder, coreNodes }: UserDir): Promise<RunningNodeRed> {
    const port = await freePort();
    const program = join(nodeRed.modules, 'node-red', 'red.js');
    const child = startProgram(nodeRed.node, [program, '-u', folder, '-s', join(__dirname, 'settings.cjs')], {
      cwd: folder,
      env: { ...process.env, PORT: String(port), CORE_NODES: coreNodes },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    const started = new RunningNodeRed(child, port);
    try {
      const serves = () => started.#logged.some(({ text }) => text.includes(started.#url));
      await started.until(
        () => serves() && started.#starts > 0,
        () => 'Node-RED does not start',
      );
    } catch (thrown) {
      await started.stop();
      throw thrown;
    }
    return started;
  }

  /** What was logged as an error since the last deploy. */
  get errors(): readonly Logged[] {
    return this.#logged.filter(({ level }) => level <= LEVEL_ERROR);
  }

  /** Whether a node received something from the node `id` since the last deploy, of a battery that answers. */
  hasHeardFrom(id: string): boolean {
    return this.#receivedFrom.has(id);
  }

  async nodeSets(): Promise<NodeSet[]> {
    return JSON.parse(await this.get('nodes'));
  }

  /** What it answers to the editor's request. @throws Error when it refuses. */
  async get(path: string, accept = 'application/json'): Promise<string> {
    return (await this.#fetch(path, { headers: { accept } })).text();
  }

  /** Replaces all flows by `flow` and waits until it runs. */
  async deploy(flow: readonly FlowNode[]): Promise<void> {
    const starts = this.#starts;
    this.#logged = [];
    this.#receivedFrom = new Set();
    const headers = { 'content-type': 'application/json', 'Node-RED-Deployment-Type': 'full' };
    await this.#fetch('flows', { method: 'POST', headers, body: JSON.stringify(flow) });
    await this.until(
      () => this.#starts > starts,
      () => 'the flow does not start',
    );
  }

  /** Presses an inject node's button. */
  async press(id: string): Promise<void> {
    await this.#fetch(`inject/${id}`, { method: 'POST' });
  }

  /** Waits for what `isSo` tells. @throws Error with the complaint when it takes too long. */
  async until(isSo: () => boolean, complaint: () => string): Promise<void> {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    while (!isSo()) {
      if (hasEnded(this.#child)) throw new Error(`Node-RED has ended; ${this.#log}`);
      await once(this.#events, 'news', { signal }).catch(() => {
        throw new Error(`${complaint()}; ${this.#log}`);
      });
    }
  }

  stop(): Promise<void> {
    return stopProgram(this.#child);
  }

  get #log(): string {
    return ['it logged:', ...this.#logged.map(({ type = '', name = '', text }) => `${type} ${name} ${text}`)].join(
      '\n',
    );
  }

  async #fetch(path: string, options: RequestInit): Promise<Response> {
    const response = await fetch(`${this.#url}${path}`, options);
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response;
  }
}
