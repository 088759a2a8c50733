import type { ActiveAlarm, Cells, Measurements, PackMessage, PackReport, Switches } from './incoming.js';

/** A pack whose measurements count. */
export interface PackState {
  name: string;
  measurements: Measurements;
  /** null where no message has told. */
  alarms: readonly ActiveAlarm[] | null;
  switches: Switches | null;
}

/** A pack all of whose cells show what a cell can have. */
export interface SoundPack {
  pack: PackState;
  cells: Cells;
}

/** Those of `packs` that are. */
export function soundPacks(packs: readonly PackState[]): SoundPack[] {
  return packs.flatMap((pack) => {
    const { cells } = pack.measurements;
    return cells && cells.unsound.length === 0 ? [{ pack, cells }] : [];
  });
}

/** A pack as messages have told of it. */
interface KnownPack extends Omit<PackState, 'measurements'> {
  /** null while it is offline, or was never measured. */
  measurements: Measurements | null;
  /** Epoch ms of the reading, to tell it from another. */
  lastSeen: number | null;
  /** Monotonic ms when its measurements came. */
  measuredAt: number;
}

/** Readings that come within this part of the time until stale are of one poll: they go stale together. */
const ONE_POLL = 0.02;

/** What is known of the packs of a bank; it goes by when readings came, not by the clock. */
export class BankState {
  readonly #packs = new Map<number, KnownPack>();
  /** The same, by number. */
  #inOrder: readonly KnownPack[] = [];
  readonly #staleAfterMs: number;
  /** Monotonic ms when the first reading of the latest poll came. */
  #polledAt = Number.NEGATIVE_INFINITY;

  constructor(staleAfterMs: number) {
    this.#staleAfterMs = staleAfterMs;
  }

  /** Takes over what a message says, at `now`. */
  take({ query, packs }: PackMessage, now: number): void {
    for (const report of packs) {
      const known = this.#known(report);
      if (query === 'analog') this.#measure(known, report as PackReport<'analog'>, now);
      if (query === 'warning') known.alarms = (report as PackReport<'warning'>).told ?? known.alarms;
      if (query === 'status') known.switches = (report as PackReport<'status'>).told ?? known.switches;
    }
  }

  /**
   * A reading counts once: a bank's message repeats that of a pack that has not answered, and a flow may repeat a
   * message, which makes it no younger.
   */
  #measure(known: KnownPack, { told, lastSeen }: PackReport<'analog'>, now: number): void {
    known.measurements = told;
    if (told === null || (lastSeen !== null && lastSeen === known.lastSeen)) return;
    if (now - this.#polledAt > ONE_POLL * this.#staleAfterMs) this.#polledAt = now;
    known.lastSeen = lastSeen;
    known.measuredAt = this.#polledAt;
  }

  #known({ pack, name }: PackReport): KnownPack {
    const never = { lastSeen: null, measuredAt: Number.NEGATIVE_INFINITY };
    const known = this.#packs.get(pack) ?? { name, ...never, measurements: null, alarms: null, switches: null };
    known.name = name;
    if (!this.#packs.has(pack)) {
      this.#packs.set(pack, known);
      this.#inOrder = [...this.#packs].sort(([a], [b]) => a - b).map(([, other]) => other);
    }
    return known;
  }

  /** The packs whose measurements count at `now`, by number. */
  online(now: number): PackState[] {
    return this.#inOrder.filter((pack): pack is KnownPack & PackState => this.#isOnline(pack, now));
  }

  /** The names of those that were measured before and do not count now. */
  offline(now: number): string[] {
    return this.#inOrder
      .filter((pack) => pack.measuredAt > Number.NEGATIVE_INFINITY && !this.#isOnline(pack, now))
      .map(({ name }) => name);
  }

  /** How many packs have ever been measured. */
  get count(): number {
    return this.#inOrder.filter(({ measuredAt }) => measuredAt > Number.NEGATIVE_INFINITY).length;
  }

  /** Monotonic ms when the latest measurements came; -Infinity where none have. */
  get measuredAt(): number {
    return Math.max(...this.#inOrder.map(({ measuredAt }) => measuredAt));
  }

  /** Monotonic ms when the next of the packs that count at `now` goes stale; Infinity where none counts. */
  nextStaleAt(now: number): number {
    const online = this.#inOrder.filter((pack) => this.#isOnline(pack, now));
    return Math.min(...online.map(({ measuredAt }) => measuredAt + this.#staleAfterMs));
  }

  #isOnline({ measurements, measuredAt }: KnownPack, now: number): boolean {
    return measurements !== null && now - measuredAt < this.#staleAfterMs;
  }
}
