/** Lets a simulated bank live by its limits: `npm run simulate -- --days 365 [--seed N]`. */
import { join } from 'node:path';
import { ensureInstalled, root, run } from './prepare.mjs';

ensureInstalled();
run(process.execPath, [
  '--import',
  'tsx',
  join(root, 'scripts', 'simulation', 'simulate.ts'),
  ...process.argv.slice(2),
]);
