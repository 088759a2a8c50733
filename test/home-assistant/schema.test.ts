import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { announcementFaults, DEVICE_LAYOUT, discoveryFaults } from './discovery.js';
import {
  ABBREVIATIONS,
  COMPONENT_KEYS,
  DEVICE_ABBREVIATIONS,
  DEVICE_KEYS,
  ORIGIN_ABBREVIATIONS,
  ORIGIN_KEYS,
} from './documented.js';
import { expand, parseDiscoveryTopic } from './expand.js';
import type { Json, Message } from './message.js';
import { FAULT, MODE, PACK_TOPIC, packConfig, packPayload, SINGLE_TOPIC, SOC, singleConfig } from './messages.js';
import { SENSOR_CLASSES } from './sensor-classes.js';

const soc = (changed: Json) => packConfig({ soc: { ...SOC, ...changed } });
const mode = (changed: Json) => packConfig({ mode: { ...MODE, ...changed } });
const fault = (changed: Json) => packConfig({ fault: { ...FAULT, ...changed } });
const root = (changed: Json) => packConfig({ soc: SOC }, changed);
const device = (changed: Json) => root({ dev: { ids: ['pace_1_p1'], ...changed } });
const at = (topic: string): Message => ({ topic, payload: packPayload() });
const singleAt = (topic: string): Message => ({ ...singleConfig(), topic });
const without = (key: string) => {
  const { [key]: _, ...payload } = packPayload({ soc: SOC });
  return { topic: PACK_TOPIC, payload };
};
const text = (payload: string): Message => ({ topic: PACK_TOPIC, payload });

describe('what is documented', () => {
  it('abbreviations stand for keys that exist', () => {
    const sets = [
      [DEVICE_ABBREVIATIONS, DEVICE_KEYS],
      [ORIGIN_ABBREVIATIONS, ORIGIN_KEYS],
    ] as const;
    for (const [abbreviations, keys] of sets) {
      for (const key of Object.values(abbreviations)) assert.ok((keys as readonly string[]).includes(key), key);
    }
  });

  it('every key of a component has an abbreviation, but the shortest', () => {
    const abbreviated = new Set(Object.values(ABBREVIATIONS));
    const full = Object.values(COMPONENT_KEYS).flat();
    assert.deepEqual(new Set(full.filter((key) => !abbreviated.has(key))), new Set(['name', 'qos']));
  });

  for (const [name, { units, stateClasses, unitless }] of Object.entries(SENSOR_CLASSES)) {
    const enumOptions = name === 'enum' ? { ops: ['a'] } : {};
    const { dev_cla: _, unit_of_meas: __, stat_cla: ___, ...bare } = SOC;
    const faultsWith = (more: Json) =>
      discoveryFaults(packConfig({ soc: { ...bare, dev_cla: name, ...enumOptions, ...more } }));
    const unitsOf = units === 'none' ? [] : units === 'any' ? ['EUR'] : units;
    const withUnit = unitsOf.length > 0 ? { unit_of_meas: unitsOf[0] } : {};

    it(`device class ${name}: its units and state classes, and no others`, () => {
      for (const unit of unitsOf) assert.deepEqual(faultsWith({ unit_of_meas: unit }), []);
      if (units !== 'any') assert.notDeepEqual(faultsWith({ unit_of_meas: 'furlong' }), []);
      assert.equal(faultsWith({}).length > 0, unitsOf.length > 0 && !unitless, 'a unit is missing');
      for (const each of ['measurement', 'measurement_angle', 'total', 'total_increasing'] as const) {
        const faults = faultsWith({ ...withUnit, stat_cla: each });
        assert.equal(faults.length === 0, stateClasses.includes(each), `${each}: ${faults}`);
      }
    });
  }
});

describe('a good announcement', () => {
  const good: [what: string, message: Message][] = [
    ['a pack', packConfig()],
    ['a component that is to be removed', packConfig({ soc: SOC, mode: { p: 'sensor' } })],
    ['a single component', singleConfig()],
    ['the main entity has no name of its own', soc({ name: null })],
    ['a base topic of the component', soc({ '~': 'pace/pack_1', stat_t: '~/soc' })],
    ['a text sensor', mode({ dev_cla: undefined, ops: undefined })],
    ['amp hours have no device class', soc({ dev_cla: undefined, unit_of_meas: 'Ah', sug_dsp_prc: 1 })],
    ['a count', soc({ dev_cla: undefined, unit_of_meas: undefined, stat_cla: 'total_increasing' })],
    ['a moment', mode({ dev_cla: 'timestamp', ops: undefined })],
    ['an empty payload', text('')],
    ['a migration', { topic: SINGLE_TOPIC, payload: { migrate_discovery: true } }],
    ['JSON text', text(JSON.stringify(packPayload()))],
    ['JSON bytes', { topic: PACK_TOPIC, payload: Buffer.from(JSON.stringify(packPayload())) }],
  ];
  for (const [what, message] of good) {
    it(what, () => assert.deepEqual(discoveryFaults(message), []));
  }
});

