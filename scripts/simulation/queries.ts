import type { WarningReading } from '../../src/battery/alarms.js';
import type { AnalogReading } from '../../src/battery/analog.js';
import type { StatusReading } from '../../src/battery/status.js';
import { analogShape } from '../../src/messages/analog.js';
import { bankMessage, type PackView } from '../../src/messages/outgoing.js';
import type { QueryShape } from '../../src/messages/shape.js';
import { statusShape } from '../../src/messages/status.js';
import { warningShape } from '../../src/messages/warning.js';
import { type Bank, PACKS } from './bank.js';
import { drifted } from './drift.js';
import { isOff, type Trouble } from './troubles.js';

/** Alarms are asked for once a minute; they hold until the next are read. */
const ALARMS_EVERY_MS = 60_000;
/** As the nodes have it with an interval of 5 s. */
const STALE_AFTER_MS = 15_000;
const NUMBERS = Array.from({ length: PACKS }, (_, index) => index + 1);
const OUTPUT = { output: 'bank', topic: 'pace', naming: { padPacks: 2, padCells: 2 } } as const;
/** Epoch ms when the simulation begins, and what a clock that is set wrong is off by. */
const EPOCH_MS = Date.UTC(2025, 0, 1);
const CLOCK_OFF_MS = -3 * 3600_000;

type Message = Record<string, unknown>;

/** A query node: what it last read of each pack, and what it sends of it. */
class Query<Reading> {
  readonly #shape: QueryShape<Reading>;
  readonly #packs = new Map<number, { reading: Reading; lastSeen: number; readAt: number }>();
  #hasToldDead = false;

  constructor(shape: QueryShape<Reading>) {
    this.#shape = shape;
  }

  /** What is sent when `answers` came at `now`; null stands for a pack that said nothing. */
  poll(answers: readonly (Reading | null)[], now: number, epochMs: number): Message[] {
    for (const [index, reading] of answers.entries()) {
      if (reading !== null) this.#packs.set(index + 1, { reading, lastSeen: epochMs, readAt: now });
    }
    const views = NUMBERS.map((pack) => this.#view(pack, now));
    const isDead = views.every(({ online }) => !online);
    const says = answers.some((reading) => reading !== null) || (isDead && this.#packs.size > 0 && !this.#hasToldDead);
    this.#hasToldDead = isDead;
    if (!says) return [];
    const { topic, payload } = bankMessage(this.#shape, views, OUTPUT);
    return [{ topic, payload, pace: { connection: 'bank', query: this.#shape.query, receivedAt: epochMs } }];
  }

  #view(pack: number, now: number): PackView<Reading> {
    const known = this.#packs.get(pack);
    if (!known) return { pack, reading: null, lastSeen: null, online: false, fresh: false };
    const { reading, lastSeen, readAt } = known;
    return { pack, reading, lastSeen, online: now - readAt < STALE_AFTER_MS, fresh: readAt === now };
  }
}

/** The query nodes of a bank. */
export class Queries {
  readonly #analog = new Query<AnalogReading>(analogShape);
  readonly #warning = new Query<WarningReading>(warningShape);
  readonly #status = new Query<StatusReading>(statusShape);
  #alarmsAt = Number.NEGATIVE_INFINITY;

  /** The messages of a poll at `now`, ms since the simulation began. */
  poll(bank: Bank, has: (trouble: Trouble) => boolean, now: number): Message[] {
    const epochMs = EPOCH_MS + now + (has('clock wrong') ? CLOCK_OFF_MS : 0);
    const silent = NUMBERS.map((pack) => has('BMS silent') || isOff(pack, has) || (pack === 2 && has('pack 2 unseen')));
    const heard = <Reading>(all: readonly Reading[]) => all.map((each, i) => (silent[i] ? null : each));
    const measured = bank.measurements.map((reading, i) => drifted(i + 1, reading, now / 1000));
    const messages = this.#analog.poll(heard(measured), now, epochMs);
    if (now - this.#alarmsAt < ALARMS_EVERY_MS) return messages;
    this.#alarmsAt = now;
    const alarms = heard(bank.alarms);
    const [warnings, states] = [
      alarms.map((told) => told?.warning ?? null),
      alarms.map((told) => told?.status ?? null),
    ];
    return [...messages, ...this.#warning.poll(warnings, now, epochMs), ...this.#status.poll(states, now, epochMs)];
  }
}
