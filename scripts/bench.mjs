/** Measures what the package costs on this machine: `npm run bench [-- section ...]`. */
import { join } from 'node:path';
import { build, ensureInstalled, root, run } from './prepare.mjs';

ensureInstalled();
build();
run(process.execPath, ['--import', 'tsx', join(root, 'bench', 'run.ts'), ...process.argv.slice(2)]);
