import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import type { MqttMessage } from '../../../src/messages/home-assistant/mqtt-message.js';
import type { HomeAssistantSettings } from '../../../src/messages/home-assistant/settings.js';
import { Bench, CONNECTION, info, SERIAL } from './bench.js';

let bench: Bench;
afterEach(() => bench.close());

interface Config {
  dev: Record<string, unknown>;
  cmps: Record<string, Record<string, unknown>>;
}
const configOf = (messages: readonly MqttMessage[], topic: string) =>
  messages.filter((message) => message.topic === topic).at(-1)?.payload as Config;

describe('the serial number', () => {
  const ids = () => new Set(bench.homeAssistant.entities().map(({ uniqueId }) => uniqueId.split('_')[0]));

  it('is waited for for 30 s; then the connection’s id stands in, for good', () => {
    bench = new Bench();
    bench.poll(5);
    assert.deepEqual(bench.sent, []);
    assert.deepEqual(bench.progress.at(-1)?.step, 'serial');
    bench.poll(2);
    assert.deepEqual([...ids()], [CONNECTION]);
    bench.take(info());
    bench.poll(3);
    bench.take({ topic: 'homeassistant/status', payload: 'online' });
    assert.deepEqual([...ids()], [CONNECTION]);
    assert.deepEqual(bench.homeAssistant.errors, []);
  });

  it('that is missed after a restart is the one before', () => {
    bench = new Bench({}, { serial: SERIAL });
    bench.take(info({ bmsSerial: null }));
    bench.poll(2);
    assert.deepEqual([...ids()], [SERIAL]);
    bench.close();
    bench = new Bench({}, { serial: SERIAL });
    bench.poll(8);
    assert.deepEqual([...ids()], [SERIAL]);
  });

  it('of another BMS takes the place of the one before, and is remembered', () => {
    bench = new Bench({}, { serial: 'OLD' });
    bench.take(info());
    bench.poll(2);
    assert.deepEqual([...ids()], [SERIAL]);
    assert.deepEqual(bench.remembered, { serial: SERIAL });
  });

  it('that a BMS does not have is not waited for', () => {
    bench = new Bench();
    bench.take(info({ bmsSerial: null }));
    bench.poll(2);
    assert.deepEqual([...ids()], [CONNECTION]);
  });

  it('is waited for when the BMS told nothing at all', () => {
    bench = new Bench();
    const silent = Object.fromEntries(Object.keys(info().payload as object).map((key) => [key, null]));
    bench.take({ ...info(), payload: silent });
    bench.poll(2);
    assert.deepEqual(bench.sent, []);
    bench.take(info());
    bench.poll(2);
    assert.deepEqual([...ids()], [SERIAL]);
  });

  it('that comes later is told of the device, whose ids stay', () => {
    bench = new Bench();
    bench.poll(8);
    bench.take(info());
    const config = configOf(bench.pass(1500), `homeassistant/device/pace_${CONNECTION}/config`);
    assert.equal(config.dev.sn, SERIAL);
  });

  for (const serial of ['12"3', 'Zähler 7', 'a/b+c#', '\n\u0001x', '电池']) {
    it(`${JSON.stringify(serial)} makes valid messages`, () => {
      bench = new Bench();
      bench.take(info({ bmsSerial: serial }));
      bench.poll(2);
      assert.ok(bench.homeAssistant.entities().length > 50);
      assert.deepEqual(bench.homeAssistant.errors, []);
    });
  }
});

describe('the name of the bank', () => {
  const cases: [settings: Partial<HomeAssistantSettings>, name: string, entity: string][] = [
    [{}, 'Shed', 'sensor.shed_pack_1_soc'],
    [{ connectionName: '' }, 'PACE battery', 'sensor.pace_battery_pack_1_soc'],
    [{ deviceName: 'Gartenhäuschen "Süd"' }, 'Gartenhäuschen "Süd"', 'sensor.gartenhauschen_sud_pack_1_soc'],
    [{ deviceName: '电池' }, '电池', 'sensor.pace_battery_pack_1_soc'],
  ];
  for (const [settings, name, entity] of cases) {
    it(`${JSON.stringify(settings)}: ${name}`, () => {
      bench = new Bench(settings);
      bench.take(info());
      bench.poll(2);
      assert.equal(configOf(bench.sent, `homeassistant/device/pace_${SERIAL}/config`).dev.name, name);
      assert.equal(
        configOf(bench.sent, `homeassistant/device/pace_${SERIAL}_pack_1/config`).cmps.soc?.def_ent_id,
        entity,
      );
      assert.deepEqual(bench.homeAssistant.errors, []);
    });
  }
});
