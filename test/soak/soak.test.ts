import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, it } from 'node:test';

const PROGRAM = join(__dirname, 'soak.ts');

/** Runs the soak as its script does. */
async function soak(...args: string[]): Promise<{ code: number; output: string; errors: string }> {
  const child = spawn(process.execPath, ['--expose-gc', '--import', 'tsx', PROGRAM, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = once(child, 'exit');
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = await exited;
  return { code, output, errors };
}

/** The figures of a line of the table, one a bank. */
function figures(output: string, what: string): string[] {
  const line = output.split('\n').find((text) => text.startsWith(what)) ?? '';
  return line.slice(what.length).trim().split(/\s+/);
}

describe('the soak', { concurrency: true }, () => {
  it('passes, having read all four banks through faults and outages', async () => {
    const { code, output, errors } = await soak('--minutes', '0.1', '--seed', '7');
    assert.equal(code, 0, output + errors);
    assert.match(output, /^passed$/m);
    assert.deepEqual(figures(output, 'wrong values'), ['0', '0', '0', '0']);
    assert.deepEqual(figures(output, 'read at the end'), ['yes', 'yes', 'yes', 'yes']);
    for (const what of ['faults injected', 'outages', 'pack readings compared']) {
      assert.ok(
        figures(output, what).every((count) => Number(count) > 0),
        `${what}:\n${output}`,
      );
    }
  });

  it('fails and names the value when one is not what the battery said', async () => {
    const { code, output } = await soak('--minutes', '0.05', '--seed', '8', '--spoil');
    assert.equal(code, 1, output);
    assert.match(output, /^wrong value 1 of \d+ \(seed 8\): master .*: pack \d says what no reply said: cycles \d+$/m);
    assert.match(output, /^FAILED: \d+ wrong values were published$/m);
  });

  it('says what it cannot do', async () => {
    const { code, output, errors } = await soak('--minutes', 'many');
    assert.equal(code, 2);
    assert.equal(output, '');
    assert.match(errors, /^--minutes must be a number from 0\.01 to \d+, not "many"\n$/);
  });
});