describe('a bad announcement', () => {
  const bad: [what: string, message: Message, reason: RegExp][] = [
    ['a blank in the topic', at('homeassistant/device/bank 1/config'), /characters that are not allowed/],
    ['a dot in the topic', at('homeassistant/device/bank.1/config'), /characters that are not allowed/],
    ['too many levels', at('homeassistant/device/a/b/c/config'), /too many levels/],
    ['a wildcard', at('homeassistant/device/+/config'), /wildcard/],
    ['no platform', singleAt('homeassistant/thermometer/soc/config'), /thermometer is no platform/],
    ['no JSON', text('{'), /no JSON object/],
    ['a list', text('[]'), /no JSON object/],
    ['no UTF-8', { topic: PACK_TOPIC, payload: Buffer.from([0x7b, 0xff]) }, /no UTF-8/],
    ['16 kB', soc({ name: 'x'.repeat(16_000) }), /has 16\d+ bytes/],
    ['no device', without('dev'), /required property 'device'/],
    ['no origin', without('o'), /required property 'origin'/],
    ['no components', without('cmps'), /required property 'components'/],
    ['no component in them', packConfig({}), /components must NOT have fewer/],
    ['an origin without a name', root({ o: { sw: '1' } }), /origin must have required property 'name'/],
    ['a device without identifiers', root({ dev: { name: 'Pack' } }), /required property 'identifiers'/],
    ['no identifier in the list', device({ ids: [] }), /device.identifiers must NOT have fewer/],
    ['an unknown key of the device', device({ ip: '127.0.0.1' }), /device has an unknown key ip/],
    ['via_device abbreviated', device({ via: 'pace_1' }), /device has an unknown key via/],
    ['a link to nowhere', device({ cu: 'ftp://x' }), /configuration_url must match/],
    ['an unknown key of the root', root({ expire_after: 45 }), /unknown key expire_after/],
    ['a base topic of the root', root({ '~': 'pace' }), /unknown key ~/],
    ['a blank in a component’s id', packConfig({ 'p1 soc': SOC }), /components property name must be valid/],
    ['a component without a platform', soc({ p: undefined }), /required property 'platform'/],
    ['a component without a unique id', soc({ uniq_id: undefined }), /required property 'unique_id'/],
    ['an unknown key of a component', soc({ unit: '%' }), /unknown key unit/],
    ['object_id, which is no more', soc({ object_id: 'soc' }), /unknown key object_id/],
    ['a key of another platform', soc({ pl_on: '1' }), /unknown key payload_on/],
    ['a state class of a binary sensor', fault({ stat_cla: 'measurement' }), /unknown key state_class/],
    ['no state topic', packConfig({ soc: SOC }, { stat_t: undefined }), /required property 'state_topic'/],
    ['a wildcard in a state topic', soc({ stat_t: 'pace/#' }), /state_topic is no topic/],
    ['a control character in a topic', soc({ stat_t: 'pace/\u0007' }), /state_topic is no topic/],
    ['a topic beyond MQTT', { ...singleConfig({ state_topic: 'x'.repeat(65_536) }) }, /state_topic is no topic/],
    ['an availability without a topic', root({ avty: [{ pl_avail: '1' }] }), /required property 'topic'/],
    ['both kinds of availability', soc({ avty_t: 'pace/link' }), /availability_topic is not allowed/],
    ['a mode of availability', root({ avty_mode: 'most' }), /availability_mode is none of all, any, latest/],
    ['an unknown device class', soc({ dev_cla: 'soc' }), /device_class is none of/],
    ['a sensor’s class for a binary one', fault({ dev_cla: 'voltage' }), /device_class is none of/],
    ['a battery in volts', soc({ unit_of_meas: 'V' }), /unit_of_measurement is none of %/],
    ['a voltage without unit', soc({ dev_cla: 'voltage', unit_of_meas: undefined }), /'unit_of_measurement'/],
    ['℃', soc({ dev_cla: 'temperature', unit_of_meas: '℃' }), /unit_of_measurement is none of °C/],
    ['℃ without a device class', soc({ dev_cla: undefined, unit_of_meas: '℃' }), /unit_of_measurement must NOT/],
    [
      'energy that is measured',
      soc({ dev_cla: 'energy', unit_of_meas: 'kWh' }),
      /state_class is none of total, total_increasing/,
    ],
    ['charge that only increases', soc({ stat_cla: 'total_increasing' }), /state_class is none of measurement/],
    ['an unknown state class', soc({ stat_cla: 'mean' }), /state_class is none of/],
    ['an enum without options', mode({ ops: undefined }), /required property 'options'/],
    ['an enum without an option', mode({ ops: [] }), /options must NOT have fewer/],
    ['an enum with a state class', mode({ stat_cla: 'measurement' }), /state_class is not allowed/],
    ['an enum with a unit', mode({ unit_of_meas: '%' }), /unit_of_measurement is not allowed/],
    ['options without enum', mode({ dev_cla: undefined }), /required property 'device_class'/],
    ['a moment with a unit', mode({ dev_cla: 'timestamp', ops: undefined, unit_of_meas: 's' }), /is not allowed/],
    ['a moment with decimals', mode({ dev_cla: 'timestamp', ops: undefined, sug_dsp_prc: 1 }), /is not allowed/],
    ['a reset of what is measured', soc({ lrst_val_tpl: '{{ value_json.x }}' }), /state_class must be equal/],
    ['half a decimal', soc({ sug_dsp_prc: 0.5 }), /suggested_display_precision must be integer/],
    ['config for a sensor', soc({ ent_cat: 'config' }), /entity_category is none of diagnostic/],
    ['expiry at once', soc({ exp_aft: 0 }), /expire_after must be >= 1/],
    ['expiry in text', soc({ exp_aft: '45' }), /expire_after must be integer/],
    ['an entity id without its domain', soc({ def_ent_id: 'bank1_soc' }), /default_entity_id must match/],
    ['an entity id of another domain', soc({ def_ent_id: 'binary_sensor.soc' }), /default_entity_id must match/],
    ['an entity id in capitals', soc({ def_ent_id: 'sensor.SOC' }), /default_entity_id must match/],
    ['an icon without its set', soc({ ic: 'battery' }), /icon must match/],
    ['yes in text', soc({ en: 'false' }), /enabled_by_default must be boolean/],
    ['qos 3', root({ qos: 3 }), /qos is none of 0, 1, 2/],
    ['a migration undone', { topic: SINGLE_TOPIC, payload: { migrate_discovery: false } }, /migrate_discovery is true/],
    ['a migration with more', { topic: SINGLE_TOPIC, payload: { migrate_discovery: true, name: 'SOC' } }, /and alone/],
    ['a single component without a device', singleConfig({ device: undefined }), /required property 'device'/],
  ];

  for (const [what, message, reason] of bad) {
    it(what, () => {
      const faults = discoveryFaults(message);
      assert.ok(
        faults.some((each) => reason.test(each)),
        `no ${reason} in ${JSON.stringify(faults, null, 2)}`,
      );
    });
  }
});

