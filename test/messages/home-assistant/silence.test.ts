import assert from 'node:assert/strict';
import { afterEach, describe, it, mock } from 'node:test';
import type { HomeAssistantSettings } from '../../../src/messages/home-assistant/settings.js';
import { analog } from '../../battery/readings.js';
import { Bench, info, PACK, query, SERIAL } from './bench.js';

let bench: Bench;
afterEach(() => bench.close());

/** A bank that Home Assistant knows. */
function start(settings: Partial<HomeAssistantSettings> = {}): Bench {
  bench = new Bench(settings);
  bench.take(info());
  bench.poll(3);
  return bench;
}
const state = (id: string) => bench.homeAssistant.state(`${SERIAL}_${id}`);

describe('a query node that is gone', () => {
  it('is not taken for one that sends only changes for longer than 11 minutes', () => {
    start();
    bench.pass(10 * 60_000);
    assert.equal(state('pack_1_soc'), '70.72');
    bench.pass(70_000);
    assert.equal(state('pack_1_soc'), 'unavailable');
    assert.deepEqual(bench.pass(120_000), []);
  });

  for (const [expireAfter, seconds] of [
    [null, 30],
    [10, 10],
    [0, 30],
    [120, 120],
  ] as const) {
    it(`is told after ${seconds} s where every reading was sent (expire after ${expireAfter})`, () => {
      start({ expireAfter });
      bench.sendsOnlyChanges = false;
      bench.poll(2);
      bench.pass((seconds - 5) * 1000 - 500);
      assert.equal(state('pack_1_soc'), '70.72');
      bench.pass(1000);
      assert.equal(state('pack_1_soc'), 'unavailable');
      assert.equal(state('bank_soc'), 'unavailable');
      assert.deepEqual(bench.progress.at(-1), { step: 'told', packCount: 1, onlineCount: 0 });
      assert.deepEqual(bench.pass(300_000), []);
    });
  }

  it('alone has nothing that looks healthy', () => {
    start();
    bench.sendsOnlyChanges = false;
    bench.poll(1);
    for (let i = 0; i < 8; i++) {
      bench.take(...query('analog', [PACK]));
      bench.pass(4950);
    }
    assert.equal(state('pack_1_problem'), 'unknown');
    assert.equal(state('bank_mode'), 'unknown');
    assert.equal(state('pack_1_soc'), '70.72');
  });
});

describe('a bank in which nobody was ever read', () => {
  const nobody = (name: string) => ({
    payload: { packs: {}, bank: { packCount: 0, onlineCount: 0 } },
    pace: { query: name },
  });
  const QUERIES = ['analog', 'warning', 'status'];

  it('takes offline what is not told of any more: its query nodes have begun anew', () => {
    start();
    bench.pass(12_000);
    bench.take(...QUERIES.map(nobody));
    assert.equal(state('pack_1_soc'), 'unavailable');
    bench.poll(1);
    assert.equal(state('pack_1_soc'), '70.72');
  });

  it('leaves alone what another query node reads', () => {
    start();
    bench.take(...QUERIES.map(nobody));
    assert.equal(state('pack_1_soc'), '70.72');
  });
});

describe('a message that was held up', () => {
  const late = () => query('analog', [analog({ ...PACK, currentMilliamps: -99_000 })]);

  it('does not take the place of a later one', () => {
    start();
    const old = late();
    bench.pass(60_000);
    bench.poll(1);
    bench.take(...old);
    assert.equal(state('pack_1_current'), '-12.34');
  });

  it('does not bring back a pack that is offline since', () => {
    start();
    const old = late();
    bench.take(...query('analog', [PACK]));
    for (const name of ['analog', 'warning', 'status'] as const) bench.take(...query(name, [null]));
    bench.take(...old);
    assert.equal(state('pack_1_current'), 'unavailable');
  });

  it('that a pack is offline does not take it down when it was read later', () => {
    start();
    const offline = { pack: 1, name: 'pack_1', online: false, lastSeen: Date.now() - 60_000 };
    for (const name of ['analog', 'warning', 'status']) bench.take({ payload: offline, pace: { query: name } });
    assert.equal(state('pack_1_soc'), '70.72');
  });

  it('again and again does not keep a pack alive', () => {
    start();
    bench.sendsOnlyChanges = false;
    const old = late();
    for (let i = 0; i < 20; i++) {
      bench.pass(31_000);
      bench.take(...old);
    }
    assert.equal(state('pack_1_soc'), 'unavailable');
  });

  it('is not what a clock makes of it that was set back', () => {
    start();
    const [message] = late() as { payload: { lastSeen: number }; pace: { receivedAt: number } }[];
    const hour = 3_600_000;
    mock.timers.setTime(Date.now() - hour);
    const back = { ...message, payload: { ...message?.payload, lastSeen: Date.now() }, pace: { query: 'analog' } };
    bench.take(back);
    assert.equal(state('pack_1_current'), '-99');
  });
});

describe('the end of the node', () => {
  it('is told where Home Assistant would hold on to its values for ever', () => {
    start({ expireAfter: 0 });
    const before = bench.sent.length;
    bench.publisher.close();
    assert.deepEqual(
      bench.sent.slice(before).map(({ topic, payload }) => [topic, payload]),
      [
        ['pace/availability', 'offline'],
        ['pace/pack_1/availability', 'offline'],
      ],
    );
  });

  it('is not told where they expire', () => {
    start();
    const before = bench.sent.length;
    bench.publisher.close();
    bench.pass(60_000);
    assert.deepEqual(bench.sent.slice(before), []);
  });
});

describe('a time of a year', () => {
  it('is not more than a timer can wait', () => {
    start({ expireAfter: 31_536_000 });
    const waits = mock.method(globalThis, 'setTimeout');
    bench.poll(2);
    const longest = Math.max(...waits.mock.calls.map(({ arguments: [, ms] }) => Number(ms)));
    waits.mock.restore();
    assert.ok(longest > 60_000 && longest < 2 ** 31, `${longest} ms`);
  });
});
