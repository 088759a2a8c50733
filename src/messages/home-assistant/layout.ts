import type { MqttMessage } from './mqtt-message.js';
import type { State } from './state-outlet.js';

/** One way to tell Home Assistant of a bank. */
export interface Layout {
  /** Everything there is, as far as it was not told yet. */
  discovery(): MqttMessage[];
  /** Everything there is will be told anew. */
  forgetDiscovery(): void;
  /** What is the case at `now`, of everything that was told. */
  states(now: number): State[];
}
