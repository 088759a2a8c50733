import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { serialTransport } from '../../src/link/transports/serial.js';
import { serialPorts } from '../../src/link/transports/serial-ports.js';
import { layPtyCable, ptyMissing } from '../support/pty.js';

const NEVER = new AbortController().signal;
const devices = mkdtempSync(join(tmpdir(), 'pace-dev-'));
after(() => rmSync(devices, { recursive: true }));

const device = (name: string) => join(devices, name);
const byId = (name: string) => join(devices, 'serial', 'by-id', name);
for (const name of ['ttyUSB0', 'ttyUSB2', 'ttyUSB10', 'ttyS0', 'tty1', 'sda']) writeFileSync(device(name), '');
mkdirSync(join(devices, 'serial', 'by-id'), { recursive: true });
symlinkSync(device('ttyUSB10'), byId('usb-FTDI_B-if00'));
symlinkSync(device('ttyUSB10'), byId('usb-FTDI_A-if00'));
symlinkSync(device('gone'), byId('usb-gone'));

const listing =
  (...ports: { path: string; manufacturer?: string }[]) =>
  async () =>
    ports;
const noList = async () => {
  throw new Error('spawn udevadm ENOENT');
};

describe('the serial ports to choose from', { skip: process.platform === 'win32' }, () => {
  it('have their makers and lasting names, adapters first, then by number', async () => {
    const list = listing(
      { path: device('ttyS0') },
      { path: device('ttyUSB10') },
      { path: device('ttyUSB2'), manufacturer: ' Silicon Labs ' },
      { path: device('ttyUSB0'), manufacturer: '' },
    );
    const port = { byId: null, manufacturer: null, usedBy: null };
    assert.deepEqual(await serialPorts({ list, devices }), [
      { ...port, path: device('ttyUSB2'), manufacturer: 'Silicon Labs' },
      { ...port, path: device('ttyUSB10'), byId: byId('usb-FTDI_A-if00') },
      { ...port, path: device('ttyS0') },
      { ...port, path: device('ttyUSB0') },
    ]);
  });

  it('are none where the system knows none', async () => {
    assert.deepEqual(await serialPorts({ list: listing(), devices: device('nowhere') }), []);
  });

  it('are the files of adapters where the system has no list', async () => {
    const ports = await serialPorts({ list: noList, devices });
    assert.deepEqual(
      ports.map(({ path }) => path),
      ['ttyUSB10', 'ttyUSB0', 'ttyUSB2'].map(device),
    );
  });

  it('cannot be told where there are none of those either', async () => {
    await assert.rejects(serialPorts({ list: noList, devices: device('nowhere') }), /udevadm/);
  });

  it('are asked of the system', async () => {
    const ports = await serialPorts().catch((thrown: Error) => thrown.message);
    assert.ok(Array.isArray(ports) || /udevadm/.test(ports));
  });

  it('name the connection that holds one, but none that only tries it', { skip: ptyMissing }, async () => {
    const cable = await layPtyCable();
    const usedBy = async () => (await serialPorts({ list: listing({ path: cable.device }), devices }))[0]?.usedBy;
    try {
      for (const [isTrial, name] of [
        [false, 'the shed'],
        [true, null],
      ] as const) {
        const port = await serialTransport({ path: cable.path, baudRate: 9600, owner: 'the shed', isTrial }).open(
          NEVER,
        );
        assert.equal(await usedBy(), name);
        await port.close();
        assert.equal(await usedBy(), null);
      }
    } finally {
      await cable.close();
    }
  });
});
