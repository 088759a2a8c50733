import { cp, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { root } from '../examples/project-copy.js';
import { npm } from './programs.js';

const NOT_COPIED = ['node_modules', 'dist', 'coverage', '.git'];

/** What `npm publish` would send, packed from a copy of the project so that its build disturbs nobody. */
export class Tarball {
  readonly path: string;
  readonly #folder: string;

  private constructor(folder: string, file: string) {
    this.#folder = folder;
    this.path = join(folder, file);
  }

  static async pack(): Promise<Tarball> {
    const folder = await mkdtemp(join(tmpdir(), 'pace-bms-pack-'));
    try {
      const project = join(folder, 'project');
      await cp(root, project, { recursive: true, filter: (path) => !NOT_COPIED.includes(basename(path)) });
      await symlink(join(root, 'node_modules'), join(project, 'node_modules'), 'junction');
      const printed = await npm(process.execPath, project, 'pack', '--pack-destination', folder);
      return new Tarball(folder, printed.trim().split('\n').at(-1) ?? '');
    } catch (thrown) {
      await rm(folder, { recursive: true, force: true });
      throw thrown;
    }
  }

  async remove(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }
}
