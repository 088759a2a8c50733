import type { PackOf } from '../battery/bank-summary.js';
import type { PackReading } from '../link/bank-reading.js';
import type { PackView } from '../messages/outgoing.js';
import { callAfter } from './long-timeout.js';

interface RememberedPack<Reading> {
  reading: Reading;
  lastSeen: number;
  online: boolean;
  /** Ends the wait until it goes stale. */
  stopWaiting: () => void;
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

  /** @param staleAfterMs null for never. */
  constructor(staleAfterMs: number | null, onStale: (pack: number, lastSeen: number) => void) {
    this.#staleAfterMs = staleAfterMs;
    this.#onStale = onStale;
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
    this.#packs.get(pack)?.stopWaiting();
    this.#packs.set(pack, { reading, lastSeen: receivedAt, online: true, stopWaiting: this.#watch(pack, ageMs) });
  }

  /** Whether a reading of that age still counts. */
  isFresh(ageMs: number): boolean {
    return this.#staleAfterMs === null || ageMs < this.#staleAfterMs;
  }

  #watch(pack: number, ageMs: number): () => void {
    if (this.#staleAfterMs === null) return () => {};
    return callAfter(this.#staleAfterMs - ageMs, () => {
      const remembered = this.#packs.get(pack);
      if (!remembered) return;
      remembered.online = false;
      this.#onStale(pack, remembered.lastSeen);
    });
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
    for (const { stopWaiting } of this.#packs.values()) stopWaiting();
  }
}
