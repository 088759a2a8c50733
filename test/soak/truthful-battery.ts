import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { COMMANDS } from '../../src/dialects/pace25/frames.js';
import type { AlarmRecord, AnalogRecord } from '../../src/dialects/pace25/records.js';
import { BankModel } from '../../src/simulator/bank-model.js';
import { SimulatedBms } from '../../src/simulator/simulated-bms.js';
import type { Frame } from '../../src/wire/frame.js';
import type { Command, NumberedReply } from '../support/numbered-battery.js';
import { type SoakBank, SPEED } from './banks.js';
import { Truths } from './truths.js';

/** A reply of the battery, with the request that it answers. */
interface Reply extends NumberedReply {
  request: Frame;
}

/** 100 ms of a house. */
const ANSWER_DELAY_MS = 100 / SPEED;
/** Replies on their way to the proxy at most; those of connections that broke never arrive. */
const MOST_ON_THE_WAY = 50;

const isEmpty = ({ packMillivolts }: AnalogRecord) => packMillivolts === 0;

/** A simulated bank on a TCP port of 127.0.0.1 that notes the truth of every reply it makes. */
export class TruthfulBattery {
  readonly truths = new Truths();
  /** Replies made so far. */
  replies = 0;
  /** Makes what is noted differ from what is said. */
  spoilsTruth = false;
  readonly #bank: SoakBank;
  readonly #model: BankModel;
  readonly #bms: SimulatedBms;
  /** Another battery, whose replies are none of this one's. */
  readonly #stranger: SimulatedBms;
  readonly #strangers = new Map<string, string>();
  readonly #onTheWay = new Map<string, Reply>();
  readonly #sockets = new Set<Socket>();
  readonly #server: Server;

  private constructor(bank: SoakBank, seed: number) {
    this.#bank = bank;
    this.#model = new BankModel({ ...bank.simulated, seed });
    this.#bms = new SimulatedBms(this.#model, {
      ...bank.simulated,
      answerDelayMs: ANSWER_DELAY_MS,
      now: () => performance.now() * SPEED,
      behaviour: (request, answer) => this.#note(request, answer),
    });
    this.#stranger = new SimulatedBms(new BankModel({ ...bank.simulated, seed: seed + 1 }), {
      ...bank.simulated,
      now: () => 0,
    });
    this.#server = createServer({ noDelay: true }, (socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
      this.#bms.attach(socket);
    });
  }

  static async listen(bank: SoakBank, seed: number): Promise<TruthfulBattery> {
    const battery = new TruthfulBattery(bank, seed);
    battery.#server.listen(0, '127.0.0.1');
    await once(battery.#server, 'listening');
    return battery;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** The places without a pack, from 1. */
  get emptySlots(): readonly number[] {
    return this.#model.slots.flatMap((pack, i) => (pack ? [] : [i + 1]));
  }

  /** The reply that reads so and is on its way. */
  replyOf(text: string): Reply | undefined {
    return this.#onTheWay.get(text);
  }

  /** A good reply to the other command, of another battery. */
  strangerTo({ command, request }: Reply): string {
    const code = command === '42' ? COMMANDS.alarms : COMMANDS.analog;
    const key = `${code} ${request.address} ${request.info[0]}`;
    const known = this.#strangers.get(key);
    if (known !== undefined) return known;
    const text = this.#stranger.answer({ ...request, code })?.toString('latin1') ?? '';
    this.#strangers.set(key, text);
    return text;
  }

  #note(request: Frame, answer: Buffer): Buffer | null {
    if (request.address === this.#bank.deadAddress) return null;
    const at = Date.now();
    const isAnalog = request.code === COMMANDS.analog;
    this.replies += 1;
    for (const pack of this.#packsIn(request)) {
      if (isAnalog) this.truths.note(pack, { kind: 'analog', record: this.#analogOf(pack), at });
      else this.truths.note(pack, { kind: 'alarms', record: this.#alarmsOf(pack), at });
    }
    const text = answer.toString('latin1');
    this.#onTheWay.delete(text);
    this.#onTheWay.set(text, {
      command: (isAnalog ? '42' : '44') satisfies Command,
      number: this.replies,
      highCell: null,
      text,
      at,
      request,
    });
    const [oldest] = this.#onTheWay.keys();
    if (this.#onTheWay.size > MOST_ON_THE_WAY && oldest !== undefined) this.#onTheWay.delete(oldest);
    return answer;
  }

  #packsIn({ address, info }: Frame): number[] {
    const { addressing } = this.#bank.connection;
    if (addressing === 'master') return this.#model.slots.map((_, i) => i + 1);
    return [addressing === 'relay' ? (info[0] as number) : address];
  }

  #analogOf(pack: number): AnalogRecord {
    const record = this.#model.analogRecords()[pack - 1] as AnalogRecord;
    return this.spoilsTruth && !isEmpty(record) ? { ...record, cycles: record.cycles + 1 } : record;
  }

  #alarmsOf(pack: number): AlarmRecord {
    return this.#model.alarmRecords()[pack - 1] as AlarmRecord;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    const closed = once(this.#server, 'close');
    this.#server.close();
    await closed;
  }
}
