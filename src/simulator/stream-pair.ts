import { Duplex } from 'node:stream';

type Done = (error?: Error | null) => void;

/** One end of a pair of streams; what is written to it is read at the other. */
class StreamEnd extends Duplex {
  other: StreamEnd | undefined;
  /** Called when this end has room for more. */
  #resumeWriter: Done | undefined;

  override _read(): void {
    const resume = this.#resumeWriter;
    this.#resumeWriter = undefined;
    resume?.();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: Done): void {
    if (!this.other || this.other.destroyed) done(new Error('the other end is closed'));
    else this.other.#receive(chunk, done);
  }

  override _final(done: Done): void {
    this.other?.push(null);
    done();
  }

  override _destroy(error: Error | null, done: Done): void {
    // An end that has finished writing leaves the other to read the rest and end by itself.
    if (!this.writableFinished) this.other?.destroy();
    this._read();
    done(error);
  }

  #receive(chunk: Buffer, done: Done): void {
    if (this.push(chunk)) done();
    else this.#resumeWriter = done;
  }
}

/** Two streams back to back, as a cable would join them (`duplexPair` of later Node versions). */
export function streamPair(): [Duplex, Duplex] {
  const left = new StreamEnd();
  const right = new StreamEnd();
  left.other = right;
  right.other = left;
  return [left, right];
}
