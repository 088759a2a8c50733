/** What the other scripts need first: the packages installed, the build made. Node built-ins only. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Runs a program in the project's folder and ends the script with its exit code when it fails. */
export function run(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit', ...options });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

/** Runs npm, which on Windows is a command file and needs a shell. */
export function npm(...args) {
  run('npm', args, { shell: process.platform === 'win32' });
}

/** Installs the packages of the lock file, unless they are there. */
export function ensureInstalled() {
  if (!existsSync(join(root, 'node_modules', '.package-lock.json')))
    npm('ci', '--include=dev', '--no-audit', '--no-fund');
}

/** Where Node-RED 5 is, and the Node.js that it wants. */
export const nodeRed5 = join(root, 'test', 'compat', 'node-red-5');

/** Installs them, unless they are there. */
export function ensureNodeRed5() {
  if (!existsSync(join(nodeRed5, 'node_modules', '.package-lock.json')))
    npm('ci', '--prefix', nodeRed5, '--no-audit', '--no-fund');
}

/** How the tests are run: most wait for a line most of the time, so more go at once than there are processors. */
export const TEST_RUNNER = [
  '--import',
  'tsx',
  '--test',
  `--test-concurrency=${Math.max(3, availableParallelism())}`,
  '--test-reporter',
  'spec',
];

/** Builds `dist/`. */
export function build() {
  run(process.execPath, [join(root, 'scripts', 'build.mjs')]);
}
