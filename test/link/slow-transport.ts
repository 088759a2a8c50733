import type { OpenPort, Transport } from '../../src/link/transport.js';
import { type FarEnd, FarPort } from './bench.js';

/** A way whose openings the test ends itself, and whose closing takes its time. */
export class SlowTransport implements Transport {
  readonly name = 'a slow way';
  readonly baudRate = 9600;
  readonly openings: { signal: AbortSignal; succeed(): void }[] = [];
  /** Ways open, being opened or being closed, at this moment and at most. */
  inUse = 0;
  mostInUse = 0;
  readonly #farEnd: FarEnd;
  readonly #closeMs: number;

  constructor(farEnd: FarEnd, closeMs = 0) {
    this.#farEnd = farEnd;
    this.#closeMs = closeMs;
  }

  open(signal: AbortSignal): Promise<OpenPort> {
    this.inUse += 1;
    this.mostInUse = Math.max(this.mostInUse, this.inUse);
    const stream = new FarPort(() => this.#farEnd);
    const close = async () => {
      stream.destroy();
      if (this.#closeMs > 0) await new Promise((resolve) => setTimeout(resolve, this.#closeMs));
      this.inUse -= 1;
    };
    return new Promise((resolve) => {
      this.openings.push({ signal, succeed: () => resolve({ stream, close }) });
    });
  }
}
