import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { afterEach, describe, it } from 'node:test';
import type { MqttMessage } from '../../../src/messages/home-assistant/mqtt-message.js';
import type { HomeAssistantSettings } from '../../../src/messages/home-assistant/settings.js';
import { analog, status, warning } from '../../battery/readings.js';
import { Bench, info, isDiscovery, PACK, query, SERIAL, topicsOf } from './bench.js';

let bench: Bench;
afterEach(() => bench.close());

const start = (settings: Partial<HomeAssistantSettings> = {}) => {
  bench = new Bench(settings);
  bench.take(info());
  return bench;
};
type Config = {
  dev: Record<string, unknown>;
  cmps: Record<string, Record<string, unknown>>;
  avty: unknown;
  [key: string]: unknown;
};
const configOf = (messages: readonly MqttMessage[], topic: string) =>
  messages.filter((message) => message.topic === topic).at(-1)?.payload as Config;
const BANK_TOPIC = `homeassistant/device/pace_${SERIAL}/config`;
const PACK_TOPIC = `homeassistant/device/pace_${SERIAL}_pack_1/config`;
const discovery = (messages: readonly MqttMessage[]) => topicsOf(messages.filter(isDiscovery));

describe('discovery in the device layout', () => {
  it('is sent once two readings agree, the bank first, and not again', () => {
    start();
    assert.deepEqual(discovery(bench.poll(1)), []);
    assert.deepEqual(discovery(bench.poll(1)), [BANK_TOPIC, PACK_TOPIC]);
    assert.deepEqual(discovery(bench.poll(20)), []);
    assert.deepEqual(bench.homeAssistant.errors, []);
  });

  it('never tells of a pack that came, went offline, and came once more', () => {
    start();
    for (let time = 0; time < 5; time++) {
      bench.take(...query('analog', [PACK]));
      bench.pass(15_000);
      bench.take(...query('analog', [null]));
      bench.pass(300_000);
    }
    assert.deepEqual(bench.sent, []);
  });

  it('takes one reading of the other queries for enough: those that send only changes send no second', () => {
    start();
    bench.take(...query('warning', [warning()]), ...query('status', [status()]));
    bench.take(...query('analog', [PACK]));
    bench.pass(5000);
    bench.take(...query('analog', [PACK]));
    bench.pass(60_000);
    assert.deepEqual(discovery(bench.sent), [BANK_TOPIC, PACK_TOPIC]);
    assert.equal(bench.homeAssistant.state(`${SERIAL}_pack_1_mode`), 'idle');
    assert.equal(bench.homeAssistant.state(`${SERIAL}_bank_alarm_level`), 'normal');
    assert.deepEqual(bench.homeAssistant.errors, []);
  });

  it('tells a device a pack, which belongs to that of the bank', () => {
    start({ naming: { padPacks: 2, padCells: 2 } });
    const { dev, avty, ...root } = configOf(bench.poll(2), PACK_TOPIC);
    assert.deepEqual(dev, {
      ids: [`pace_${SERIAL}_pack_1`],
      name: 'Shed Pack 01',
      mf: 'PACE',
      mdl: 'Battery pack',
      via_device: `pace_${SERIAL}`,
    });
    assert.deepEqual(avty, [{ t: 'pace/availability' }, { t: 'pace/pack_01/availability' }]);
    assert.equal(root.avty_mode, 'all');
    const { name, version } = JSON.parse(readFileSync('package.json', 'utf8'));
    assert.deepEqual(root.o, { name, sw: version });
    const bank = configOf(bench.sent, BANK_TOPIC);
    assert.equal(bank.dev.name, 'Shed');
    assert.equal(bank.dev.sn, SERIAL);
    assert.equal(bank.dev.sw, 'P16S100A-1812-1.00');
    assert.deepEqual(bank.avty, [{ t: 'pace/availability' }]);
  });

  it('tells of an entity all that Home Assistant asks for', () => {
    start({ naming: { padPacks: 2, padCells: 2 } });
    const { cmps } = configOf(bench.poll(2), PACK_TOPIC);
    assert.deepEqual(cmps.cell_3, {
      p: 'sensor',
      name: 'Cell 03',
      uniq_id: `${SERIAL}_pack_1_cell_3`,
      def_ent_id: 'sensor.shed_pack_01_cell_03',
      dev_cla: 'voltage',
      stat_cla: 'measurement',
      unit_of_meas: 'V',
      sug_dsp_prc: 3,
      ent_cat: 'diagnostic',
      val_tpl: '{{ value_json.cell_3 }}',
      exp_aft: 30,
    });
    assert.equal(cmps.mode?.stat_t, 'pace/pack_01/status/state');
    assert.deepEqual(cmps.mode?.ops, ['charging', 'discharging', 'idle']);
    assert.ok(Object.values(cmps).every((component) => component.exp_aft === 30));
  });

  const paths: [what: string, shape: 'pack' | 'bank'][] = [
    ['a message a pack', 'pack'],
    ['one message for the bank', 'bank'],
  ];
  for (const [what, shape] of paths) {
    it(`never tells of a pack that was there once, from ${what}`, () => {
      start();
      const phantom = { ...PACK, packMillivolts: 1 };
      bench.take(...query('analog', [PACK, phantom], shape));
      for (let poll = 0; poll < 5; poll++) {
        bench.pass(5000);
        // a bank's message keeps the last reading of what did not answer
        const [message] = query('analog', [PACK], shape);
        const kept = query('analog', [PACK, phantom], shape)[0] as {
          payload: { packs?: Record<string, { lastSeen: number }> };
        };
        const pack = kept.payload.packs?.pack_2;
        if (pack) pack.lastSeen -= 10_000;
        bench.take(shape === 'bank' ? kept : (message as object as Record<string, unknown>));
      }
      assert.deepEqual(discovery(bench.sent), [BANK_TOPIC, PACK_TOPIC]);
    });
  }

  it('is sent anew when another pack comes, and leaves the others alone', () => {
    start();
    bench.poll(3);
    const later = bench.poll(3, { packs: [PACK, PACK] });
    assert.deepEqual(discovery(later), [`homeassistant/device/pace_${SERIAL}_pack_2/config`]);
    assert.equal(bench.homeAssistant.devices().length, 3);
    assert.deepEqual(bench.homeAssistant.errors, []);
  });

  it('takes out cells that are gone the documented way', () => {
    start();
    bench.poll(2);
    const fewer = analog({ ...PACK, cellMillivolts: PACK.cellMillivolts.slice(0, 15) });
    const messages = bench.poll(3, { packs: [fewer] }).filter(({ topic }) => topic === PACK_TOPIC);
    assert.equal(messages.length, 2);
    assert.deepEqual(configOf(messages.slice(0, 1), PACK_TOPIC).cmps.cell_16, { p: 'sensor' });
    assert.equal(configOf(messages, PACK_TOPIC).cmps.cell_16, undefined);
    assert.equal(bench.homeAssistant.state(`${SERIAL}_pack_1_cell_16`), undefined);
    assert.equal(bench.homeAssistant.state(`${SERIAL}_pack_1_cell_15`), '3.314');
    assert.deepEqual(bench.homeAssistant.errors, []);
  });

  it('keeps the cells when one reading alone has fewer', () => {
    start();
    bench.poll(2);
    const before = bench.sent.length;
    bench.take(...query('analog', [analog({ ...PACK, cellMillivolts: PACK.cellMillivolts.slice(0, 15) })]));
    bench.poll(3);
    assert.deepEqual(discovery(bench.sent.slice(before)), []);
  });

  it('has no sensor where none is fitted, and one that comes later', () => {
    start();
    const blind = analog({ ...PACK, temperatureTenths: [211, null, 213, 214, 220, 230] });
    bench.poll(2, { packs: [blind] });
    assert.equal(bench.homeAssistant.state(`${SERIAL}_pack_1_temp_2`), undefined);
    bench.poll(2);
    assert.equal(bench.homeAssistant.state(`${SERIAL}_pack_1_temp_2`), '21.2');
    bench.poll(2, { packs: [blind] });
    assert.equal(bench.homeAssistant.state(`${SERIAL}_pack_1_temp_2`), 'unknown');
    assert.deepEqual(bench.homeAssistant.errors, []);
  });

  it('has no cells where they are not wanted, and takes out those of an earlier deploy', () => {
    start();
    bench.poll(2);
    bench.close();
    start({ perCellEntities: false });
    const [retired, plain] = bench
      .poll(2)
      .filter(({ topic }) => topic === PACK_TOPIC)
      .map(({ payload }) => (payload as Config).cmps);
    assert.deepEqual(retired?.cell_16, { p: 'sensor' });
    const cells = Object.keys(plain ?? {}).filter((key) => /^cell_\d/.test(key));
    assert.deepEqual(cells, []);
    assert.ok(plain?.cell_delta);
  });

  it('takes out cells of a pack that was there before this one', () => {
    start();
    const fewer = analog({ ...PACK, cellMillivolts: PACK.cellMillivolts.slice(0, 15) });
    const [first, second] = bench.poll(2, { packs: [fewer] }).filter(({ topic }) => topic === PACK_TOPIC);
    assert.deepEqual((first?.payload as Config | undefined)?.cmps.cell_16, { p: 'sensor' });
    assert.equal((second?.payload as Config | undefined)?.cmps.cell_16, undefined);
    assert.deepEqual(bench.homeAssistant.errors, []);
  });

  it('is retained only where that is wanted', () => {
    start();
    assert.ok(
      bench
        .poll(2)
        .filter(isDiscovery)
        .every(({ retain, qos }) => !retain && qos === 1),
    );
    bench.close();
    start({ retainDiscovery: true });
    assert.ok(
      bench
        .poll(2)
        .filter(isDiscovery)
        .every(({ retain, qos }) => retain && qos === 1),
    );
    assert.ok(bench.sent.filter((message) => !isDiscovery(message)).every(({ retain }) => !retain));
  });
});

