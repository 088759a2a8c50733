import type { Alarm } from '../../src/battery/alarms.js';
import type { AnalogReading } from '../../src/battery/analog.js';
import type { StatusReading } from '../../src/battery/status.js';
import type { PackState } from '../../src/limits/bank-state.js';
import { type Measurements, readPackMessage, type Switches } from '../../src/limits/incoming.js';
import { Limits } from '../../src/limits/limits.js';
import type { LimitsPayload } from '../../src/limits/payload.js';
import { type LimitSettings, USUAL_CURVES } from '../../src/limits/settings.js';
import { analogShape } from '../../src/messages/analog.js';
import { offlineMessage, type PackView, pollMessages } from '../../src/messages/outgoing.js';
import type { QueryShape } from '../../src/messages/shape.js';
import { statusShape } from '../../src/messages/status.js';
import { warningShape } from '../../src/messages/warning.js';
import { analog, status, warning } from '../battery/readings.js';

/** The defaults of the node, but for 100 A a pack both ways. */
export const SETTINGS: LimitSettings = {
  cellsInSeries: null,
  maxCurrent: { charge: 100, discharge: 100 },
  bankMaxCurrent: { charge: null, discharge: null },
  absorptionVoltage: 3.45,
  floatVoltage: 3.375,
  minVoltage: 2.9,
  ceilingVoltage: 3.65,
  absorptionMs: 900_000,
  rebulkSoc: 80,
  balanceDelta: 0.01,
  curves: USUAL_CURVES,
  holdMs: 30_000,
  rampCurrent: 5,
  rampVoltage: 0.001,
  staleAfterMs: 30_000,
  onStale: 'zero',
};
/** Rises are over as soon as time goes on. */
export const QUICK = { holdMs: 0, rampCurrent: 10_000, rampVoltage: 10 } as const;

/** A pack in words; what is not given is that of one half full and at rest. */
export interface PackWords {
  /** V of all cells, or of each. */
  cells?: number | readonly number[];
  /** °C of the coldest and the hottest cell sensor. */
  temperatures?: readonly [coldest: number, hottest: number];
  mosfet?: number;
  /** %. */
  soc?: number;
}

export const CELLS = 16;
/** Cells that all have `volts`, but for the last of them. */
export const cellsBut = (last: number, volts = 3.3) => [...Array<number>(CELLS - 1).fill(volts), last];

export function readingOf({ cells = 3.3, temperatures = [20, 21], mosfet = 25, soc = 50 }: PackWords): AnalogReading {
  const volts = typeof cells === 'number' ? Array<number>(CELLS).fill(cells) : cells;
  const cellMillivolts = volts.map((value) => Math.round(value * 1000));
  const [coldest, hottest] = temperatures;
  return analog({
    cellMillivolts,
    packMillivolts: cellMillivolts.reduce((total, value) => total + value, 0),
    temperatureTenths: [coldest, coldest, hottest, hottest, mosfet, 20].map((degrees) => Math.round(degrees * 10)),
    remainingMilliampHours: soc * 1000,
  });
}

export type Message = { topic: string; payload: Record<string, unknown>; pace?: Record<string, unknown> };
export type Shape = 'pack' | 'bank';
const NAMING = { padPacks: 2, padCells: 2 };

/** The messages that a query node sends of the packs 1, 2, …; of a pack that is null there is none. */
function messagesOf<Reading>(
  shape: QueryShape<Reading>,
  readings: readonly (Reading | null)[],
  output: Shape,
  lastSeen: number,
): Message[] {
  const views = readings.map(
    (reading, i): PackView<Reading> => ({ pack: i + 1, reading, lastSeen, online: reading !== null, fresh: true }),
  );
  return pollMessages(shape, views, { output, topic: 'pace', naming: NAMING }).map(({ topic, payload }) => {
    const pace = { connection: 'bank', query: shape.query };
    return { topic, payload: structuredClone(payload) as Message['payload'], pace };
  });
}

