/** Measures what the package costs on this machine: `npm run bench`. */
import { join } from 'node:path';
import { ensureInstalled, root, run } from './prepare.mjs';

ensureInstalled();
run(process.execPath, ['--import', 'tsx', join(root, 'bench', 'run.ts')]);
