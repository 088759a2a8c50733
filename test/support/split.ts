import type { PaceError } from '../../src/errors.js';
import type { Frame } from '../../src/wire/frame.js';
import { FrameSplitter } from '../../src/wire/frame-splitter.js';

/** What a splitter found in a stream. */
export interface Found {
  frames: Frame[];
  rejected: { error: PaceError; characters: Uint8Array }[];
}

/** A splitter with all that it will find. */
export function collectingSplitter(): Found & { splitter: FrameSplitter } {
  const frames: Frame[] = [];
  const rejected: Found['rejected'] = [];
  const splitter = new FrameSplitter({
    onFrame: (frame) => frames.push(frame),
    onRejected: (error, characters) => rejected.push({ error, characters }),
  });
  return { frames, rejected, splitter };
}

/** What is found in `pieces`, a byte for each character. */
export function split(...pieces: string[]): Found {
  const { splitter, ...found } = collectingSplitter();
  for (const piece of pieces) splitter.push(Buffer.from(piece, 'latin1'));
  return found;
}

/** The one frame that characters spell, such as those of `encodeFrame`. @throws what is wrong with them. */
export function theFrame(characters: Uint8Array): Frame {
  const { splitter, frames, rejected } = collectingSplitter();
  splitter.push(characters);
  const [frame] = frames;
  if (!frame) throw rejected[0]?.error ?? new Error('no frame');
  return frame;
}

export const textOf = (characters: Uint8Array) => Buffer.from(characters).toString('latin1');
