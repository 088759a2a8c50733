import type { PollerSettings } from '../../src/polling/poller-types.js';
import { parseSelection } from '../../src/polling/selection.js';
import {
  choice,
  flag,
  number,
  type Parser,
  parseProperties,
  type RawProperties,
  settingError,
  topic,
  withTopic,
} from './properties.js';

const LONGEST_TAIL_CHARACTERS = 80;
const DEFAULT_STALE_INTERVALS = 3;
const LEAST_DEFAULT_STALE_SECONDS = 10;

const PROPERTIES = {
  packs: (raw: unknown, name: string) => parseSelection(raw, name),
  interval: number({ from: 0.05, to: 86_400, default: 5, whole: false, or: 0 }),
  output: choice(['pack', 'bank', 'value'], 'pack'),
  topic: topic(),
  padPacks: number({ from: 0, to: 9, default: 0 }),
  padCells: number({ from: 0, to: 9, default: 0 }),
  packOffset: evenNumber(),
  onlyChanges: flag(false),
  staleAfter: number({ from: 0.05, to: 31_536_000, default: null, whole: false }),
  includeRaw: flag(false),
};

/** A query's settings, ready to be used. */
export type QuerySettings = PollerSettings & { includeRaw: boolean };

/** What a query node's properties say. @throws PaceError `CONFIG` */
export function querySettings(raw: RawProperties): QuerySettings {
  const properties = parseProperties(withTopic(raw), PROPERTIES);
  const { padPacks, padCells, interval, staleAfter, packOffset } = properties;
  const defaultStaleAfter =
    interval === 0 ? null : Math.max(DEFAULT_STALE_INTERVALS * interval, LEAST_DEFAULT_STALE_SECONDS);
  const staleSeconds = staleAfter ?? defaultStaleAfter;
  return {
    packs: properties.packs,
    intervalMs: interval * 1000,
    staleAfterMs: staleSeconds === null ? null : staleSeconds * 1000,
    output: properties.output,
    topic: properties.topic,
    naming: { padPacks, padCells },
    onlyChanges: properties.onlyChanges,
    includeRaw: properties.includeRaw,
    forcedTailBytes: packOffset === 0 ? undefined : packOffset / 2,
  };
}

/** Hex characters after each pack's fixed fields; 0 to find them. */
function evenNumber(): Parser<number> {
  const inRange = number({ from: 2, to: LONGEST_TAIL_CHARACTERS, default: 0, or: 0 });
  return (raw, name) => {
    const value = inRange(raw, name);
    if (value % 2 === 0) return value;
    throw settingError(name, `${value} is odd, but a byte has two hex characters`);
  };
}
