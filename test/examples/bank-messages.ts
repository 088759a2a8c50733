import type { Alarm, WarningReading } from '../../src/battery/alarms.js';
import type { AnalogReading } from '../../src/battery/analog.js';
import type { StatusReading } from '../../src/battery/status.js';
import { analogShape } from '../../src/messages/analog.js';
import { bankMessage } from '../../src/messages/outgoing.js';
import type { QueryShape } from '../../src/messages/shape.js';
import { statusShape } from '../../src/messages/status.js';
import { warningShape } from '../../src/messages/warning.js';
import { analog, status, warning } from '../battery/readings.js';
import type { Message } from './flow-bench.js';

/** A pack of a bank whose messages a test makes; what is not given is well. */
export interface BenchPack {
  analog?: Partial<AnalogReading>;
  warning?: Partial<WarningReading>;
  status?: Partial<StatusReading>;
  /** `offline` had readings once, `empty` never: a place without a pack. */
  is?: 'online' | 'offline' | 'empty';
  /** ms since its reading. */
  age?: number;
}

const NAMING = { padPacks: 0, padCells: 0 };
export const CONNECTION_NAME = 'simulated bank';

function messageOf<Reading>(
  shape: QueryShape<Reading>,
  packs: readonly BenchPack[],
  read: (pack: BenchPack) => Reading,
  now: number,
) {
  const views = packs.map((pack, i) => {
    const { is = 'online', age = 0 } = pack;
    const reading = is === 'empty' ? null : read(pack);
    const lastSeen = is === 'empty' ? null : now - age;
    return { pack: i + 1, reading, lastSeen, online: is === 'online', fresh: age === 0 };
  });
  const { topic, payload } = bankMessage(shape, views, { output: 'bank', topic: 'pace', naming: NAMING });
  const pace = { connection: 'c', connectionName: CONNECTION_NAME, query: shape.query, receivedAt: now };
  return { topic, payload, pace } as Message;
}

/** What the three query nodes send of a bank, in bank shape. */
export const bankMessages = {
  analog: (packs: readonly BenchPack[], now = Date.now()) =>
    messageOf(analogShape, packs, (pack) => analog(pack.analog), now),
  warning: (packs: readonly BenchPack[], now = Date.now()) =>
    messageOf(warningShape, packs, (pack) => warning(pack.warning), now),
  status: (packs: readonly BenchPack[], now = Date.now()) =>
    messageOf(statusShape, packs, (pack) => status(pack.status), now),
};

/** Packs that are well, as many as the examples expect. */
export const wellPacks = (changes: BenchPack = {}): BenchPack[] => [changes, {}, {}, {}];

/** A pack with an alarm. */
export const alarm = (code: string, level: Alarm['level'] = 'warning'): BenchPack => ({
  warning: { alarms: [{ code, level, label: code }] },
});
/** A pack with a cell at that voltage. */
export const cells = (millivolts: number): BenchPack => ({
  analog: { cellMillivolts: [3300, millivolts, 3300, 3300] },
});
/** A pack with its coldest sensor at that temperature, tenths of a °C. */
export const celsius = (tenths: number): BenchPack => ({ analog: { temperatureTenths: [tenths, 250] } });
