import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { PollerSettings } from '../../src/polling/poller-types.js';
import { analogQuery } from '../../src/polling/queries.js';
import { emptyPack } from '../link/bank-bench.js';
import { Bench, packOf, pass } from '../link/bench.js';
import {
  dropConnection,
  type FarBank,
  masterBank,
  masterClient,
  packsTold,
  seconds,
  startPoller,
} from './poller-bench.js';

const TEN_MINUTES = 600_000;

let bench: Bench;
let bank: FarBank;
beforeEach(() => {
  bench = new Bench();
  bank = masterBank(bench);
});
afterEach(() => bench.close());

const start = async (settings: Partial<PollerSettings> = {}) =>
  startPoller(analogQuery, await masterClient(bench), { onlyChanges: true, ...settings });

describe('onlyChanges', () => {
  it('sends the first, and then what changed', async () => {
    const { told } = await start();
    await seconds(3);
    bank.packs[1] = packOf(3310, { cycles: 8 });
    await seconds(3);
    assert.deepEqual(packsTold(told.messages), ['pack_1', 'pack_2', 'pack_2']);
  });

  it('sends each pack once more after a reconnect', async () => {
    const { told } = await start();
    await seconds(3);
    told.forget();
    await dropConnection(bench);
    await seconds(5);
    assert.deepEqual(packsTold(told.messages), ['pack_1', 'pack_2']);
  });

  it('sends a pack that is back, and only that', async () => {
    const { told } = await start({ staleAfterMs: 5000 });
    await seconds(1);
    told.forget();
    bank.packs[1] = emptyPack;
    await seconds(10);
    bank.packs[1] = packOf(3310);
    await seconds(3);
    assert.deepEqual(packsTold(told.messages), ['pack_2 gone', 'pack_2']);
  });

  it('value shape: sends all values of a bank that is back', async () => {
    const { told } = await start({ output: 'value', staleAfterMs: 5000 });
    await seconds(2);
    const topics = told.messages.map(({ topic }) => topic).sort();
    assert.equal(new Set(topics).size, topics.length);
    bank.silent = true;
    await seconds(20);
    told.forget();
    bank.silent = false;
    await seconds(5);
    assert.deepEqual(told.messages.map(({ topic }) => topic).sort(), topics);
  });

  it('bank shape: a dead bank is told, and the first after it', async () => {
    const { told } = await start({ output: 'bank', staleAfterMs: 5000 });
    await seconds(3);
    bank.silent = true;
    await seconds(20);
    bank.silent = false;
    await seconds(5);
    assert.equal(told.messages.length, 3);
  });

  it('an input is answered in full, and what it got counts as sent', async () => {
    const { told, poller } = await start({ intervalMs: 5000 });
    await seconds(1);
    told.forget();
    bank.packs[1] = packOf(3310, { cycles: 8 });
    const input = poller.poll(null);
    await seconds(20);
    assert.deepEqual(packsTold((await input).delivery.messages), ['pack_1', 'pack_2']);
    assert.deepEqual(told.messages, []);
  });

  /** The longest time between two messages of a pack, ms. */
  const longestSilence = (messages: readonly { pack?: number; at: number }[]) => {
    const times = messages.filter(({ pack }) => pack === 1).map(({ at }) => at);
    return Math.max(...times.slice(1).map((at, i) => at - (times[i] as number)));
  };

  const repeats: [what: string, intervalMs: number, firstLatencyMs: number][] = [
    ['every 5 s', 5000, 20],
    ['every 5 s, where the first reply was slow', 5000, 400],
    ['every 7 minutes', 420_000, 20],
    ['every 10 minutes', TEN_MINUTES, 20],
  ];
  for (const [what, intervalMs, firstLatencyMs] of repeats) {
    it(`${what}: each is sent at least each ten minutes`, async () => {
      bank.latencyMs = firstLatencyMs;
      const { told } = await start({ intervalMs, staleAfterMs: null });
      await seconds(1);
      bank.latencyMs = 20;
      await pass(3 * TEN_MINUTES, 20);
      assert.ok(told.messages.length >= 4 && told.messages.length <= 10, `${told.messages.length} messages`);
      // A second is left to the replies, which take longer now and then.
      assert.ok(longestSilence(told.messages) <= TEN_MINUTES + 1000, `${longestSilence(told.messages)} ms of silence`);
    });
  }
});

describe('without onlyChanges', () => {
  it('every poll is sent', async () => {
    const { told } = await start({ onlyChanges: false });
    await pass(4500, 10);
    assert.equal(told.messages.length, 10);
  });
});
