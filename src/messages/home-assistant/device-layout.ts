import type { BankMemory } from './bank-memory.js';
import { DeviceDiscovery, type FindPredecessors, stateTopic } from './device-discovery.js';
import { type Device, devicesOf, linkTopic, type Part } from './devices.js';
import type { Layout } from './layout.js';
import type { MqttMessage } from './mqtt-message.js';
import type { HomeAssistantSettings } from './settings.js';
import { availability, repeatMsOf, type State } from './state-outlet.js';

/** A device a pack and one for the bank, with JSON states. */
export class DeviceLayout implements Layout {
  readonly #memory: BankMemory;
  readonly #settings: HomeAssistantSettings;
  readonly #serial: string;
  readonly #discovery: DeviceDiscovery;
  #devices: readonly Device[] = [];

  /** @param serial what the devices are known by. */
  constructor(memory: BankMemory, settings: HomeAssistantSettings, serial: string, predecessorsOf: FindPredecessors) {
    this.#memory = memory;
    this.#settings = settings;
    this.#serial = serial;
    this.#discovery = new DeviceDiscovery(settings, predecessorsOf);
  }

  discovery(): MqttMessage[] {
    this.#devices = devicesOf(this.#memory, this.#settings, this.#serial);
    return this.#devices.flatMap((device) => this.#discovery.tell(device));
  }

  forgetDiscovery(): void {
    this.#discovery.forget();
  }

  states(now: number): State[] {
    return this.#devices.flatMap((device) => {
      const { availabilityTopic, parts } = device;
      const topic = availabilityTopic ?? linkTopic(this.#settings);
      const repeatMs = Math.min(...parts.map(({ holdsSeconds }) => repeatMsOf(holdsSeconds)));
      return [
        availability(topic, device.isOnline(now), repeatMs),
        ...parts.map((part) => this.#partState(device, part, now)),
      ];
    });
  }

  #partState(device: Device, part: Part, now: number): State {
    const values = part.values(now);
    const alwaysNew = part.entities.filter(({ isAlwaysNew }) => isAlwaysNew).map(({ key }) => [key, undefined]);
    const news = JSON.stringify({ ...values, ...Object.fromEntries(alwaysNew) });
    const holds = Object.values(values).some((value) => value !== null);
    const repeatMs = holds ? repeatMsOf(part.holdsSeconds) : null;
    return { topic: stateTopic(device, part), payload: values, news, repeatMs, qos: 0 };
  }
}
