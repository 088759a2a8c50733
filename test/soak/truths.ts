import type { AlarmRecord, AnalogRecord } from '../../src/dialects/pace25/records.js';

/** What was true of a pack when the battery made a reply. */
export type TrueRecord = { kind: 'analog'; record: AnalogRecord } | { kind: 'alarms'; record: AlarmRecord };
type Kind = TrueRecord['kind'];

/** A true record, and when the battery made the reply, epoch ms. */
export type Truth = TrueRecord & { at: number };

/** Longer ago than any reading that still counts, ms. */
const KEPT_MS = 4000;

/** What a battery said of each of its packs of late: by its own records, before the wire. */
export class Truths {
  readonly #told = new Map<string, Truth[]>();

  /** Notes what a reply says of a pack. */
  note(pack: number, truth: Truth): void {
    const told = this.#of(truth.kind, pack);
    told.push(truth);
    while (told.length > 2 && (told[0] as Truth).at < truth.at - KEPT_MS) told.shift();
  }

  /**
   * What may be published of a pack as read at `lastSeen`, epoch ms: what the last exchange begun by then said, or the
   * last but one, whose reply can be taken for it.
   */
  of(kind: Kind, pack: number, lastSeen: number): readonly Truth[] {
    return this.all(kind, pack)
      .filter(({ at }) => at <= lastSeen)
      .slice(-2);
  }

  /** All that is still known of a pack, to explain what is wrong. */
  all(kind: Kind, pack: number): readonly Truth[] {
    return this.#of(kind, pack);
  }

  #of(kind: Kind, pack: number): Truth[] {
    const key = `${kind} ${pack}`;
    const told = this.#told.get(key) ?? [];
    this.#told.set(key, told);
    return told;
  }
}
