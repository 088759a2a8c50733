import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import type { HomeAssistantSettings } from '../../../src/messages/home-assistant/settings.js';
import { analog, warning } from '../../battery/readings.js';
import { Bench, info, isDiscovery, PACK, query, topicsOf } from './bench.js';

let bench: Bench;
afterEach(() => bench.close());

const start = (settings: Partial<HomeAssistantSettings> = {}) => {
  bench = new Bench({ layout: 'bmspace', topic: 'bmspace', ...settings });
  bench.take(info());
  return bench;
};

/** As bmspace dev announces them (`bmspace.md` 1c): platform, name, unique id, state topic, unit. */
type Announced = [platform: string, name: string, id: string, topic: string, unit: string | undefined];

const SINGLES: readonly (readonly [platform: string, name: string, leaf: string, unit?: string])[] = [
  ['sensor', 'Current', 'i_pack', 'A'],
  ['sensor', 'Voltage', 'v_pack', 'V'],
  ['sensor', 'Remaining Capacity', 'i_remain_cap', 'mAh'],
  ['sensor', 'State of Health', 'soh', '%'],
  ['sensor', 'Cycles', 'cycles'],
  ['sensor', 'Full Capacity', 'i_full_cap', 'mAh'],
  ['sensor', 'Design Capacity', 'i_design_cap', 'mAh'],
  ['sensor', 'State of Charge', 'soc', '%'],
  ['sensor', 'Warnings', 'warnings'],
  ['sensor', 'Balancing1', 'balancing1'],
  ['sensor', 'Balancing2', 'balancing2'],
  ['binary_sensor', 'Protection Short Circuit', 'prot_short_circuit'],
  ['binary_sensor', 'Protection Discharge Current', 'prot_discharge_current'],
  ['binary_sensor', 'Protection Charge Current', 'prot_charge_current'],
  ['binary_sensor', 'Current Limit', 'current_limit'],
  ['binary_sensor', 'Charge FET', 'charge_fet'],
  ['binary_sensor', 'Discharge FET', 'discharge_fet'],
  ['binary_sensor', 'Pack Indicate', 'pack_indicate'],
  ['binary_sensor', 'Reverse', 'reverse'],
  ['binary_sensor', 'AC In', 'ac_in'],
  ['binary_sensor', 'Heart', 'heart'],
  ['sensor', 'Cell Max Volt Diff', 'cells_max_diff_calc', 'mV'],
];
const SYSTEM: readonly Announced[] = [
  ['sensor', 'Pack Remaining Capacity', 'pack_i_remain_cap', 'bmspace/pack_remain_cap', 'mAh'],
  ['sensor', 'Pack Full Capacity', 'pack_i_full_cap', 'bmspace/pack_full_cap', 'mAh'],
  ['sensor', 'Pack Design Capacity', 'pack_i_design_cap', 'bmspace/pack_design_cap', 'mAh'],
  ['sensor', 'Pack State of Charge', 'pack_soc', 'bmspace/pack_soc', '%'],
  ['sensor', 'Pack State of Health', 'pack_soh', 'bmspace/pack_soh', '%'],
];

function announced(packs: number, pad: (number: number) => string): Announced[] {
  const ofPack = (number: number): Announced[] => {
    const pp = pad(number);
    const cells = Array.from({ length: 16 }, (_, i): Announced => {
      const cc = pad(i + 1);
      const topic = `bmspace/pack_${pp}/v_cells/cell_${cc}`;
      return ['sensor', `Pack ${pp} Cell ${cc} Voltage`, `pack_${pp}_v_cell_${cc}`, topic, 'mV'];
    });
    const temperatures = Array.from({ length: 6 }, (_, i): Announced => {
      const topic = `bmspace/pack_${pp}/temps/temp_${i + 1}`;
      return ['sensor', `Pack ${pp} Temperature ${i + 1}`, `pack_${pp}_temp_${i + 1}`, topic, '°C'];
    });
    const singles = SINGLES.map(([platform, name, leaf, unit]): Announced => {
      return [platform, `Pack ${pp} ${name}`, `pack_${pp}_${leaf}`, `bmspace/pack_${pp}/${leaf}`, unit];
    });
    return [...cells, ...temperatures, ...singles];
  };
  return [...Array.from({ length: packs }, (_, i) => ofPack(i + 1)).flat(), ...SYSTEM];
}

