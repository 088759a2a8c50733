import {
  ABBREVIATIONS,
  COMPONENT_KEYS,
  DEVICE_ABBREVIATIONS,
  DISCOVERY_PREFIX,
  ORIGIN_ABBREVIATIONS,
  SHARED_KEYS,
} from './documented.js';
import { isObject, type Json } from './message.js';

/** What a discovery topic says: `<prefix>/<component>/[<nodeId>/]<objectId>/config`. */
export interface DiscoveryTopic {
  /** A platform, or `device`. */
  component: string;
  nodeId: string | undefined;
  objectId: string;
}

/** A component as Home Assistant sets it up. */
export interface Component {
  platform: string;
  /** With the platform what Home Assistant knows the component by. */
  discoveryId: string;
  /** Null where nothing but the platform is left of it: it is to be removed. */
  config: Json | null;
}

export interface Expanded {
  /** The payload with all its keys written out. */
  payload: Json;
  components: Component[];
}

const TOPIC_LEVELS = /^(\w+)\/(?:([a-zA-Z0-9_-]+)\/)?([a-zA-Z0-9_-]+)\/config$/;

/** Takes a discovery topic apart; null where Home Assistant would not. */
export function parseDiscoveryTopic(topic: string, prefix = DISCOVERY_PREFIX): DiscoveryTopic | null {
  if (!topic.startsWith(`${prefix}/`)) return null;
  const levels = TOPIC_LEVELS.exec(topic.slice(prefix.length + 1));
  return levels && { component: levels[1] ?? '', nodeId: levels[2], objectId: levels[3] ?? '' };
}

const writtenOut = (value: unknown, abbreviations: Record<string, string>): unknown =>
  isObject(value)
    ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [abbreviations[key] ?? key, inner]))
    : value;

function expandKeys(payload: Json): Json {
  const expanded = writtenOut(payload, ABBREVIATIONS) as Json;
  const { availability } = expanded;
  if (availability !== undefined) {
    const list = Array.isArray(availability) ? availability : [availability];
    expanded.availability = list.map((entry) => writtenOut(entry, ABBREVIATIONS));
  }
  return expanded;
}

function expandAll(payload: Json): Json {
  const expanded = expandKeys(payload);
  if ('device' in expanded) expanded.device = writtenOut(expanded.device, DEVICE_ABBREVIATIONS);
  if ('origin' in expanded) expanded.origin = writtenOut(expanded.origin, ORIGIN_ABBREVIATIONS);
  if (isObject(expanded.components)) {
    expanded.components = Object.fromEntries(
      Object.entries(expanded.components).map(([id, config]) => [id, isObject(config) ? expandKeys(config) : config]),
    );
  }
  return expanded;
}

function withBase(topic: unknown, base: string): unknown {
  if (typeof topic !== 'string') return topic;
  if (topic.startsWith('~')) return `${base}${topic.slice(1)}`;
  return topic.endsWith('~') ? `${topic.slice(0, -1)}${base}` : topic;
}

/** Puts the base topic `~` of a config into its own topics; it has no say in any other config. */
function replaceBase(config: Json): Json {
  const { '~': base, ...rest } = config;
  if (typeof base !== 'string') return config;
  const replaced = Object.fromEntries(
    Object.entries(rest).map(([key, value]) => [key, key.endsWith('topic') ? withBase(value, base) : value]),
  );
  if (Array.isArray(replaced.availability)) {
    replaced.availability = replaced.availability.map((entry) =>
      isObject(entry) ? { ...entry, topic: withBase(entry.topic, base) } : entry,
    );
  }
  return replaced;
}

/** What a component takes over from its device's root: of what it has no use for Home Assistant takes no notice. */
function inherited(platform: string, root: Json): Json {
  const known = (COMPONENT_KEYS as Record<string, readonly string[]>)[platform] ?? SHARED_KEYS;
  const keys = SHARED_KEYS.filter((key) => key in root && known.includes(key));
  return Object.fromEntries(keys.map((key) => [key, root[key]]));
}

function componentsOfDevice({ nodeId, objectId }: DiscoveryTopic, root: Json): Component[] {
  if (!isObject(root.components)) return [];
  return Object.entries(root.components).map(([id, own]) => {
    const { platform, ...config } = isObject(own) ? own : {};
    const name = String(platform);
    return {
      platform: name,
      discoveryId: [objectId, nodeId, id].filter((part) => part !== undefined).join(' '),
      config:
        Object.keys(config).length === 0
          ? null
          : replaceBase({ ...inherited(name, root), ...config, device: root.device, origin: root.origin }),
    };
  });
}

/** Writes a discovery payload out as Home Assistant does: abbreviations, `~`, and what components inherit. */
export function expand(topic: DiscoveryTopic, payload: Json): Expanded {
  const expanded = expandAll(payload);
  if (topic.component === 'device') {
    return { payload: expanded, components: componentsOfDevice(topic, expanded) };
  }
  const config = replaceBase(expanded);
  const discoveryId = topic.nodeId === undefined ? topic.objectId : `${topic.nodeId} ${topic.objectId}`;
  return { payload: config, components: [{ platform: topic.component, discoveryId, config }] };
}
