import type { Expiry } from './expiry.js';
import type { PackReport, QueryName, Readings } from './incoming.js';
import type { PackStructure } from './pack-entities.js';

/** A query that sends only changes is silent for up to 10 minutes while all is well (the contract); then it is gone. */
const LONGEST_SILENCE_MS = 11 * 60_000;

/** What must be the same in two readings in a row before the pack is believed to be there. */
const SHAPES: { [Query in QueryName]: (reading: Readings[Query]) => string } = {
  analog: ({ cellMillivolts, temperatureTenths }) => `${cellMillivolts.length}/${temperatureTenths.length}`,
  warning: ({ cellStates, temperatureStates }) => `${cellStates.length}/${temperatureStates.length}`,
  status: () => 'status',
};

/** What one query has told of one pack. */
export class PackMemory<Query extends QueryName> {
  readonly #query: Query;
  readonly #expiry: Expiry;
  #reading: Readings[Query] | null = null;
  #lastSeen = 0;
  #isOnline = false;
  #takenAt = 0;
  /** Until when it is online without further news, monotonic ms. */
  #liveUntil = 0;
  #shape: string | null = null;
  #confirmedShape: string | null = null;

  constructor(query: Query, expiry: Expiry) {
    this.#query = query;
    this.#expiry = expiry;
  }

  /** s for which what was read holds. */
  get holdsSeconds(): number {
    return this.#expiry.seconds;
  }

  /** Whether two readings in a row agreed on what the pack is. */
  get isConfirmed(): boolean {
    return this.#confirmedShape !== null;
  }

  /** Whether the last reading shows the pack as it is known. */
  get isSettled(): boolean {
    return this.isConfirmed && this.#shape === this.#confirmedShape;
  }

  /** The last reading; null where there was none. */
  get reading(): Readings[Query] | null {
    return this.#reading;
  }

  /** Epoch ms of the last reading. */
  get lastSeen(): number {
    return this.#lastSeen;
  }

  /**
   * Keeps a report that came at `now` of a monotonic clock, ms, from a query that may be silent while nothing changes.
   * @returns whether it changes what the pack is, or how long it holds.
   */
  take(report: PackReport<Query>, now: number, mayBeSilent: boolean): boolean {
    const { reading, lastSeen, isFresh } = report;
    if (this.#isOutdated(report, now)) return false;
    if (reading === null) {
      this.goOffline();
      return false;
    }
    const isRepeated = isFresh && lastSeen === this.#lastSeen && this.#isOnline;
    const isNews = isFresh && this.#read(reading, lastSeen ?? 0, now);
    if (isRepeated) return isNews; // the same message again says nothing of how the pack is now
    const holdsMs = this.#expiry.seconds * 1000;
    this.#isOnline = true;
    this.#takenAt = now;
    this.#liveUntil = now + (mayBeSilent ? Math.max(holdsMs, LONGEST_SILENCE_MS) : holdsMs);
    return isNews;
  }

  /** Whether it was held up on its way: there is a later reading, or the pack is offline since. */
  #isOutdated({ reading, lastSeen }: PackReport<Query>, now: number): boolean {
    const wasSetBack = this.#lastSeen > Date.now(); // the clock, which makes nothing old
    if (lastSeen === null || this.#reading === null || wasSetBack) return false;
    const isOfflineSince = reading !== null && !this.isLive(now);
    return lastSeen < this.#lastSeen || (isOfflineSince && lastSeen === this.#lastSeen);
  }

  #read(reading: Readings[Query], lastSeen: number, now: number): boolean {
    const isFirst = this.#reading === null;
    const isAnother = lastSeen !== this.#lastSeen;
    this.#reading = reading;
    this.#lastSeen = lastSeen;
    const shape = SHAPES[this.#query](reading);
    const isNew = shape === this.#shape && shape !== this.#confirmedShape;
    if (isNew) this.#confirmedShape = shape;
    this.#shape = shape;
    return (isAnother && this.#expiry.take(now)) || isNew || isFirst;
  }

  /** It does not answer; what it seemed to be before it was confirmed counts no more. */
  goOffline(): void {
    this.#isOnline = false;
    if (!this.isConfirmed) this.#shape = null;
    this.#expiry.pause();
  }

  /** Nobody answers a node; where another one reads this pack, it has told of it lately. */
  nobodyAnswers(now: number): void {
    if (now - this.#takenAt >= this.#expiry.seconds * 500) this.goOffline();
  }

  /** Until when what was read counts, monotonic ms; 0 where it does not. */
  get liveUntil(): number {
    return this.#isOnline ? this.#liveUntil : 0;
  }

  /** Whether what was read still counts. */
  isLive(now: number): boolean {
    return now < this.liveUntil;
  }
}

/** The cells and sensors that a pack has, learned from its analog readings. */
export class StructureMemory {
  #structure: PackStructure | null = null;

  /** Null until two readings agreed. */
  get structure(): PackStructure | null {
    return this.#structure;
  }

  /** @returns whether the structure is another than before. */
  take({ reading, isSettled }: PackMemory<'analog'>): boolean {
    if (!reading || !isSettled) return false;
    const { cellMillivolts, temperatureTenths } = reading;
    const before = this.#structure;
    const isSameSize =
      before?.cellCount === cellMillivolts.length && before.sensors.length === temperatureTenths.length;
    const sensors = temperatureTenths.map((tenths, i) => tenths !== null || (isSameSize && before.sensors[i] === true));
    if (isSameSize && sensors.every((isFitted, i) => isFitted === before.sensors[i])) return false;
    this.#structure = { cellCount: cellMillivolts.length, sensors };
    return true;
  }
}
