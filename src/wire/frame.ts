import { PaceError } from '../errors.js';
import { toHex } from './hex.js';

/** Start of frame, `~`. */
export const SOI = 0x7e;
/** End of frame, carriage return. */
export const EOI = 0x0d;

/** Characters before INFO: SOI, VER, ADR, CID1, CID2 or RTN, LENGTH (`pace-v25.md` 2.1). */
export const HEADER_CHARACTERS = 13;
const CHECKSUM_CHARACTERS = 4;
/** Characters of a frame besides INFO. */
export const ENVELOPE_CHARACTERS = HEADER_CHARACTERS + CHECKSUM_CHARACTERS + 1;
/** LENID is 12 bits wide, so INFO is at most 4095 characters (`pace-v25.md` 2.1). */
export const LARGEST_INFO_CHARACTERS = 0xfff;
/** The longest frame there can be, 4113 characters (`pace-v25.md` 5.6). */
export const LARGEST_FRAME_CHARACTERS = ENVELOPE_CHARACTERS + LARGEST_INFO_CHARACTERS;

/** What a frame says, request and reply alike (`pace-v25.md` 2.1). */
export interface FrameFields {
  /** Protocol version, 0x25 for PACE 2.5. */
  version: number;
  /** Address of the BMS asked, or of the one that answers. */
  address: number;
  /** Kind of battery, 0x46 for lithium iron phosphate. */
  cid1: number;
  /** CID2, the command, in a request; RTN, the return code, in a reply. */
  code: number;
  /** The content, a byte for two hex characters. */
  info: Uint8Array;
}

/** A frame that has passed every check of its envelope. */
export interface Frame extends FrameFields {
  /** The characters as received, from SOI to EOI. */
  characters: Uint8Array;
}

/** The LENGTH field for `infoCharacters`: the checksum nibble, then LENID (`pace-v25.md` 2.2). */
export function lengthField(infoCharacters: number): number {
  const nibbles = (infoCharacters >> 8) + ((infoCharacters >> 4) & 0xf) + (infoCharacters & 0xf);
  return ((-nibbles & 0xf) << 12) | infoCharacters;
}

/** CHKSUM of the characters between SOI and itself: their sum's two's complement, 16 bits (`pace-v25.md` 2.3). */
export function frameChecksum(characters: Uint8Array, end: number): number {
  return -sumOf(characters, 1, end) & 0xffff;
}

function sumOf(characters: Uint8Array, from: number, end: number): number {
  let sum = 0;
  for (let i = from; i < end; i++) sum += characters[i] as number;
  return sum;
}

/**
 * A frame's characters, SOI to EOI, in upper-case hex.
 * @throws PaceError `FRAME` when INFO is too long for a frame.
 */
export function encodeFrame({ version, address, cid1, code, info }: FrameFields): Buffer {
  const infoCharacters = info.length * 2;
  if (infoCharacters > LARGEST_INFO_CHARACTERS) {
    throw new PaceError('FRAME', `${infoCharacters} INFO characters do not fit a frame (at most 4094)`);
  }
  const header = [version, address, cid1, code].map((byte) => toHex(byte, 2)).join('');
  const body = `~${header}${toHex(lengthField(infoCharacters), 4)}${Buffer.from(info).toString('hex').toUpperCase()}`;
  const checksum = frameChecksum(Buffer.from(body, 'latin1'), body.length);
  return Buffer.from(`${body}${toHex(checksum, 4)}\r`, 'latin1');
}

/**
 * The INFO length that LENGTH announces, in characters.
 * @throws PaceError `FRAME` when LENGTH contradicts its own checksum or announces half a byte.
 */
export function announcedInfoCharacters(length: number): number {
  const infoCharacters = length & LARGEST_INFO_CHARACTERS;
  if (lengthField(infoCharacters) !== length) {
    throw new PaceError('FRAME', `LENGTH ${toHex(length, 4)} fails its own checksum`);
  }
  if (infoCharacters % 2 === 1) throw new PaceError('FRAME', `LENGTH announces half a byte (${infoCharacters})`);
  return infoCharacters;
}

/** Two bytes as one number. */
export const wordAt = (bytes: Uint8Array, at: number) => ((bytes[at] as number) << 8) | (bytes[at + 1] as number);

/** Where LENGTH and INFO stand in the bytes that the characters after SOI spell (`pace-v25.md` 2.1). */
export const LENGTH_AT = 4;
const INFO_AT = 6;

/**
 * The frame that characters spell.
 * @param characters SOI to EOI, hex digits between them, as many as LENGTH announces; it keeps them.
 * @param bytes what each two of them after SOI spell, and maybe more; it keeps none.
 * @param sum of those between SOI and EOI.
 * @throws PaceError `CHECKSUM` when CHKSUM does not hold.
 */
export function frameOf(characters: Uint8Array, bytes: Uint8Array, sum: number): Frame {
  const checksumAt = INFO_AT + (characters.length - ENVELOPE_CHARACTERS) / 2;
  const announced = wordAt(bytes, checksumAt);
  const ownSum = sumOf(characters, characters.length - 1 - CHECKSUM_CHARACTERS, characters.length - 1);
  const actual = (ownSum - sum) & 0xffff;
  if (announced !== actual) {
    throw new PaceError(
      'CHECKSUM',
      `checksum ${toHex(announced, 4)}, but the characters add up to ${toHex(actual, 4)}`,
    );
  }
  const info = Buffer.allocUnsafe(checksumAt - INFO_AT);
  info.set(bytes.subarray(INFO_AT, checksumAt));
  return {
    version: bytes[0] as number,
    address: bytes[1] as number,
    cid1: bytes[2] as number,
    code: bytes[3] as number,
    info,
    characters,
  };
}

/** A frame's text from `~` to the last checksum digit. */
export function frameText(characters: Uint8Array): string {
  const end = characters.at(-1) === EOI ? characters.length - 1 : characters.length;
  return Buffer.from(characters.buffer, characters.byteOffset, end).toString('latin1');
}
