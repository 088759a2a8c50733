import { seededRandom } from '../../src/simulator/random.js';
import { lasting, waitFor } from './chance.js';

/** What goes wrong besides the battery: how often a day, and for how long, s. */
const TABLE = {
  /** No message of the query nodes arrives. */
  'messages lost': { aDay: 0.3, shortest: 60, longest: 4 * 3600 },
  /** The BMS does not answer; the query nodes say that its packs are offline. */
  'BMS silent': { aDay: 0.3, shortest: 20, longest: 4 * 3600 },
  /**
   * A pack is off: it neither answers nor takes part. Were it off for longer, packs would flood each other when it comes
   * back, which no limit can stop.
   */
  'pack 1 off': { aDay: 0.15, shortest: 20, longest: 20 * 60 },
  'pack 2 off': { aDay: 0.15, shortest: 20, longest: 20 * 60 },
  /** A pack does not answer and takes part unseen; only when it is asked for: no limits can guard it. */
  'pack 2 unseen': { aDay: 0.2, shortest: 20, longest: 4 * 3600 },
  /** Node-RED is down, and then begins anew. */
  restart: { aDay: 0.2, shortest: 15, longest: 600 },
  /** The flow is deployed: the node begins anew at once, and hears nothing for some time. */
  redeploy: { aDay: 0.2, shortest: 40, longest: 60 },
  /** The computer's clock is set, and set right again. */
  'clock wrong': { aDay: 0.2, shortest: 60, longest: 8 * 3600 },
} as const;

/** Something that can go wrong. */
export type Trouble = keyof typeof TABLE;
export const TROUBLES = Object.keys(TABLE) as readonly Trouble[];

/** One kind of trouble, again and again. */
class Recurring {
  readonly #random: () => number;
  readonly #timesADay: number;
  readonly #trouble: (typeof TABLE)[Trouble];
  #from = 0;
  #to = 0;
  count = 0;
  isOn = false;

  constructor(trouble: (typeof TABLE)[Trouble], seed: number, howOften: number) {
    this.#trouble = trouble;
    this.#random = seededRandom(seed);
    this.#timesADay = trouble.aDay * howOften;
  }

  moveTo(seconds: number): void {
    while (seconds >= this.#to) this.#next();
    const isOn = seconds >= this.#from;
    if (isOn && !this.isOn) this.count += 1;
    this.isOn = isOn;
  }

  #next(): void {
    this.isOn = false;
    this.#from = this.#to + waitFor(this.#random, this.#timesADay);
    this.#to = this.#from + lasting(this.#random, this.#trouble.shortest, this.#trouble.longest);
  }
}

/** All that goes wrong, each by itself. */
export class Troubles {
  readonly #recurring: ReadonlyMap<Trouble, Recurring>;

  /** @param howOften times as often as usual. @param unseen whether a pack may take part unseen. */
  constructor(seed: number, howOften: number, unseen: boolean) {
    this.#recurring = new Map(
      TROUBLES.map((name, i) => {
        const isLeftOut = name === 'pack 2 unseen' && !unseen;
        return [name, new Recurring(TABLE[name], seed + i, isLeftOut ? 0 : howOften)];
      }),
    );
  }

  /** Lets time pass until `seconds`. */
  moveTo(seconds: number): void {
    for (const each of this.#recurring.values()) each.moveTo(seconds);
  }

  has(trouble: Trouble): boolean {
    return this.#recurring.get(trouble)?.isOn === true;
  }

  /** How often each has begun. */
  get counts(): Record<Trouble, number> {
    return Object.fromEntries([...this.#recurring].map(([name, { count }]) => [name, count])) as Record<
      Trouble,
      number
    >;
  }
}

/** Whether pack `number` is off. */
export const isOff = (number: number, has: (trouble: Trouble) => boolean): boolean =>
  (number === 1 && has('pack 1 off')) || (number === 2 && has('pack 2 off'));
