import { type BmsIdentity, NOTHING_TOLD } from '../battery/identity.js';
import type { Dialect, IdentityKind } from '../dialects/dialect.js';
import { asPaceError, PaceError, type PaceErrorCode } from '../errors.js';
import type { Frame } from '../wire/frame.js';
import { combinedError, type PackFailure } from './ask-packs.js';
import type { Addressing } from './bank-reading.js';
import type { Timing, Verdict } from './exchange.js';
import type { IdentityReading } from './identity-reading.js';
import type { Sender } from './line-options.js';
import type { LineRequest, Priority } from './request-queue.js';

/** Everything that is asked, in this order. */
const KINDS: readonly IdentityKind[] = ['softwareVersion', 'serialNumbers', 'packCount', 'capacity', 'clock'];

const MEMBERS = Object.keys(NOTHING_TOLD) as (keyof BmsIdentity)[];

/** So often in a row a question comes to nothing until it is not asked any more. */
const FAILURES_UNTIL_UNSUPPORTED = 2;
/** What says that a BMS may not know a question. */
const MAY_BE_UNSUPPORTED: readonly PaceErrorCode[] = ['TIMEOUT', 'REFUSED'];
/** What says nothing of a BMS: it was not asked. */
const NOT_ASKED: readonly PaceErrorCode[] = ['NOT_CONNECTED', 'CLOSED', 'QUEUE_FULL'];
/** What says that there is no line. */
const LOST: readonly PaceErrorCode[] = ['NOT_CONNECTED', 'CLOSED'];

/** The number by which a line knows the master that relays: that of no pack. */
const RELAYING_MASTER = -1;

/** What one question was answered. */
interface Answer {
  told: Partial<BmsIdentity>;
  timing: Timing;
}

/** What is known of a BMS on a line as long as that is open. */
interface Known {
  /** The failures in a row of each question. Readers that wait for one exchange are given one error, which counts once. */
  failures: Map<IdentityKind, Set<PaceError>>;
  /** Kinds that are alike, an answer to one of which may be late, and be taken for that to another. */
  doubtful: Set<readonly IdentityKind[]>;
}

/** What is asked of whom; all of all where absent. */
export interface IdentityQuestions {
  kinds?: readonly IdentityKind[];
  /** Counts only where each pack answers at its own address. */
  addresses?: readonly number[];
}

interface IdentityReaderOptions {
  dialect: Dialect;
  addressing: Addressing;
  /** The way, for people. */
  where: string;
  ask<T>(request: LineRequest<T>, priority: Priority): Promise<T>;
  /** Is told of a request that came from elsewhere. */
  onOtherMaster(frame: Frame): void;
}

/** Asks each BMS of a bank about itself, and remembers which questions it does not know. */
export class IdentityReader {
  readonly #options: IdentityReaderOptions;
  /** What was learned, by address. */
  #known = new Map<number, Known>();

  constructor(options: IdentityReaderOptions) {
    this.#options = options;
  }

  /** The line was opened anew: another BMS may be there. */
  forget(): void {
    this.#known = new Map();
  }

  /**
   * Asks one question after the other, so that other reads come in between.
   * @throws PaceError when no BMS said anything.
   */
  async read(priority: Priority, { kinds = KINDS, addresses }: IdentityQuestions = {}): Promise<IdentityReading> {
    const identities = new Map<number, BmsIdentity>();
    const timings: Timing[] = [];
    const failures: PackFailure[] = [];
    for (const address of this.#addressesAmong(addresses)) {
      try {
        const answers = await this.#readOne(address, kinds, priority);
        const told: Partial<BmsIdentity> = Object.assign({}, ...answers.map((answer) => answer.told));
        const members = MEMBERS.map((member) => [member, told[member] ?? null]);
        identities.set(address, Object.fromEntries(members) as BmsIdentity);
        timings.push(...answers.map(({ timing }) => timing));
      } catch (thrown) {
        failures.push({ pack: address, error: asPaceError(thrown, 'SHAPE') });
      }
    }
    if (identities.size === 0) throw this.#errorOf(failures);
    return {
      identities,
      failures,
      receivedAt: Math.min(Date.now(), ...timings.map(({ receivedAt }) => receivedAt)),
      durationMs: Math.round(timings.reduce((total, { durationMs }) => total + durationMs, 0)),
    };
  }

