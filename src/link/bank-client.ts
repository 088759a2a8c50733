import type { Dialect, ReadingOf, ReadKind, Target } from '../dialects/dialect.js';
import { asPaceError, PaceError } from '../errors.js';
import type { Frame } from '../wire/frame.js';
import { askPacks, combinedError, type PackFailure, patienceWith } from './ask-packs.js';
import type { Addressing, BankOptions, BankReading, PackReading, ReadOptions } from './bank-reading.js';
import type { LinkState } from './connector.js';
import { type IdentityQuestions, IdentityReader } from './identity-reader.js';
import type { IdentityReading } from './identity-reading.js';
import { Line } from './line.js';
import type { Sender } from './line-options.js';
import { QUIET_AFTER_FAILURE_MS } from './pacing.js';
import { type Reply, ReplyReader } from './reply-reader.js';
import type { LineRequest, Priority } from './request-queue.js';
import { SilentPacks } from './silent-packs.js';
import type { LineReport } from './statistics.js';

/** The options that do not depend on what is read. */
type AskOptions = Omit<ReadOptions<never>, 'onAnswer'> & Pick<LineRequest<never>, 'onRetry'>;

function strangerError(pack: number, known: readonly number[]): PaceError {
  const text = `not among the addresses of the connection (${known.join(', ')})`;
  return new PaceError('NO_PACK', text, { badge: `pack ${pack} has no address` });
}

/** The one way to a bank: a line, whom to ask on it, and what its replies have taught about it. */
export class BankClient {
  readonly #line: Line;
  readonly #reader: ReplyReader;
  readonly #identityReader: IdentityReader;
  readonly #dialect: Dialect;
  readonly #addressing: Addressing;
  readonly #where: string;
  readonly #timeoutMs: number;
  readonly #now: () => number;
  readonly #recent = new Map<string, Reply<ReadKind>>();
  /** Addressed packs that know themselves as pack 1. */
  readonly #askedAsFirst = new Set<number>();
  readonly #silentPacks: SilentPacks;
  /** The slots that the last analog reply showed empty. */
  readonly #emptySlots = new Set<number>();

