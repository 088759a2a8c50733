import type { PaceError } from '../errors.js';
import { type Naming, packName } from '../messages/names.js';
import { errorStatus, type NodeStatus, partialStatus } from './node-status.js';

/** What is wrong now: with the whole bank, or with packs of it. */
export class Troubles {
  #bank: PaceError | null = null;
  readonly #packs = new Map<number, PaceError>();

  /** Takes how a poll ended: its error, and the packs that answered; only packs that are `ours` count. */
  update(error: PaceError | null, answered: readonly number[], isOurs: (pack: number) => boolean): void {
    if (answered.some(isOurs)) this.#bank = null;
    for (const pack of answered) this.#packs.delete(pack);
    if (!error) return;
    if (error.packs === undefined) this.#bank = error;
    for (const pack of error.packs ?? []) if (isOurs(pack)) this.#packs.set(pack, error);
  }

  clear(): void {
    this.#bank = null;
    this.#packs.clear();
  }

  /** The node's status while something is wrong; null while nothing is. */
  status(online: readonly number[], offline: readonly number[], naming: Naming): NodeStatus | null {
    if (this.#bank) return errorStatus(this.#bank.badge);
    const packs = [...new Set([...this.#packs.keys(), ...offline])].sort((a, b) => a - b);
    const [error] = this.#packs.values();
    if (packs.length === 0) return null;
    if (online.every((pack) => packs.includes(pack))) return error ? errorStatus(error.badge) : null;
    const isSilence = !error || [...this.#packs.values()].every(({ code }) => code === 'TIMEOUT' || code === 'NO_PACK');
    const names = packs.map((pack) => packName(pack, naming));
    return partialStatus(names, isSilence ? 'no answer' : error.badge);
  }
}