  #addressesAmong(wanted: readonly number[] | undefined): readonly number[] {
    const { addressing } = this.#options;
    if (addressing.mode !== 'addressed') return [addressing.address];
    return wanted ? addressing.packs.filter((pack) => wanted.includes(pack)) : addressing.packs;
  }

  #errorOf(failures: readonly PackFailure[]): PaceError {
    const lost = failures.find(({ error }) => LOST.includes(error.code)) ?? null;
    const [only] = failures as readonly [PackFailure, ...PackFailure[]];
    if (lost || this.#options.addressing.mode !== 'addressed') return (lost ?? only).error;
    return combinedError(failures, (pack) => `pack ${pack}`);
  }

  /** @throws PaceError when the BMS says nothing at all, or could not be asked. */
  async #readOne(address: number, kinds: readonly IdentityKind[], priority: Priority): Promise<readonly Answer[]> {
    const known = this.#knownOf(address);
    const answers: Answer[] = [];
    const failed = new Map<IdentityKind, PaceError>();
    for (const kind of kinds) {
      if ((known.failures.get(kind)?.size ?? 0) >= FAILURES_UNTIL_UNSUPPORTED) continue;
      try {
        answers.push(await this.#ask(kind, address, known, priority));
        known.failures.delete(kind);
      } catch (thrown) {
        const error = asPaceError(thrown, 'SHAPE');
        if (NOT_ASKED.includes(error.code)) throw error;
        failed.set(kind, error);
      }
    }
    const errors = [...failed.values()];
    const isThere = answers.length > 0 || errors.some(({ code }) => code === 'REFUSED');
    if (!isThere && errors[0]) throw errors.find(({ code }) => code !== 'TIMEOUT') ?? errors[0];
    for (const [kind, error] of failed) {
      if (MAY_BE_UNSUPPORTED.includes(error.code)) {
        known.failures.set(kind, (known.failures.get(kind) ?? new Set()).add(error));
      }
    }
    return answers;
  }

  #knownOf(address: number): Known {
    const known = this.#known.get(address) ?? { failures: new Map(), doubtful: new Set() };
    this.#known.set(address, known);
    return known;
  }

  async #ask(kind: IdentityKind, address: number, known: Known, priority: Priority): Promise<Answer> {
    const { dialect, addressing, where } = this.#options;
    const alike = dialect.identitiesAlike.find((kinds) => kinds.includes(kind));
    const onVain = () => {
      if (alike) known.doubtful.add(alike);
    };
    const bytes = dialect.encodeIdentityRequest(kind, address);
    const request = {
      bytes,
      target: addressing.mode === 'relay' ? RELAYING_MASTER : address,
      whom: `address ${address} (${where})`,
      judge: this.#judge(kind, address, bytes, () => alike !== undefined && known.doubtful.delete(alike)),
      onRetry: onVain,
    };
    try {
      return await this.#options.ask(request, priority);
    } catch (thrown) {
      if (asPaceError(thrown, 'SHAPE').code === 'TIMEOUT') onVain();
      throw thrown;
    }
  }

  /** What frames mean to one question; `isDoubtful` tells once whether the answer may be a late one to another. */
  #judge(
    kind: IdentityKind,
    address: number,
    request: Buffer,
    isDoubtful: () => boolean,
  ): (frame: Frame, timing: Timing) => Verdict<Answer> {
    const { dialect, addressing, onOtherMaster } = this.#options;
    const others = addressing.mode === 'addressed' ? addressing.packs.filter((pack) => pack !== address) : [];
    let askedByOther: number | null = null;
    return (frame, timing) => {
      const nature = dialect.natureOf(frame);
      if (nature.is === 'foreign') return { is: 'rejected', error: nature.error };
      if (nature.is === 'request') {
        if (request.equals(frame.characters)) {
          return { is: 'ignored', reason: 'the request itself came back', likelyCause: 'echo' };
        }
        onOtherMaster(frame);
        if (frame.info.length <= 1) askedByOther = frame.address; // a longer one is a reply that a module sends by itself
        return { is: 'ignored', reason: 'requests of another master came', likelyCause: 'otherMaster' };
      }
      if (frame.address === askedByOther && frame.address !== address) {
        askedByOther = null;
        return { is: 'ignored', reason: 'replies to another master came', likelyCause: 'otherMaster' };
      }
      if (nature.is === 'refusal') return { is: 'refused', error: nature.error };
      const misfit = misfitOf(frame, address, others, dialect.fitsIdentity(kind, frame.info));
      if (misfit) return { is: 'rejected', error: misfit };
      if (isDoubtful()) return { is: 'doubted', reason: 'it may be a late answer to another question: asked again' };
      return { is: 'accepted', value: { told: this.#told(kind, frame.info), timing } };
    };
  }

  /** What an answer tells; one that says what cannot be, as a clock never set, tells nothing. */
  #told(kind: IdentityKind, info: Uint8Array): Partial<BmsIdentity> {
    try {
      return this.#options.dialect.decodeIdentity(kind, info);
    } catch {
      return {};
    }
  }

  /** Whether a frame can be the answer of a BMS that was asked about itself. */
  mayAnswer({ info }: Frame): boolean {
    return KINDS.some((kind) => this.#options.dialect.fitsIdentity(kind, info));
  }

  /** Whose answer such a frame is: it names no pack. */
  senderOf({ address }: Frame): Sender {
    const { addressing } = this.#options;
    if (addressing.mode === 'relay') return { target: RELAYING_MASTER };
    return addressing.mode === 'master' || addressing.packs.includes(address) ? { target: address } : 'anybody';
  }
}

/** Why a reply is not the answer of the BMS at `address`, one of several on the line. */
function misfitOf(frame: Frame, address: number, others: readonly number[], isOfShape: boolean): PaceError | null {
  if (!isOfShape) return new PaceError('SHAPE', `its ${frame.info.length} bytes do not tell what was asked`);
  if (!others.includes(frame.address)) return null;
  const text = `address ${address} was asked, but address ${frame.address} answered: check the DIP addresses`;
  return new PaceError('SHAPE', text, { likelyCause: 'otherPack' });
}
