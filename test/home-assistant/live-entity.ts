import { DEFAULT_AVAILABILITY_MODE, DEFAULT_PAYLOADS } from './documented.js';
import { isObject, type Json } from './message.js';
import { render, verdict } from './values.js';

interface AvailabilityTopic {
  topic: string;
  available: string;
  notAvailable: string;
  template: string | undefined;
}

function availabilityTopics(config: Json): AvailabilityTopic[] {
  const { availability, availability_topic, availability_template } = config;
  const one = { ...config, topic: availability_topic, value_template: availability_template };
  const entries = Array.isArray(availability) ? availability : availability_topic === undefined ? [] : [one];
  return entries.filter(isObject).map((entry) => ({
    topic: String(entry.topic),
    available: String(entry.payload_available ?? DEFAULT_PAYLOADS.available),
    notAvailable: String(entry.payload_not_available ?? DEFAULT_PAYLOADS.notAvailable),
    template: entry.value_template as string | undefined,
  }));
}

const seconds = (value: unknown) => (typeof value === 'number' ? value * 1000 : null);

/** An entity that is set up: it listens to its topics. */
export class LiveEntity {
  readonly platform: string;
  #config: Json;
  #availability: AvailabilityTopic[];
  #value: string | null = null;
  /** When the value expires, ms; null before the first message. */
  #expiresAt: number | null = null;
  #available = new Map<string, boolean>();
  #latest = false;

  constructor(platform: string, config: Json) {
    this.platform = platform;
    this.#config = config;
    this.#availability = availabilityTopics(config);
  }

  get config(): Json {
    return this.#config;
  }

  /** The topics it listens to, each once. */
  get topics(): string[] {
    const { state_topic, json_attributes_topic } = this.#config;
    const own = [state_topic, json_attributes_topic].filter((topic) => topic !== undefined).map(String);
    return [...new Set([...this.#availability.map(({ topic }) => topic), ...own])];
  }

  /** Takes a changed configuration. What expires has expired until the next message. */
  update(config: Json): void {
    this.#config = config;
    this.#availability = availabilityTopics(config);
    this.#expiresAt = null;
  }

  /** Takes a message; what Home Assistant would log about it. */
  receive(topic: string, payload: string, now: number): string[] {
    const errors = this.#availability
      .filter((each) => each.topic === topic)
      .flatMap((each) => this.#hearAvailability(each, payload));
    const { state_topic, json_attributes_topic } = this.#config;
    if (topic === state_topic) errors.push(...this.#hearState(payload, now));
    if (topic === json_attributes_topic && !isAttributes(payload)) errors.push('the attributes are no JSON object');
    return errors;
  }

  /** `unavailable`, `unknown` or the state's text. */
  state(now: number): string {
    const lifetime = seconds(this.#config.expire_after);
    const expired = lifetime !== null && (this.#expiresAt === null || now >= this.#expiresAt);
    return expired || !this.#isAvailable() ? 'unavailable' : (this.#value ?? 'unknown');
  }

  #hearState(payload: string, now: number): string[] {
    this.#expiresAt = now + (seconds(this.#config.expire_after) ?? 0);
    const { value, error } = verdict(this.platform, this.#config, payload);
    if (value !== undefined) this.#value = value;
    return error === undefined ? [] : [error];
  }

  #hearAvailability({ topic, available, notAvailable, template }: AvailabilityTopic, payload: string): string[] {
    const { text, error } = render(template, payload);
    if (text === available || text === notAvailable) {
      this.#latest = text === available;
      this.#available.set(topic, this.#latest);
      return [];
    }
    return [error ?? `${topic}: '${text}' is neither ${available} nor ${notAvailable}`];
  }

  #isAvailable(): boolean {
    if (this.#availability.length === 0) return true;
    const heard = this.#availability.map(({ topic }) => this.#available.get(topic) ?? false);
    switch (this.#config.availability_mode ?? DEFAULT_AVAILABILITY_MODE) {
      case 'all':
        return heard.every(Boolean);
      case 'any':
        return heard.some(Boolean);
      default:
        return this.#latest;
    }
  }
}

function isAttributes(payload: string): boolean {
  try {
    return isObject(JSON.parse(payload));
  } catch {
    return false;
  }
}
