import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const root = join(__dirname, '..', '..');

const SOURCES = [
  'nodes',
  'src',
  'icons',
  'examples',
  'scripts',
  'package.json',
  'tsconfig.json',
  'tsconfig.build.json',
];

/** A copy of the project without `dist/`, so that a test can build without disturbing those beside it. */
export class ProjectCopy {
  readonly folder: string;
  /** An empty folder, for what its programs put into the system's temporary folder. */
  readonly temporary: string;

  private constructor(folder: string) {
    this.folder = folder;
    this.temporary = join(folder, 'temporary');
  }

  static async make(): Promise<ProjectCopy> {
    const copy = new ProjectCopy(await mkdtemp(join(tmpdir(), 'pace-bms-test-')));
    await Promise.all(SOURCES.map((path) => cp(join(root, path), join(copy.folder, path), { recursive: true })));
    await symlink(join(root, 'node_modules'), join(copy.folder, 'node_modules'), 'junction');
    await mkdir(copy.temporary);
    return copy;
  }

  /** Runs one of its scripts to the end. @throws Error when the script fails. */
  async run(script: string): Promise<void> {
    const child = spawn(process.execPath, [join(this.folder, 'scripts', script)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const output = child.stdout.setEncoding('utf8').toArray();
    const [code] = await once(child, 'exit');
    if (code !== 0) throw new Error(`${script} ended with ${code}: ${(await output).join('')}`);
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** A port on 127.0.0.1 that nothing listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
