import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NodeRed } from './node-reds.js';
import { npm } from './programs.js';

/** What `npm ls --json` tells of a package. */
export interface Installed {
  dependencies?: Record<string, Installed>;
}

/** The folder of a Node-RED user, with nothing in it until something is installed. */
export class UserDir {
  readonly nodeRed: NodeRed;
  readonly folder: string;

  private constructor(nodeRed: NodeRed, folder: string) {
    this.nodeRed = nodeRed;
    this.folder = folder;
  }

  static async make(nodeRed: NodeRed): Promise<UserDir> {
    const userDir = new UserDir(nodeRed, await mkdtemp(join(tmpdir(), 'pace-bms-user-')));
    await writeFile(join(userDir.folder, 'package.json'), JSON.stringify({ name: 'node-red-project', private: true }));
    await symlink(join(nodeRed.modules, '@node-red', 'nodes'), userDir.coreNodes, 'junction');
    return userDir;
  }

  /**
   * Node-RED's own nodes. It looks for more in every `node_modules` from there up, so it gets them by a path on which
   * there are none but this folder's: the project's hold the dashboard, which is not installed here.
   */
  get coreNodes(): string {
    return join(this.folder, 'core-nodes');
  }

  async install(what: string): Promise<void> {
    await npm(this.nodeRed.node, this.folder, 'install', '--omit=dev', '--no-audit', '--no-fund', what);
  }

  /** The tree of what is installed. @throws Error when something is missing, or is there that nothing asks for. */
  async tree(): Promise<Installed> {
    return JSON.parse(await npm(this.nodeRed.node, this.folder, 'ls', '--all', '--json'));
  }

  /** The names of all packages that are installed. */
  async packages(): Promise<string[]> {
    const { packages } = JSON.parse(await readFile(this.moduleFolder('.package-lock.json'), 'utf8'));
    return Object.keys(packages).map((path) => path.split('node_modules/').at(-1) ?? path);
  }

  moduleFolder(name: string): string {
    return join(this.folder, 'node_modules', name);
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
