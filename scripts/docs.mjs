/** Writes the docs that are made from the code's own tables: `npm run docs`. */
import { join } from 'node:path';
import { ensureInstalled, root, run } from './prepare.mjs';

ensureInstalled();
run(process.execPath, ['--import', 'tsx', join(root, 'scripts', 'docs', 'write.ts')]);
