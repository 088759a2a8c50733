import { isObject, type Json } from './message.js';

/** A device of the registry. */
export interface DeviceEntry {
  identifiers: string[];
  connections: string[][];
  name?: string;
  manufacturer?: string;
  model?: string;
  sw_version?: string;
  /** An identifier of the device it is reached through. */
  via_device?: string;
  [key: string]: unknown;
}

/** An entity of the registry: it outlives a restart and a migration. */
export interface EntityEntry {
  uniqueId: string;
  platform: string;
  entityId: string;
  device: DeviceEntry;
  /** The last configuration it was set up with. */
  config: Json;
}

const texts = (value: unknown): string[] => [value ?? []].flat().map(String);

function slug(text: string): string {
  const plain = text.normalize('NFKD').toLowerCase();
  return plain.replace(/[^a-z0-9]+/g, '_').replace(/^_+|_+$/g, '') || 'unknown';
}

/** Devices and entities as Home Assistant remembers them. */
export class Registry {
  readonly entities = new Map<string, EntityEntry>();
  #devices: DeviceEntry[] = [];

  /** Devices with at least one entity. */
  get devices(): DeviceEntry[] {
    const inUse = new Set([...this.entities.values()].map(({ device }) => device));
    return this.#devices.filter((device) => inUse.has(device));
  }

  /** Enters an entity, or finds it again: then it keeps its entity id. Adds what would be logged to `errors`. */
  enter(platform: string, config: Json, errors: string[]): EntityEntry {
    const uniqueId = String(config.unique_id);
    const device = this.#device(isObject(config.device) ? config.device : {}, errors);
    const known = this.entities.get(uniqueId);
    const entityId = known?.entityId ?? this.#freeEntityId(platform, config, device);
    const entry = { uniqueId, platform, entityId, device, config };
    this.entities.set(uniqueId, entry);
    return entry;
  }

  #device(info: Json, errors: string[]): DeviceEntry {
    const identifiers = texts(info.identifiers);
    const connections = (info.connections ?? []) as string[][];
    const { via_device: via } = info;
    if (via !== undefined && !this.devices.some((device) => device.identifiers.includes(String(via)))) {
      errors.push(`device ${identifiers}: references a via_device that does not exist: ${via}`);
    }
    const known = this.devices.find((device) => device.identifiers.some((id) => identifiers.includes(id)));
    if (!known) {
      const created = { ...info, identifiers, connections };
      this.#devices.push(created);
      return created;
    }
    const all = [...new Set([...known.identifiers, ...identifiers])];
    return Object.assign(known, info, { identifiers: all, connections: [...known.connections, ...connections] });
  }

  #freeEntityId(platform: string, config: Json, device: DeviceEntry): string {
    const { default_entity_id: wanted, name, device_class } = config;
    const named = [device.name, name ?? (name === null ? undefined : device_class)].filter(Boolean).join(' ');
    const base = typeof wanted === 'string' ? wanted : `${platform}.${slug(named)}`;
    const taken = new Set([...this.entities.values()].map(({ entityId }) => entityId));
    let free = base;
    for (let count = 2; taken.has(free); count++) free = `${base}_${count}`;
    return free;
  }
}