const SERIAL = '705350371133334'; // 15 characters of the BMS's 16

describe('the layout of bmspace', () => {
  for (const [what, packs, digits] of [
    ['one pack', 1, 0],
    ['four packs, padded', 4, 2],
    ['ten packs', 10, 0],
  ] as const) {
    it(`announces the entities of bmspace: ${what}`, () => {
      start({ naming: { padPacks: digits, padCells: digits } });
      bench.poll(2, { packs: Array(packs).fill(PACK) });
      const told = bench.sent.filter(isDiscovery).map(({ topic, payload }): [string, Announced] => {
        const config = payload as Record<string, string>;
        const [, platform = ''] = topic.split('/');
        const unit = config.unit_of_measurement;
        const id = String(config.unique_id).replace(`bmspace_${SERIAL}_`, '');
        return [topic, [platform, String(config.name), id, String(config.state_topic), unit]];
      });
      const expected = announced(packs, (number) => String(number).padStart(digits, '0'));
      const topicOf = ([platform, name]: Announced) =>
        `homeassistant/${platform}/BMS-${SERIAL}/${name.replaceAll(' ', '_')}/config`;
      assert.deepEqual(new Map(told), new Map(expected.map((entity) => [topicOf(entity), entity])));
      assert.equal(told.length, expected.length);
    });
  }

  it('belongs to the device of bmspace, and mends what Home Assistant would not take', () => {
    start();
    bench.poll(2);
    const topic = `homeassistant/sensor/BMS-${SERIAL}/Pack_1_Cell_1_Voltage/config`;
    assert.deepEqual(bench.sent.find((message) => message.topic === topic)?.payload, {
      name: 'Pack 1 Cell 1 Voltage',
      unique_id: `bmspace_${SERIAL}_pack_1_v_cell_1`,
      state_topic: 'bmspace/pack_1/v_cells/cell_1',
      device_class: 'voltage',
      state_class: 'measurement',
      unit_of_measurement: 'mV',
      expire_after: 30,
      availability: [{ topic: 'bmspace/availability' }, { topic: 'bmspace/pack_1/availability' }],
      availability_mode: 'all',
      device: {
        manufacturer: 'BMS Pace',
        model: 'AM-x',
        identifiers: `bmspace_${SERIAL}`,
        name: 'Generic Lithium',
        sw_version: 'P16S100A-1812-1.00',
      },
      origin: { name: 'node-red-contrib-pace-bms', sw_version: '0.1.0' },
    });
    const flag = bench.sent.find((message) => message.topic.includes('Charge_FET'));
    assert.match(JSON.stringify(flag?.payload), /"payload_on":"1","payload_off":"0"/);
    assert.deepEqual(bench.homeAssistant.errors, []);
  });

  it('tells every value that bmspace does, and whether it is there', () => {
    start();
    bench.poll(3);
    const states = topicsOf(bench.sent.filter((message) => !isDiscovery(message)));
    const topics = announced(1, String).map(([, , , topic]) => topic);
    const others = ['bms_version', 'bms_sn', 'pack_1/fully', 'availability', 'pack_1/availability'];
    assert.deepEqual(new Set(states), new Set([...topics, ...others.map((leaf) => `bmspace/${leaf}`)]));
    assert.equal(bench.homeAssistant.state(`bmspace_${SERIAL}_pack_1_i_pack`), '-12.34');
    assert.equal(bench.homeAssistant.state(`bmspace_${SERIAL}_pack_1_charge_fet`), 'on');
    assert.equal(bench.homeAssistant.state(`bmspace_${SERIAL}_pack_i_remain_cap`), '62040');
  });

  it('tells a value when it changes, and again while it holds', () => {
    start();
    bench.poll(3);
    const later = analog({ ...PACK, cycles: 8 });
    assert.deepEqual(topicsOf(bench.take(...query('analog', [later]))), ['bmspace/pack_1/cycles']);
    bench.pass(60_000);
    assert.equal(bench.homeAssistant.state(`bmspace_${SERIAL}_pack_1_cycles`), '8');
  });

  it('has nothing of a pack that does not answer', () => {
    start();
    bench.poll(3);
    for (const name of ['analog', 'warning', 'status'] as const) bench.take(...query(name, [null]));
    assert.equal(bench.homeAssistant.state(`bmspace_${SERIAL}_pack_1_cycles`), 'unavailable');
    const later = topicsOf(bench.pass(60_000)).filter((topic) => topic.includes('pack_1'));
    assert.deepEqual(later, []);
  });

  it('takes back what is not known any more', () => {
    start();
    bench.poll(2);
    bench.take(...query('analog', [null]));
    assert.equal(bench.homeAssistant.state(`bmspace_${SERIAL}_pack_1_soc`), 'unknown');
    assert.equal(bench.homeAssistant.state(`bmspace_${SERIAL}_pack_1_charge_fet`), 'on');
    bench.poll(1, {
      packs: [analog({ ...PACK, temperatureTenths: [null, 212, 213, 214, 220, 230], fullMilliampHours: 0 })],
    });
    assert.equal(bench.homeAssistant.state(`bmspace_${SERIAL}_pack_1_temp_1`), 'unknown');
    assert.equal(bench.homeAssistant.state(`bmspace_${SERIAL}_pack_1_soc`), 'unknown');
    assert.equal(bench.homeAssistant.state(`bmspace_${SERIAL}_pack_1_temp_2`), '21.2');
    assert.deepEqual(bench.homeAssistant.errors, []);
  });

  it('has no number of the BMS’s own pack that is not kept up to date', () => {
    start();
    bench.poll(2);
    assert.equal(bench.homeAssistant.state(`bmspace_${SERIAL}_pack_soc`), '59.97');
    bench.poll(11);
    assert.equal(bench.homeAssistant.state(`bmspace_${SERIAL}_pack_soc`), 'unavailable');
    bench.take(info());
    bench.pass(1500);
    assert.equal(bench.homeAssistant.state(`bmspace_${SERIAL}_pack_soc`), '59.97');
  });

  it('cuts a text that no state can hold', () => {
    start();
    bench.poll(2);
    const alarm = { code: 'x', level: 'warning', label: 'x'.repeat(100) } as const;
    bench.take(...query('warning', [warning({ alarms: [alarm, alarm, alarm] })]));
    assert.equal(bench.homeAssistant.state(`bmspace_${SERIAL}_pack_1_warnings`)?.length, 255);
    assert.deepEqual(bench.homeAssistant.errors, []);
  });

  it('takes out cells that are gone or not wanted', () => {
    start();
    bench.poll(2);
    bench.poll(3, { packs: [analog({ ...PACK, cellMillivolts: PACK.cellMillivolts.slice(0, 15) })] });
    assert.equal(bench.homeAssistant.state(`bmspace_${SERIAL}_pack_1_v_cell_16`), undefined);
    assert.deepEqual(bench.homeAssistant.errors, []);
    bench.close();
    start({ perCellEntities: false });
    bench.poll(2);
    const cells = bench.sent.filter(({ topic }) => isDiscovery({ topic } as never) && topic.includes('_Cell_1_'));
    assert.deepEqual(
      cells.map(({ payload, retain }) => [payload, retain]),
      [['', true]],
    );
  });

  it('takes out cells of a pack that was there before this one', () => {
    start();
    const eight = analog({ ...PACK, cellMillivolts: PACK.cellMillivolts.slice(0, 8) });
    bench.poll(2, { packs: [eight] });
    const cleared = bench.sent.filter(({ payload, retain }) => payload === '' && retain).map(({ topic }) => topic);
    assert.equal(cleared.length, 8);
    assert.match(cleared[0] ?? '', /Pack_1_Cell_9_Voltage/);
    assert.deepEqual(bench.homeAssistant.errors, []);
  });

  it('is announced anew when Home Assistant has started', () => {
    start();
    bench.poll(2);
    bench.homeAssistant.restart();
    bench.take({ topic: 'homeassistant/status', payload: 'online' });
    bench.pass(4000);
    assert.equal(bench.homeAssistant.state(`bmspace_${SERIAL}_pack_1_soc`), '70.72');
  });

  it('carries a name of one’s own, and the connection’s id where there is no serial number', () => {
    bench = new Bench({ layout: 'bmspace', deviceName: 'Cellar' });
    bench.take(info({ bmsSerial: null }));
    bench.poll(2);
    const [device] = bench.homeAssistant.devices();
    assert.equal(device?.entities.length, 16 + 6 + 22 + 5);
    assert.ok(bench.homeAssistant.entities().every(({ uniqueId }) => uniqueId.startsWith('bmspace_c0ffee0000000001_')));
  });
});
