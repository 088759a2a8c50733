import type { DecodedReply, Dialect, ReadingOf, ReadKind, Target } from '../dialects/dialect.js';
import { asPaceError, type LikelyCause, PaceError } from '../errors.js';
import { type Frame, frameText } from '../wire/frame.js';
import { BelievedReadings, type Heard } from './believed-readings.js';
import type { Timing, Verdict } from './exchange.js';
import type { Log } from './line-options.js';

/** A reply that was accepted, with what it says or why that cannot be told. */
export interface Reply<Kind extends ReadKind> {
  target: Target;
  info: Uint8Array;
  timing: Timing;
  /** A reply that can be read in several ways may still suit a reader who knows its tail. */
  decoded: DecodedReply<ReadingOf[Kind]> | PaceError;
  /** From `~` to the last checksum digit. */
  text: () => string;
}

/** After so many replies that contradict each other no further one is asked for. */
const MOST_DOUBTS = 3;

/** Decides which frames answer a read, and reads them; it remembers what helps with the next. */
export class ReplyReader {
  readonly #dialect: Dialect;
  /** The packs of the bank where they are asked one by one. */
  readonly #packs: readonly number[];
  readonly #log: Log;
  readonly #lastTailBytes: Partial<Record<ReadKind, number>> = {};
  readonly #believed = new BelievedReadings();
  #otherMasterTold = false;
  /** The address that another master has asked and that has not answered yet. */
  #askedByOther: number | null = null;

  constructor(dialect: Dialect, packs: readonly number[], log: Log) {
    this.#dialect = dialect;
    this.#packs = packs;
    this.#log = log;
  }

  /** What frames mean to one read, which asked with `request`. */
  judge<Kind extends ReadKind>(
    kind: Kind,
    target: Target,
    request: Buffer,
  ): (frame: Frame, timing: Timing) => Verdict<Reply<Kind>> {
    const doubted: Heard<Kind>[] = [];
    const ofAll = target.pack === 'all';
    return (frame, timing) => {
      const nature = this.#dialect.natureOf(frame);
      if (nature.is === 'request') return { is: 'ignored', ...this.#nameRequest(frame, request) };
      if (nature.is === 'foreign') return { is: 'rejected', error: nature.error };
      if (this.#answersOther(frame, target)) {
        return { is: 'ignored', reason: 'replies to another master came', likelyCause: 'otherMaster' };
      }
      if (nature.is === 'refusal') return { is: 'refused', error: nature.error };
      const { info } = frame;
      const decoded = this.#decode(kind, info, target);
      const isMisfit = decoded instanceof PaceError && !this.#dialect.fits(kind, info, target);
      const misfit = isMisfit ? misfitError(info) : this.#strangerError(target, frame);
      if (misfit) return { is: 'rejected', error: misfit };
      if (!(decoded instanceof PaceError)) {
        const heard = { slots: decoded.slots, at: timing.answeredAt };
        const doubt = this.#believed.doubtAbout(kind, heard, ofAll, doubted);
        if (doubt) {
          doubted.push(heard);
          if (doubted.length < MOST_DOUBTS) return { is: 'doubted', reason: `${doubt.words}: asked again` };
          if (doubt.mustBeSaidTwice) {
            return { is: 'rejected', error: new PaceError('SHAPE', `${doubt.words}, each time differently`) };
          }
        }
      }
      return { is: 'accepted', value: { target, info, timing, decoded, text: () => frameText(frame.characters) } };
    };
  }

  /** Makes a reply that was used the measure for those to come. */
  believe<Kind extends ReadKind>(kind: Kind, { target, decoded, timing }: Reply<Kind>): void {
    if (decoded instanceof PaceError) return;
    this.#believed.believe(kind, { slots: decoded.slots, at: timing.answeredAt }, target.pack === 'all');
    this.#lastTailBytes[kind] = decoded.tailBytes;
  }

  /**
   * The packs of a reply; `forcedTailBytes` is the reader's own word for what follows each pack's fields.
   * @throws PaceError `SHAPE`
   */
  decoded<Kind extends ReadKind>(
    kind: Kind,
    { info, target, decoded }: Reply<Kind>,
    forcedTailBytes: number | undefined,
  ): DecodedReply<ReadingOf[Kind]> {
    if (forcedTailBytes !== undefined && kind === 'analog')
      return this.#dialect.decode(kind, info, target, { forcedTailBytes });
    if (decoded instanceof PaceError) throw decoded;
    return decoded;
  }

  /** Takes note of a frame that came while nothing was asked. */
  overhear(frame: Frame): void {
    const nature = this.#dialect.natureOf(frame);
    if (nature.is === 'request') this.#nameRequest(frame, null);
    else if (frame.address === this.#askedByOther) this.#askedByOther = null;
  }

  /** Whether a reply comes from an address that another master asked last, and that is not the one asked here. */
  #answersOther({ address }: Frame, target: Target): boolean {
    if (address !== this.#askedByOther || address === target.address) return false;
    this.#askedByOther = null;
    return true;
  }

  #nameRequest(frame: Frame, request: Buffer | null): { reason: string; likelyCause: LikelyCause } {
    if (request?.equals(frame.characters)) {
      return { reason: 'the request itself came back (an echoing adapter)', likelyCause: 'echo' };
    }
    if (frame.info.length > 1) {
      const reason = 'replies that nobody asked for came (a network module that sends by itself)';
      return { reason, likelyCause: 'otherMaster' };
    }
    this.#askedByOther = frame.address;
    if (!this.#otherMasterTold) {
      this.#otherMasterTold = true;
      const advice = 'connect to the RS232 port of the master pack, or end the other master';
      this.#log(0, () => `another master asks on this line: ${advice}`);
    }
    return { reason: 'requests of another master came', likelyCause: 'otherMaster' };
  }

  /** Why a reply is not that of the pack asked, by its address and its second byte (design, section 3). */
  #strangerError(target: Target, { address, info }: Frame): PaceError | null {
    const packField = info[1] as number;
    if (target.pack === 'all' || address === target.pack || packField === target.pack) return null;
    const other = [address, packField].find((number) => this.#packs.includes(number));
    if (other === undefined) return null;
    const text = `pack ${target.pack} was asked, but pack ${other} answered: check the DIP addresses`;
    return new PaceError('SHAPE', text, { likelyCause: 'otherPack' });
  }

  #decode<Kind extends ReadKind>(kind: Kind, info: Uint8Array, target: Target): Reply<Kind>['decoded'] {
    try {
      return this.#dialect.decode(kind, info, target, { lastTailBytes: this.#lastTailBytes[kind] });
    } catch (thrown) {
      return asPaceError(thrown, 'SHAPE');
    }
  }
}

function misfitError({ length }: Uint8Array): PaceError {
  const advice = 'if it goes on, report it with the raw frames of the log';
  return new PaceError('SHAPE', `its ${length} bytes are no answer to this request; ${advice}`);
}
