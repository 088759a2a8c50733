import { Duplex } from 'node:stream';
import { mock } from 'node:test';
import type { AnalogReading } from '../../src/battery/analog.js';
import type { Target } from '../../src/dialects/dialect.js';
import { encodeAnalogInfo, encodeReply } from '../../src/dialects/pace25/encode.js';
import { pace25 } from '../../src/dialects/pace25/index.js';
import { Line } from '../../src/link/line.js';
import type { LineOptions } from '../../src/link/line-options.js';
import { ReplyReader } from '../../src/link/reply-reader.js';
import type { LineRequest, Priority } from '../../src/link/request-queue.js';
import { duplexTransport } from '../../src/link/transports/duplex.js';

/** What the far end does with a request: `say` sends characters after so many ms. */
export type FarEnd = (request: string, say: (text: string, afterMs?: number) => void, count: number) => void;

/** The far end of a line, in memory: what was written to it, and when. */
export class FarPort extends Duplex {
  readonly requests: { at: number; text: string }[] = [];
  readonly #farEnd: () => FarEnd;

  constructor(farEnd: () => FarEnd) {
    super({ decodeStrings: true });
    this.#farEnd = farEnd;
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    const text = chunk.toString('latin1');
    this.requests.push({ at: Date.now(), text });
    done();
    const say = (reply: string, afterMs = 20) => {
      setTimeout(() => this.say(reply), afterMs);
    };
    this.#farEnd()(text, say, this.requests.length);
  }

  /** Sends characters to the line, unless it is gone. */
  say(text: string): void {
    if (!this.destroyed) this.push(Buffer.from(text, 'latin1'));
  }
}

/** Time that tests move, and ports in memory that a line opens. */
export class Bench {
  readonly ports: FarPort[] = [];
  readonly log: string[] = [];
  farEnd: FarEnd = () => {};
  /** Thrown by the next openings, first to last. */
  readonly openingErrors: Error[] = [];

  constructor() {
    mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  }

  /** The options of a line on this bench. */
  options(settings: Partial<LineOptions> = {}): LineOptions {
    return {
      transport: duplexTransport({ name: 'the bench', open: () => this.#open() }),
      timeoutMs: 1000,
      spacingMs: 200,
      retries: 2,
      senderOf: ({ address }) => ({ target: address }),
      onOverheard: () => {},
      log: (_level, text) => this.log.push(text()),
      now: () => Date.now(),
      random: () => 0.5,
      ...settings,
    };
  }

  #open(): FarPort {
    const error = this.openingErrors.shift();
    if (error) throw error;
    const port = new FarPort(() => this.farEnd);
    this.ports.push(port);
    return port;
  }

  /** A line that is open. */
  async line(settings: Partial<LineOptions> = {}): Promise<Line> {
    const line = new Line(this.options(settings));
    line.start();
    await settled();
    return line;
  }

  /** The port that is open now. */
  get port(): FarPort {
    const port = this.ports.at(-1);
    if (!port) throw new Error('no port was opened');
    return port;
  }

  /** Everything asked on all ports. */
  get asked(): { at: number; text: string }[] {
    return this.ports.flatMap(({ requests }) => requests);
  }

  /** When requests were sent, ms from the start of the test. */
  get times(): number[] {
    return this.asked.map(({ at }) => at);
  }

  /** The addresses asked, in order. */
  get addresses(): number[] {
    return this.asked.map(({ text }) => Number.parseInt(text.slice(3, 5), 16));
  }

  close(): void {
    mock.timers.reset();
  }
}

/** Lets all that is due now happen. */
export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Moves the time on. */
export async function pass(ms: number, stepMs = 1): Promise<void> {
  for (let passed = 0; passed < ms; passed += stepMs) {
    mock.timers.tick(Math.min(stepMs, ms - passed));
    await settled();
  }
}

/** What a promise came to, without waiting for it. */
export function watch<T>(promise: Promise<T>): { value?: T; error?: Error & { code?: string }; done: boolean } {
  const watched: ReturnType<typeof watch<T>> = { done: false };
  promise.then(
    (value) => Object.assign(watched, { value, done: true }),
    (error) => Object.assign(watched, { error, done: true }),
  );
  return watched;
}

/** A pack whose cells say which one it is. */
export function packOf(millivolts: number, changes: Partial<AnalogReading> = {}) {
  return {
    cellMillivolts: [millivolts, millivolts, millivolts, millivolts],
    temperatureTenths: [210, 220],
    currentMilliamps: -1230,
    packMillivolts: millivolts * 4,
    remainingMilliampHours: 50_000,
    userItemCount: 3,
    fullMilliampHours: 100_000,
    cycles: 7,
    designMilliampHours: 100_000,
    ...changes,
  };
}

/** The characters of a 42 reply of one pack. */
export function analogReply(address: number, pack = packOf(3300), packField = address): string {
  return encodeReply(address, encodeAnalogInfo(packField, [{ fields: pack, tail: new Uint8Array() }])).toString(
    'latin1',
  );
}

/** A read of pack `address` at its own address, as a line makes it. */
export function readOf(address: number): LineRequest<{ info: Uint8Array }> {
  const target: Target = { address, pack: address };
  const bytes = pace25.encodeRead('analog', target);
  const reader = new ReplyReader(pace25, [1, 2, 3, 4, 5], () => {});
  return { bytes, target: address, whom: `address ${address}`, judge: reader.judge('analog', target, bytes) };
}

/** Asks a line for pack `address`. */
export const ask = (line: Line, address: number, priority: Priority = 'input') =>
  watch(line.request(readOf(address), priority));

/** A far end at which every address answers at once. */
export const answering: FarEnd = (request, say) => say(analogReply(Number.parseInt(request.slice(3, 5), 16)));
