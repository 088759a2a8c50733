import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import type { Alarm } from '../../../src/battery/alarms.js';
import type { HomeAssistantSettings } from '../../../src/messages/home-assistant/settings.js';
import { analog, status, warning } from '../../battery/readings.js';
import { Bench, info, isDiscovery, PACK, query, SERIAL, topicsOf } from './bench.js';

let bench: Bench;
afterEach(() => bench.close());

/** A bank that Home Assistant knows, and from which nothing has come for a while. */
function start(settings: Partial<HomeAssistantSettings> = {}, packs = [PACK]): Bench {
  bench = new Bench(settings);
  bench.take(info());
  bench.poll(3, { packs });
  return bench;
}
const state = (id: string) => bench.homeAssistant.state(`${SERIAL}_${id}`);
const hot: Alarm = { code: 'mosfetOverTemperatureProtection', level: 'protection', label: 'MOSFET over-temperature' };

describe('states', () => {
  it('are told when they change, the others not', () => {
    start();
    const later = analog({ ...PACK, currentMilliamps: 5000 });
    const topics = topicsOf(bench.take(...query('analog', [later])));
    assert.deepEqual(topics, ['pace/bank/analog/state', 'pace/pack_1/analog/state']);
    assert.equal(state('pack_1_current'), '5');
    assert.equal(state('bank_power'), '264.6');
  });

  it('are one message a device and query: the readings in the names of the node, whatever the query’s', () => {
    start({ naming: { padPacks: 2, padCells: 2 } });
    const balancing = status({ mode: 'charging', balancingCells: [4, 11] });
    const [ofBank, ofPack] = bench.take(...query('status', [balancing], 'bank', { padPacks: 3, padCells: 0 }));
    assert.equal(ofBank?.topic, 'pace/bank/status/state');
    assert.deepEqual(ofPack, {
      topic: 'pace/pack_01/status/state',
      payload: {
        mode: 'charging',
        charge_mosfet: 'ON',
        discharge_mosfet: 'ON',
        fully_charged: 'OFF',
        balancing: 'ON',
        balancing_cells: 'cell_04, cell_11',
        charge_limiter: 'OFF',
        charger_reversed: 'OFF',
        pack_supplying: 'OFF',
        ac_in: 'OFF',
        heater: 'OFF',
      },
      retain: false,
      qos: 0,
    });
  });

  it('of the bank are told once a poll, whatever the number of packs', () => {
    start({}, [PACK, PACK, PACK]);
    const later = [1, 2, 3].map((n) => analog({ ...PACK, currentMilliamps: n * 1000 }));
    const topics = topicsOf(bench.take(...query('analog', later)));
    assert.equal(topics.filter((topic) => topic === 'pace/bank/analog/state').length, 1);
    assert.equal(state('bank_current'), '6');
    assert.equal(state('bank_packs_online'), '3');
  });

  it('that do not change are repeated at half of the time for which they hold', () => {
    start();
    bench.pass(15_000);
    const times: number[] = [];
    for (let passed = 0; passed < 60_000; passed += 500) {
      if (topicsOf(bench.pass(500)).includes('pace/pack_1/status/state')) times.push(passed);
    }
    assert.equal(times.length, 4);
    assert.deepEqual(new Set(times.slice(1).map((time, i) => time - (times[i] ?? 0))), new Set([15_000]));
    assert.equal(state('pack_1_mode'), 'idle');
    assert.equal(state('pack_1_soc'), '70.72');
  });

  it('are repeated with a time of one’s own too, and with none', () => {
    for (const [expireAfter, repeats] of [
      [4, 30],
      [0, 4],
    ] as const) {
      start({ expireAfter });
      bench.pass(15_000);
      const topics = topicsOf(bench.pass(60_000));
      assert.equal(topics.filter((topic) => topic === 'pace/pack_1/warning/state').length, repeats);
      assert.equal(state('pack_1_problem'), 'off');
      bench.close();
    }
    start({ expireAfter: 0 });
    for (const { payload } of bench.sent.filter(isDiscovery)) assert.ok(!JSON.stringify(payload).includes('exp_aft'));
  });

  it('tell what alarms in words that fit, and that nothing does', () => {
    start();
    assert.equal(state('pack_1_alarms'), 'none');
    const cells = Array.from(
      { length: 16 },
      (_, i): Alarm => ({ ...hot, level: 'warning', label: 'above limit', cell: i + 1 }),
    );
    bench.take(...query('warning', [warning({ alarms: [hot, ...cells] })]));
    assert.equal(state('pack_1_alarm_level'), 'protection');
    assert.equal(state('pack_1_problem'), 'on');
    assert.match(state('pack_1_alarms') ?? '', /^MOSFET over-temperature; cell_1 above limit; cell_2 .*…$/);
    assert.equal(state('pack_1_alarms')?.length, 255);
    assert.match(state('bank_alarms') ?? '', /^pack_1: MOSFET/);
    assert.deepEqual(bench.homeAssistant.errors, []);
  });

  it('are not waited for by the messages that come meanwhile', () => {
    start();
    for (let i = 0; i < 400; i++) {
      for (const message of query('analog', [analog({ ...PACK, cycles: i })])) bench.publisher.take(message);
      bench.pass(10);
    }
    assert.ok(bench.sent.filter(({ topic }) => topic === 'pace/pack_1/analog/state').length > 50);
  });
});

