import { DISCOVERY_PREFIX, MAX_DISCOVERY_BYTES } from './documented.js';
import { type Component, type DiscoveryTopic, expand, parseDiscoveryTopic } from './expand.js';
import { isObject, type Json, type Message, payloadText, topicFault } from './message.js';
import { componentFaults, deviceFaults } from './schema.js';

/** A component with what is wrong with it. */
export interface CheckedComponent extends Component {
  faults: string[];
}

/** A discovery message, read. */
export interface Discovery {
  /** `clear`: an empty payload; `migrate`: whatever is under the topic is to be taken over by another. */
  kind: 'config' | 'clear' | 'migrate';
  topic: string;
  at: DiscoveryTopic | null;
  components: CheckedComponent[];
  /** Why the message as a whole is refused. */
  faults: string[];
}

/** What a layout promises beyond what Home Assistant asks for. */
export interface Contract {
  /** Keys that every component has, its own or inherited. */
  everyComponent: readonly string[];
}

export const DEVICE_LAYOUT: Contract = {
  everyComponent: ['availability', 'default_entity_id', 'expire_after', 'name', 'origin', 'unique_id'],
};
export const BMSPACE_LAYOUT: Contract = { everyComponent: ['name', 'unique_id'] };

const MIGRATIONS = ['migrate_discovery', 'migr_discvry'];

const inDiscovery = (topic: string, prefix: string) => topic.startsWith(`${prefix}/`) && topic.endsWith('/config');

function parse(text: string): Json | null {
  try {
    const payload: unknown = JSON.parse(text);
    return isObject(payload) ? payload : null;
  } catch {
    return null;
  }
}

const checked = (component: Component): CheckedComponent => {
  const { platform, config } = component;
  return { ...component, faults: config === null ? [] : componentFaults(platform, config) };
};

/** Reads a message as Home Assistant's discovery does; null where it is none. */
export function readDiscovery({ topic, payload }: Message, prefix = DISCOVERY_PREFIX): Discovery | null {
  if (!inDiscovery(topic, prefix)) return null;
  const at = parseDiscoveryTopic(topic, prefix);
  const refused = (...faults: string[]): Discovery => ({ kind: 'config', topic, at, components: [], faults });
  const wrongTopic = topicFault(topic);
  if (wrongTopic) return refused(`the discovery topic ${wrongTopic}`);
  if (!at) return refused('the discovery topic has characters that are not allowed, or too many levels');

  const text = payloadText(payload);
  if (text === null) return refused('the payload is no UTF-8');
  if (text === '') return { ...refused(), kind: 'clear' };
  const json = parse(text);
  if (!json) return refused('the payload is no JSON object');
  const migration = MIGRATIONS.find((key) => key in json);
  if (migration) {
    const alone = json[migration] === true && Object.keys(json).length === 1;
    return { ...refused(...(alone ? [] : ['migrate_discovery is true, and alone'])), kind: 'migrate' };
  }

  const bytes = Buffer.byteLength(text);
  const tooLong = bytes < MAX_DISCOVERY_BYTES ? [] : [`the payload has ${bytes} bytes`];
  const { payload: expanded, components } = expand(at, json);
  const rootFaults = at.component === 'device' ? deviceFaults(expanded) : [];
  return { kind: 'config', topic, at, components: components.map(checked), faults: [...tooLong, ...rootFaults] };
}

const idOf = ({ platform, discoveryId }: Component) => `${platform} ${discoveryId}`;

function faultsOf({ topic, faults, components }: Discovery): string[] {
  return [
    ...faults.map((fault) => `${topic}: ${fault}`),
    ...components.flatMap((component) => component.faults.map((fault) => `${idOf(component)}: ${fault}`)),
  ];
}

/** Everything wrong with one discovery message, with where. */
export function discoveryFaults(message: Message, prefix = DISCOVERY_PREFIX): string[] {
  const discovery = readDiscovery(message, prefix);
  return discovery ? faultsOf(discovery) : [`${message.topic}: is no discovery topic`];
}

function repeated(values: readonly unknown[]): unknown[] {
  const known = values.filter((value) => value !== undefined);
  return [...new Set(known.filter((value, index) => known.indexOf(value) !== index))];
}

const identifiersOf = (device: unknown): unknown[] => (isObject(device) ? [device.identifiers ?? []].flat() : []);

function contractFaults({ everyComponent }: Contract, component: Component): string[] {
  const config = component.config ?? {};
  const missing = everyComponent.filter((key) => !(key in config));
  const { availability, availability_mode: mode } = config;
  const undecided = Array.isArray(availability) && availability.length > 1 && mode === undefined;
  return [
    ...missing.map((key) => `${idOf(component)}: has no ${key}`),
    ...(undecided ? [`${idOf(component)}: several availability topics, and the last to speak decides`] : []),
  ];
}

/** Everything wrong with what a publisher announces: each message, and what stands in the end beside each other. */
export function announcementFaults(
  messages: readonly Message[],
  contract: Contract = { everyComponent: [] },
  prefix = DISCOVERY_PREFIX,
): string[] {
  const announced = messages.flatMap((message) => readDiscovery(message, prefix) ?? []);
  const current = new Map(announced.map((discovery) => [discovery.topic, discovery]));
  const components = [...current.values()].flatMap((discovery) => discovery.components);
  const configs = components.flatMap(({ config }) => (config ? [config] : []));
  const identifiers = configs.flatMap(({ device }) => identifiersOf(device));
  const vias = configs.flatMap(({ device }) => (isObject(device) && device.via_device ? [device.via_device] : []));
  const unknown = [...new Set(vias)].filter((via) => !identifiers.includes(via));
  return [
    ...announced.flatMap(faultsOf),
    ...components.flatMap((component) => (component.config ? contractFaults(contract, component) : [])),
    ...repeated(components.map(idOf)).map((id) => `${id}: announced twice`),
    ...repeated(configs.map(({ unique_id }) => unique_id)).map((id) => `unique_id ${id}: more than one has it`),
    ...repeated(configs.map(({ default_entity_id }) => default_entity_id)).map(
      (id) => `default_entity_id ${id}: more than one has it`,
    ),
    ...unknown.map((via) => `via_device ${via}: no device has this identifier`),
  ];
}
