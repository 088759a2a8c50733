import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import {
  AVAILABILITY_MODES,
  BINARY_SENSOR_CLASSES,
  COMPONENT_KEYS,
  DESCRIBED_PLATFORMS,
  DEVICE_KEYS,
  type DescribedPlatform,
  LOOKALIKE_UNITS,
  MAX_STATE_LENGTH,
  ORIGIN_KEYS,
  PLATFORMS,
  READ_ONLY_CATEGORIES,
  SHARED_KEYS,
  STATE_CLASS_UNITS,
  STATE_CLASSES,
} from './documented.js';
import { type Json, topicFault } from './message.js';
import { NON_NUMERIC_CLASSES, SENSOR_CLASSES, type SensorClass } from './sensor-classes.js';

const TEXT = { type: 'string', minLength: 1 };
const TOPIC = { type: 'string', format: 'mqtt-topic' };
const TEMPLATE = { type: 'string', minLength: 1 };
const YES_NO = { type: 'boolean' };
const LINK = { type: 'string', pattern: '^(https?|homeassistant)://.' };
/** Components are told apart by their id, and Home Assistant splits ids at blanks. */
const COMPONENT_ID = '^[a-zA-Z0-9_-]+$';

const entries = (keys: readonly string[], schemaOf: (key: string) => unknown) =>
  Object.fromEntries(keys.map((key) => [key, schemaOf(key)]));

const device = {
  type: 'object',
  properties: {
    ...entries(DEVICE_KEYS, () => TEXT),
    configuration_url: LINK,
    connections: { type: 'array', minItems: 1, items: { type: 'array', minItems: 2, maxItems: 2, items: TEXT } },
    identifiers: { type: ['string', 'array'], minLength: 1, minItems: 1, uniqueItems: true, items: TEXT },
  },
  required: ['identifiers'],
  additionalProperties: false,
};

const origin = {
  type: 'object',
  properties: { ...entries(ORIGIN_KEYS, () => TEXT), support_url: LINK },
  required: ['name'],
  additionalProperties: false,
};

const availability = {
  type: 'array',
  minItems: 1,
  items: {
    type: 'object',
    properties: { topic: TOPIC, payload_available: TEXT, payload_not_available: TEXT, value_template: TEMPLATE },
    required: ['topic'],
    additionalProperties: false,
  },
};

/** What each key of a component or of a device's root may be, whatever the platform. */
const KEYS: Record<string, unknown> = {
  availability,
  availability_mode: { enum: AVAILABILITY_MODES },
  availability_template: TEMPLATE,
  availability_topic: TOPIC,
  command_topic: TOPIC,
  device,
  enabled_by_default: YES_NO,
  encoding: TEXT,
  entity_category: { enum: READ_ONLY_CATEGORIES },
  entity_picture: LINK,
  expire_after: { type: 'integer', minimum: 1 },
  force_update: YES_NO,
  icon: { type: 'string', pattern: '^[a-z0-9-]+:[a-z0-9-]+$' },
  json_attributes_template: TEMPLATE,
  json_attributes_topic: TOPIC,
  last_reset_value_template: TEMPLATE,
  name: { type: ['string', 'null'], minLength: 1 },
  off_delay: { type: 'integer', minimum: 1 },
  options: { type: 'array', minItems: 1, uniqueItems: true, items: { ...TEXT, maxLength: MAX_STATE_LENGTH } },
  origin,
  payload_available: TEXT,
  payload_not_available: TEXT,
  payload_off: TEXT,
  payload_on: TEXT,
  qos: { enum: [0, 1, 2] },
  state_class: { enum: STATE_CLASSES },
  state_topic: TOPIC,
  suggested_display_precision: { type: 'integer', minimum: 0 },
  unique_id: TEXT,
  unit_of_measurement: { type: 'string', not: { enum: LOOKALIKE_UNITS } },
  value_template: TEMPLATE,
};

const when = (key: string, value: string, then: unknown) => ({
  if: { properties: { [key]: { const: value } }, required: [key] },
  then,
});

function unitOf({ units, unitless }: SensorClass): { required?: string[]; unit?: unknown } {
  if (units === 'any') return { required: ['unit_of_measurement'] };
  if (units === 'none') return { unit: false };
  return { unit: { enum: units }, ...(unitless ? {} : { required: ['unit_of_measurement'] }) };
}

