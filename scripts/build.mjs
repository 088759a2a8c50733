/** Builds `dist/`: the compiled TypeScript, with each node's dialog, help, labels and icon where Node-RED looks for them. */
import { chmodSync, cpSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root, run } from './prepare.mjs';

const dist = join(root, 'dist');
rmSync(dist, { recursive: true, force: true });
run(process.execPath, [join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', 'tsconfig.build.json']);
cpSync(join(root, 'nodes'), join(dist, 'nodes'), { recursive: true, filter: (path) => !path.endsWith('.ts') });
cpSync(join(root, 'icons'), join(dist, 'nodes', 'icons'), { recursive: true });
const simulator = join(dist, 'src', 'simulator', 'cli.js');
if (existsSync(simulator)) chmodSync(simulator, 0o755);
