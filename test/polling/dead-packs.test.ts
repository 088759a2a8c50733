import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { Addressing } from '../../src/link/bank-reading.js';
import { analogQuery, warningQuery } from '../../src/polling/queries.js';
import { alarmBankReply, alarmsOf, openClient, partsOf } from '../link/bank-bench.js';
import { analogReply, Bench, packOf } from '../link/bench.js';
import { payloadOf, seconds, startPoller, type Told } from './poller-bench.js';

const TEN = Array.from({ length: 10 }, (_, i) => i + 1);
/** What a timeout and the quiet after it take with the default settings, ms. */
const TIMEOUT_AND_DRAIN_MS = 1500;
/** Steps of the clock in these tests, ms. */
const STEP_MS = 10;

let bench: Bench;
let dead: Set<number>;
beforeEach(() => {
  bench = new Bench();
  dead = new Set();
});
afterEach(() => bench.close());

/** A bank of which each pack is asked by itself and answers 150 ms later, unless it is dead. */
async function bankOf(mode: 'addressed' | 'relay', packs: readonly number[]) {
  bench.farEnd = (request, say) => {
    const { address, command, info } = partsOf(request);
    if (dead.has(info)) return;
    const reply =
      command === '42'
        ? analogReply(address, packOf(3300), info)
        : alarmBankReply([alarmsOf()], undefined, info, address);
    say(reply, 150);
  };
  const addressing: Addressing = mode === 'relay' ? { mode, address: 1, packs } : { mode, packs };
  return openClient(bench, addressing);
}

/** When a pack was read, ms. */
const readingsOf = ({ messages }: Told, pack: number) =>
  messages.filter((message) => message.pack === pack).map((message) => payloadOf(message).lastSeen as number);

const gaps = (times: readonly number[]) => times.slice(1).map((time, i) => time - (times[i] as number));

for (const mode of ['addressed', 'relay'] as const) {
  describe(`packs that do not answer among others, ${mode}`, () => {
    it('ten addresses with three dead ones keep their interval', async () => {
      for (const number of [2, 6, 10]) dead.add(number);
      const { told } = startPoller(analogQuery, await bankOf(mode, TEN), { intervalMs: 5000, staleAfterMs: 15_000 });
      await seconds(120);
      for (const pack of TEN.filter((number) => !dead.has(number))) {
        const [, ...times] = readingsOf(told, pack); // it takes one interval to find out who is dead
        assert.equal(times.length, 22, `pack ${pack}`);
        assert.ok(Math.max(...gaps(times)) <= 5000 + TIMEOUT_AND_DRAIN_MS + STEP_MS, `pack ${pack}: ${gaps(times)}`);
      }
    });

    it('one delays the others by no more than one timeout and its drain a cycle', async () => {
      const client = await bankOf(mode, [1, 2, 3, 4]);
      const { told } = startPoller(analogQuery, client, { intervalMs: 2500, staleAfterMs: 15_000 });
      startPoller(warningQuery, client, { intervalMs: 2500, staleAfterMs: 15_000 });
      await seconds(20);
      const undisturbed = Math.max(...readingsOf(told, 4).map((time) => time % 2500));
      dead.add(3);
      await seconds(60);
      for (const pack of [1, 2, 4]) {
        const delays = readingsOf(told, pack).map((time) => time % 2500);
        assert.ok(Math.max(...delays) <= undisturbed + TIMEOUT_AND_DRAIN_MS + STEP_MS, `pack ${pack}: ${delays}`);
      }
    });

    it('one is asked less and less often, but is soon back', async () => {
      const { told } = startPoller(analogQuery, await bankOf(mode, [1, 2]), { intervalMs: 1000, staleAfterMs: 10_000 });
      await seconds(5);
      dead.add(2);
      await seconds(120);
      const asked = (from: number, to: number) =>
        bench.asked.filter(({ at, text }) => at >= from && at < to && partsOf(text).info === 2).length;
      assert.ok(asked(0, 5000) >= 5, `${asked(0, 5000)} times`);
      assert.ok(asked(65_000, 125_000) <= 9, `${asked(65_000, 125_000)} times`);
      dead.delete(2);
      await seconds(10);
      const [first] = readingsOf(told, 2).filter((time) => time > 125_000);
      assert.ok(first, 'it is read again');
      assert.ok(readingsOf(told, 2).filter((time) => time > first).length > 0);
    });

    it('one that is back is read again, however busy the line is with the others', async () => {
      const client = await bankOf(mode, TEN);
      const { told } = startPoller(analogQuery, client, { intervalMs: 1000, staleAfterMs: 30_000 });
      startPoller(warningQuery, client, { intervalMs: 1000, staleAfterMs: 30_000 });
      await seconds(10);
      dead.add(10);
      await seconds(60);
      dead.delete(10);
      const back = Date.now();
      await seconds(60);
      assert.ok(readingsOf(told, 10).some((time) => time > back));
    });

    it('all come back at once when it was the line', async () => {
      const { told } = startPoller(analogQuery, await bankOf(mode, [1, 2, 3]), {
        intervalMs: 1000,
        staleAfterMs: 10_000,
      });
      await seconds(5);
      for (const number of [1, 2, 3]) dead.add(number);
      await seconds(120);
      dead.clear();
      await seconds(10);
      for (const pack of [1, 2, 3]) {
        assert.ok(
          readingsOf(told, pack).some((time) => time > 125_000 && time < 135_000),
          `pack ${pack}`,
        );
      }
    });
  });
}
