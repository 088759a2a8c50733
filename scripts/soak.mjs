/** Drives four simulated banks with faults for a while: `npm run soak -- --minutes 20 [--seed N]`. */
import { join } from 'node:path';
import { ensureInstalled, root, run } from './prepare.mjs';

ensureInstalled();
const program = join(root, 'test', 'soak', 'soak.ts');
run(process.execPath, ['--expose-gc', '--import', 'tsx', program, ...process.argv.slice(2)]);
