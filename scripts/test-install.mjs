/**
 * Packs the package, installs it as its users do into an empty Node-RED 4.1 and an empty Node-RED 5, and runs its examples
 * there: `npm run test:install`. npm fetches what it needs.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureInstalled, ensureNodeRed5, root, TEST_RUNNER } from './prepare.mjs';

ensureInstalled();
ensureNodeRed5();

// Whatever becomes of the tests, what they made goes with this folder.
const folder = mkdtempSync(join(tmpdir(), 'pace-bms-install-'));
const tests = spawn(process.execPath, [...TEST_RUNNER, join('test', 'install', 'install.test.ts')], {
  cwd: root,
  env: { ...process.env, TMPDIR: folder, TEMP: folder, TMP: folder },
  stdio: 'inherit',
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => tests.kill(signal));
const [code] = await once(tests, 'close');
rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
process.exitCode = code ?? 1;