function sensorClassRule([name, sensorClass]: [string, SensorClass]) {
  const { unit, required = [] } = unitOf(sensorClass);
  const { stateClasses } = sensorClass;
  return when('device_class', name, {
    required: [...required, ...(name === 'enum' ? ['options'] : [])],
    properties: {
      ...(unit === undefined ? {} : { unit_of_measurement: unit }),
      state_class: stateClasses.length > 0 ? { enum: stateClasses } : false,
      ...(NON_NUMERIC_CLASSES.includes(name) ? { suggested_display_precision: false } : {}),
    },
  });
}

/** What goes only with something else. */
const DEPENDENT = {
  availability: { properties: { availability_topic: false, availability_template: false } },
  options: { required: ['device_class'], properties: { device_class: { const: 'enum' } } },
  last_reset_value_template: { required: ['state_class'], properties: { state_class: { const: 'total' } } },
};

const PLATFORM_RULES: Record<DescribedPlatform, { classes: readonly string[]; rules: unknown[] }> = {
  sensor: {
    classes: Object.keys(SENSOR_CLASSES),
    rules: [
      ...Object.entries(SENSOR_CLASSES).map(sensorClassRule),
      ...Object.entries(STATE_CLASS_UNITS).map(([stateClass, units]) =>
        when('state_class', stateClass, {
          required: ['unit_of_measurement'],
          properties: { unit_of_measurement: { enum: units } },
        }),
      ),
    ],
  },
  binary_sensor: { classes: BINARY_SENSOR_CLASSES, rules: [] },
};

/** JSON Schema of a component as Home Assistant sets it up: expanded, with what it inherits from its device. */
export function componentSchema(platform: DescribedPlatform): Json {
  const { classes, rules } = PLATFORM_RULES[platform];
  return {
    type: 'object',
    properties: {
      ...entries(COMPONENT_KEYS[platform], (key) => KEYS[key]),
      device_class: { enum: classes },
      default_entity_id: { type: 'string', maxLength: 255, pattern: `^${platform}\\.[a-z0-9]+(_[a-z0-9]+)*$` },
    },
    required: ['device', 'state_topic', 'unique_id'],
    additionalProperties: false,
    dependentSchemas: DEPENDENT,
    ...(rules.length > 0 ? { allOf: rules } : {}),
  };
}

/** JSON Schema of a device discovery payload, expanded; what is in its components is the component schema's. */
export const deviceSchema: Json = {
  type: 'object',
  properties: {
    ...entries(SHARED_KEYS, (key) => KEYS[key]),
    device,
    origin,
    components: {
      type: 'object',
      minProperties: 1,
      propertyNames: { pattern: COMPONENT_ID },
      additionalProperties: {
        type: 'object',
        properties: { platform: { enum: PLATFORMS } },
        required: ['platform'],
      },
    },
  },
  required: ['device', 'origin', 'components'],
  additionalProperties: false,
  dependentSchemas: { availability: DEPENDENT.availability },
};

const ajv = new Ajv2020({ allErrors: true, strictTypes: false, strictRequired: false });
ajv.addFormat('mqtt-topic', (topic: string) => topicFault(topic) === null);

const validateDevice = ajv.compile(deviceSchema);
const validateComponent = Object.fromEntries(
  DESCRIBED_PLATFORMS.map((platform) => [platform, ajv.compile(componentSchema(platform))]),
) as Record<DescribedPlatform, ValidateFunction>;

/** An error in words: where, and what of it. */
function inWords({ instancePath, keyword, message, params }: ErrorObject): string {
  const where = instancePath.slice(1).replaceAll('/', '.') || 'payload';
  if (keyword === 'false schema') return `${where} is not allowed here`;
  if (keyword === 'additionalProperties') return `${where} has an unknown key ${params.additionalProperty}`;
  if (keyword === 'format') return `${where} is no topic to publish on`;
  if (keyword === 'enum') return `${where} is none of ${(params.allowedValues as unknown[]).join(', ')}`;
  return `${where} ${message}`;
}

const faults = (validate: ValidateFunction, value: unknown) =>
  validate(value) ? [] : (validate.errors ?? []).filter(({ keyword }) => keyword !== 'if').map(inWords);

/** Why Home Assistant refuses a device payload as a whole. */
export const deviceFaults = (payload: Json): string[] => faults(validateDevice, payload);

const isDescribed = (platform: string): platform is DescribedPlatform =>
  (DESCRIBED_PLATFORMS as readonly string[]).includes(platform);

/** Why Home Assistant refuses a component, or what of it it would not understand. */
export function componentFaults(platform: string, config: Json): string[] {
  if (isDescribed(platform)) return faults(validateComponent[platform], config);
  const known = (PLATFORMS as readonly string[]).includes(platform);
  return [known ? `the keys of platform ${platform} are not described here` : `${platform} is no platform`];
}
