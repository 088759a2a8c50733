/** Takes the pictures of README.md and docs/ from the real things on a simulated bank: `npm run screenshots`. */
import { join } from 'node:path';
import { build, ensureInstalled, root, run } from './prepare.mjs';

ensureInstalled();
build();
run(process.execPath, ['--import', 'tsx', join(root, 'test', 'browser', 'screenshots.ts')]);
