import {
  type AlarmsAndStates,
  countsOfAlarms,
  countsOfAnalog,
  doubtAboutAlarms,
} from '../battery/alarm-plausibility.js';
import type { AnalogReading } from '../battery/analog.js';
import { doubtAboutAnalog } from '../battery/analog-plausibility.js';
import type { Doubt } from '../battery/plausibility.js';
import type { ReadingOf, ReadKind, Slot } from '../dialects/dialect.js';

/** The packs of a reply, and when it came. */
export interface Heard<Kind extends ReadKind> {
  slots: readonly Slot<ReadingOf[Kind]>[];
  /** Monotonic ms. */
  at: number;
}

/** Why a reply is hard to believe. */
export interface DoubtAboutReply {
  words: string;
  /** Whether a reply like that counts only when the BMS says it twice. */
  mustBeSaidTwice: boolean;
}

/** A pack's last believed reading, and when it came; null for an empty slot. */
interface Believed<Reading> {
  reading: Reading | null;
  at: number;
}

const GONE: Doubt = { words: (pack) => `pack ${pack} was there before and is an empty slot now` };

/** What was last believed of each pack of a bank: the measure for what its next replies say. */
export class BelievedReadings {
  readonly #packs: { [Kind in ReadKind]: Map<number, Believed<ReadingOf[Kind]>> } = {
    analog: new Map(),
    alarms: new Map(),
  };
  /** How many packs the last reply for all of them held. */
  readonly #packCounts: Partial<Record<ReadKind, number>> = {};

  /** Keeps a reply as what the battery says; `ofAll` when all packs were asked. */
  believe<Kind extends ReadKind>(kind: Kind, { slots, at }: Heard<Kind>, ofAll: boolean): void {
    for (const { pack, reading } of slots) this.#packs[kind].set(pack, { reading, at });
    if (ofAll) this.#packCounts[kind] = slots.length;
  }

  /**
   * Why a reply is hard to believe: it fits neither what was believed before nor what `doubted` replies to the same
   * read say. null when nothing speaks against it.
   */
  doubtAbout<Kind extends ReadKind>(
    kind: Kind,
    heard: Heard<Kind>,
    ofAll: boolean,
    doubted: readonly Heard<Kind>[],
  ): DoubtAboutReply | null {
    const words: string[] = [];
    let mustBeSaidTwice = false;
    const count = heard.slots.length;
    const usual = ofAll ? (this.#packCounts[kind] ?? this.#packCounts.analog ?? count) : count;
    if (count !== usual && !doubted.some(({ slots }) => slots.length === count)) {
      words.push(`the reply holds another number of packs than before (${count}, not ${usual})`);
    }
    for (const { pack, reading } of heard.slots) {
      const doubt = this.#doubtAboutPack(kind, pack, reading, this.#packs[kind].get(pack), heard.at);
      if (!doubt || doubted.some((other) => this.#isSaidIn(other, kind, pack, reading, heard.at))) continue;
      words.push(doubt.words(pack));
      mustBeSaidTwice ||= doubt.mustBeSaidTwice ?? false;
    }
    return words.length === 0 ? null : { words: words.join(', '), mustBeSaidTwice };
  }

  /** Whether an earlier reply says the same of a pack. */
  #isSaidIn<Kind extends ReadKind>(
    { slots, at: otherAt }: Heard<Kind>,
    kind: Kind,
    pack: number,
    reading: ReadingOf[Kind] | null,
    at: number,
  ): boolean {
    const other = slots.find((slot) => slot.pack === pack);
    if (!other || (other.reading === null) !== (reading === null)) return false;
    return this.#doubtAboutPack(kind, pack, reading, { reading: other.reading, at: otherAt }, at) === null;
  }

  #doubtAboutPack<Kind extends ReadKind>(
    kind: Kind,
    pack: number,
    reading: ReadingOf[Kind] | null,
    before: Believed<ReadingOf[Kind]> | undefined,
    at: number,
  ): Doubt | null {
    const earlier = before?.reading ?? null;
    if (kind === 'alarms') {
      if (reading === null) return null;
      const alarmsBefore = earlier as AlarmsAndStates | null;
      return doubtAboutAlarms(reading as AlarmsAndStates, alarmsBefore, this.#countsOf(pack, alarmsBefore));
    }
    if (reading === null) return earlier === null ? null : GONE;
    return doubtAboutAnalog(reading as AnalogReading, earlier as AnalogReading | null, at - (before?.at ?? at));
  }

  #countsOf(pack: number, alarms: AlarmsAndStates | null) {
    if (alarms) return countsOfAlarms(alarms);
    const analog = this.#packs.analog.get(pack)?.reading;
    return analog ? countsOfAnalog(analog) : null;
  }
}