describe('a pack that does not answer', () => {
  it('is unavailable at once, and its states are repeated no more', () => {
    start({}, [PACK, PACK]);
    bench.take(...query('analog', [PACK, null]), ...query('warning', [warning(), null]));
    const topics = topicsOf(bench.take(...query('status', [status(), null])));
    assert.ok(topics.includes('pace/pack_2/availability'));
    assert.equal(state('pack_2_soc'), 'unavailable');
    assert.equal(state('pack_1_soc'), '70.72');
    assert.equal(state('bank_packs_online'), '1');
    assert.equal(state('bank_packs'), '2');
    assert.deepEqual(
      topicsOf(bench.pass(60_000)).filter((topic) => topic.includes('pack_2')),
      [],
    );
    assert.deepEqual(bench.progress.at(-1), { step: 'told', packCount: 2, onlineCount: 1 });
  });

  it('is back with all its states', () => {
    start({}, [PACK, PACK]);
    for (const name of ['analog', 'warning', 'status'] as const) bench.take(...query(name, [null, null]));
    assert.equal(state('pack_1_soc'), 'unavailable');
    assert.equal(state('bank_soc'), 'unavailable');
    bench.pass(120_000);
    bench.poll(1, { packs: [PACK, PACK] });
    assert.equal(state('pack_1_soc'), '70.72');
    assert.equal(state('pack_2_mode'), 'idle');
    assert.equal(state('bank_voltage'), '52.92');
    assert.deepEqual(bench.homeAssistant.errors, []);
  });

  it('to one query alone has no states of that', () => {
    start();
    bench.take(...query('warning', [null]));
    assert.equal(state('pack_1_alarm_level'), 'unknown');
    assert.equal(state('pack_1_problem'), 'unknown');
    assert.equal(state('bank_problem'), 'unknown');
    assert.equal(state('pack_1_soc'), '70.72');
    bench.take(...query('warning', [warning()]));
    assert.equal(state('pack_1_alarm_level'), 'normal');
  });

  it('and never did is nobody', () => {
    start();
    const empty = { pack: 9, name: 'pack_9', online: false, lastSeen: null };
    const pace = { query: 'analog' };
    assert.deepEqual(
      bench.take({ payload: empty, pace }, { payload: { packs: { pack_9: empty }, bank: {} }, pace }),
      [],
    );
    assert.equal(bench.homeAssistant.devices().length, 2);
  });
});

describe('how long a state holds', () => {
  const expiryOf = (key: string) => {
    const messages = bench.sent.filter(({ topic }) => topic.endsWith('_pack_1/config'));
    const config = messages.at(-1)?.payload as { cmps: Record<string, { exp_aft: number }> };
    return config.cmps[key]?.exp_aft;
  };
  const every = (seconds: number, count: number) => {
    for (let i = 0; i < count; i++) {
      bench.take(...query('analog', [PACK]));
      bench.pass(seconds * 1000 - 50);
    }
  };

  it('is three of the intervals seen, by query', () => {
    bench = new Bench();
    bench.take(info());
    for (let i = 0; i < 12; i++) {
      bench.take(...query('analog', [PACK]));
      if (i % 4 === 0) bench.take(...query('status', [status()]));
      bench.pass(i % 4 === 0 ? 19_900 : 19_950);
    }
    assert.equal(expiryOf('soc'), 60);
    assert.equal(expiryOf('mode'), 240);
  });

  for (const seconds of [31, 60, 300, 3600]) {
    it(`is not shortened by inputs, nor by a second node a little later, at ${seconds} s`, () => {
      bench = new Bench();
      bench.sendsOnlyChanges = false;
      bench.take(info());
      every(seconds, 4);
      for (let press = 0; press < 8; press++) {
        bench.take(...query('analog', [PACK]));
        bench.pass(950);
      }
      every(seconds, 3);
      const before = bench.sent.filter(isDiscovery).length;
      for (let i = 0; i < 8; i++) {
        bench.take(...query('analog', [PACK]));
        bench.pass(9950);
        bench.take(...query('analog', [PACK], 'bank'));
        bench.pass((seconds - 10) * 1000 - 50);
      }
      assert.ok(!bench.sent.some(({ payload }) => payload === 'offline'));
      assert.ok(bench.sent.filter(isDiscovery).length <= before + 2);
      assert.deepEqual(bench.homeAssistant.errors, []);
    });
  }

  it('follows another interval, but neither an input nor an outage', () => {
    bench = new Bench();
    bench.take(info());
    every(20, 4);
    const announced = () => bench.sent.filter(isDiscovery).length;
    const before = announced();
    every(1, 1);
    every(20, 3);
    bench.take(...query('analog', [null]));
    bench.pass(300_000);
    every(20, 3);
    assert.equal(announced(), before);
    every(60, 6);
    assert.equal(expiryOf('soc'), 180);
  });
});

describe('what the BMS tells of its own pack', () => {
  it('is there where it comes again and again, as long as it comes', () => {
    start();
    assert.equal(state('bank_bms_remaining_capacity'), undefined);
    bench.pass(1000);
    bench.take(info());
    bench.pass(4000);
    assert.equal(state('bank_bms_remaining_capacity'), '62.04');
    bench.pass(60_000);
    assert.equal(state('bank_bms_remaining_capacity'), 'unknown');
  });
});
