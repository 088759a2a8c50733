import { asPaceError, PaceError } from '../errors.js';
import {
  announcedInfoCharacters,
  ENVELOPE_CHARACTERS,
  EOI,
  type Frame,
  frameOf,
  HEADER_CHARACTERS,
  LARGEST_FRAME_CHARACTERS,
  LENGTH_AT,
  SOI,
  wordAt,
} from './frame.js';
import { HEX_VALUE, NO_DIGIT, toHex } from './hex.js';

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
  /** What each two of the characters after SOI spell. */
  readonly #bytes = new Uint8Array(LARGEST_FRAME_CHARACTERS >> 1);
  /** What the characters after SOI add up to. */
  #sum = 0;
  /** The digit that came last. */
  #digit = 0;
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
    this.#sum = 0;
    this.#expected = LARGEST_FRAME_CHARACTERS;
  }

  /** Takes hex digits up to where something is to be checked. @returns the place of the last character taken. */
  #append(chunk: Uint8Array, from: number): number {
    const checkedAt = this.#count < HEADER_CHARACTERS ? HEADER_CHARACTERS : this.#expected;
    const end = Math.min(chunk.length, from + checkedAt - this.#count);
    const bytes = this.#bytes;
    let digits = this.#digit;
    let sum = this.#sum;
    let place = this.#count - 1;
    let next = from;
    // Nearly all the time that a frame takes is spent here: each character is looked at once.
    for (; next < end; next++) {
      const character = chunk[next] as number;
      const digit = HEX_VALUE[character] as number;
      if (digit === NO_DIGIT) break;
      sum += character;
      digits = (digits << 4) | digit;
      bytes[place >> 1] = digits; // the first of two digits is written over with both
      place++;
    }
    if (next === from) return this.#refuse(chunk, from);
    this.#held.set(chunk.subarray(from, next), this.#count);
    this.#count += next - from;
    this.#digit = digits & 0xf;
    this.#sum = sum;
    if (this.#count === HEADER_CHARACTERS) this.#readHeader();
    else if (this.#count === this.#expected) {
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
      this.#expected = announcedInfoCharacters(wordAt(this.#bytes, LENGTH_AT)) + ENVELOPE_CHARACTERS;
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
      frame = frameOf(characters, this.#bytes, this.#sum);
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
