import type { PaceError } from '../errors.js';
import type { Frame } from '../wire/frame.js';
import { FrameSplitter } from '../wire/frame-splitter.js';
import type { OpenPort } from './transport.js';

/** What an open channel tells. After `close()` it tells nothing more. */
export interface ChannelListener {
  onFrame(frame: Frame): void;
  onRejected(error: PaceError, characters: Uint8Array): void;
  /** Bytes came, and are about to be looked at. */
  onHeard(): void;
  /** So many bytes were looked at; `framed` when any of them belonged to a frame. */
  onBytes(count: number, framed: boolean): void;
  /** The way is gone, with why where that is known. */
  onLost(cause: unknown): void;
}

/** One opened port, as frames. Of a channel that was closed no callback arrives. */
export class Channel {
  readonly #port: OpenPort;
  readonly #splitter: FrameSplitter;
  #closed = false;
  #cause: unknown;

  constructor(port: OpenPort, listener: ChannelListener) {
    this.#port = port;
    this.#splitter = new FrameSplitter({
      onFrame: (frame) => this.#closed || listener.onFrame(frame),
      onRejected: (error, characters) => this.#closed || listener.onRejected(error, characters),
    });
    const { stream } = port;
    stream.on('data', (chunk: Buffer) => {
      if (this.#closed) return;
      listener.onHeard();
      const framed = this.#splitter.push(chunk);
      if (!this.#closed) listener.onBytes(chunk.length, framed);
    });
    stream.on('error', (error) => {
      this.#cause = error;
    });
    stream.on('close', (error?: unknown) => {
      if (this.#closed) return;
      this.#closed = true;
      listener.onLost(error instanceof Error ? error : this.#cause);
    });
  }

  write(bytes: Uint8Array): void {
    this.#port.stream.write(bytes, () => {}); // a failed write closes the stream, which is told once
  }

  /** Whether a frame has begun and not ended. */
  get midFrame(): boolean {
    return this.#splitter.midFrame;
  }

  /** Forgets a frame that has only begun. */
  reset(): void {
    this.#splitter.reset();
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#port.close();
  }
}
