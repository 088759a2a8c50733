import type { PaceError } from '../../errors.js';
import type { QueryName } from './incoming.js';
import type { MqttMessage } from './mqtt-message.js';
import type { HomeAssistantSettings } from './settings.js';
import type { Carried } from './succession.js';

/** How far the telling is. */
export interface Progress {
  /** `readings`: waiting for two that agree. `serial`: waiting for the serial number. `told`: Home Assistant knows. */
  step: 'readings' | 'serial' | 'told';
  packCount: number;
  onlineCount: number;
}

/** What is known again after a restart. */
export interface Remembered {
  /** The serial number by which the bank was told of. */
  serial?: string;
  /** What was carried over from bmspace. */
  carried?: Carried;
}

/** Where a publisher lives. */
export interface PublisherHost {
  send(messages: readonly MqttMessage[]): void;
  progress(progress: Progress): void;
  /** A wish that cannot be met after all. */
  failed(error: PaceError): void;
  remember(remembered: Remembered): void;
  /** Whether the nodes of a query may send nothing while nothing changes. */
  mayBeSilent(query: QueryName): boolean;
}

/** What a publisher is made with. */
export interface PublisherOptions {
  settings: HomeAssistantSettings;
  /** Stands in for a serial number. */
  connectionId: string;
  remembered: Remembered;
  host: PublisherHost;
  /** Monotonic ms. */
  now?: () => number;
}
