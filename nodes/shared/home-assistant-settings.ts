import type { HomeAssistantSettings } from '../../src/messages/home-assistant/settings.js';
import {
  choice,
  flag,
  number,
  type Parser,
  parseProperties,
  type RawProperties,
  settingError,
  text,
  withoutOuterSlashes,
} from './properties.js';
import { querySettings } from './query-settings.js';

const PROPERTIES = {
  discoveryPrefix: prefix(),
  layout: choice(['device', 'bmspace'], 'device'),
  deviceName: text(''),
  expireAfter: number({ from: 1, to: 31_536_000, default: null, or: 0 }),
  perCellEntities: flag(true),
  retainDiscovery: flag(false),
};

/** What a Home Assistant node's properties say; topic and names are those of the queries. @throws PaceError `CONFIG` */
export function homeAssistantSettings(raw: RawProperties, connectionName: string): HomeAssistantSettings {
  const { topic, naming } = querySettings({ topic: raw.topic, padPacks: raw.padPacks, padCells: raw.padCells });
  if (/\p{Cc}/u.test(topic)) throw settingError('topic', 'it must not contain control characters');
  return { ...parseProperties(raw, PROPERTIES), topic, naming, connectionName };
}

/** A topic that Home Assistant takes for its discovery prefix, without outer slashes. */
function prefix(): Parser<string> {
  return (raw, name) => {
    const trimmed = withoutOuterSlashes(text('homeassistant')(raw, name));
    if (trimmed === '' || /[\s+#\p{Cc}]/u.test(trimmed)) {
      throw settingError(name, `"${trimmed}" is no topic: it must not be empty or contain blanks, + or #`);
    }
    return trimmed;
  };
}
