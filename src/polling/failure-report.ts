import type { PaceError } from '../errors.js';

/** A pack by number, or the whole bank. */
export type Concern = number | 'bank';

/** What is to be told after a poll. */
export interface News {
  /** The poll's error, where it concerns something that did not fail before. */
  failed: PaceError | null;
  /** What failed before and does so no more. */
  recovered: readonly Concern[];
}

/** Tells a failure that goes on once, and once more when it is over. */
export class FailureReport {
  #failing = new Set<Concern>();

  /** Takes how a poll ended: its error, and the packs that answered. */
  update(error: PaceError | null, answered: readonly number[]): News {
    const concerns = new Set<Concern>(error ? (error.packs ?? ['bank']) : []);
    const isNew = [...concerns].some((concern) => !this.#failing.has(concern));
    const recovered = [...this.#failing].filter((concern) =>
      concern === 'bank' ? answered.length > 0 : answered.includes(concern),
    );
    for (const concern of recovered) this.#failing.delete(concern);
    for (const concern of concerns) this.#failing.add(concern);
    return { failed: isNew ? error : null, recovered };
  }
}
