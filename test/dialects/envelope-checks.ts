import assert from 'node:assert/strict';
import { IDENTITY, type IdentityKind } from '../../src/dialects/pace25/identity.js';
import { encodeIdentityRequest, pace25 } from '../../src/dialects/pace25/index.js';
import type { PaceError, PaceErrorCode } from '../../src/errors.js';
import { refusalOfDamaged } from '../../src/simulator/refusals.js';
import type { Frame } from '../../src/wire/frame.js';
import { split, textOf } from '../support/split.js';
import type { CapturedFrame, CaptureEntry, Header } from './capture-entries.js';

interface Received {
  /** What the frame is, or the code of the error. */
  outcome: string;
  error: PaceError | null;
  /** The frame whose envelope holds. */
  frame: Frame | null;
  characters: Uint8Array;
}

/** What the characters of one frame turn out to be. */
function receive(text: string): Received {
  const { frames, rejected } = split(text);
  assert.equal(frames.length + rejected.length, 1);
  const [frame = null] = frames;
  if (!frame) {
    const { error, characters } = rejected[0] ?? assert.fail('nothing was found');
    return { outcome: error.code, error, frame, characters };
  }
  const nature = pace25.natureOf(frame);
  const error = 'error' in nature ? nature.error : null;
  return { outcome: error?.code ?? nature.is, error, frame, characters: frame.characters };
}

function targetOf({ address, info }: Frame) {
  const pack = info[0] as number;
  return { address, pack: pack === 0xff ? ('all' as const) : pack };
}

/** How this package asks for what such a request asks; null where it never does. */
export function ownRequestLike(request: Frame): Buffer | null {
  if (request.code === 0x42) return pace25.encodeRead('analog', targetOf(request));
  if (request.code === 0x44) return pace25.encodeRead('alarms', targetOf(request));
  const kinds = Object.keys(IDENTITY) as IdentityKind[];
  const kind = kinds.find((one) => IDENTITY[one].command === request.code);
  return kind ? encodeIdentityRequest(kind, request.address) : null;
}

/** The words in which an entry tells why a frame is rejected; it may also tell the code itself. */
const REJECTED: Record<string, PaceErrorCode> = { truncated: 'FRAME', lchksum: 'FRAME', chksum: 'CHECKSUM' };

/** Asserts that a frame is refused for the reason told, and that the virtual BMS answers such damage by the rule. */
function isRefusedAsTold(error: PaceError, characters: Uint8Array, { code }: Header, { expected }: CaptureEntry): void {
  const { reject, announcedInfoChars, correctChksum, rtnByRule } = expected;
  if (error.code === 'REFUSED') assert.equal(error.rtn, code);
  if (reject) assert.equal(error.code, REJECTED[reject as string] ?? reject);
  if (announcedInfoChars) assert.match(error.message, new RegExp(`of ${(announcedInfoChars as number) + 18}$`));
  if (correctChksum) assert.match(error.message, new RegExp(`add up to ${correctChksum}$`));
  if (rtnByRule) assert.equal(refusalOfDamaged({ error, characters })?.rtn, rtnByRule);
}

/**
 * Asserts that a frame becomes what its entry tells, with the header that it tells, and that a request is what this
 * package would send, to the character, where it sends such.
 * @returns the frame whose envelope holds.
 */
export function becomesAsTold({ text, outcome: told, says }: CapturedFrame, entry: CaptureEntry): Frame | null {
  const { outcome, error, frame, characters } = receive(text);
  assert.equal(outcome, told === 'SHAPE' ? 'reply' : told);
  if (error) isRefusedAsTold(error, characters, says, entry);
  if (!frame) return null;

  const { version, address, cid1, code } = frame;
  const info = Buffer.from(frame.info).toString('hex').toUpperCase();
  const header = { version, address, cid1, code, infoCharacters: info.length, info };
  assert.deepEqual(header, { ...header, info: text.slice(13, -5), ...says });
  const own = outcome === 'request' ? ownRequestLike(frame) : null;
  if (own) assert.equal(textOf(own), text);
  return frame;
}
