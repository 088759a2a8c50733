/**
 * Asks the registry whether what users install has known weaknesses: `npm run check:audit`. Registries that have no audit, and
 * machines without one in reach, leave it unchecked, which is said.
 */
import { spawnSync } from 'node:child_process';
import { root } from './prepare.mjs';

const { stdout, error } = spawnSync('npm', ['audit', '--omit=dev', '--json'], {
  cwd: root,
  encoding: 'utf8',
  stdio: ['ignore', 'pipe', 'ignore'],
  shell: process.platform === 'win32',
});
if (error) throw error;

const report = parsed(stdout);
const counts = report?.metadata?.vulnerabilities;
if (!counts) {
  console.log(`Not checked: the registry gives no audit (${report?.message ?? 'no answer'}).`);
} else if (counts.total > 0) {
  for (const { name, severity, range } of Object.values(report.vulnerabilities)) {
    console.error(`${severity}: ${name} ${range}`);
  }
  console.error(`${counts.total} of the packages that users install are known to be weak: npm audit --omit=dev`);
  process.exitCode = 1;
} else {
  console.log('The packages that users install have no known weaknesses.');
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
