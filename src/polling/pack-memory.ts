import type { PackOf } from '../battery/bank-summary.js';
import type { PackReading } from '../link/bank-reading.js';
import type { PackView } from '../messages/outgoing.js';
import { callAfter } from './long-timeout.js';

interface RememberedPack<Reading> {
  reading: Reading;
  lastSeen: number;
  online: boolean;
  /** Monotonic ms when it goes stale. */
  staleAt: number;
}

/** A place of the bank without a pack. */
export function emptySlot(pack: number): PackView<never> {
  return { pack, reading: null, lastSeen: null, online: false, fresh: false };
}

/** The last reading of every pack, and whether it still counts. */
export class PackMemory<Reading> {
  readonly #packs = new Map<number, RememberedPack<Reading>>();
  readonly #emptySlots = new Set<number>();
  readonly #staleAfterMs: number | null;
  readonly #onStale: (pack: number, lastSeen: number) => void;
  readonly #now: () => number;
  /** When to look for what is stale, monotonic ms: one timer for all packs, set anew only when it is over. */
  #looksAt = Number.POSITIVE_INFINITY;
  #stopWaiting: () => void = () => {};
  #closed = false;

  /** @param staleAfterMs null for never. @param now monotonic ms. */
  constructor(
    staleAfterMs: number | null,
    onStale: (pack: number, lastSeen: number) => void,
    now: () => number = () => performance.now(),
  ) {
    this.#staleAfterMs = staleAfterMs;
    this.#onStale = onStale;
    this.#now = now;
  }

  /** The packs whose reading counts. */
  get online(): readonly number[] {
    return [...this.#packs].filter(([, { online }]) => online).map(([pack]) => pack);
  }

  /** The packs whose reading counts no more. */
  get offline(): readonly number[] {
    return [...this.#packs].filter(([, { online }]) => !online).map(([pack]) => pack);
  }

  /** The packs ever read, online or not. */
  get known(): readonly number[] {
    return [...this.#packs.keys()];
  }

  /** Takes what a pack answered; an empty slot does not overwrite what a pack there read before. */
  update(pack: number, { reading, receivedAt, ageMs }: PackReading<Reading>): void {
    if (reading === null) {
      this.#emptySlots.add(pack);
      return;
    }
    if (!this.isFresh(ageMs)) return;
    this.#emptySlots.delete(pack);
    const staleAt = this.#now() - ageMs + (this.#staleAfterMs ?? Number.POSITIVE_INFINITY);
    this.#packs.set(pack, { reading, lastSeen: receivedAt, online: true, staleAt });
    if (staleAt < this.#looksAt) this.#lookAt(staleAt);
  }

  /** Whether a reading of that age still counts. */
  isFresh(ageMs: number): boolean {
    return this.#staleAfterMs === null || ageMs < this.#staleAfterMs;
  }

  #lookAt(at: number): void {
    this.#stopWaiting();
    this.#looksAt = at;
    this.#stopWaiting = callAfter(at - this.#now(), () => this.#expire());
  }

  /** Tells what is stale; what has been read since is looked at again when it can be, whatever a listener does. */
  #expire(): void {
    const now = this.#now();
    this.#looksAt = Number.POSITIVE_INFINITY;
    try {
      for (const [pack, remembered] of this.#packs) {
        if (this.#closed) return;
        if (!remembered.online || remembered.staleAt > now) continue;
        remembered.online = false;
        this.#onStale(pack, remembered.lastSeen);
      }
    } finally {
      const online = [...this.#packs.values()].filter((remembered) => remembered.online);
      const next = Math.min(...online.map(({ staleAt }) => staleAt));
      if (!this.#closed && next < this.#looksAt) this.#lookAt(next);
    }
  }

  /** The readings that count, by pack number. */
  get readings(): PackOf<Reading>[] {
    const online = [...this.#packs].filter(([, remembered]) => remembered.online);
    return online.map(([pack, { reading }]) => ({ pack, reading })).sort((a, b) => a.pack - b.pack);
  }

  /** How a pack stands that did not answer now; null where it was never seen. */
  view(pack: number): PackView<Reading> | null {
    const remembered = this.#packs.get(pack);
    if (remembered) {
      const { reading, lastSeen, online } = remembered;
      return { pack, reading, lastSeen, online, fresh: false };
    }
    return this.#emptySlots.has(pack) ? emptySlot(pack) : null;
  }

  /** All packs and empty slots ever seen, by number. */
  views(): PackView<Reading>[] {
    const numbers = [...new Set([...this.#packs.keys(), ...this.#emptySlots])].sort((a, b) => a - b);
    return numbers.map((pack) => this.view(pack)).filter((view) => view !== null);
  }

  /** Ends all waiting. */
  close(): void {
    this.#closed = true;
    this.#stopWaiting();
  }
}
