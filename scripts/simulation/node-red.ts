import { limitsSettings } from '../../nodes/shared/limits-settings.js';
import { Limits } from '../../src/limits/limits.js';
import type { LimitsPayload } from '../../src/limits/payload.js';
import type { LimitSettings } from '../../src/limits/settings.js';
import { type Bank, PACKS } from './bank.js';
import { Queries } from './queries.js';
import type { Trouble } from './troubles.js';

/** Node-RED with the query nodes and the limits node. */
export class NodeRed {
  readonly #settings: LimitSettings;
  #queries = new Queries();
  #limits: Limits;
  #wasDown = false;

  /** @param properties of the limits node that are not as it is when it is dragged into a flow. */
  constructor(properties: Readonly<Record<string, string>>) {
    this.#settings = limitsSettings(properties);
    this.#limits = new Limits(this.#settings, PACKS);
  }

  /** The limits that are sent at `now`, ms since the simulation began; null while nothing runs. */
  poll(bank: Bank, has: (trouble: Trouble) => boolean, now: number): LimitsPayload | null {
    const isDown = has('restart') || has('redeploy');
    if (isDown && !this.#wasDown) {
      this.#queries = new Queries();
      this.#limits = new Limits(this.#settings, PACKS);
    }
    this.#wasDown = isDown;
    if (has('restart')) return null;
    // A node tells that it starts before the first reading comes.
    if (isDown) return this.#limits.at(now);
    const messages = this.#queries.poll(bank, has, now);
    if (!has('messages lost')) for (const message of messages) this.#limits.take(message, now);
    return this.#limits.at(now);
  }
}
