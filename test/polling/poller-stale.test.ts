import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { querySettings } from '../../nodes/shared/query-settings.js';
import type { PollerSettings } from '../../src/polling/poller-types.js';
import { analogQuery } from '../../src/polling/queries.js';
import { emptyPack } from '../link/bank-bench.js';
import { Bench, packOf, pass } from '../link/bench.js';
import {
  addressedBank,
  addressedClient,
  type FarBank,
  masterBank,
  masterClient,
  packsTold,
  payloadOf,
  seconds,
  startPoller,
} from './poller-bench.js';

const DAY = 86_400_000;

let bench: Bench;
let bank: FarBank;
beforeEach(() => {
  bench = new Bench();
  bank = masterBank(bench);
});
afterEach(() => bench.close());

const start = async (settings: Partial<PollerSettings> = {}) =>
  startPoller(analogQuery, await masterClient(bench), settings);

describe('staleAfter', () => {
  const cases: [interval: number, staleAfter: number | '', seconds: number | null][] = [
    [5, '', 15],
    [60, '', 180],
    [1, '', 10],
    [0.05, '', 10],
    [3.4, '', 10.2],
    [0, '', null],
    [5, 2, 2],
    [5, 0.5, 0.5],
    [0, 7, 7],
  ];
  for (const [interval, staleAfter, expected] of cases) {
    it(`interval ${interval}, staleAfter '${staleAfter}': ${expected ?? 'never'}`, () => {
      const { staleAfterMs } = querySettings({ interval, staleAfter });
      assert.equal(staleAfterMs, expected === null ? null : expected * 1000);
    });
  }

  for (const settings of [
    { interval: 2, staleAfter: '' },
    { interval: 2, staleAfter: 3 },
  ]) {
    it(`${JSON.stringify(settings)}: counted from the last good answer`, async () => {
      const { intervalMs, staleAfterMs } = querySettings(settings);
      const { told } = await start({ intervalMs, staleAfterMs });
      await seconds(1);
      const lastSeen = payloadOf(told.messages[0]).lastSeen as number;
      bank.silent = true;
      await pass((staleAfterMs as number) - 1000, 10);
      assert.deepEqual(packsTold(told.messages), ['pack_1', 'pack_2']);
      await pass(50, 10);
      assert.deepEqual(packsTold(told.messages), ['pack_1', 'pack_2', 'pack_1 gone', 'pack_2 gone']);
      assert.deepEqual(payloadOf(told.messages[2]).lastSeen, lastSeen);
      assert.match(told.look, new RegExp(`^grey ring: no answer for ${(staleAfterMs as number) / 1000} s$`));
    });
  }

  it('with interval 0 readings stay for good', async () => {
    const { told, poller } = await start({ intervalMs: 0, staleAfterMs: null });
    const asked = poller.poll(null);
    await seconds(1);
    await asked;
    await pass(DAY, 60_000);
    assert.equal(told.messages.length, 0);
    assert.equal(told.look, 'green dot: 50 % · 13.22 V · −2.5 A');
  });

  it('an input’s answer counts too', async () => {
    const { told, poller } = await start({ intervalMs: 0, staleAfterMs: 5000 });
    for (let k = 0; k < 4; k++) {
      void poller.poll(null);
      await seconds(4);
    }
    assert.equal(told.messages.length, 0);
    await seconds(2);
    assert.deepEqual(packsTold(told.messages), ['pack_1 gone', 'pack_2 gone']);
  });
});

describe('packs go stale one by one', () => {
  it('pack shape: each once, and it is back with its next answer', async () => {
    bank = addressedBank(bench);
    const { told } = startPoller(analogQuery, await addressedClient(bench), { intervalMs: 5000 });
    await seconds(3);
    bank.packs[1] = null;
    await seconds(30);
    const about2 = () => packsTold(told.messages.filter(({ pack }) => pack === 2));
    assert.deepEqual(about2(), ['pack_2', 'pack_2 gone']);
    assert.deepEqual(
      told.failures.map(({ packs }) => packs),
      [[2]],
    );
    assert.equal(told.look, 'yellow ring: pack_2 no answer');
    bank.packs[1] = packOf(3310);
    await seconds(25); // it has been asked less often meanwhile
    assert.deepEqual(about2().slice(0, 3), ['pack_2', 'pack_2 gone', 'pack_2']);
    assert.deepEqual(told.recoveries, ['pack_2']);
    assert.match(told.look, /^green dot/);
  });

  it('one that was silent in a single poll of three does not go stale', async () => {
    bank = addressedBank(bench);
    const settings = { intervalMs: 60_000, staleAfterMs: 180_000 };
    const { told } = startPoller(analogQuery, await addressedClient(bench), settings);
    await seconds(3);
    const [, pack] = bank.packs;
    bank.packs[1] = null;
    await seconds(62);
    bank.packs[1] = pack ?? null;
    await seconds(240);
    const about2 = packsTold(told.messages.filter((message) => message.pack === 2));
    assert.ok(!about2.includes('pack_2 gone'), `${about2}`);
  });

  it('bank shape: keeps its last reading and counts, then does not', async () => {
    bank = addressedBank(bench);
    const { told } = startPoller(analogQuery, await addressedClient(bench), { intervalMs: 5000, output: 'bank' });
    await seconds(3);
    bank.packs[1] = null;
    await seconds(30);
    const counts = told.messages.map((message) => {
      const { bank: totals } = payloadOf(message);
      return [totals.packCount, totals.onlineCount, totals.remainingCapacity].join(' ');
    });
    assert.deepEqual([...new Set(counts)], ['3 3 150', '3 2 100']);
    const { at } = told.messages[counts.indexOf('3 2 100')] as { at: number };
    assert.ok(at > 10_000 && at < 20_000, `${at}`);
  });

  for (const [what, slot] of [
    ['empty', [emptyPack]],
    ['gone from the count', []],
  ] as const) {
    it(`a slot that is ${what} is an error while it counts, and has not recovered when it is stale`, async () => {
      const { told } = await start();
      await seconds(1);
      bank.packs = [packOf(3300), ...slot];
      await seconds(30);
      assert.deepEqual(
        told.failures.map(({ code, packs }) => [code, packs]),
        [['NO_PACK', [2]]],
      );
      assert.deepEqual(packsTold(told.messages.filter(({ pack }) => pack === 2)).at(-1), 'pack_2 gone');
      assert.deepEqual(told.recoveries, []);
      assert.equal(told.look, 'yellow ring: pack_2 no answer');
      bank.packs = [packOf(3300), packOf(3310)];
      await seconds(2);
      assert.deepEqual(told.recoveries, ['pack_2']);
      assert.match(told.look, /^green dot/);
    });
  }
});

