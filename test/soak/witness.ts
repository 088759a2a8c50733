import { isDeepStrictEqual } from 'node:util';
import type { Message } from '../support/node-red.js';
import { faultsOfSummary } from './bank-summary.js';
import { type SoakQuery, STALE_AFTER_SECONDS } from './banks.js';
import { payloadOf, valuesOf } from './contract.js';
import type { TrueRecord, Truths } from './truths.js';

/** What a node published that is wrong, and why. */
export interface WrongValue {
  node: string;
  why: string;
  message: Message;
  /** What the battery said instead, the newest last. */
  truths: readonly unknown[];
}

/** Who is told what a witness saw. */
export interface WitnessHost {
  wrong(value: WrongValue): void;
  /** A reading of epoch ms `lastSeen` was published, and is true. */
  read(lastSeen: number): void;
}

/** Timers and messages may be as late as this on a busy machine, ms. */
const LEEWAY_MS = 1000;
const STALE_AFTER_MS = STALE_AFTER_SECONDS * 1000;

const MOST_TRUTHS_SHOWN = 4;

/** The members of what was published that are not as in the last truth. */
function differences(published: object, truth: object): string {
  const isOdd = ([name, value]: [string, unknown]) =>
    !isDeepStrictEqual(value, Object.entries(truth).find(([key]) => key === name)?.[1]);
  const odd = Object.entries(published).filter(isOdd);
  return odd.map(([name, value]) => `${name} ${JSON.stringify(value)}`).join(', ') || 'something is missing';
}

interface ValueGroup {
  id: string;
  values: Record<string, unknown>;
}

/** Compares all that one node sends with what was true. */
export class Witness {
  /** Messages seen. */
  messages = 0;
  /** Readings of packs compared. */
  readings = 0;
  /** Epoch ms of the newest reading published. */
  lastSeen = Number.NEGATIVE_INFINITY;
  readonly #query: SoakQuery;
  readonly #truths: Truths;
  readonly #emptySlots: readonly number[];
  readonly #host: WitnessHost;
  /** The values of a pack that have come so far; they come one after the other. */
  #group: ValueGroup | null = null;

  constructor(query: SoakQuery, truths: Truths, emptySlots: readonly number[], host: WitnessHost) {
    this.#query = query;
    this.#truths = truths;
    this.#emptySlots = emptySlots;
    this.#host = host;
  }

  /** Takes a message of the first output. */
  take(message: Message): void {
    this.messages += 1;
    if (this.#query.output === 'bank') this.#takeBank(message);
    else if (this.#query.output === 'pack') this.#takePack(message.payload, message);
    else this.#takeValue(message);
  }

  #takeBank(message: Message): void {
    const { query, topic } = this.#query;
    if (message.topic !== `${topic}/bank/${query}`) this.#wrong(message, `the topic is ${message.topic}`);
    for (const [name, payload] of Object.entries<Message['payload']>(message.payload.packs)) {
      if (name !== payload.name) this.#wrong(message, `${payload.name} is called ${name}`);
      this.#takePayload(payload, message);
    }
    const faults = faultsOfSummary(query, message.payload);
    if (faults.length > 0) this.#wrong(message, `the bank's ${faults.join(', ')} do not follow from its packs`);
  }

  #takePack(payload: Message['payload'], message: Message): void {
    const { query, topic } = this.#query;
    if (message.topic !== `${topic}/${payload.name}/${query}`) this.#wrong(message, `the topic is ${message.topic}`);
    this.#takePayload(payload, message);
  }

  #takePayload(payload: Message['payload'], message: Message): void {
    const { pack, name, online, lastSeen, ...rest } = payload;
    if (name !== `pack_${pack}`) this.#wrong(message, `pack ${pack} is called ${name}`);
    if (online) this.#takeReading(pack, lastSeen, (truth) => payloadOf(this.#query.query, truth), rest, message);
    else this.#takeOffline(payload, message);
  }

  #takeOffline({ pack, name, lastSeen, ...rest }: Message['payload'], message: Message): void {
    if (!isDeepStrictEqual(rest, { online: false })) this.#wrong(message, `${name} is offline and has values`);
    if (lastSeen === null) {
      if (!this.#emptySlots.includes(pack)) this.#wrong(message, `${name} is shown as an empty slot`);
    } else if (Date.now() - lastSeen < STALE_AFTER_MS - LEEWAY_MS / 10) {
      this.#wrong(message, `${name} is offline ${Date.now() - lastSeen} ms after its last reading`);
    }
  }

  #takeValue(message: Message): void {
    const { topic, payload, parts } = message;
    if (topic === `${this.#query.topic}/availability`) return;
    const [, name = '', leaf = ''] = /\/(pack_\d+)\/(.+)$/.exec(topic) ?? [];
    const isSame = this.#group?.id === parts.id;
    const group: ValueGroup = isSame && this.#group ? this.#group : { id: parts.id, values: {} };
    const { values } = group;
    this.#group = group;
    values[leaf] = payload;
    if (Object.keys(values).length < parts.count) return;
    const pack = Number(name.slice('pack_'.length));
    const expected = (truth: TrueRecord) => (truth.kind === 'analog' ? valuesOf(truth.record) : {});
    this.#takeReading(pack, message.pace.receivedAt, expected, values, message);
    this.#group = null;
  }

  #takeReading(
    pack: number,
    lastSeen: number,
    expectedOf: (truth: TrueRecord) => object,
    published: object,
    message: Message,
  ): void {
    this.readings += 1;
    const kind = this.#query.query === 'analog' ? 'analog' : 'alarms';
    const isTrue = (truth: TrueRecord) => isDeepStrictEqual(published, expectedOf(truth));
    const ageMs = Date.now() - lastSeen;
    if (ageMs > STALE_AFTER_MS + LEEWAY_MS || ageMs < 0)
      this.#wrong(message, `pack ${pack} is ${ageMs} ms old and online`);
    else if (this.#truths.of(kind, pack, lastSeen).some(isTrue)) this.#noteRead(lastSeen);
    else {
      const known = this.#truths.all(kind, pack);
      const told = known.find(isTrue);
      const truths = known.slice(-MOST_TRUTHS_SHOWN).map((truth) => ({ at: truth.at, ...expectedOf(truth) }));
      const why = told
        ? `says what was true ${lastSeen - told.at} ms before it was read`
        : `says what no reply said: ${differences(published, truths.at(-1) ?? {})}`;
      this.#wrong(message, `pack ${pack} ${why}`, truths);
    }
  }

  #noteRead(lastSeen: number): void {
    this.lastSeen = Math.max(this.lastSeen, lastSeen);
    this.#host.read(lastSeen);
  }

  #wrong(message: Message, why: string, truths: readonly unknown[] = []): void {
    this.#host.wrong({ node: `${this.#query.id} (${this.#query.query}, ${this.#query.output})`, why, message, truths });
  }
}
