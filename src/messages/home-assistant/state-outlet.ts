import type { MqttMessage } from './mqtt-message.js';

/** What is the case at a topic, to be told when it changes and again after a while. */
export interface State {
  topic: string;
  payload: object | string | number;
  /** What of it is worth a message. */
  news: string;
  /** ms; null for once. */
  repeatMs: number | null;
  qos: 0 | 1;
}

/** How long until a state that holds for so long is told again, ms: half of it. */
export const repeatMsOf = (holdsSeconds: number) => holdsSeconds * 500;

/** Whether something answers; that it does not is told once. */
export const availability = (topic: string, isOnline: boolean, repeatMs: number): State => {
  const payload = isOnline ? 'online' : 'offline';
  return { topic, payload, news: payload, repeatMs: isOnline ? repeatMs : null, qos: 1 };
};

/** Tells states when they change, and again while they hold. */
export class StateOutlet {
  readonly #told = new Map<string, { news: string; at: number }>();
  /** When the next repetition is due. */
  #nextAt = Number.POSITIVE_INFINITY;

  /** When to look again although nothing came, monotonic ms. */
  get nextAt(): number {
    return this.#nextAt;
  }

  /** The messages due at `now`, of all that is the case. */
  due(states: readonly State[], now: number): MqttMessage[] {
    this.#nextAt = Number.POSITIVE_INFINITY;
    return states.flatMap((state) => {
      const { topic, payload, news, repeatMs, qos } = state;
      const told = this.#told.get(topic);
      const isDue = told?.news !== news || (repeatMs !== null && now - told.at >= repeatMs);
      const toldAt = isDue || !told ? now : told.at;
      if (isDue) this.#told.set(topic, { news, at: now });
      if (repeatMs !== null) this.#nextAt = Math.min(this.#nextAt, toldAt + repeatMs);
      return isDue ? [{ topic, payload, retain: false, qos }] : [];
    });
  }

  /** Everything is news again. */
  forget(): void {
    this.#told.clear();
  }
}
