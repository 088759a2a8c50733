/** Why a pack's reading is hard to believe. */
export interface Doubt {
  /** What is odd, for a person; `pack` is its number. */
  words: (pack: number) => string;
  /** Whether a reading like that counts only when the BMS says it twice. */
  mustBeSaidTwice?: true;
}

/** What a reading by itself must hold; one that was as odd before is the battery. */
export interface Standard<Reading> extends Doubt {
  holds(reading: Reading): boolean;
  /** Whether two readings that both fail are odd in the same way; absent: they are. */
  isOddLike?(reading: Reading, before: Reading): boolean;
}

/** The first standard that a reading fails and that the one before did not fail in the same way; null when there is none. */
export function failedStandard<Reading>(
  standards: readonly Standard<Reading>[],
  reading: Reading,
  before: Reading | null,
): Doubt | null {
  for (const standard of standards) {
    if (standard.holds(reading)) continue;
    const wasOdd = before !== null && !standard.holds(before);
    if (!wasOdd || standard.isOddLike?.(reading, before) === false) return standard;
  }
  return null;
}