describe('what Home Assistant says of itself', () => {
  it('online: all is sent again at once, discovery first, and the states once more', () => {
    start();
    bench.poll(3);
    bench.homeAssistant.restart();
    const messages = bench.take({ topic: 'homeassistant/status', payload: 'online' });
    assert.deepEqual(topicsOf(messages), [
      BANK_TOPIC,
      PACK_TOPIC,
      'pace/availability',
      ...['analog', 'warning', 'status'].map((name) => `pace/bank/${name}/state`),
      'pace/pack_1/availability',
      ...['analog', 'warning', 'status'].map((name) => `pace/pack_1/${name}/state`),
    ]);
    assert.equal(bench.pass(3500).length, 8);
    assert.equal(bench.homeAssistant.state(`${SERIAL}_pack_1_soc`), '70.72');
  });

  it('online again and again: the states are told once more only once', () => {
    start();
    bench.poll(3);
    for (let i = 0; i < 20; i++) bench.take({ topic: 'homeassistant/status', payload: 'online' });
    const states = bench.pass(3500).filter(({ topic }) => topic === 'pace/pack_1/status/state');
    assert.equal(states.length, 1);
  });

  const others: [what: string, message: Record<string, unknown>][] = [
    ['offline', { topic: 'homeassistant/status', payload: 'offline' }],
    ['online before anything was read', { topic: 'homeassistant/status', payload: 'online' }],
    ['online in bytes', { topic: 'homeassistant/status', payload: Buffer.from('online') }],
  ];
  for (const [what, message] of others) {
    it(`${what}: no error`, () => {
      start();
      if (what !== 'online before anything was read') bench.poll(2);
      const sent = bench.take(message);
      assert.equal(sent.length > 0, what === 'online in bytes');
    });
  }

  it('is heard under another prefix, and only there', () => {
    start({ discoveryPrefix: 'ha' });
    bench.poll(2);
    assert.throws(() => bench.take({ topic: 'homeassistant/status', payload: 'online' }), { code: 'SHAPE' });
    assert.ok(topicsOf(bench.take({ topic: 'ha/status', payload: 'online' })).some((topic) => topic.startsWith('ha/')));
  });
});