  constructor(options: BankOptions) {
    const { dialect, addressing, transport, log } = options;
    this.#line = new Line({
      ...options,
      senderOf: (frame) => this.#senderOf(frame),
      onOverheard: (frame) => this.#reader.overhear(frame),
    });
    this.#dialect = dialect;
    this.#addressing = addressing;
    this.#where = transport.name;
    this.#timeoutMs = options.timeoutMs;
    this.#now = options.now ?? (() => performance.now());
    this.#silentPacks = new SilentPacks(options.timeoutMs + QUIET_AFTER_FAILURE_MS, this.#now);
    this.#line.onState(() => {
      this.#recent.clear();
      this.#silentPacks.wake();
      this.#identityReader.forget();
    });
    this.#reader = new ReplyReader(dialect, addressing.mode === 'master' ? [] : addressing.packs, log);
    this.#identityReader = new IdentityReader({
      dialect,
      addressing,
      where: this.#where,
      ask: (request, priority) => this.#line.request(request, priority),
      onOtherMaster: (frame) => this.#reader.overhear(frame),
    });
  }

  get state(): LinkState {
    return this.#line.state;
  }

  /** The line as it is now, and what it has done. */
  get report(): LineReport {
    return this.#line.report;
  }

  /** How the packs are asked. */
  get addressing(): Addressing {
    return this.#addressing;
  }

  /** The packs that can be asked; null where the master knows them. */
  get addresses(): readonly number[] | null {
    return this.#addressing.mode === 'master' ? null : this.#addressing.packs;
  }

  /** Calls `listener` at every change of the line's state. @returns what ends that. */
  onState(listener: (state: LinkState) => void): () => void {
    return this.#line.onState(listener);
  }

  start(): void {
    this.#line.start();
  }

  stop(forGood: boolean): Promise<void> {
    return this.#line.stop(forGood);
  }

  /**
   * Reads `kind` of the packs wanted.
   * @throws PaceError when no pack answered; where one did, the others are among the failures.
   */
  async read<Kind extends ReadKind>(
    kind: Kind,
    options: ReadOptions<ReadingOf[Kind]>,
  ): Promise<BankReading<ReadingOf[Kind]>> {
    if (this.#addressing.mode === 'master') {
      const target: Target = { address: this.#addressing.address, pack: 'all' };
      return this.#assemble(kind, [await this.#exchange(kind, target, options)], [], [], options);
    }
    const known = this.#addressing.packs;
    const wanted = known.filter((pack) => options.packs?.includes(pack) ?? true);
    const unknown = (options.packs ?? []).filter((pack) => !known.includes(pack));
    const strangers = unknown.map((pack) => ({ pack, error: strangerError(pack, known) }));
    if (wanted.length === 0) throw combinedError(strangers, (pack) => `pack ${pack}`);
    const ask = (pack: number, onRetry: () => void) => this.#readPack(kind, pack, { ...options, onRetry });
    const waiting = {
      ...patienceWith(options.patienceMs, this.#timeoutMs),
      onAnswer: (reply: Reply<Kind>, isLate: boolean) => this.#tell(kind, reply, isLate, options),
    };
    const { answers, failures, pending } = await askPacks(wanted, ask, this.#silentPacks, waiting);
    return this.#assemble(kind, answers, [...failures, ...strangers], pending, options);
  }

  /**
   * Reads what the BMS asked tells about itself: the one at the connection's address, or that of every pack.
   * @throws PaceError when none answered; where one did, the others are among the failures.
   */
  readIdentity(priority: Priority, questions: IdentityQuestions = {}): Promise<IdentityReading> {
    return this.#identityReader.read(priority, questions);
  }

  /** Tells of one pack's answer, unless it cannot be read: that is told with the failures. */
  #tell<Kind extends ReadKind>(
    kind: Kind,
    reply: Reply<Kind>,
    isLate: boolean,
    options: ReadOptions<ReadingOf[Kind]>,
  ): void {
    let bank: BankReading<ReadingOf[Kind]>;
    try {
      bank = this.#assemble(kind, [reply], [], [], options);
    } catch {
      return;
    }
    options.onAnswer?.(bank, isLate);
  }

  async #readPack<Kind extends ReadKind>(kind: Kind, pack: number, options: AskOptions): Promise<Reply<Kind>> {
    if (this.#addressing.mode === 'relay') {
      return this.#exchange(kind, { address: this.#addressing.address, pack }, options);
    }
    const asFirst = this.#askedAsFirst.has(pack);
    const reply = await this.#exchange(kind, { address: pack, pack }, options, asFirst ? 1 : pack);
    const isEmpty =
      !(reply.decoded instanceof PaceError) && reply.decoded.slots.every(({ reading }) => reading === null);
    if (!isEmpty || asFirst || pack === 1) return reply;
    this.#askedAsFirst.add(pack);
    return this.#exchange(kind, { address: pack, pack }, options, 1);
  }

  /** One request and its reply, or a reply that is young enough. */
  async #exchange<Kind extends ReadKind>(
    kind: Kind,
    target: Target,
    { priority, recent: recentlyAs, onRetry }: AskOptions,
    selector = target.pack,
  ): Promise<Reply<Kind>> {
    const bytes = this.#dialect.encodeRead(kind, { address: target.address, pack: selector });
    const key = bytes.toString('latin1');
    const recent = this.#recent.get(key);
    if (recent && this.#isUsable(recent, recentlyAs)) return recent as Reply<Kind>;
    const request = {
      bytes,
      target: this.#addressing.mode === 'relay' && target.pack !== 'all' ? target.pack : target.address,
      whom: `${this.#nameOf(target)} (${this.#where})`,
      judge: this.#reader.judge(kind, target, bytes),
      ...(onRetry ? { onRetry } : {}),
    };
    const reply = await this.#line.request(request, priority);
    this.#reader.believe(kind, reply);
    this.#recent.set(key, reply);
    return reply;
  }

  #isUsable({ timing }: Reply<ReadKind>, recent: AskOptions['recent']): boolean {
    if (!recent) return false;
    return timing.answeredAt > recent.after && this.#now() - timing.answeredAt <= recent.maxAgeMs;
  }

  /** Whose reply a frame is, by the pack's own address, or by the pack that the master names; of itself it names none. */
  #senderOf(frame: Frame): Sender {
    const { is } = this.#dialect.natureOf(frame);
    if (is !== 'reply' && is !== 'refusal') return 'nobody';
    if (this.#addressing.mode === 'master') return { target: this.#addressing.address };
    const { mode, packs } = this.#addressing;
    if (is === 'reply' && this.#identityReader.mayAnswer(frame)) return this.#identityReader.senderOf(frame);
    const names = mode === 'relay' ? [frame.info[1]] : [frame.address, frame.info[1]];
    const target = names.find((name) => name !== undefined && packs.includes(name));
    return target === undefined ? 'anybody' : { target };
  }

  #nameOf({ address, pack }: Target): string {
    return this.#addressing.mode === 'relay' ? `pack ${pack} through address ${address}` : `address ${address}`;
  }

  #assemble<Kind extends ReadKind>(
    kind: Kind,
    replies: readonly Reply<Kind>[],
    failed: readonly PackFailure[],
    pending: readonly number[],
    { forcedTailBytes }: AskOptions,
  ): BankReading<ReadingOf[Kind]> {
    const packs = new Map<number, PackReading<ReadingOf[Kind]>>();
    const used: Reply<Kind>[] = [];
    const failures = [...failed];
    for (const reply of replies) {
      try {
        const { slots } = this.#reader.decoded(kind, reply, forcedTailBytes);
        if (kind === 'analog' && reply.target.pack === 'all') this.#emptySlots.clear();
        for (const { pack, reading } of slots) {
          const isEmpty = reading === null || (kind === 'alarms' && this.#emptySlots.has(pack));
          const { receivedAt, answeredAt } = reply.timing;
          packs.set(pack, { reading: isEmpty ? null : reading, receivedAt, ageMs: this.#now() - answeredAt });
          if (kind === 'analog') this.#emptySlots[isEmpty ? 'add' : 'delete'](pack);
        }
        used.push(reply);
      } catch (thrown) {
        const error = asPaceError(thrown, 'SHAPE');
        if (reply.target.pack === 'all') throw error;
        failures.push({ pack: reply.target.pack, error });
      }
    }
    failures.sort((a, b) => a.pack - b.pack);
    const [lost] = failures.filter(({ error }) => error.code === 'NOT_CONNECTED' || error.code === 'CLOSED');
    if (used.length === 0 && lost) throw lost.error;
    if (used.length === 0) throw combinedError(failures, (pack) => `pack ${pack}`);
    return {
      packs,
      failures,
      pending,
      receivedAt: Math.min(...used.map(({ timing }) => timing.receivedAt)),
      durationMs: Math.round(used.reduce((total, { timing }) => total + timing.durationMs, 0)),
      frames: () => used.map(({ text }) => text()),
    };
  }
}
