import { asPaceError, PaceError } from '../errors.js';
import {
  announcedInfoCharacters,
  decodeFrame,
  ENVELOPE_CHARACTERS,
  EOI,
  type Frame,
  HEADER_CHARACTERS,
  LARGEST_FRAME_CHARACTERS,
  SOI,
} from './frame.js';
import { HEX_VALUE, toHex } from './hex.js';

/** What a splitter finds in the stream. */
export interface FrameListener {
  /** A frame whose envelope holds. */
  onFrame(frame: Frame): void;
  /** Something that began like a frame and is none: `FRAME` or `CHECKSUM`, with the characters it had. */
  onRejected(error: PaceError, characters: Uint8Array): void;
}

/**
 * Cuts a stream of bytes into frames and finds the next start after anything that is none (`pace-v25.md` 6.1).
 * It holds at most one frame; what lies between frames is dropped.
 */
export class FrameSplitter {
  readonly #listener: FrameListener;
  readonly #held = new Uint8Array(LARGEST_FRAME_CHARACTERS);
  /** Characters of the frame begun, 0 while none is. */
  #count = 0;
  /** How long the frame begun will be, known once its header is in. */
  #expected = LARGEST_FRAME_CHARACTERS;

  constructor(listener: FrameListener) {
    this.#listener = listener;
  }

  /**
   * Takes the next bytes of the stream, in pieces of any size.
   * @returns whether any of them belonged to a frame; noise between frames does not.
   */
  push(chunk: Uint8Array): boolean {
    let framed = false;
    for (let i = 0; i < chunk.length; i++) {
      const byte = chunk[i] as number;
      if (byte === SOI) this.#begin();
      else if (this.#count === 0) continue;
      else if (byte === EOI) this.#end();
      else i = this.#append(chunk, i);
      framed = true;
    }
    return framed;
  }

  /** Whether a frame has begun and not ended. */
  get midFrame(): boolean {
    return this.#count > 0;
  }

  /** Forgets a frame begun. */
  reset(): void {
    this.#count = 0;
  }

  #begin(): void {
    if (this.#count > 1) this.#reject(new PaceError('FRAME', 'a new frame began inside this one'));
    this.#held[0] = SOI;
    this.#count = 1;
    this.#expected = LARGEST_FRAME_CHARACTERS;
  }

  /** Takes hex digits up to where something is to be checked. @returns the place of the last character taken. */
  #append(chunk: Uint8Array, from: number): number {
    const held = this.#held;
    const checkedAt = this.#count < HEADER_CHARACTERS ? HEADER_CHARACTERS : this.#expected;
    let count = this.#count;
    let next = from;
    while (count < checkedAt && next < chunk.length) {
      const byte = chunk[next] as number;
      if (HEX_VALUE[byte] === 255) break;
      held[count++] = byte;
      next++;
    }
    if (next === from) return this.#refuse(chunk, from);
    this.#count = count;
    if (count === HEADER_CHARACTERS) this.#readHeader();
    else if (count === this.#expected) {
      this.#reject(new PaceError('FRAME', 'the frame does not end where its LENGTH says'));
    }
    return next - 1;
  }

  #refuse(chunk: Uint8Array, at: number): number {
    const byte = chunk[at] as number;
    this.#held[this.#count] = byte;
    this.#count += 1;
    this.#reject(new PaceError('FRAME', `character 0x${toHex(byte, 2)} inside a frame is no hex digit`));
    return at;
  }

  #readHeader(): void {
    try {
      this.#expected = announcedInfoCharacters(this.#held) + ENVELOPE_CHARACTERS;
    } catch (thrown) {
      this.#reject(asPaceError(thrown, 'FRAME'));
    }
  }

  #end(): void {
    this.#held[this.#count] = EOI;
    this.#count += 1;
    if (this.#count < this.#expected) {
      const text = `cut short: ${this.#count} characters${this.#count > HEADER_CHARACTERS ? ` of ${this.#expected}` : ''}`;
      this.#reject(new PaceError('FRAME', text));
      return;
    }
    const characters = this.#copy();
    this.#count = 0;
    let frame: Frame;
    try {
      frame = decodeFrame(characters);
    } catch (thrown) {
      this.#listener.onRejected(asPaceError(thrown, 'FRAME'), characters);
      return;
    }
    this.#listener.onFrame(frame);
  }

  /** What is held, in memory of its own from Node's pool, which is quicker than an array of its own. */
  #copy(): Uint8Array {
    const copy = Buffer.allocUnsafe(this.#count);
    copy.set(this.#held.subarray(0, this.#count));
    return copy;
  }

  #reject(error: PaceError): void {
    const characters = this.#copy();
    this.#count = 0;
    this.#listener.onRejected(error, characters);
  }
}
