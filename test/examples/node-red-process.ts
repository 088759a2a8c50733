import { type ChildProcess, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, type ProjectCopy, root } from './project-copy.js';

/** A message that a node received. */
export interface Received {
  id: string;
  type: string;
  name: string;
  topic?: string;
  // biome-ignore lint/suspicious/noExplicitAny: payloads differ by node; the assertions know which
  payload: any;
  error?: { message: string };
  pace?: { error?: { code: string } };
  [property: string]: unknown;
}

interface Logged {
  level: number;
  type?: string;
  name?: string;
  text: string;
}

const LEVEL_ERROR = 20;

/** A Node-RED of its own process, running a flow with the package of a project copy. */
export class NodeRedProcess {
  readonly url: string;
  readonly received: Received[] = [];
  readonly #child: ChildProcess;
  readonly #userDir: string;
  readonly #logged: Logged[] = [];
  /** Emits `news` at every message and at the end of the process. */
  readonly #events = new EventEmitter();

  private constructor(child: ChildProcess, userDir: string, port: number) {
    this.#child = child;
    this.#userDir = userDir;
    this.url = `http://127.0.0.1:${port}/`;
    child.on('message', (message: { received?: Received; logged?: Logged }) => {
      if (message.received) this.received.push(message.received);
      if (message.logged) this.#logged.push(message.logged);
      this.#events.emit('news');
    });
    child.once('exit', () => this.#events.emit('news'));
  }

  /** Starts Node-RED and waits until it serves. */
  static async start(project: ProjectCopy, flow: readonly object[]): Promise<NodeRedProcess> {
    const userDir = await mkdtemp(join(tmpdir(), 'pace-bms-test-'));
    const modules = join(userDir, 'node_modules');
    await mkdir(modules);
    await symlink(project.folder, join(modules, 'node-red-contrib-pace-bms'), 'junction');
    await writeFile(join(userDir, 'flows.json'), JSON.stringify(flow));
    const port = await freePort();
    const program = join(root, 'node_modules', 'node-red', 'red.js');
    const child = spawn(process.execPath, [program, '-u', userDir, '-s', join(__dirname, 'settings.cjs')], {
      cwd: userDir,
      env: { ...process.env, PORT: String(port) },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    const nodeRed = new NodeRedProcess(child, userDir, port);
    await nodeRed.#next(() => nodeRed.#logged.find(({ text }) => text.includes(nodeRed.url)));
    return nodeRed;
  }

  /** What was logged as an error. */
  get errors(): readonly Logged[] {
    return this.#logged.filter(({ level }) => level <= LEVEL_ERROR);
  }

  /** Waits for a received message that `fits`, looking at those that came too, from the `from`-th on. */
  receives(fits: (received: Received) => boolean, from = 0): Promise<Received> {
    return this.#next(() => this.received.slice(from).find(fits));
  }

  /** Ends Node-RED as Ctrl-C does. */
  async stop(): Promise<void> {
    if (!this.#hasEnded) {
      const ended = once(this.#child, 'exit');
      this.#child.kill('SIGINT');
      await ended;
    }
    await rm(this.#userDir, { recursive: true, force: true, maxRetries: 5 });
  }

  get #hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** Waits until a message from the process makes `find` find something. */
  async #next<T>(find: () => T | undefined): Promise<T> {
    for (;;) {
      const found = find();
      if (found !== undefined) return found;
      if (this.#hasEnded) throw new Error(`Node-RED has ended with ${this.#child.exitCode}`);
      await once(this.#events, 'news');
    }
  }
}
