import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import type { MqttMessage } from '../../../src/messages/home-assistant/mqtt-message.js';
import type { Carried } from '../../../src/messages/home-assistant/succession.js';
import { analog, status, warning } from '../../battery/readings.js';
import { Bench, info, PACK, query, SERIAL, topicsOf } from './bench.js';

let bench: Bench;
afterEach(() => bench.close());

const NAMING = { padPacks: 2, padCells: 2 };
const OLD_SERIAL = '705350371133334';
const PACKS = [PACK, PACK];
const MIGRATE = { migrate: true };

/** What bmspace left with the broker: retained and not as Home Assistant wants it, but taken. */
function asBmspaceLeftIt(): MqttMessage[] {
  const former = new Bench({ layout: 'bmspace', topic: 'bmspace', naming: NAMING, retainDiscovery: true });
  former.take(info());
  former.poll(3, { packs: PACKS });
  former.close();
  return former.sent;
}

/** A bank that bmspace has told Home Assistant of. */
function start(layout: 'device' | 'bmspace', carried?: Carried): Bench {
  const left = asBmspaceLeftIt();
  bench = new Bench({ layout, topic: 'bmspace', naming: NAMING }, carried ? { carried } : {});
  bench.homeAssistant.receive(...left);
  return bench;
}

const state = (id: string) => bench.homeAssistant.state(id);
const oldIds = () =>
  bench.homeAssistant
    .entities()
    .map(({ uniqueId }) => uniqueId)
    .filter((id) => id.startsWith('bmspace_'));
const payloads = (messages: readonly MqttMessage[], text: string) =>
  topicsOf(messages.filter(({ payload }) => JSON.stringify(payload) === text));

