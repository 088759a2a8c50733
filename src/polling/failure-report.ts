import type { PaceError } from '../errors.js';

type Concern = number | 'bank';

/** Tells a failure that goes on once, and once more when it is over. */
export class FailureReport {
  #reported = new Set<Concern>();

  /** Takes how a poll ended. @returns what is to be told, if anything. */
  update(error: PaceError | null): { tell: 'failed'; error: PaceError } | { tell: 'recovered' } | null {
    const concerns = new Set<Concern>(error ? (error.packs ?? ['bank']) : []);
    const isNew = [...concerns].some((concern) => !this.#reported.has(concern) && !this.#reported.has('bank'));
    const wasFailing = this.#reported.size > 0;
    this.#reported = concerns;
    if (error) return isNew ? { tell: 'failed', error } : null;
    return wasFailing ? { tell: 'recovered' } : null;
  }
}
