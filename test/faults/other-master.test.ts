import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CONNECTION, flowOf, RunningFlow } from '../nodes/kit/flow.js';
import { request } from '../nodes/kit/replies.js';
import { loadFlow } from '../support/node-red.js';
import { assertRising, connectionTo, faultBench, publishedNumbers, toldBy } from './bench.js';

const TIMEOUT_MS = 400;
const POLLS = 8;
const { bank } = faultBench();

const advice = () => toldBy(CONNECTION).filter((text) => text.includes('another master asks'));

describe('another master on the line', () => {
  it('its requests are never readings, are told once with advice, and readings go on', async () => {
    const { battery, proxy } = await bank({ timeoutMs: TIMEOUT_MS });
    proxy.plan = (count) => (count % 2 === 0 ? 'behindOtherRequests' : null);
    const queries = [{ includeRaw: true }, { query: 'status', includeRaw: true }] as const;
    await loadFlow(flowOf({ ...connectionTo(proxy, TIMEOUT_MS, 0), debugLevel: 1 }, queries));
    const flow = new RunningFlow(queries);
    const others = [request(0x42, 2, 2), request(0x44, 3, 3), request(0x42, 1, 0xff), request(0x44, 1, 0xff)];
    for (let poll = 0; poll < POLLS; poll++) {
      assert.equal((await flow.ask('analog')).length, 3);
      proxy.say(others[poll % others.length] as string);
      assert.equal((await flow.ask('status')).length, 3);
    }
    for (const query of ['analog', 'status'] as const) {
      const numbers = publishedNumbers(battery, query, flow.out(query).messages);
      assertRising(numbers);
      assert.equal(numbers.length, POLLS);
    }
    assert.deepEqual(flow.errors.messages, []);
    assert.deepEqual(proxy.overlaps, []);
    assert.deepEqual(advice(), [
      'another master asks on this line: connect to the RS232 port of the master pack, or end the other master',
    ]);
  });

  it('alone on a line: an error that names it, and readings once the battery answers', async () => {
    const { battery, proxy } = await bank({ timeoutMs: TIMEOUT_MS });
    proxy.plan = (count) => (count === 1 ? 'onlyOtherRequests' : null);
    await loadFlow(flowOf(connectionTo(proxy, TIMEOUT_MS, 0), [{ includeRaw: true }]));
    const flow = new RunningFlow([{}]);
    assert.deepEqual(await flow.ask('analog'), []);
    assert.equal(flow.errors.messages[0]?.pace.error.code, 'TIMEOUT');
    assert.match(flow.errors.messages[0]?.error.message, /only requests of another master/);
    await flow.ask('analog');
    assert.deepEqual(publishedNumbers(battery, 'analog', flow.out('analog').messages), [2]);
    assert.equal(advice().length, 1);
  });
});
