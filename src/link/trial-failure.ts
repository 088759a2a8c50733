import { type LikelyCause, PaceError } from '../errors.js';
import type { LineReport } from './statistics.js';

/** Readings that found no pack. */
export interface ReadingsInVain {
  /** Of the requests that failed. */
  errors: readonly PaceError[];
  /** Whether there were replies, that show no pack. */
  hasReplies: boolean;
  /** The addresses of several whose request had not come to an end when time was up. */
  unreached: readonly number[];
  /** The line before the readings and after them. */
  before: LineReport;
  after: LineReport;
  /** What time they had. */
  limitMs: number;
}

/** Why there is no pack: the most telling of what went wrong. */
export function whyNothing(readings: ReadingsInVain): PaceError {
  const { errors, hasReplies, unreached } = readings;
  const telling = hasReplies ? undefined : errors.find(({ likelyCause }) => likelyCause !== 'silent');
  if (telling) return telling;
  const isAnyFinished = hasReplies || errors.length > 0;
  const heard = isAnyFinished ? null : heardMeanwhile(readings);
  if (unreached.length > 0 && heard !== 'damaged') return unreachedError(unreached);
  if (heard) return unfinishedError(heard, readings.limitMs);
  const [silence] = hasReplies ? [] : errors;
  const advice = 'check the DIP addresses and the cables between the packs';
  return silence ?? new PaceError('NO_PACK', `the BMS answers, but there is no pack: ${advice}`);
}

/** What the line has noted of readings that were not finished. */
type Heard = LikelyCause & ('damaged' | 'silent' | 'other');

function heardMeanwhile({ before, after }: ReadingsInVain): Heard {
  const isDamaged = ['FRAME', 'CHECKSUM'].some((code) => (after.refusals[code] ?? 0) > (before.refusals[code] ?? 0));
  if (isDamaged) return 'damaged';
  return after.timeouts > before.timeouts ? 'silent' : 'other';
}

const UNFINISHED: Record<Heard, (within: string) => string> = {
  damaged: (within) => `only damaged frames ${within}: check the cable, the ground and the baud rate`,
  silent: (within) => `no answer ${within}: check the cable, the DIP address and the baud rate`,
  other: (within) => `the reading came to no end ${within}: try again`,
};

function unfinishedError(heard: Heard, limitMs: number): PaceError {
  return new PaceError('TIMEOUT', UNFINISHED[heard](`within ${limitMs / 1000} s`), { likelyCause: heard });
}

function unreachedError(unreached: readonly number[]): PaceError {
  const whom = unreached.length === 1 ? `address ${unreached} was` : `addresses ${unreached.join(', ')} were`;
  return new PaceError('TIMEOUT', `time ran out before ${whom} asked: try fewer`, { likelyCause: 'unreached' });
}
