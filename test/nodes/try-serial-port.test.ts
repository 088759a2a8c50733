import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, describe, it } from 'node:test';
import { pace25 } from '../../src/dialects/pace25/index.js';
import { serialTransport } from '../../src/link/transports/serial.js';
import { tryBank } from '../../src/link/trial.js';
import { statusOf } from '../support/node-red.js';
import { layPtyCable, type PtyCable, ptyMissing } from '../support/pty.js';
import { byCommand, replay } from '../support/replay-bms.js';
import { get, post } from './kit/admin.js';
import { bench, CONNECTION } from './kit/flow.js';
import { ANSWERS } from './kit/info.js';
import { analogReply } from './kit/replies.js';

const { load } = bench();

const folder = mkdtempSync(join(tmpdir(), 'pace-tried-'));
after(() => rmSync(folder, { recursive: true }));

const REPLY = analogReply([{}, {}]);
const BANK = byCommand({ ...ANSWERS, 42: REPLY });

const cables: PtyCable[] = [];
async function layCable(): Promise<PtyCable> {
  const cable = await layPtyCable(join(folder, 'usb-adapter'));
  cables.push(cable);
  return cable;
}

const tryIt = (serialPort: string) =>
  post('/pace-bms/connections/try', { id: 'new', transport: 'serial', serialPort, timeout: '1000', spacing: '0' });

describe('Try it, of a serial port', { skip: ptyMissing }, () => {
  afterEach(() => Promise.all(cables.splice(0).map((cable) => cable.close())));

  it('opens it, reads and gives it back', async () => {
    const cable = await layCable();
    replay(cable.bms, BANK, []);
    await load(null);
    for (let count = 0; count < 2; count++) {
      const { body } = await tryIt(cable.path);
      assert.deepEqual([body.found, body.through, body.packs.length], [true, null, 2]);
    }
  });

  it('that the running flow holds by another name: asks through that connection', async () => {
    const cable = await layCable();
    replay(cable.bms, BANK, []);
    const flow = await load({ transport: 'serial', serialPort: cable.path, spacing: 0 }, {});
    await flow.ask('analog');
    const { body } = await tryIt(cable.device);
    assert.deepEqual([body.found, body.through], [true, { id: CONNECTION, name: 'Shed' }]);
  });

  it('that is not there: the port is missing', async () => {
    await load(null);
    const { body } = await tryIt(join(folder, 'none'));
    assert.deepEqual([body.found, body.error.code, body.cause], [false, 'NOT_CONNECTED', 'portMissing']);
  });

  it('a flow that wants the port meanwhile gets it afterwards', async () => {
    const { path, bms } = await layCable();
    const requests: string[] = [];
    replay(bms, (request, count) => (count === 1 ? null : BANK(request, count)), requests);
    const transport = serialTransport({ path, baudRate: 9600, owner: 'new', isTrial: true });
    const addressing = { mode: 'master', address: 1 } as const;
    const options = { transport, addressing, dialect: pace25, timeoutMs: 6000, spacingMs: 0, retries: 0 };
    const asked = once(bms, 'data');
    const trial = tryBank(options, new AbortController().signal);
    await asked;
    const flow = await load({ transport: 'serial', serialPort: path, spacing: 0 }, { interval: 0.1 });
    await statusOf('analog', ({ text }) => text.includes('in use'));
    const [error] = await flow.errors.has(1);
    assert.match(error?.error.message, /is being tried in the editor/);
    bms.write(REPLY, 'latin1');
    assert.equal((await trial).packs.length, 2);
    await flow.out('analog').has(2);
    assert.equal(flow.errors.messages.length, 1);
  });
});

describe('the serial ports for the dialog', () => {
  it('are a list of choices, or the reason why there is none', async () => {
    await load(null);
    const { status, body } = await get('/pace-bms/ports');
    if (status === 500) {
      assert.match(body.error, /^the serial ports cannot be listed: /);
    } else {
      assert.equal(status, 200);
      for (const port of body) assert.deepEqual(Object.keys(port), ['path', 'byId', 'manufacturer', 'usedBy']);
    }
  });
});
