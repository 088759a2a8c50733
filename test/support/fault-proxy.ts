import { EventEmitter, once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import type { Duplex } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { seededRandom } from '../../src/simulator/random.js';
import { FrameSplitter } from '../../src/wire/frame-splitter.js';
import { FAULTS, type Fault, type FaultName } from './faults.js';
import type { NumberedBattery, NumberedReply } from './numbered-battery.js';

/** The fault of the how manieth reply of all, from 1; null for none. */
export type FaultPlan = (count: number, reply: NumberedReply) => FaultName | null;

/** A reply that came past the proxy. */
export interface PassedReply {
  reply: NumberedReply;
  fault: FaultName | null;
}

export interface FaultProxyOptions {
  /** The timeout of the client, ms: a request older than that is no longer in flight. */
  timeoutMs: number;
  /** Seed of what is left to chance. */
  seed?: number;
  /** How late a late reply comes, ms. */
  latenessMs?: (random: () => number) => number;
  /** Monotonic ms, as the client counts them. */
  now?: () => number;
}

/** Stands between the nodes and a numbered battery, passes frames on, and lets replies go wrong as planned. */
export class FaultProxy {
  plan: FaultPlan = () => null;
  readonly passed: PassedReply[] = [];
  /** What the client sent while its earlier request was neither answered, given up nor lost with its connection. */
  readonly overlaps: string[] = [];
  /** Connections made so far. */
  connections = 0;
  readonly #battery: NumberedBattery;
  readonly #options: FaultProxyOptions;
  readonly #random: () => number;
  readonly #now: () => number;
  readonly #clients = new Set<Duplex>();
  readonly #news = new EventEmitter();
  #server: Server | null = null;
  /** The request in flight: when it came, monotonic ms. */
  #askedAt: number | null = null;
  #requests = 0;

  constructor(battery: NumberedBattery, options: FaultProxyOptions) {
    this.#battery = battery;
    this.#options = options;
    this.#random = seededRandom(options.seed ?? 1);
    this.#now = options.now ?? (() => performance.now());
  }

  /** Takes clients on a TCP port of 127.0.0.1. */
  async listen(port = 0): Promise<void> {
    this.#server = createServer((socket) => this.join(socket.setNoDelay(true)));
    this.#server.listen(port, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  /** 0 before it listens. */
  get port(): number {
    return (this.#server?.address() as AddressInfo | null)?.port ?? 0;
  }

  /** Clients connected now. */
  get open(): number {
    return this.#clients.size;
  }

  /** Joins a client's stream, such as the far end of a serial cable, to the battery. */
  join(client: Duplex): void {
    this.connections += 1;
    this.#clients.add(client);
    new Passage(client, this.#battery, {
      onRequest: () => this.#onRequest(),
      onReply: (reply) => this.#onReply(reply),
      onAnswered: () => {
        this.#askedAt = null;
      },
      random: this.#random,
      latenessMs: () => this.#options.latenessMs?.(this.#random) ?? 0,
      onEnd: () => {
        this.#clients.delete(client);
        this.#askedAt = null;
      },
    });
    this.#news.emit('client');
  }

  #onRequest(): void {
    const now = this.#now();
    this.#requests += 1;
    const ageMs = this.#askedAt === null ? null : now - this.#askedAt;
    if (ageMs !== null && ageMs < this.#options.timeoutMs) {
      this.overlaps.push(`request ${this.#requests} came ${Math.round(ageMs)} ms after one without an answer`);
    }
    this.#askedAt = now;
    this.#news.emit('request');
  }

  #onReply(reply: NumberedReply): FaultName | null {
    const fault = this.plan(this.passed.length + 1, reply);
    this.passed.push({ reply, fault });
    return fault;
  }

  /** Says something that is no reply to all clients. */
  say(text: string): void {
    for (const client of this.#clients) client.write(text, 'latin1');
  }

  /** Waits until `count` requests have come in all. */
  async asked(count: number): Promise<void> {
    while (this.#requests < count) await this.#next('request');
  }

  /** Waits until `count` clients have connected in all. */
  async visited(count: number): Promise<void> {
    while (this.connections < count) await this.#next('client');
  }

  async #next(what: string): Promise<void> {
    await once(this.#news, what, { signal: AbortSignal.timeout(8000) });
  }

  /** Drops every client. */
  dropClients(): void {
    for (const client of this.#clients) client.destroy();
  }

  /** Drops every client and takes no more. */
  async close(): Promise<void> {
    this.dropClients();
    if (!this.#server?.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    await closed;
  }
}

interface PassageHost {
  onRequest(): void;
  onReply(reply: NumberedReply): FaultName | null;
  /** A whole reply has been sent on. */
  onAnswered(): void;
  onEnd(): void;
  random: () => number;
  latenessMs: () => number;
}

/** One client's way to the battery and back. */
class Passage {
  readonly #client: Duplex;
  readonly #battery: NumberedBattery;
  readonly #host: PassageHost;
  readonly #ended = new AbortController();
  #sending: Promise<void> = Promise.resolve();
  #swallows = false;

  constructor(client: Duplex, battery: NumberedBattery, host: PassageHost) {
    this.#client = client;
    this.#battery = battery;
    this.#host = host;
    const upstream = connect({ host: '127.0.0.1', port: battery.port, noDelay: true });
    const requests = splitter((text) => {
      host.onRequest();
      if (!this.#swallows) upstream.write(text, 'latin1');
    });
    const replies = splitter((text) => this.#pass(text));
    client.on('data', (chunk: Buffer) => requests.push(chunk));
    upstream.on('data', (chunk: Buffer) => replies.push(chunk));
    for (const side of [client, upstream]) {
      side.on('error', () => {}); // the close event that follows carries the news
      side.once('close', () => this.#end(client, upstream));
    }
  }

  #end(...sides: Duplex[]): void {
    if (this.#ended.signal.aborted) return;
    this.#ended.abort();
    for (const side of sides) side.destroy();
    this.#host.onEnd();
  }

  #pass(text: string): void {
    const reply = this.#battery.replyOf(text);
    if (!reply || this.#swallows) return;
    const name = this.#host.onReply(reply);
    const isAnswer = name === null || name === 'late' || FAULTS[name].arrives;
    const apply: Fault['apply'] = name === null ? ({ send }) => send(text) : FAULTS[name].apply;
    const told = () => isAnswer && this.#host.onAnswered();
    apply({
      reply: text,
      stranger: this.#battery.strangerTo(reply),
      random: this.#host.random,
      latenessMs: this.#host.latenessMs(),
      send: (part, afterMs = 0) => this.#send([part], afterMs, told),
      trickle: (whole) => this.#send([...whole], 0, told),
      cut: () => {
        this.#sending = this.#sending.then(() => void this.#client.destroy());
      },
      swallow: () => {
        this.#swallows = true;
      },
    });
  }

  /** Sends pieces behind what is being sent, each in a turn of its own. */
  #send(pieces: readonly string[], afterMs: number, onSent: () => void): void {
    const { signal } = this.#ended;
    const due = afterMs > 0 ? wait(afterMs, undefined, { signal }) : Promise.resolve();
    const before = this.#sending;
    const send = async () => {
      await Promise.all([due, before]);
      for (const piece of pieces) await this.#write(piece);
      onSent();
    };
    this.#sending = send().catch(() => {}); // the client has gone
  }

  #write(piece: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#client.write(piece, 'latin1', (error) => (error ? reject(error) : setImmediate(resolve)));
    });
  }
}

function splitter(onText: (text: string) => void): FrameSplitter {
  return new FrameSplitter({
    onFrame: ({ characters }) => onText(Buffer.from(characters).toString('latin1')),
    onRejected: () => {},
  });
}
