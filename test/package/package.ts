import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';

export const ROOT = join(__dirname, '..', '..');
export const DIST = join(ROOT, 'dist');

interface Manifest {
  name: string;
  version: string;
  license?: string;
  repository?: unknown;
  bugs?: unknown;
  keywords: string[];
  engines: { node: string };
  'node-red': { version: string; nodes: Record<string, string> };
  bin: Record<string, string>;
  files: string[];
  dependencies: Record<string, string>;
}
interface LockedPackage {
  version?: string;
  dev?: boolean;
  engines?: { node?: string };
}
interface Lock {
  packages: Record<string, LockedPackage>;
}

const read = <T>(...path: string[]): T => JSON.parse(readFileSync(join(ROOT, ...path), 'utf8'));

/** `package.json`. */
export const MANIFEST = read<Manifest>('package.json');
/** What is installed here, and with Node-RED 5. */
export const LOCK = read<Lock>('package-lock.json');
export const NODE_RED_5_LOCK = read<Lock>('test', 'compat', 'node-red-5', 'package-lock.json');
/** The node types, with the files that Node-RED loads for them. */
export const NODES = Object.entries(MANIFEST['node-red'].nodes);

/** The languages that every node speaks. */
export const LANGUAGES = ['en-US', 'de', 'zh-CN'];

/** All files of a folder of the project, or of any, from there, with slashes. */
export function filesIn(folder: string): string[] {
  const start = resolve(ROOT, folder);
  return readdirSync(start, { recursive: true, encoding: 'utf8', withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(start, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
}

/** A package that Node-RED brings. */
export function fromNodeRed<T>(name: string): T {
  const nodeRed = dirname(require.resolve('node-red/package.json'));
  const nodes = dirname(require.resolve('@node-red/nodes/package.json', { paths: [nodeRed] }));
  return require(require.resolve(name, { paths: [nodes, nodeRed] })) as T;
}

/** Of npm's `semver` what is needed here. */
export interface Semver {
  satisfies(version: string, range: string): boolean;
  minVersion(range: string): { version: string } | null;
  major(version: string): number;
}
export const semver = fromNodeRed<Semver>('semver');
