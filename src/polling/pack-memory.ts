import type { PackReading } from '../link/bank-client.js';
import type { PackView } from '../messages/outgoing.js';

interface RememberedPack<Reading> {
  reading: Reading;
  lastSeen: number;
  online: boolean;
  goesStale: NodeJS.Timeout | undefined;
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

  /** The packs ever read, online or not. */
  get known(): readonly number[] {
    return [...this.#packs.keys()];
  }

  /** Takes what a pack answered; an empty slot does not overwrite what a pack there read before. */
  update(pack: number, { reading, receivedAt }: PackReading<Reading>): void {
    if (reading === null) {
      this.#emptySlots.add(pack);
      return;
    }
    this.#emptySlots.delete(pack);
    clearTimeout(this.#packs.get(pack)?.goesStale);
    this.#packs.set(pack, { reading, lastSeen: receivedAt, online: true, goesStale: this.#watch(pack, receivedAt) });
  }

  #watch(pack: number, receivedAt: number): NodeJS.Timeout | undefined {
    if (this.#staleAfterMs === null) return undefined;
    const ageMs = Math.min(this.#staleAfterMs, Math.max(0, Date.now() - receivedAt));
    return setTimeout(() => {
      const remembered = this.#packs.get(pack);
      if (!remembered) return;
      remembered.online = false;
      this.#onStale(pack, remembered.lastSeen);
    }, this.#staleAfterMs - ageMs);
  }

  /** How a pack stands that did not answer now; null where it was never seen. */
  view(pack: number): PackView<Reading> | null {
    const remembered = this.#packs.get(pack);
    if (remembered) {
      const { reading, lastSeen, online } = remembered;
      return { pack, reading, lastSeen, online, fresh: false };
    }
    if (this.#emptySlots.has(pack)) return { pack, reading: null, lastSeen: null, online: false, fresh: false };
    return null;
  }

  /** All packs and empty slots ever seen, by number. */
  views(): PackView<Reading>[] {
    const numbers = [...new Set([...this.#packs.keys(), ...this.#emptySlots])].sort((a, b) => a - b);
    return numbers.map((pack) => this.view(pack)).filter((view) => view !== null);
  }

  /** Ends all waiting. */
  close(): void {
    for (const { goesStale } of this.#packs.values()) clearTimeout(goesStale);
  }
}
