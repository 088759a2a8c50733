import type { PackOf } from '../../battery/bank-summary.js';
import type { BmsIdentity } from '../../battery/identity.js';
import { Expiry } from './expiry.js';
import type { InfoMessage, PackMessage, PackReport, QueryName, Readings } from './incoming.js';
import type { PackStructure } from './pack-entities.js';
import { PackMemory, StructureMemory } from './pack-memory.js';

/** The queries that tell of packs. */
export const QUERIES: readonly QueryName[] = ['analog', 'warning', 'status'];

type Packs = { [Query in QueryName]: Map<number, PackMemory<Query>> };

/** What the messages of a bank's nodes have told so far. */
export class BankMemory {
  /** Who the BMS are, and how long that holds. */
  readonly infoExpiry: Expiry;
  readonly #expireAfter: number | null;
  #packs: Packs = { analog: new Map(), warning: new Map(), status: new Map() };
  #structures = new Map<number, StructureMemory>();
  #there: readonly number[] = [];
  #info: InfoMessage | null = null;
  #infoAt = 0;
  #infoCount = 0;

  /** @param expireAfter s for which things hold; null or 0 to go by the intervals at which they come. */
  constructor(expireAfter: number | null) {
    this.#expireAfter = expireAfter;
    this.infoExpiry = new Expiry(expireAfter);
  }

  /**
   * Keeps a message that came at `now` of a monotonic clock, ms, from a node that may be silent while nothing changes.
   * @returns whether it changes what there is, how it is called or how long it holds.
   */
  take(message: PackMessage | InfoMessage, now: number, mayBeSilent = false): boolean {
    if (message.query === 'info') return this.#takeInfo(message, now);
    const { query, packs, isOfNobody } = message;
    if (isOfNobody) for (const memory of this.#packs[query].values()) memory.nobodyAnswers(now);
    const changes = packs.map((report) => this.#takeReport(query, report, now, mayBeSilent));
    return changes.includes(true);
  }

  #takeInfo(message: InfoMessage, now: number): boolean {
    const isNew = JSON.stringify(named(message)) !== JSON.stringify(this.#info && named(this.#info));
    this.#info = message;
    this.#infoAt = now;
    this.#infoCount += 1;
    return this.infoExpiry.take(now) || isNew || this.#infoCount === 2;
  }

  #takeReport<Query extends QueryName>(query: Query, report: PackReport, now: number, mayBeSilent: boolean): boolean {
    const { pack } = report;
    const memories: Map<number, PackMemory<Query>> = this.#packs[query];
    const memory = memories.get(pack);
    if (!memory && report.reading === null) return false; // a pack that was never seen cannot go offline
    const known = memory ?? new PackMemory(query, new Expiry(this.#expireAfter));
    memories.set(pack, known);
    const isNew = known.take(report as PackReport<Query>, now, mayBeSilent);
    if (known.isConfirmed && !this.#there.includes(pack)) this.#there = [...this.#there, pack].sort((a, b) => a - b);
    return query === 'analog' ? this.#takeStructure(pack) || isNew : isNew;
  }

  #takeStructure(pack: number): boolean {
    const structure = this.#structures.get(pack) ?? new StructureMemory();
    this.#structures.set(pack, structure);
    return structure.take(this.#packs.analog.get(pack) as PackMemory<'analog'>);
  }

  /** The packs that are surely there, by number: what one query confirms the others need not. */
  get packs(): readonly number[] {
    return this.#there;
  }

  /** What a query has told of the packs that are surely there. */
  known<Query extends QueryName>(query: Query): { pack: number; memory: PackMemory<Query> }[] {
    return this.packs.flatMap((pack) => {
      const memory = this.memory(query, pack);
      return memory ? [{ pack, memory }] : [];
    });
  }

  /** What a query has told of a pack; null where that is not there, or its cells are not sure. */
  memory<Query extends QueryName>(query: Query, pack: number): PackMemory<Query> | null {
    const memories: Map<number, PackMemory<Query>> = this.#packs[query];
    const memory = memories.get(pack);
    if (!memory?.reading) return null;
    const isSure = query === 'analog' ? memory.isConfirmed : this.#there.includes(pack);
    return isSure ? memory : null;
  }

  /** The readings of the packs that are online at `now`, by pack. */
  online<Query extends QueryName>(query: Query, now: number): PackOf<Readings[Query]>[] {
    return this.known(query)
      .filter(({ memory }) => memory.isLive(now))
      .map(({ pack, memory }) => ({ pack, reading: memory.reading as Readings[Query] }));
  }

  /** A pack's cells and sensors; null where no analog readings told them. */
  structure(pack: number): PackStructure | null {
    return this.#structures.get(pack)?.structure ?? null;
  }

  /** Whether any query reads the pack at `now`. */
  isOnline(pack: number, now: number): boolean {
    return QUERIES.some((query) => this.memory(query, pack)?.isLive(now));
  }

  /** The packs that any query reads at `now`. */
  onlinePacks(now: number): readonly number[] {
    return this.packs.filter((pack) => this.isOnline(pack, now));
  }

  /** When the first of those that are online at `now` will be so no more without further news, monotonic ms. */
  nextSilence(now: number): number {
    const memories = QUERIES.flatMap((query) => [...this.#packs[query].values()]);
    return Math.min(...memories.filter((memory) => memory.isLive(now)).map(({ liveUntil }) => liveUntil));
  }

  /** The last that an info node told; null where there was none. */
  get info(): InfoMessage | null {
    return this.#info;
  }

  /** Whether info messages come again and again. */
  get isInfoRepeated(): boolean {
    return this.#infoCount > 1;
  }

  /** Whether what the last one told still holds. */
  isInfoLive(now: number): boolean {
    return this.#info !== null && now - this.#infoAt < this.infoExpiry.seconds * 1000;
  }

  /** What a pack's BMS tells of itself; null where packs are not asked for it one by one. */
  identity(pack: number): BmsIdentity | null {
    return this.#info?.packs.get(pack) ?? null;
  }
}

/** The part of an info message that devices are named by. */
function named({ identity, packs }: InfoMessage): unknown {
  const names = ({ softwareVersion, bmsSerial, packSerial }: BmsIdentity) => [softwareVersion, bmsSerial, packSerial];
  return [names(identity), [...packs].map(([pack, told]) => [pack, ...names(told)])];
}
