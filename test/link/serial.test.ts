import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { serialTransport } from '../../src/link/transports/serial.js';

const NEVER = new AbortController().signal;
const folder = mkdtempSync(join(tmpdir(), 'pace-serial-'));
after(() => rmSync(folder, { recursive: true }));

const file = join(folder, 'file');
writeFileSync(file, '');
symlinkSync(file, join(folder, 'link'));

const transportOf = (path: string, owner = 'a') => serialTransport({ path, baudRate: 9600, owner });

describe('serialTransport', () => {
  const cases: { what: string; path: string; badge: string }[] = [
    { what: 'a path that does not exist', path: join(folder, 'none'), badge: 'port not found' },
    { what: 'a file', path: file, badge: 'not a serial port' },
    { what: 'a link to a file', path: join(folder, 'link'), badge: 'not a serial port' },
    { what: 'a folder', path: folder, badge: 'not a serial port' },
    { what: 'a device that is no terminal', path: '/dev/null', badge: 'not a serial port' },
  ];
  for (const { what, path, badge } of cases) {
    it(`${what}: ${badge}, the same at every try`, { skip: process.platform === 'win32' }, async () => {
      for (const owner of ['a', 'b']) {
        await assert.rejects(transportOf(path, owner).open(NEVER), { code: 'NOT_CONNECTED', badge });
      }
    });
  }

  it('names path and speed, and knows its speed', () => {
    const { name, baudRate } = serialTransport({ path: 'COM3', baudRate: 19_200, owner: 'a' });
    assert.equal(name, 'COM3 at 19200 baud');
    assert.equal(baudRate, 19_200);
  });

  it('a path that another connection is opening is refused, by that one’s name; a link to it too', async () => {
    const first = transportOf(file, 'the shed').open(NEVER);
    for (const path of [file, join(folder, 'link')]) {
      await assert.rejects(transportOf(path, 'the house').open(NEVER), {
        code: 'NOT_CONNECTED',
        badge: 'port in use',
        message: /already used by the connection "the shed"/,
      });
    }
    await assert.rejects(first, { badge: 'not a serial port' });
  });
});
