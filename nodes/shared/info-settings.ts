import type { InfoSettings } from '../../src/polling/info-poller.js';
import { choice, number, parseProperties, type RawProperties } from './properties.js';
import { querySettings } from './query-settings.js';

const PROPERTIES = {
  interval: number({ from: 0.05, to: 86_400, default: 0, whole: false, or: 0 }),
  output: choice(['bank', 'value'], 'bank'),
};

/** What an info node's properties say; topic and names are those of the queries. @throws PaceError `CONFIG` */
export function infoSettings(raw: RawProperties): InfoSettings {
  const { interval, output } = parseProperties(raw, PROPERTIES);
  const { topic, naming } = querySettings({ topic: raw.topic, padPacks: raw.padPacks });
  return { intervalMs: interval * 1000, output, topic, naming };
}
