import type { Duplex } from 'node:stream';
import { SimulatedBms } from '../../src/simulator/simulated-bms.js';
import type { Frame } from '../../src/wire/frame.js';
import { FrameSplitter } from '../../src/wire/frame-splitter.js';

/** What went over a line. */
export interface LineCounts {
  requests: number;
  /** Of requests and replies. */
  bytes: number;
  /** How late the last byte of a reply left at most, against a line that never waits, ms. */
  latestMs: number;
}

/** Start bit, eight bits, stop bit. */
const BITS_PER_BYTE = 10;
/** A timer may be so late, ms: what is due sooner is waited for without one. */
const TIMER_REACH_MS = 2.5;

/** ms that a line takes for so many bytes. */
export const wireTimeMs = (bytes: number, baudRate: number): number => (bytes * BITS_PER_BYTE * 1000) / baudRate;

/** A simulated BMS that answers at once, each byte of it when a line at its speed would have carried it. */
export class PacedBms extends SimulatedBms {
  /** 0: all at once. */
  baudRate = 0;
  readonly counts: LineCounts = { requests: 0, bytes: 0, latestMs: 0 };
  /** By request: what it costs to make an answer is none of a line's time. */
  readonly #answers = new Map<string, Buffer | null>();

  override answer(request: Frame): Buffer | null {
    const key = Buffer.from(request.characters).toString('latin1');
    const known = this.#answers.get(key);
    if (known !== undefined) return known;
    const answer = super.answer(request);
    this.#answers.set(key, answer);
    return answer;
  }

  override attach(stream: Duplex): void {
    const splitter = new FrameSplitter({
      onFrame: (request) => this.#converse(stream, request),
      onRejected: () => {},
    });
    stream.on('data', (chunk: Buffer) => splitter.push(chunk));
    stream.on('end', () => stream.end());
    stream.on('error', () => {});
  }

  #converse(stream: Duplex, request: Frame): void {
    const heardAt = performance.now();
    const answer = this.answer(request);
    if (answer === null) return;
    const requestBytes = request.characters.length;
    this.counts.requests += 1;
    this.counts.bytes += requestBytes + answer.length;
    if (this.baudRate === 0) stream.write(answer);
    else this.#send(stream, answer, 0, heardAt + wireTimeMs(requestBytes, this.baudRate));
  }

  #send(stream: Duplex, answer: Buffer, sent: number, startedAt: number): void {
    if (stream.destroyed) return;
    const elapsed = performance.now() - startedAt;
    const takes = wireTimeMs(answer.length, this.baudRate);
    const carried = elapsed >= takes ? answer.length : Math.max(0, Math.floor(elapsed / wireTimeMs(1, this.baudRate)));
    if (carried > sent) stream.write(answer.subarray(sent, carried));
    if (carried === answer.length) {
      this.counts.latestMs = Math.max(this.counts.latestMs, elapsed - takes);
      return;
    }
    const goOn = () => this.#send(stream, answer, carried, startedAt);
    if (takes - elapsed < TIMER_REACH_MS) setImmediate(goOn);
    else setTimeout(goOn, 1);
  }
}
