import { type ChildProcess, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { freePort } from '../../test/examples/project-copy.js';

const ROOT = join(__dirname, '..', '..');
const PROGRAM = resolve(require.resolve('node-red'), '..', '..', 'red.js');
const PATIENCE_MS = 300_000;

/** What Node-RED finds in its folder. */
const MODULES = [
  ['node-red-contrib-pace-bms', ROOT],
  ['node-red-pace-bms-bench', join(ROOT, 'bench', 'node-red')],
] as const;

const SETTINGS = {
  flowFile: 'flows.json',
  uiHost: '127.0.0.1',
  credentialSecret: 'bench',
  telemetry: { enabled: false, updateNotification: false },
  externalModules: { palette: { allowInstall: false, allowUpload: false } },
};

/** What happens in Node-RED, each with its time, ms. */
type Happening = 'flows started' | 'first message';
/** A flow, as in a flow file. */
export type Flow = readonly Record<string, unknown>[];

/** The time that all processes of the machine share, ms. */
export const now = (): number => performance.timeOrigin + performance.now();

/** Node-RED as people start it, with the built package and the benchmark's inbox. */
export class BenchNodeRed {
  /** When it was started, ms. */
  startedAt = 0;
  readonly #folder: string;
  readonly #port: number;
  readonly #news = new EventEmitter();
  #child: ChildProcess | undefined;

  private constructor(folder: string, port: number) {
    this.#folder = folder;
    this.#port = port;
  }

  /** Makes its folder; it does not run yet. */
  static async prepare(flow: Flow): Promise<BenchNodeRed> {
    const folder = await mkdtemp(join(tmpdir(), 'pace-bms-bench-'));
    await mkdir(join(folder, 'node_modules'));
    for (const [name, target] of MODULES) await symlink(target, join(folder, 'node_modules', name), 'junction');
    await writeFile(join(folder, 'settings.js'), `module.exports = ${JSON.stringify(SETTINGS)};`);
    await writeFile(join(folder, 'flows.json'), JSON.stringify(flow));
    return new BenchNodeRed(folder, await freePort());
  }

  /** Makes and starts it; waits until its flows run. */
  static async start(flow: Flow): Promise<BenchNodeRed> {
    const nodeRed = await BenchNodeRed.prepare(flow);
    const started = nodeRed.when('flows started');
    nodeRed.launch();
    await started;
    return nodeRed;
  }

  /** Starts the process. */
  launch(): void {
    const settings = join(this.#folder, 'settings.js');
    const args = ['--userDir', this.#folder, '--settings', settings, '--port', String(this.#port)];
    this.startedAt = now();
    const child = spawn(process.execPath, [PROGRAM, ...args], {
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    });
    this.#child = child;
    let log = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      log += chunk;
    });
    child.once('exit', (code) => this.#news.emit('error', new Error(`Node-RED ended with ${code}:\n${log}`)));
    child.on('message', (message: { event?: Happening; at?: number; answer?: unknown }) => {
      this.#news.emit(message.event ?? 'answer', message.event ? message.at : message.answer);
    });
  }

  /** Waits for what happens next. @returns its time. */
  async when(happening: Happening): Promise<number> {
    const [at] = await once(this.#news, happening, { signal: AbortSignal.timeout(PATIENCE_MS) });
    return at;
  }

  /** Has the inbox do something. */
  async ask<Answer>(command: string, options: object = {}): Promise<Answer> {
    const answered = once(this.#news, 'answer', { signal: AbortSignal.timeout(PATIENCE_MS) });
    this.#child?.send({ command, options });
    const [answer] = await answered;
    return answer;
  }

  /** Deploys a flow as the editor does. */
  async deploy(flow: Flow): Promise<void> {
    const headers = { 'Content-Type': 'application/json', 'Node-RED-Deployment-Type': 'full' };
    const options = { method: 'POST', headers, body: JSON.stringify(flow) };
    const { ok, status } = await fetch(`http://127.0.0.1:${this.#port}/flows`, options);
    if (!ok) throw new Error(`the flow was not deployed: ${status}`);
  }

  /** Ends the process; it may be launched again. */
  async end(): Promise<void> {
    const child = this.#child;
    if (!child) return;
    this.#child = undefined;
    child.removeAllListeners('exit');
    const ended = once(child, 'exit');
    child.kill();
    await ended;
  }

  /** Ends it for good. */
  async remove(): Promise<void> {
    await this.end();
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
