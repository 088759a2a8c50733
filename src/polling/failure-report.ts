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

  /** Takes how a poll ended. */
  update(error: PaceError | null): News {
    const concerns = new Set<Concern>(error ? (error.packs ?? ['bank']) : []);
    const isNew = [...concerns].some((concern) => !this.#failing.has(concern));
    // Of a silent bank nothing is known about packs that failed before.
    const recovered = concerns.has('bank') ? [] : [...this.#failing].filter((concern) => !concerns.has(concern));
    for (const concern of recovered) this.#failing.delete(concern);
    for (const concern of concerns) this.#failing.add(concern);
    return { failed: isNew ? error : null, recovered };
  }
}
