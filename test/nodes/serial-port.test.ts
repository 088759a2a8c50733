import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { loadFlow, statusOf } from '../support/node-red.js';
import { layPtyCable, type PtyCable, ptyMissing } from '../support/pty.js';
import { replay } from '../support/replay-bms.js';
import { bench, flowOf, RunningFlow } from './kit/flow.js';
import { analogReply } from './kit/replies.js';

const { load } = bench();

const cables: PtyCable[] = [];
async function layCable(): Promise<{ serialPort: string; requests: string[]; cable: PtyCable }> {
  const cable = await layPtyCable();
  cables.push(cable);
  const requests: string[] = [];
  replay(cable.bms, () => analogReply([{}, {}]), requests);
  return { serialPort: cable.path, requests, cable };
}

describe('a serial port', { skip: ptyMissing }, () => {
  afterEach(() => Promise.all(cables.splice(0).map((cable) => cable.close())));

  it('gives readings', async () => {
    const { serialPort, requests } = await layCable();
    const flow = await load({ transport: 'serial', serialPort, spacing: 0 }, {});
    assert.equal((await flow.ask('analog')).length, 2);
    assert.deepEqual(requests, ['~25014642E002FFFD05\r']);
  });

  it('named by two connections: the second says so, the first goes on', async () => {
    const { serialPort, requests } = await layCable();
    const first = { transport: 'serial', serialPort, spacing: 0 };
    const second = { id: 'second', type: 'pace-bms-connection', name: 'Copy', ...first };
    const queries = [{ interval: 0.05 }, { id: 'other', connection: 'second', interval: 0.05 }];
    await loadFlow(flowOf(first, queries, [second]));
    const flow = new RunningFlow(queries);
    const [error] = await flow.errors.has(1);
    assert.deepEqual([error?.error.source.id, error?.pace.error.code], ['other', 'NOT_CONNECTED']);
    assert.match(error?.error.message, /used by.*Shed/);
    await statusOf('other', ({ text }) => text.includes('in use'));
    await flow.out('analog').has(6);
    assert.equal(flow.errors.messages.length, 1);
    assert.ok(requests.length >= 3);
  });

  it('that is pulled out: an error, then the retries', async () => {
    const { serialPort, cable } = await layCable();
    const flow = await load({ transport: 'serial', serialPort, spacing: 0 }, { interval: 0.05 });
    await flow.out('analog').has(2);
    await cable.close();
    cables.splice(0);
    const [error] = await flow.errors.has(1);
    assert.equal(error?.pace.error.code, 'NOT_CONNECTED');
    await statusOf('analog', ({ text }) => text.includes('retry'));
    assert.equal(flow.errors.messages.length, 1);
  });
});
