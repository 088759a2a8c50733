import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Duplex } from 'node:stream';
import { after, describe, it } from 'node:test';
import { openDoors } from '../../src/simulator/cli.js';
import { parseCommandLine } from '../../src/simulator/cli-options.js';
import { FrameReader, request } from './bms-client.js';

const folder = mkdtempSync(join(tmpdir(), 'simulator-'));
after(() => rmSync(folder, { recursive: true }));

function openLink(link: string) {
  const options = parseCommandLine(['--pty', link, '--packs', '5']);
  assert.ok(options !== 'help');
  return openDoors(options, () => {});
}

describe('a serial port made with socat', {
  skip: spawnSync('socat', ['-V']).error && 'socat is not installed',
}, () => {
  it('can be opened by one client after the other, and is gone in the end', async () => {
    const link = join(folder, 'bms');
    const [door] = await openLink(link);
    assert.ok(door);
    try {
      assert.equal(door.place, `serial port ${link}`);
      for (let i = 0; i < 2; i++) {
        const client = spawn('socat', ['STDIO', `${link},raw,echo=0`]);
        const port = Duplex.from({ readable: client.stdout, writable: client.stdin });
        assert.equal((await new FrameReader(port).ask(request())).info[1], 5);
        // It breaks off when socat is killed.
        port.on('error', () => {});
        client.kill();
        await once(client, 'exit');
      }
    } finally {
      await door.close();
    }
    assert.ok(!existsSync(link));
  });

  it('never takes the place of a file', async () => {
    const link = join(folder, 'precious');
    writeFileSync(link, '');
    await assert.rejects(openLink(link), {
      code: 'CONFIG',
      message: `cannot make a serial port at ${link}: there is a file of that name`,
    });
  });

  it('says why it cannot be made', async () => {
    await assert.rejects(openLink(join(folder, 'missing', 'bms')), { code: 'CONFIG', message: /No such file/ });
  });
});

describe('without socat', () => {
  it('a serial port is refused with what to do', async () => {
    const path = process.env.PATH;
    process.env.PATH = folder;
    try {
      await assert.rejects(openLink(join(folder, 'bms')), { code: 'CONFIG', message: /socat is not installed/ });
    } finally {
      process.env.PATH = path;
    }
  });
});
