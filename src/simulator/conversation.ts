import type { Duplex } from 'node:stream';
import type { PaceError } from '../errors.js';
import type { Frame } from '../wire/frame.js';
import { FrameSplitter } from '../wire/frame-splitter.js';

/** Who answers; null stays silent. */
export interface Answerer {
  answer(request: Frame): Buffer | null;
  answerDamaged(error: PaceError, characters: Uint8Array): Buffer | null;
}

/** When bytes leave. */
export interface AnswerTiming {
  /** ms from the end of a request to the start of its reply. */
  answerDelayMs: number;
  /** Bytes a second are a tenth of it; 0 sends at once. */
  baudRate: number;
  /** ms of a clock that only moves forward. */
  now: () => number;
}

/** Start bit, eight bits, stop bit (`pace-v25.md` 1.1). */
const BITS_PER_BYTE = 10;
/** How often bytes leave while they are paced. */
const PIECE_MS = 10;
/** Requests that wait for their reply at most; a BMS that is asked faster loses the rest. */
const MOST_WAITING = 8;

/** One stream's requests and replies: one reply after the other, none after the stream has ended. */
export class Conversation {
  readonly #stream: Duplex;
  readonly #answerer: Answerer;
  readonly #timing: AnswerTiming;
  #waiting: { answer: Buffer; requestBytes: number }[] = [];
  /** Runs while a reply is due or on its way. */
  #timer: NodeJS.Timeout | undefined;

  constructor(stream: Duplex, answerer: Answerer, timing: AnswerTiming) {
    this.#stream = stream;
    this.#answerer = answerer;
    this.#timing = timing;
    const splitter = new FrameSplitter({
      onFrame: (request) => this.#queue(this.#answerer.answer(request), request.characters.length),
      onRejected: (error, characters) =>
        this.#queue(this.#answerer.answerDamaged(error, characters), characters.length),
    });
    stream.on('data', (chunk: Buffer) => splitter.push(chunk));
    stream.once('end', () => {
      this.#stop();
      stream.end();
    });
    stream.once('close', () => this.#stop());
    // The client went away in the middle of something: 'close' follows, and there is nobody to tell.
    stream.on('error', () => {});
  }

  #queue(answer: Buffer | null, requestBytes: number): void {
    if (answer === null || this.#waiting.length >= MOST_WAITING) return;
    this.#waiting.push({ answer, requestBytes });
    if (this.#timer === undefined) this.#startNext();
  }

  #startNext(): void {
    this.#timer = undefined;
    const next = this.#waiting.shift();
    if (next === undefined) return;
    const delay = this.#timing.answerDelayMs + this.#wireTime(next.requestBytes);
    this.#timer = setTimeout(() => this.#send(next.answer), delay);
  }

  #send(answer: Buffer): void {
    if (this.#timing.baudRate === 0) {
      this.#write(answer);
      this.#startNext();
      return;
    }
    const startedAt = this.#timing.now();
    this.#timer = setTimeout(() => this.#sendPiece(answer, 0, startedAt), PIECE_MS);
  }

  /** Writes what the line has carried since the start, so that late timers do not add up. */
  #sendPiece(answer: Buffer, sent: number, startedAt: number): void {
    const carried = Math.floor((this.#timing.now() - startedAt) / this.#wireTime(1));
    const end = Math.min(carried, answer.length);
    if (end > sent) this.#write(answer.subarray(sent, end));
    if (end < answer.length) {
      this.#timer = setTimeout(() => this.#sendPiece(answer, end, startedAt), PIECE_MS);
    } else {
      this.#startNext();
    }
  }

  /** ms that the line takes for `bytes`; 0 when it is not paced. */
  #wireTime(bytes: number): number {
    const { baudRate } = this.#timing;
    return baudRate === 0 ? 0 : (bytes * BITS_PER_BYTE * 1000) / baudRate;
  }

  #write(bytes: Buffer): void {
    if (this.#stream.writable) this.#stream.write(bytes);
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#waiting = [];
  }
}