describe('a reply that is stale already when it is shared', () => {
  for (const output of ['pack', 'bank', 'value'] as const) {
    it(`${output} shape: it is none, and nothing is online`, async () => {
      const client = await masterClient(bench);
      startPoller(analogQuery, client, { intervalMs: 3_600_000 });
      await seconds(3);
      const { told } = startPoller(analogQuery, client, { intervalMs: 20_000, staleAfterMs: 2000, output });
      await seconds(1);
      assert.deepEqual(told.messages, []);
      assert.doesNotMatch(told.look, /green/);
      await seconds(2);
      assert.match(told.look, /^grey ring: no answer for \d s$/);
      assert.deepEqual(
        told.messages.map((message) => payloadOf(message).packs),
        output === 'bank' ? [{}] : [],
      );
    });
  }
});

describe('a dead bank', () => {
  const silence = async (settings: Partial<PollerSettings>) => {
    const { told } = await start(settings);
    await seconds(1);
    bank.silent = true;
    await seconds(5);
    told.forget();
    await seconds(60);
    return told;
  };

  it('bank shape: is told once', async () => {
    const told = await silence({ output: 'bank' });
    assert.equal(told.messages.length, 1);
    const { bank: totals, packs } = payloadOf(told.messages[0]);
    assert.deepEqual([totals.packCount, totals.onlineCount, totals.soc], [2, 0, null]);
    assert.deepEqual(Object.keys(packs), ['pack_1', 'pack_2']);
    bank.silent = false;
    await seconds(10);
    assert.equal(payloadOf(told.messages[1]).bank.onlineCount, 2);
    assert.match(told.look, /^green dot/);
  });

  it('value shape: offline once, and online once when it is back', async () => {
    const told = await silence({ output: 'value' });
    assert.deepEqual(
      told.messages.map(({ topic, payload }) => [topic, payload]),
      [['pace/availability', 'offline']],
    );
    bank.silent = false;
    await seconds(10);
    const availability = told.messages.filter(({ topic }) => topic === 'pace/availability');
    assert.deepEqual(
      availability.map(({ payload }) => payload),
      ['offline', 'online'],
    );
  });

  it('pack shape: each pack once', async () => {
    assert.deepEqual(packsTold((await silence({})).messages), ['pack_1 gone', 'pack_2 gone']);
  });
});

describe('a bank never read', () => {
  for (const output of ['bank', 'pack', 'value'] as const) {
    it(`${output} shape: ${output === 'bank' ? 'an empty bank, once, after staleAfter' : 'no message'}`, async () => {
      bank.silent = true;
      const { told } = await start({ output });
      await pass(9990, 10);
      assert.equal(told.messages.length, 0);
      await seconds(60);
      assert.equal(told.messages.length, output === 'bank' ? 1 : 0);
      for (const message of told.messages) {
        const { packs, bank: totals } = payloadOf(message);
        assert.deepEqual([packs, totals.packCount, totals.onlineCount, message.at], [{}, 0, 0, 10_000]);
      }
      assert.match(told.look, /^grey ring: no answer for \d+ s$/);
    });
  }

  it('an answer of other packs than its own is none', async () => {
    const { told, poller } = await start({ output: 'bank', intervalMs: 0, packs: [2] });
    void poller.poll([1]);
    await seconds(11);
    assert.deepEqual(
      told.messages.map((message) => payloadOf(message).packs),
      [{}],
    );
  });

  it('that may be silent for 25 days is not told earlier', async () => {
    const { told } = await start({ output: 'bank', intervalMs: 0, staleAfterMs: 25 * DAY });
    await pass(DAY, 60_000);
    assert.equal(told.messages.length, 0);
    assert.equal(told.look, 'yellow ring: waiting for an input');
  });

  it('that is closed in time says nothing', async () => {
    bank.silent = true;
    const { told, poller } = await start({ output: 'bank' });
    await seconds(5);
    poller.close();
    await seconds(30);
    assert.equal(told.messages.length, 0);
  });
});
