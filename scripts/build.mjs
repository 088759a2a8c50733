/** Builds `dist/`: the compiled TypeScript, with each node's dialog, help, labels and icon where Node-RED looks for them. */
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { assembleCatalogue, assembleText } from './assemble.mjs';
import { root, run } from './prepare.mjs';

const nodes = join(root, 'nodes');
const dist = join(root, 'dist');

/** Of what several nodes share, and of the runtime's code there is no file of its own in the editor. */
const IS_EDITOR_FILE = /^(?:locales[\\/][\w-]+[\\/])?pace-bms-\w+\.(?:html|json)$/;

rmSync(dist, { recursive: true, force: true });
run(process.execPath, [join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', 'tsconfig.build.json']);
for (const path of readdirSync(nodes, { recursive: true }).filter((file) => IS_EDITOR_FILE.test(file))) {
  const source = join(nodes, path);
  const target = join(dist, 'nodes', path);
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, path.endsWith('.json') ? JSON.stringify(assembleCatalogue(source)) : assembleText(source));
}
cpSync(join(root, 'icons'), join(dist, 'nodes', 'icons'), { recursive: true });
const simulator = join(dist, 'src', 'simulator', 'cli.js');
if (existsSync(simulator)) chmodSync(simulator, 0o755);