export const analogMessages = (
  packs: readonly (PackWords | null)[],
  lastSeen: number,
  output: Shape = 'bank',
): Message[] => {
  const readings = packs.map((pack) => pack && readingOf(pack));
  return messagesOf(analogShape, readings, output, lastSeen);
};
export const warningMessages = (
  packs: readonly (readonly Alarm[])[],
  lastSeen: number,
  output: Shape = 'bank',
): Message[] => {
  const readings = packs.map((alarms) => warning({ alarms }));
  return messagesOf(warningShape, readings, output, lastSeen);
};
export const statusMessages = (
  packs: readonly Partial<StatusReading>[],
  lastSeen: number,
  output: Shape = 'bank',
): Message[] => messagesOf(statusShape, packs.map(status), output, lastSeen);

/** The one message of a bank, or of pack 1. */
export const analogMessage = (packs: readonly PackWords[], lastSeen: number, output: Shape = 'bank'): Message =>
  analogMessages(packs, lastSeen, output)[0] as Message;

/** What an analog node sends of a pack that has gone stale. */
export function analogOffline(pack: number, lastSeen: number): Message {
  const settings = { output: 'pack', topic: 'pace', naming: NAMING } as const;
  const { topic, payload } = offlineMessage(analogShape, pack, lastSeen, settings);
  return { topic, payload: payload as Message['payload'] };
}

/** An alarm with the label that does not matter. */
export const alarm = (code: string, level: Alarm['level'] = 'warning'): Alarm => ({
  code,
  level,
  label: `the ${code}`,
});

/** What messages have told of one pack, for what judges a single pack. */
export function packState(
  words: PackWords = {},
  { alarms = null, switches = null }: Partial<Pick<PackState, 'alarms' | 'switches'>> = {},
): PackState {
  const { packs } = readPackMessage({ ...analogMessage([words], 1) });
  return { name: 'pack_01', measurements: packs[0]?.told as Measurements, alarms, switches };
}

/** All that a status message can say of the switches, with nothing in the way. */
export const SWITCHES: Switches = {
  chargeMosfet: true,
  dischargeMosfet: true,
  chargeMosfetForcedOff: false,
  dischargeMosfetForcedOff: false,
  fullyCharged: false,
  chargerReversed: false,
  shutdown: false,
};

/** The limits of a bank, with time in the test's hands; readings come when it says. */
export class Bench {
  now = 5_000;
  readonly limits: Limits;
  /** Epoch ms, which nothing may go by. */
  lastSeen = 1_790_000_000_000;
  #packs: readonly (PackWords | null)[] = [];

  constructor(settings: Partial<LimitSettings> = {}, packsKnown: number | null = null) {
    this.limits = new Limits({ ...SETTINGS, ...settings }, packsKnown);
  }

  /** One poll: a fresh reading of each pack. @returns the limits then. */
  analog(...packs: (PackWords | null)[]): LimitsPayload {
    this.#packs = packs;
    this.lastSeen += 1000;
    return this.take(...analogMessages(packs, this.lastSeen));
  }

  warning(...packs: (readonly Alarm[])[]): LimitsPayload {
    return this.take(...warningMessages(packs, this.lastSeen));
  }

  status(...packs: Partial<StatusReading>[]): LimitsPayload {
    return this.take(...statusMessages(packs, this.lastSeen));
  }

  take(...messages: readonly object[]): LimitsPayload {
    for (const message of messages) this.limits.take({ ...message }, this.now);
    return this.limits.at(this.now);
  }

  /** Time goes on without messages; the limits are asked for as often as they may change, as the node does. */
  wait(seconds: number): LimitsPayload {
    const end = this.now + seconds * 1000;
    for (let next = this.limits.changesAt(this.now); next < end; next = this.limits.changesAt(this.now)) {
      if (next <= this.now) throw new Error(`the limits want to be asked again at once, at ${this.now} ms`);
      this.now = next;
      this.limits.at(next);
    }
    this.now = end;
    return this.limits.at(end);
  }

  /** Time goes on, with the same readings every few seconds. */
  poll(seconds: number, everySeconds = 5): LimitsPayload {
    const end = this.now + seconds * 1000;
    while (this.now < end) {
      this.wait(Math.min(everySeconds, (end - this.now) / 1000));
      this.analog(...this.#packs);
    }
    return this.limits.at(this.now);
  }

  /** The limits of these packs once nothing rises any more; with `QUICK` settings. */
  settle(...packs: (PackWords | null)[]): LimitsPayload {
    this.analog(...packs);
    return this.poll(3, 1);
  }
}
