/** What went wrong, as `err.code` and `msg.pace.error.code` (the contract's list). */
export type PaceErrorCode =
  | 'NOT_CONNECTED'
  | 'TIMEOUT'
  | 'CHECKSUM'
  | 'FRAME'
  | 'SHAPE'
  | 'REFUSED'
  | 'NO_PACK'
  | 'QUEUE_FULL'
  | 'CLOSED'
  | 'UNSUPPORTED'
  | 'CONFIG';

/** Facts about a failure that a flow may act on. */
export interface PaceErrorDetails {
  /** The return code with which the BMS refused, 1-255 (`pace-v25.md` 2.4). */
  rtn?: number;
  /** The numbers of the packs without an answer. */
  packs?: readonly number[];
  /** A few words for a node's status; the code's own words where absent. */
  badge?: string;
  cause?: unknown;
}

const BADGES: Record<PaceErrorCode, string> = {
  NOT_CONNECTED: 'not connected',
  TIMEOUT: 'no answer',
  CHECKSUM: 'damaged reply (checksum)',
  FRAME: 'damaged reply',
  SHAPE: 'reply does not fit',
  REFUSED: 'refused by the BMS',
  NO_PACK: 'no such pack',
  QUEUE_FULL: 'too many requests waiting',
  CLOSED: 'connection closed',
  UNSUPPORTED: 'another protocol',
  CONFIG: 'check the settings',
};

/** The one error class of the package: a code to act on, and a text that tells a person what to do. */
export class PaceError extends Error {
  override readonly name = 'PaceError';
  readonly code: PaceErrorCode;
  readonly rtn?: number;
  readonly packs?: readonly number[];
  /** A few words for a node's status. */
  readonly badge: string;

  constructor(code: PaceErrorCode, message: string, details: PaceErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    if (details.rtn !== undefined) this.rtn = details.rtn;
    if (details.packs !== undefined) this.packs = details.packs;
    this.badge = details.badge ?? BADGES[code];
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
