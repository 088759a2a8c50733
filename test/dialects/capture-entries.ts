import type { PaceErrorCode } from '../../src/errors.js';
import {
  type EnvelopeChecks,
  type FieldCapture,
  fieldCaptures,
  frameOf,
  type ReferenceVector,
  referenceVectors,
} from '../support/captures.js';

/** What a frame is, or the code of the error that it gives. */
export type Outcome = 'reply' | 'request' | PaceErrorCode;

/** What an entry says of a frame: the numbers of its header, and INFO in hex. */
export interface Header {
  version?: number;
  address?: number;
  cid1?: number;
  code?: number;
  infoCharacters?: number;
  info?: string;
}

/** The characters of one frame, with what must become of them. */
export interface CapturedFrame {
  text: string;
  outcome: Outcome;
  says: Header;
}

/** An entry of a fixture, whichever of the two forms it is written in. */
export interface CaptureEntry {
  id: string;
  kind: string;
  /** Whether it is said to be no reply to be read. */
  isMarked: boolean;
  /** The request first where there are two. */
  frames: readonly CapturedFrame[];
  /** The content as the entry tells it. */
  expected: Record<string, unknown>;
}

const VERSION = 0x25;
const LITHIUM_IRON_PHOSPHATE = 0x46;
const TERNARY = 0x4f;
/** The lowest code that asks, and the one above it that never does (`pace-v25.md` 2.4 and 2.5). */
const LOWEST_COMMAND = 0x42;
const COMMUNICATION_ERROR = 0x91;
/** Commands without INFO that look like refusals with the same code. */
const LIKE_REFUSALS = [0xe1, 0xe3];

/** What a frame must become, from which of its checks hold and what its header says. */
function outcomeOf({ lchksum, length, chksum }: EnvelopeChecks, says: Header): Outcome {
  const { version = VERSION, cid1 = LITHIUM_IRON_PHOSPHATE, code = 0 } = says;
  if (!lchksum || !length) return 'FRAME';
  if (!chksum) return 'CHECKSUM';
  if (version !== VERSION || ![LITHIUM_IRON_PHOSPHATE, TERNARY].includes(cid1)) return 'UNSUPPORTED';
  if (code === 0) return 'reply';
  return code < LOWEST_COMMAND || code === COMMUNICATION_ERROR ? 'REFUSED' : 'request';
}

/** Words in a note that say that the frame is no reply to be read. */
const MARK = /NEGATIVE|PARTIAL|FOREIGN/;

/** An intact reply that is marked as none must be found out by its content. */
const ifMarked = (isMarked: boolean, outcome: Outcome) => (isMarked && outcome === 'reply' ? 'SHAPE' : outcome);

const byte = (hex: string) => Number.parseInt(hex, 16);
const INTACT: EnvelopeChecks = { lchksum: true, length: true, chksum: true };

/** What must become of an entry of `field-captures.json`. */
export function entryOfFieldCapture(capture: FieldCapture): CaptureEntry {
  const { id, kind, note, header, info, expected } = capture;
  if (capture.frame === undefined && info === undefined) throw new Error(`${id} has neither a frame nor INFO`);
  const says: Header = {
    ...(header && {
      version: byte(header.ver),
      address: byte(header.adr),
      cid1: byte(header.cid1),
      code: byte(header.rtn_or_cid2),
      infoCharacters: header.lenid,
    }),
    ...(info !== undefined && { info }),
  };
  const checks = header && { lchksum: header.lchksum_ok, length: header.length_ok, chksum: header.chksum_ok };
  const isMarked = MARK.test(note);
  const outcome = ifMarked(isMarked || expected === null, outcomeOf(checks ?? INTACT, says));
  return { id, kind, isMarked, frames: [{ text: frameOf(capture), outcome, says }], expected: expected ?? {} };
}

function entryOfVector({ id, kind, note = '', request, response, checks, expected }: ReferenceVector): CaptureEntry {
  const { adr: address, cid2: code, info, rtn = 0 } = expected;
  const isMarked = id.startsWith('neg-') || expected.reject !== undefined || MARK.test(note);
  const frames: CapturedFrame[] = [];
  if (request) {
    const command = byte(request.slice(7, 9));
    const says = { ...(code !== undefined && { address, info }), code: code ?? command } as Header;
    const outcome = outcomeOf(checks.request ?? INTACT, { code: LOWEST_COMMAND, ...says });
    const isLikeRefusal = outcome === 'request' && LIKE_REFUSALS.includes(command);
    frames.push({ text: request, outcome: isLikeRefusal ? 'REFUSED' : outcome, says });
  }
  if (response) {
    const says = { code: rtn, ...(address !== undefined && { address }) } as Header;
    const outcome = outcomeOf(checks.response ?? INTACT, { code: rtn });
    frames.push({ text: response, outcome: outcome === 'request' ? 'REFUSED' : ifMarked(isMarked, outcome), says });
  }
  if (frames.length === 0) throw new Error(`${id} has neither a request nor a reply`);
  return { id, kind, isMarked, frames, expected };
}

/** Every entry of the fixtures that PACE 2.5 is tested with, by file. */
export const CAPTURES: Record<string, readonly CaptureEntry[]> = {
  'field-captures.json': fieldCaptures.map(entryOfFieldCapture),
  'pace-v25.json': referenceVectors.map(entryOfVector),
};
