import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { CID1, VERSION } from '../../src/dialects/pace25/frames.js';
import { encodeFrame, type Frame, type FrameFields } from '../../src/wire/frame.js';
import { FrameSplitter } from '../../src/wire/frame-splitter.js';

/** A request with any part of it changed. */
export function request(changes: Partial<FrameFields> = {}): Buffer {
  return encodeFrame({ version: VERSION, address: 1, cid1: CID1, code: 0x42, info: Uint8Array.of(0xff), ...changes });
}

/** The frames that come out of a stream, one after the other. */
export class FrameReader {
  readonly #stream: Duplex;
  readonly #frames: Frame[] = [];

  constructor(stream: Duplex) {
    this.#stream = stream;
    const splitter = new FrameSplitter({
      onFrame: (frame) => {
        this.#frames.push(frame);
        stream.emit('frame');
      },
      onRejected: (error) => stream.destroy(error),
    });
    stream.on('data', (chunk: Buffer) => splitter.push(chunk));
  }

  /** Frames read and not yet taken. */
  get waiting(): number {
    return this.#frames.length;
  }

  async next(): Promise<Frame> {
    while (this.#frames.length === 0) await once(this.#stream, 'frame');
    return this.#frames.shift() as Frame;
  }

  /** Sends `bytes` and takes the next frame. */
  ask(bytes: Uint8Array): Promise<Frame> {
    this.#stream.write(bytes);
    return this.next();
  }
}
