import { encodeAnalogInfo, encodeReply } from '../../src/dialects/pace25/encode.js';
import { pace25 } from '../../src/dialects/pace25/index.js';
import { type Reply, ReplyReader } from '../../src/link/reply-reader.js';
import { FrameSplitter } from '../../src/wire/frame-splitter.js';
import { packOf } from '../link/bench.js';

const TARGET = { address: 1, pack: 'all' } as const;
const POLL_MS = 5000;
const TAIL = new Uint8Array(14);
const RECORDS = Array.from({ length: 16 }, (_, i) => ({ fields: packOf(3300 + i), tail: TAIL }));
const REPLY = encodeReply(1, encodeAnalogInfo(RECORDS.length, RECORDS));
/** From `~` to the carriage return. */
export const REPLY_CHARACTERS = REPLY.length;

/** The way of the reply of a bank from the line to believed readings, again and again. */
export class BankDecoding {
  readonly #reader = new ReplyReader(pace25, [], () => {});
  readonly #request = pace25.encodeRead('analog', TARGET);
  readonly #splitter: FrameSplitter;
  #now = 0;
  #reply: Reply<'analog'> | undefined;

  constructor() {
    this.#splitter = new FrameSplitter({
      onFrame: (frame) => {
        const timing = { receivedAt: this.#now, durationMs: 1, answeredAt: this.#now };
        const verdict = this.#reader.judge('analog', TARGET, this.#request)(frame, timing);
        if (verdict.is !== 'accepted') throw new Error(`the reply is ${verdict.is}`);
        this.#reader.believe('analog', verdict.value);
        this.#reply = verdict.value;
      },
      onRejected: (error) => {
        throw error;
      },
    });
  }

  decode(): Reply<'analog'> {
    this.#now += POLL_MS;
    this.#splitter.push(REPLY);
    return this.#reply as Reply<'analog'>;
  }
}
