/**
 * Installs what is missing, builds, and runs the tests: `npm test [-- file ...]`.
 * With --coverage it also measures what they reach.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { build, ensureInstalled, root, run, TEST_RUNNER } from './prepare.mjs';

const args = process.argv.slice(2);
const coverage = args.includes('--coverage');
/** What `npm run test:install` runs. */
const NEEDS_THE_NETWORK = /^install\b/;
const named = args.filter((arg) => !arg.startsWith('--'));
const files = named.length > 0 ? named : testFiles('test');

function testFiles(folder) {
  return readdirSync(join(root, folder), { recursive: true })
    .filter((path) => path.endsWith('.test.ts') && !path.includes('node_modules') && !NEEDS_THE_NETWORK.test(path))
    .map((path) => join(folder, path))
    .sort();
}

ensureInstalled();
build();
const runner = [...TEST_RUNNER, ...files];
if (coverage) {
  const c8 = join(root, 'node_modules', 'c8', 'bin', 'c8.js');
  const scope = ['--include', 'src', '--include', 'nodes', '--reporter', 'text', '--reporter', 'lcovonly'];
  run(process.execPath, [c8, ...scope, process.execPath, ...runner]);
} else {
  run(process.execPath, runner);
}
