import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { freePort } from '../examples/project-copy.js';

/** The built package that Node-RED loads. */
const PACKAGE = join(__dirname, '..', '..');
const PROGRAM = resolve(require.resolve(process.env.NODE_RED ?? 'node-red'), '..', '..', 'red.js');
const PATIENCE_MS = 30_000;

const SETTINGS = {
  flowFile: 'flows.json',
  uiHost: '127.0.0.1',
  credentialSecret: 'test',
  telemetry: { enabled: false, updateNotification: false },
  externalModules: { palette: { allowInstall: false, allowUpload: false } },
  editorTheme: { tours: false, projects: { enabled: false }, palette: { catalogues: [] } },
};

/** What people may do, by their token; `anybody` needs none. */
export type Permissions = Record<string, readonly string[]>;

/** Settings that need functions, as JavaScript. */
function settingsFile(permissions: Permissions | null): string {
  const auth = `{
    type: 'credentials',
    users: [],
    tokens: async (token) => PERMISSIONS[token] && { username: token, permissions: PERMISSIONS[token] },
    default: async () => PERMISSIONS.anybody && { anonymous: true, permissions: PERMISSIONS.anybody },
  }`;
  return `const PERMISSIONS = ${JSON.stringify(permissions)};
module.exports = { ...${JSON.stringify(SETTINGS)}, ...(PERMISSIONS && { adminAuth: ${auth} }) };`;
}

/** A Node-RED of its own process that runs a flow with the built package. */
export class RealNodeRed {
  /** Of its editor, with a slash at the end. */
  readonly url: string;
  #child: ChildProcess;
  readonly #folder: string;
  readonly #port: number;

  private constructor(folder: string, port: number) {
    this.#folder = folder;
    this.#port = port;
    this.#child = this.#launch();
    this.url = `http://127.0.0.1:${port}/`;
  }

  /**
   * Starts Node-RED and waits until its flows run; without `permissions` anybody may do anything.
   * @param modules of the project's development packages, those with nodes that the flow has beside ours.
   */
  static async start(
    flow: readonly object[],
    permissions: Permissions | null = null,
    modules: readonly string[] = [],
  ): Promise<RealNodeRed> {
    const folder = await mkdtemp(join(tmpdir(), 'pace-bms-node-red-'));
    const links = modules.map((name) => [name, join(PACKAGE, 'node_modules', name)] as const);
    for (const [name, target] of [['node-red-contrib-pace-bms', PACKAGE] as const, ...links]) {
      const path = join(folder, 'node_modules', name);
      await mkdir(dirname(path), { recursive: true });
      await symlink(target, path, 'junction');
    }
    await writeFile(join(folder, 'flows.json'), JSON.stringify(flow));
    await writeFile(join(folder, 'settings.js'), settingsFile(permissions));
    const nodeRed = new RealNodeRed(folder, await freePort());
    try {
      await nodeRed.#hasStarted();
    } catch (thrown) {
      await nodeRed.stop();
      throw thrown;
    }
    return nodeRed;
  }

  #launch(): ChildProcess {
    const settings = join(this.#folder, 'settings.js');
    const args = [PROGRAM, '--userDir', this.#folder, '--settings', settings, '--port', String(this.#port)];
    return spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  }

  /** Ends it and starts it anew, with all that it has stored. */
  async restart(): Promise<void> {
    await this.#end();
    this.#child = this.#launch();
    await this.#hasStarted();
  }

  async #hasStarted(): Promise<void> {
    let log = '';
    const started = new Promise<void>((resolve, reject) => {
      this.#child.stdout?.on('data', (chunk: Buffer) => {
        log += chunk;
        if (log.includes('Started flows')) resolve();
      });
      this.#child.once('exit', (code) => reject(new Error(`Node-RED ended with ${code}:\n${log}`)));
    });
    const late = once(AbortSignal.timeout(PATIENCE_MS), 'abort').then(() => {
      throw new Error(`Node-RED does not start:\n${log}`);
    });
    await Promise.race([started, late]);
  }

  async #end(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill();
    await ended;
  }

  async stop(): Promise<void> {
    await this.#end();
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
