import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { InfoSettings } from '../../src/polling/info-poller.js';
import { pass } from '../link/bench.js';
import { BACKOFF, FakeClient, IDENTITY, named, payloadOf, SILENCE, startInfo } from './info-bench.js';

let client: FakeClient;
beforeEach(() => {
  client = new FakeClient();
});
afterEach(() => client.close());

const start = (settings: Partial<InfoSettings> = {}) => startInfo(client, settings);

describe('an info node without an interval', () => {
  it('reads once when the line opens, and once more whenever it opens anew', async () => {
    const { told } = start();
    await pass(60_000, 1000);
    assert.equal(client.asked.length, 0);
    await client.open();
    await pass(60_000, 1000);
    assert.deepEqual(
      client.asked.map(({ priority }) => priority),
      ['interval'],
    );
    assert.equal(payloadOf(told)?.softwareVersion, IDENTITY.softwareVersion);
    client.become(BACKOFF);
    client.become({ name: 'connecting' });
    await client.open();
    assert.equal(client.asked.length, 2);
    assert.equal(told.messages.length, 2);
  });

  it('reads at once where the line is open already', async () => {
    client.state = { name: 'open' };
    const { told } = start();
    await pass(100, 10);
    assert.equal(told.messages.length, 1);
  });

  it('reads when the line opens, though an input is waiting for that too', async () => {
    const { told, poller } = start();
    client.latencyMs = 300;
    const input = poller.poll();
    await client.open();
    await pass(300, 10);
    assert.equal((await input).delivery.messages.length, 1);
    assert.equal(told.messages.length, 1);
  });

  it('tells when the exchanges were', async () => {
    const { told } = start();
    await client.open();
    const { durationMs, receivedAt } = told.deliveries[0]?.delivery.info ?? {};
    assert.deepEqual([durationMs, receivedAt], [100, 1_790_000_000_000]);
  });
});

describe('an interval of an info node', () => {
  it('counts from the opening of the line', async () => {
    start({ intervalMs: 1000 });
    await pass(700, 10);
    client.become({ name: 'open' });
    await pass(2500, 10);
    assert.deepEqual(
      client.asked.map(({ at }) => at),
      [700, 1700, 2700],
    );
  });

  it('leaves out what falls due while the last read is under way', async () => {
    client.latencyMs = 2500;
    start({ intervalMs: 1000 });
    client.become({ name: 'open' });
    await pass(3500, 10);
    assert.deepEqual(
      client.asked.map(({ at }) => at),
      [0, 3000],
    );
  });

  it('is not held up by a read from before the line opened anew', async () => {
    client.latencyMs = 3000;
    start({ intervalMs: 60_000 });
    client.become({ name: 'open' });
    await pass(500, 10);
    client.become({ name: 'connecting' });
    client.become({ name: 'open' });
    assert.deepEqual(
      client.asked.map(({ at }) => at),
      [0, 500],
    );
  });

  it('pauses while the line is not open', async () => {
    start({ intervalMs: 1000 });
    await client.open();
    client.become(BACKOFF);
    await pass(10_000, 100);
    assert.equal(client.asked.length, 1);
  });
});

describe('an input of an info node', () => {
  it('is answered with what is read now, ahead of intervals', async () => {
    const { told, poller } = start();
    await client.open();
    client.answers.set(1, named('P16S200A-21606-1.01'));
    const input = poller.poll();
    await pass(100, 10);
    const { delivery, error, answered } = await input;
    assert.match(JSON.stringify(delivery.messages[0]?.payload), /"P16S200A-21606-1\.01"/);
    assert.deepEqual([error, answered], [null, [1]]);
    assert.equal(client.asked.at(-1)?.priority, 'input');
    assert.equal(told.messages.length, 1);
    assert.equal(told.look, 'green dot: P16S200A-21606-1.01 · 4 packs');
  });

  it('that fails is told to nobody else', async () => {
    const { told, poller } = start();
    await client.open();
    client.answers.set(1, SILENCE);
    const input = poller.poll();
    await pass(100, 10);
    const { delivery, error } = await input;
    assert.deepEqual([delivery.messages, error?.code], [[], 'TIMEOUT']);
    assert.deepEqual(told.codes, []);
    assert.equal(told.look, 'red ring: no answer');
  });
});
