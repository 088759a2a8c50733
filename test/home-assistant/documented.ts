/** What Home Assistant's documentation lists: keys, their abbreviations, platforms, device classes and their units. */

/** Where Home Assistant looks for discovery messages unless told otherwise. */
export const DISCOVERY_PREFIX = 'homeassistant';
/** What Home Assistant says when it has (re)started. */
export const BIRTH = { topic: 'homeassistant/status', payload: 'online' };
/** The longest text a state may be. */
export const MAX_STATE_LENGTH = 255;
/** The longest topic MQTT carries, bytes. */
export const MAX_TOPIC_BYTES = 65_535;
/** The size a discovery payload stays under, bytes: small clients and brokers with limits have to pass it on. */
export const MAX_DISCOVERY_BYTES = 16_000;

export const PLATFORMS = [
  ...['alarm_control_panel', 'binary_sensor', 'button', 'camera', 'climate', 'cover', 'device_automation'],
  ...['device_tracker', 'event', 'fan', 'humidifier', 'image', 'lawn_mower', 'light', 'lock', 'notify', 'number'],
  ...['scene', 'select', 'sensor', 'siren', 'switch', 'tag', 'text', 'update', 'vacuum', 'valve', 'water_heater'],
] as const;

/** The platforms whose keys are described here. */
export const DESCRIBED_PLATFORMS = ['sensor', 'binary_sensor'] as const;
export type DescribedPlatform = (typeof DESCRIBED_PLATFORMS)[number];

const AVAILABILITY_KEYS = [
  ...['availability', 'availability_mode', 'availability_template', 'availability_topic'],
  ...['payload_available', 'payload_not_available'],
] as const;

/** Options of a device's root that its components inherit unless they have their own. */
export const SHARED_KEYS = [...AVAILABILITY_KEYS, 'command_topic', 'encoding', 'qos', 'state_topic'] as const;

const ENTITY_KEYS = [
  ...AVAILABILITY_KEYS,
  ...['default_entity_id', 'device', 'enabled_by_default', 'encoding', 'entity_category', 'entity_picture', 'icon'],
  ...['json_attributes_template', 'json_attributes_topic', 'name', 'origin', 'qos', 'unique_id'],
  ...['device_class', 'expire_after', 'force_update', 'state_topic', 'value_template'],
] as const;

/** The keys of a component. `object_id` is none any more: 2026.4 removed it in favour of `default_entity_id`. */
export const COMPONENT_KEYS: Record<DescribedPlatform, readonly string[]> = {
  sensor: [
    ...ENTITY_KEYS,
    ...['last_reset_value_template', 'options', 'state_class', 'suggested_display_precision', 'unit_of_measurement'],
  ],
  binary_sensor: [...ENTITY_KEYS, 'off_delay', 'payload_off', 'payload_on'],
};

export const DEVICE_KEYS = [
  ...['configuration_url', 'connections', 'hw_version', 'identifiers', 'manufacturer', 'model', 'model_id', 'name'],
  ...['serial_number', 'suggested_area', 'sw_version', 'via_device'],
] as const;
export const ORIGIN_KEYS = ['name', 'support_url', 'sw_version'] as const;

/** Short names of keys, in a payload's root, its components and its availability topics. */
export const ABBREVIATIONS: Record<string, string> = {
  avty: 'availability',
  avty_mode: 'availability_mode',
  avty_t: 'availability_topic',
  avty_tpl: 'availability_template',
  cmd_t: 'command_topic',
  cmd_tpl: 'command_template',
  cmps: 'components',
  def_ent_id: 'default_entity_id',
  dev: 'device',
  dev_cla: 'device_class',
  dsp_prc: 'display_precision',
  e: 'encoding',
  en: 'enabled_by_default',
  ent_cat: 'entity_category',
  ent_pic: 'entity_picture',
  exp_aft: 'expire_after',
  frc_upd: 'force_update',
  ic: 'icon',
  json_attr: 'json_attributes',
  json_attr_t: 'json_attributes_topic',
  json_attr_tpl: 'json_attributes_template',
  lrst_t: 'last_reset_topic',
  lrst_val_tpl: 'last_reset_value_template',
  migr_discvry: 'migrate_discovery',
  o: 'origin',
  off_dly: 'off_delay',
  ops: 'options',
  opt: 'optimistic',
  p: 'platform',
  pl: 'payload',
  pl_avail: 'payload_available',
  pl_not_avail: 'payload_not_available',
  pl_off: 'payload_off',
  pl_on: 'payload_on',
  pl_prs: 'payload_press',
  ret: 'retain',
  stat_cla: 'state_class',
  stat_off: 'state_off',
  stat_on: 'state_on',
  stat_t: 'state_topic',
  stat_tpl: 'state_template',
  stat_val_tpl: 'state_value_template',
  sug_dsp_prc: 'suggested_display_precision',
  t: 'topic',
  uniq_id: 'unique_id',
  unit_of_meas: 'unit_of_measurement',
  val_tpl: 'value_template',
};

/** `via_device` has none. */
export const DEVICE_ABBREVIATIONS: Record<string, string> = {
  cns: 'connections',
  cu: 'configuration_url',
  hw: 'hw_version',
  ids: 'identifiers',
  mdl: 'model',
  mdl_id: 'model_id',
  mf: 'manufacturer',
  sa: 'suggested_area',
  sn: 'serial_number',
  sw: 'sw_version',
};

export const ORIGIN_ABBREVIATIONS: Record<string, string> = { sw: 'sw_version', url: 'support_url' };

export const AVAILABILITY_MODES = ['all', 'any', 'latest'] as const;
export const DEFAULT_AVAILABILITY_MODE = 'latest';
export const DEFAULT_PAYLOADS = { available: 'online', notAvailable: 'offline', on: 'ON', off: 'OFF' } as const;

export const ENTITY_CATEGORIES = ['config', 'diagnostic'] as const;
/** What only tells something has nothing to configure: Home Assistant refuses `config` for it. */
export const READ_ONLY_CATEGORIES = ['diagnostic'] as const;

export const STATE_CLASSES = ['measurement', 'measurement_angle', 'total', 'total_increasing'] as const;
export type StateClass = (typeof STATE_CLASSES)[number];
/** Units that a state class insists on. */
export const STATE_CLASS_UNITS: Partial<Record<StateClass, readonly string[]>> = { measurement_angle: ['°'] };

/** Characters that look like a unit and are not what Home Assistant knows. */
export const LOOKALIKE_UNITS = ['℃', '℉', 'ºC', 'ºF'] as const;

export const BINARY_SENSOR_CLASSES = [
  ...['battery', 'battery_charging', 'carbon_monoxide', 'cold', 'connectivity', 'door', 'garage_door', 'gas', 'heat'],
  ...['light', 'lock', 'moisture', 'motion', 'moving', 'occupancy', 'opening', 'plug', 'power', 'presence', 'problem'],
  ...['running', 'safety', 'smoke', 'sound', 'tamper', 'update', 'vibration', 'window'],
] as const;