describe('announcements beside each other', () => {
  const other = (changed: Json, dev: Json = { ids: ['pace_1_p2'] }): Message => ({
    topic: 'homeassistant/device/bank1_pack2/config',
    payload: packPayload({ soc: { ...SOC, uniq_id: 'other', def_ent_id: 'sensor.other', ...changed } }, { dev }),
  });
  const cases: [what: string, message: Message, faults: string[]][] = [
    ['that differ', other({}), []],
    ['with a unique id twice', other({ uniq_id: SOC.uniq_id }), ['unique_id bank1_p1_soc: more than one has it']],
    [
      'with an entity id twice',
      other({ def_ent_id: SOC.def_ent_id }),
      ['default_entity_id sensor.bank1_pack1_soc: more than one has it'],
    ],
    ['via a device there is', other({}, { ids: ['pace_1_p2'], via_device: 'pace_1_p1' }), []],
    [
      'via a device there is not',
      other({}, { ids: ['pace_1_p2'], via_device: 'pace_1' }),
      ['via_device pace_1: no device has this identifier'],
    ],
    ['without expiry', other({ exp_aft: undefined }), ['sensor bank1_pack2 soc: has no expire_after']],
  ];
  for (const [what, message, faults] of cases) {
    it(what, () => assert.deepEqual(announcementFaults([packConfig(), message], DEVICE_LAYOUT), faults));
  }

  it('several availability topics without a mode', () => {
    const [first] = announcementFaults([root({ avty_mode: undefined })], DEVICE_LAYOUT);
    assert.match(String(first), /the last to speak decides/);
  });

  it('what was replaced does not count', () => {
    const early = other({ uniq_id: SOC.uniq_id });
    assert.deepEqual(announcementFaults([packConfig(), early, other({})], DEVICE_LAYOUT), []);
  });
});

describe('a device payload written out', () => {
  const topic = parseDiscoveryTopic('homeassistant/device/node/pack/config');
  const componentsOf = (payload: Json) => (topic ? expand(topic, payload).components : []);

  it('gives its components what it has for all, unless they have their own', () => {
    const [first, second] = componentsOf(packPayload({ soc: SOC, fault: { ...FAULT, stat_t: 'own', qos: 0 } }));
    assert.equal(first?.config?.state_topic, 'pace/pack_1/state');
    assert.deepEqual(first?.config?.availability, [{ topic: 'pace/link' }, { topic: 'pace/pack_1/availability' }]);
    assert.deepEqual([second?.config?.state_topic, second?.config?.qos], ['own', 0]);
    assert.deepEqual(first?.config?.device, second?.config?.device);
  });

  it('tells them apart by object, node and component', () => {
    const [first] = componentsOf(packPayload({ soc: SOC }));
    assert.equal(first?.discoveryId, 'pack node soc');
  });

  it('base topics are their own', () => {
    const based = { ...SOC, '~': 'base', stat_t: '~/soc', json_attr_t: 'pace/~' };
    const [first, second] = componentsOf(packPayload({ soc: based, mode: { ...MODE, stat_t: '~/mode' } }));
    assert.deepEqual([first?.config?.state_topic, first?.config?.json_attributes_topic], ['base/soc', 'pace/base']);
    assert.equal(second?.config?.state_topic, '~/mode');
  });
});