describe('migrating from bmspace', () => {
  for (const layout of ['device', 'bmspace'] as const) {
    it(`carries its entities over to the devices, from the ${layout} layout`, () => {
      start(layout);
      bench.take(info());
      bench.poll(3, { packs: PACKS });
      const before = bench.sent.length;
      bench.take(MIGRATE);
      bench.pass(10_000);
      const messages = bench.sent.slice(before);

      const letGo = payloads(messages, '{"migrate_discovery":true}');
      const cleared = payloads(messages, '""');
      assert.equal(letGo.length, 2 * (16 + 6 + 20) + 5);
      assert.ok(letGo.every((topic) => cleared.includes(topic)));
      assert.deepEqual(
        cleared.filter((topic) => !letGo.includes(topic)).map((topic) => topic.split('/').at(-2)),
        ['Pack_01_Balancing1', 'Pack_01_Balancing2', 'Pack_02_Balancing1', 'Pack_02_Balancing2'],
      );
      const order = topicsOf(messages).filter((topic) => topic.startsWith('homeassistant/'));
      const device = order.indexOf(`homeassistant/device/pace_${SERIAL}_pack_1/config`);
      assert.ok(device >= letGo.length && device < order.length - cleared.length);

      assert.equal(oldIds().length, 2 * (16 + 6 + 20) + 5);
      assert.equal(state(`bmspace_${OLD_SERIAL}_pack_02_v_cell_16`), '3.315');
      assert.equal(state(`bmspace_${OLD_SERIAL}_pack_01_charge_fet`), 'on');
      assert.equal(state(`${SERIAL}_pack_1_power`), '-653');
      assert.equal(state(`${SERIAL}_pack_1_soc`), undefined);
      assert.deepEqual(bench.homeAssistant.errors, []);
      assert.ok(messages.every(({ payload }) => Buffer.byteLength(JSON.stringify(payload)) < 16_000));
      const names = bench.homeAssistant.devices().map(({ name }) => name);
      assert.ok(names.includes('Shed Pack 02'));
    });
  }

  it('can be wished for before anything was read', () => {
    start('device');
    bench.take(MIGRATE);
    bench.take(info());
    bench.poll(4, { packs: PACKS });
    assert.equal(state(`bmspace_${OLD_SERIAL}_pack_01_soc`), '70.72');
    assert.deepEqual(bench.homeAssistant.errors, []);
  });

  it('is remembered: the entities are the same after a restart, and nothing is cleared again', () => {
    start('bmspace');
    bench.take(info());
    bench.poll(3, { packs: PACKS });
    bench.take(MIGRATE);
    bench.pass(10_000);
    const { carried } = bench.remembered;
    assert.deepEqual(carried, { serial: OLD_SERIAL, naming: NAMING, packs: [1, 2] });
    const ids = oldIds();
    bench.close();
    start('bmspace', carried);
    bench.take(info());
    bench.poll(3, { packs: PACKS });
    assert.deepEqual(payloads(bench.sent, '""'), []);
    const told = bench.sent.filter(({ topic }) => topic.startsWith('homeassistant/'));
    assert.ok(told.every(({ topic }) => topic.startsWith(`homeassistant/device/pace_${SERIAL}`)));
    const components = JSON.stringify(told.map(({ payload }) => payload));
    for (const id of ids.filter((each) => !/pack_(i|so)/.test(each))) assert.ok(components.includes(`"${id}"`), id);
  });

  it('of a pack that came later takes another wish', () => {
    start('device');
    bench.take(info());
    bench.poll(3);
    bench.take(MIGRATE);
    bench.pass(10_000);
    bench.poll(3, { packs: PACKS });
    assert.equal(state(`${SERIAL}_pack_2_soc`), '70.72');
    bench.take(MIGRATE);
    bench.pass(10_000);
    assert.equal(state(`bmspace_${OLD_SERIAL}_pack_01_soc`), '70.72');
    assert.equal(state(`bmspace_${OLD_SERIAL}_pack_02_soc`), '70.72');
    assert.equal(state(`${SERIAL}_pack_2_soc`), undefined);
    assert.deepEqual(bench.homeAssistant.errors, []);
  });

  it('again with other digits leaves the ids as they were', () => {
    start('device', { serial: OLD_SERIAL, naming: { padPacks: 0, padCells: 0 }, packs: [1] });
    bench.take(info());
    bench.poll(3, { packs: PACKS });
    bench.take(MIGRATE);
    bench.pass(10_000);
    assert.deepEqual(bench.remembered.carried, {
      serial: OLD_SERIAL,
      naming: { padPacks: 0, padCells: 0 },
      packs: [1, 2],
    });
    assert.equal(state(`bmspace_${OLD_SERIAL}_pack_1_v_cell_1`), '3.3');
  });

  it('again leaves nothing that is told for ever', () => {
    start('device');
    bench.take(info());
    bench.poll(3, { packs: PACKS });
    bench.take(MIGRATE);
    bench.pass(10_000);
    bench.take(MIGRATE);
    bench.pass(1500);
    bench.sendsOnlyChanges = false;
    bench.take(...query('analog', PACKS), ...query('warning', [warning(), warning()]));
    bench.take(...query('status', [status(), status()]));
    bench.pass(60_000);
    assert.deepEqual(bench.progress.at(-1)?.onlineCount, 0);
    assert.equal(bench.sent.findLast(({ topic }) => topic === 'bmspace/availability')?.payload, 'offline');
  });

  it('of a pack with fewer cells takes the others out', () => {
    const carried = { serial: OLD_SERIAL, naming: NAMING, packs: [1] };
    bench = new Bench({ naming: NAMING }, { carried });
    bench.take(info());
    const eight = analog({ ...PACK, cellMillivolts: PACK.cellMillivolts.slice(0, 8) });
    const gone = bench.poll(2, { packs: [eight] }).find(({ topic }) => topic.endsWith('_pack_1/config'));
    assert.match(JSON.stringify(gone?.payload), /"Pack_01_Cell_09_Voltage":\{"p":"sensor"\}/);
  });

  it('of cells that are not wanted later takes them out', () => {
    const naming = { padPacks: 2, padCells: 2 };
    bench = new Bench({ naming, perCellEntities: false }, { carried: { serial: OLD_SERIAL, naming, packs: [1] } });
    bench.take(info());
    const gone = bench.poll(2).find(({ topic }) => topic.endsWith('_pack_1/config'));
    assert.match(JSON.stringify(gone?.payload), /"Pack_01_Cell_16_Voltage":\{"p":"sensor"\}/);
  });

  it('waits until it is known what cells there are', () => {
    start('device');
    bench.take(info(), MIGRATE);
    for (let poll = 0; poll < 3; poll++) {
      bench.take(...query('warning', [warning(), warning()]));
      bench.pass(5000);
    }
    assert.deepEqual(payloads(bench.sent, '{"migrate_discovery":true}'), []);
    bench.poll(4, { packs: PACKS });
    assert.equal(payloads(bench.sent, '{"migrate_discovery":true}').length, 2 * 42 + 5);
    assert.equal(state(`bmspace_${OLD_SERIAL}_pack_02_v_cell_16`), '3.315');
    assert.deepEqual(bench.homeAssistant.errors, []);
  });

  it('twice at once is once', () => {
    start('device');
    bench.take(info());
    bench.poll(3, { packs: PACKS });
    bench.take(MIGRATE, MIGRATE);
    bench.pass(1500);
    bench.take(MIGRATE);
    bench.pass(20_000);
    assert.equal(payloads(bench.sent, '{"migrate_discovery":true}').length, 2 * 42 + 5);
  });

  it('needs the serial number by which bmspace named its entities', () => {
    start('device');
    bench.take(info({ bmsSerial: null }));
    bench.poll(3, { packs: PACKS });
    assert.throws(() => bench.take(MIGRATE), { code: 'CONFIG', message: /serial number/ });
    bench.close();
    start('device');
    bench.take(MIGRATE);
    bench.poll(8, { packs: PACKS });
    assert.deepEqual(
      bench.failures.map(({ code }) => code),
      ['CONFIG'],
    );
    assert.ok(bench.homeAssistant.entities().some(({ uniqueId }) => uniqueId.startsWith('c0ffee')));
  });

  it('has no effect where migrate is not true', () => {
    start('device');
    for (const migrate of ['true', 1, false]) {
      assert.throws(() => bench.take({ migrate }), { code: 'SHAPE' });
    }
  });
});
