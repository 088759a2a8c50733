/**
 * What can go wrong, by `err.code` and `msg.pace.error.code` (the contract's list): a few words for a node's status, what
 * it means and what helps.
 */
export const ERROR_CODES = {
  NOT_CONNECTED: {
    badge: 'not connected',
    meaning: 'The line to the battery is not open.',
    remedy: 'Check the serial port or host, the cable, and that no other program uses the port.',
  },
  TIMEOUT: {
    badge: 'no answer',
    meaning: 'The line is open, but no complete answer came.',
    remedy: 'Check the cable, the DIP address and the baud rate.',
  },
  CHECKSUM: {
    badge: 'damaged reply (checksum)',
    meaning: 'The reply does not match its own checksum: it was damaged on its way.',
    remedy: 'Look for a loose or long cable, missing ground, or a second device that talks on the line.',
  },
  FRAME: {
    badge: 'damaged reply',
    meaning: 'The reply is broken in itself: cut short, mixed with another, or with characters that do not belong.',
    remedy: 'As for CHECKSUM.',
  },
  SHAPE: {
    badge: 'reply does not fit',
    meaning: 'The reply is whole but does not make sense as an answer to what was asked. None of it was used.',
    remedy: 'The text says what does not fit, and where there is a setting for it, which.',
  },
  REFUSED: {
    badge: 'refused by the BMS',
    meaning: 'The BMS answered with a return code instead of data; `rtn` is that code.',
    remedy: 'See the return codes below.',
  },
  NO_PACK: {
    badge: 'no such pack',
    meaning: 'A pack was asked for, or was there before, that is not in the bank or not among the addresses.',
    remedy: 'Check the packs asked for, the DIP addresses and the cables between the packs.',
  },
  QUEUE_FULL: {
    badge: 'too many requests waiting',
    meaning: 'More requests are waiting than the line takes.',
    remedy: 'Ask less often, or with fewer nodes.',
  },
  CLOSED: {
    badge: 'connection closed',
    meaning: 'The connection or the node was stopped while waiting, as by a deploy.',
    remedy: 'Nothing: the next reading comes by itself.',
  },
  UNSUPPORTED: {
    badge: 'another protocol',
    meaning: 'The device on the line speaks another protocol, which the text names.',
    remedy: 'Check that the cable is in the RS232 port of the battery, and which protocol it is set to.',
  },
  CONFIG: {
    badge: 'check the settings',
    meaning: 'A setting, or a property of a message that came in, cannot be used. The text says which.',
    remedy: 'Correct it; of a setting it is told once, at the deploy.',
  },
} as const;

/** One of the codes. */
export type PaceErrorCode = keyof typeof ERROR_CODES;
/** All of them. */
export const PACE_ERROR_CODES = Object.keys(ERROR_CODES) as readonly PaceErrorCode[];

/** What most likely lies behind an error, more finely than its code; the editor says what to check for each. */
export const LIKELY_CAUSES = [
  'portMissing',
  'portBusy',
  'portForbidden',
  'notSerialPort',
  'hostNotFound',
  'hostUnreachable',
  'connectionRefused',
  /** The way was open and then gone. */
  'lost',
  /** Nothing was heard. */
  'silent',
  /** Answers come, but only after the timeout. */
  'late',
  /** Bytes were heard, but no frame. */
  'noise',
  /** What was sent came back, and nothing else. */
  'echo',
  'otherMaster',
  'damaged',
  'otherProtocol',
  'refused',
  'shape',
  /** Another pack answered than the one asked. */
  'otherPack',
  'noPack',
  /** Time ran out before all addresses were asked. */
  'unreached',
  'setting',
  /** A variable is not set. */
  'variable',
  /** The flow was deployed or stopped meanwhile. */
  'closed',
  'other',
] as const;
/** One of these causes. */
export type LikelyCause = (typeof LIKELY_CAUSES)[number];

/** The cause of an error whose maker knows no better. */
const USUAL_CAUSES: Record<PaceErrorCode, LikelyCause> = {
  NOT_CONNECTED: 'other',
  TIMEOUT: 'silent',
  CHECKSUM: 'damaged',
  FRAME: 'damaged',
  SHAPE: 'shape',
  REFUSED: 'refused',
  NO_PACK: 'noPack',
  QUEUE_FULL: 'other',
  CLOSED: 'closed',
  UNSUPPORTED: 'otherProtocol',
  CONFIG: 'setting',
};

/** Facts about a failure that a flow may act on. */
export interface PaceErrorDetails {
  /** The return code with which the BMS refused, 1-255 (`pace-v25.md` 2.4). */
  rtn?: number;
  /** The numbers of the packs without an answer. */
  packs?: readonly number[];
  /** A few words for a node's status; the code's own words where absent. */
  badge?: string;
  /** What most likely lies behind it; what usually lies behind its code where absent. */
  likelyCause?: LikelyCause | undefined;
  cause?: unknown;
}

/** The one error class of the package: a code to act on, and a text that tells a person what to do. */
export class PaceError extends Error {
  override readonly name = 'PaceError';
  readonly code: PaceErrorCode;
  readonly rtn?: number;
  readonly packs?: readonly number[];
  /** A few words for a node's status. */
  readonly badge: string;
  readonly likelyCause: LikelyCause;

  constructor(code: PaceErrorCode, message: string, details: PaceErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    if (details.rtn !== undefined) this.rtn = details.rtn;
    if (details.packs !== undefined) this.packs = details.packs;
    this.badge = details.badge ?? ERROR_CODES[code].badge;
    this.likelyCause = details.likelyCause ?? USUAL_CAUSES[code];
  }

  /** The text alone: it is what a Catch node and the log show. */
  override toString(): string {
    return this.message;
  }
}

/** Any thrown value as a `PaceError`; what is not one already becomes `fallback`. */
export function asPaceError(thrown: unknown, fallback: PaceErrorCode): PaceError {
  if (thrown instanceof PaceError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new PaceError(fallback, message, { cause: thrown });
}
