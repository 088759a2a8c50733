import { ComponentPayloads, type Components } from './component-payloads.js';
import { type Device, type EntityFacts, linkTopic, type Part } from './devices.js';
import { type MqttMessage, reliable } from './mqtt-message.js';
import { ORIGIN } from './origin.js';
import type { HomeAssistantSettings } from './settings.js';

/** An entity's key and unique id, where it goes on as one that Home Assistant knows from elsewhere. */
export interface Predecessor {
  key: string;
  uniqueId: string;
}

/** Whom a device's entities go on as, by key; those that are new are not among them. */
export type Predecessors = ReadonlyMap<string, Predecessor>;
/** Finds out whom a device's entities go on as. */
export type FindPredecessors = (device: Device) => Predecessors;

/** Where the states of a part are told. */
export const stateTopic = ({ topic }: Device, { query }: Part) => `${topic}/${query}/state`;

/** Tells Home Assistant of devices: what there is, and what is no longer (`home-assistant.md`). */
export class DeviceDiscovery {
  readonly #settings: HomeAssistantSettings;
  readonly #predecessorsOf: FindPredecessors;
  /** By device. */
  readonly #payloads = new Map<string, ComponentPayloads>();
  readonly #told = new Map<string, { text: string; components: Components }>();

  constructor(settings: HomeAssistantSettings, predecessorsOf: FindPredecessors) {
    this.#settings = settings;
    this.#predecessorsOf = predecessorsOf;
  }

  /** Everything is to be told again. */
  forget(): void {
    for (const told of this.#told.values()) told.text = '';
  }

  /** The messages that tell of a device what was not told yet. */
  tell(device: Device): MqttMessage[] {
    const root = this.#root(device);
    const predecessors = this.#predecessorsOf(device);
    const payloads = this.#payloads.get(device.id) ?? new ComponentPayloads();
    this.#payloads.set(device.id, payloads);
    return payloads.arrange(this.#components(device, predecessors), root).flatMap((components, i) => {
      const objectId = i === 0 ? device.id : `${device.id}_${i + 1}`;
      const before = i === 0 ? formerComponents(device, predecessors) : {};
      return this.#tellPayload(objectId, root, components, before);
    });
  }

  #tellPayload(objectId: string, root: object, components: Components, before: Components): MqttMessage[] {
    const config = { ...root, cmps: components };
    const text = JSON.stringify(config);
    const told = this.#told.get(objectId);
    if (told?.text === text) return [];
    this.#told.set(objectId, { text, components });
    const { discoveryPrefix, retainDiscovery } = this.#settings;
    const topic = `${discoveryPrefix}/device/${objectId}/config`;
    if (Object.keys(components).length === 0) return told ? [reliable(topic, '', true)] : [];
    const gone = goneOf(told?.components ?? before, components);
    const withGone = { ...config, cmps: { ...(told?.components ?? components), ...gone } };
    const configs = gone === null ? [config] : [withGone, config];
    return configs.map((payload) => reliable(topic, payload, retainDiscovery));
  }

  /** What is told once for all entities of a device. */
  #root(device: Device): object {
    const { id, parentId, name, identity, availabilityTopic } = device;
    const topics = [linkTopic(this.#settings), ...(availabilityTopic === null ? [] : [availabilityTopic])];
    return {
      dev: {
        ids: [id],
        name,
        mf: 'PACE',
        mdl: parentId === null ? 'Battery bank' : 'Battery pack',
        ...(identity?.bmsSerial ? { sn: identity.bmsSerial } : {}),
        ...(identity?.softwareVersion ? { sw: identity.softwareVersion } : {}),
        ...(parentId === null ? {} : { via_device: parentId }),
      },
      o: { name: ORIGIN.name, sw: ORIGIN.version },
      avty: topics.map((topic) => ({ t: topic })),
      avty_mode: 'all',
      stat_t: sharedStateTopic(device),
    };
  }

  #components(device: Device, predecessors: Predecessors): Components {
    const components: Components = {};
    for (const part of device.parts) {
      for (const entity of part.entities) {
        const known = predecessors.get(entity.key);
        const uniqueId = known?.uniqueId ?? `${device.uniqueId}_${entity.key}`;
        components[known?.key ?? entity.key] = this.#component(device, part, entity, uniqueId);
      }
    }
    return components;
  }

  #component(device: Device, part: Part, { key, name, entityId, kind, category }: EntityFacts, uniqueId: string) {
    const { platform, deviceClass, stateClass, unit, precision, options } = kind;
    const ownTopic = stateTopic(device, part);
    return {
      p: platform,
      name,
      uniq_id: uniqueId,
      def_ent_id: `${platform}.${device.entityId}_${entityId ?? key}`,
      ...(deviceClass ? { dev_cla: deviceClass } : {}),
      ...(stateClass ? { stat_cla: stateClass } : {}),
      ...(unit ? { unit_of_meas: unit } : {}),
      ...(precision === undefined ? {} : { sug_dsp_prc: precision }),
      ...(options ? { ops: options } : {}),
      ...(category ? { ent_cat: category } : {}),
      ...(ownTopic === sharedStateTopic(device) ? {} : { stat_t: ownTopic }),
      val_tpl: `{{ value_json.${key} }}`,
      ...(this.#settings.expireAfter === 0 ? {} : { exp_aft: part.holdsSeconds }),
    };
  }
}

function formerComponents({ former }: Device, predecessors: Predecessors): Components {
  return Object.fromEntries(former.map(({ key, kind }) => [predecessors.get(key)?.key ?? key, { p: kind.platform }]));
}

/** Most entities of a device have their states here. */
function sharedStateTopic(device: Device): string {
  return stateTopic(device, device.parts[0] as Part);
}

/** The components that are there no more, reduced to what removes them; null for none. */
function goneOf(before: Components, now: Components): Components | null {
  const gone = Object.entries(before).filter(([key]) => !now[key]);
  return gone.length === 0 ? null : Object.fromEntries(gone.map(([key, { p }]) => [key, { p }]));
}
