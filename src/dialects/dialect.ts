import type { WarningReading } from '../battery/alarms.js';
import type { AnalogReading } from '../battery/analog.js';
import type { BmsIdentity } from '../battery/identity.js';
import type { StatusReading } from '../battery/status.js';
import type { PaceError } from '../errors.js';
import type { Frame } from '../wire/frame.js';

/** What can be read of a bank: measurements, or alarms and states, which come in one reply. */
export type ReadKind = 'analog' | 'alarms';

/** What one pack's part of a reply holds, by kind of read. */
export interface ReadingOf {
  analog: AnalogReading;
  alarms: { warning: WarningReading; status: StatusReading };
}

/** What a BMS can be asked about itself. */
export type IdentityKind = 'softwareVersion' | 'serialNumbers' | 'packCount' | 'capacity' | 'clock';

/** Whom a read asks. */
export interface Target {
  /** Address of the BMS that is to answer, 0-255. */
  address: number;
  /** The pack wanted of it, or all that it knows. */
  pack: number | 'all';
}

/** One place of a bank: the pack that is there, or null for an empty slot. */
export interface Slot<Reading> {
  pack: number;
  reading: Reading | null;
}

/** A reply, read. */
export interface DecodedReply<Reading> {
  slots: readonly Slot<Reading>[];
  /** Bytes that the firmware adds to each pack's known fields. */
  tailBytes: number;
  /** The number in the reply's second byte: how many packs, or which. */
  packField: number;
}

/** What helps to find the packs in a reply. */
export interface DecodeHints {
  /** The tail that the last reply of this kind had on this connection. */
  lastTailBytes?: number | undefined;
  /** The user's own word for the tail; nothing else is tried. */
  forcedTailBytes?: number | undefined;
}

/** What a frame on the line is. */
export type FrameNature =
  | { is: 'reply' }
  /** A request: an echo of ours, or another master's. */
  | { is: 'request' }
  /** The BMS says no. */
  | { is: 'refusal'; error: PaceError }
  /** A frame of another protocol. */
  | { is: 'foreign'; error: PaceError };

/** A protocol that a BMS speaks: frames to readings and back. */
export interface Dialect {
  readonly name: string;
  /** The characters that ask for `kind`. */
  encodeRead(kind: ReadKind, target: Target): Buffer;
  natureOf(frame: Frame): FrameNature;
  /** Whether INFO can be a reply to such a read at all; when false, `decode` fails. */
  fits(kind: ReadKind, info: Uint8Array, target: Target): boolean;
  /** @throws PaceError `SHAPE` when INFO is no such reply, or could be read in two ways. */
  decode<Kind extends ReadKind>(
    kind: Kind,
    info: Uint8Array,
    target: Target,
    hints?: DecodeHints,
  ): DecodedReply<ReadingOf[Kind]>;
  /** The characters that ask the BMS at `address` for `kind` of what it tells about itself. */
  encodeIdentityRequest(kind: IdentityKind, address: number): Buffer;
  /** Whether INFO can be an answer to such a question at all. */
  fitsIdentity(kind: IdentityKind, info: Uint8Array): boolean;
  /** @throws PaceError `SHAPE` when INFO is no such answer, or says what cannot be. */
  decodeIdentity(kind: IdentityKind, info: Uint8Array): Partial<BmsIdentity>;
  /** Kinds whose answers have one shape, so that the one can be taken for the other. */
  readonly identitiesAlike: readonly (readonly IdentityKind[])[];
}
