import type { Json, Message } from './message.js';

/** A pack's device, and what is in it, in the shortest form that is complete. */
export const PACK_TOPIC = 'homeassistant/device/bank1_pack1/config';
export const SINGLE_TOPIC = 'homeassistant/sensor/BMS-1/soc/config';

export const SOC: Json = {
  p: 'sensor',
  name: 'SOC',
  uniq_id: 'bank1_p1_soc',
  def_ent_id: 'sensor.bank1_pack1_soc',
  dev_cla: 'battery',
  unit_of_meas: '%',
  stat_cla: 'measurement',
  val_tpl: '{{ value_json.soc }}',
  exp_aft: 45,
};
export const MODE: Json = {
  p: 'sensor',
  name: 'Mode',
  uniq_id: 'bank1_p1_mode',
  def_ent_id: 'sensor.bank1_pack1_mode',
  dev_cla: 'enum',
  ops: ['charge', 'discharge', 'idle'],
  val_tpl: "{{value_json['mode']}}",
  exp_aft: 45,
};
export const FAULT: Json = {
  p: 'binary_sensor',
  name: 'Fault',
  uniq_id: 'bank1_p1_fault',
  def_ent_id: 'binary_sensor.bank1_pack1_fault',
  dev_cla: 'problem',
  ent_cat: 'diagnostic',
  val_tpl: '{{ value_json.fault }}',
  exp_aft: 45,
};

/** A device payload of a pack; `changed` is laid over its root. */
export function packPayload(components: Json = { soc: SOC, mode: MODE, fault: FAULT }, changed: Json = {}): Json {
  return {
    dev: { ids: ['pace_1_p1'], name: 'Pack 1', mf: 'PACE', mdl: 'P16S200A', sn: '1', sw: '1.01' },
    o: { name: 'node-red-contrib-pace-bms', sw: '1.0.0', url: 'https://example.org' },
    avty: [{ t: 'pace/link' }, { t: 'pace/pack_1/availability' }],
    avty_mode: 'all',
    stat_t: 'pace/pack_1/state',
    qos: 1,
    cmps: components,
    ...changed,
  };
}

/** A single component's payload, as bmspace announces it; `changed` is laid over it. */
export const singlePayload = (changed: Json = {}): Json => ({
  name: 'Pack 1 State of Charge',
  unique_id: 'bmspace_1_pack_1_soc',
  state_topic: 'bmspace/pack_1/soc',
  unit_of_measurement: '%',
  availability_topic: 'bmspace/availability',
  device: { identifiers: 'bmspace_1', name: 'Generic Lithium', manufacturer: 'BMS Pace' },
  ...changed,
});

export const packConfig = (...args: Parameters<typeof packPayload>): Message => ({
  topic: PACK_TOPIC,
  payload: packPayload(...args),
});

export const singleConfig = (changed: Json = {}): Message => ({
  topic: SINGLE_TOPIC,
  payload: singlePayload(changed),
});

export const ONLINE: Message[] = ['pace/link', 'pace/pack_1/availability'].map((topic) => ({
  topic,
  payload: 'online',
}));

export const packState = (changed: Json = {}): Message => ({
  topic: 'pace/pack_1/state',
  payload: { soc: 87, mode: 'idle', fault: 'OFF', ...changed },
});
