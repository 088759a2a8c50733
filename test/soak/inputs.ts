import { seededRandom } from '../../src/simulator/random.js';
import { type Message, nodeOf } from '../support/node-red.js';
import type { SoakQuery } from './banks.js';
import { onArrival } from './soak-flow.js';

/** From one input to the next, ms. */
const PAUSE_MS = { least: 50, most: 400 };
/** What inputs ask for; undefined for what the node is set to. Some packs are not there. */
const PACKS = [undefined, undefined, '1', 2, [1, 3], '1-2'];

/** Gives inputs to nodes by seeded chance, and follows how each ends. */
export class Inputs {
  given = 0;
  /** Inputs that ended without an error. */
  answered = 0;
  /** Errors told, by code: of inputs, and of intervals. */
  readonly errors: Record<string, number> = {};
  readonly #random: () => number;
  readonly #queries: readonly SoakQuery[];
  /** Inputs that have not ended. */
  readonly #open = new Set<number>();
  #timer: NodeJS.Timeout | undefined;

  constructor(queries: readonly SoakQuery[], seed: number) {
    this.#queries = queries;
    this.#random = seededRandom(seed);
    onArrival('completed', ({ input }: Message) => {
      this.answered += 1;
      this.#open.delete(input);
    });
    onArrival('errors', ({ input, pace }: Message) => {
      const code: string = pace?.error?.code ?? 'none';
      this.errors[code] = (this.errors[code] ?? 0) + 1;
      this.#open.delete(input);
    });
  }

  /** How many have not ended. */
  get open(): number {
    return this.#open.size;
  }

  start(): void {
    const { least, most } = PAUSE_MS;
    this.#timer = setTimeout(
      () => {
        this.#give();
        this.start();
      },
      least + this.#random() * (most - least),
    );
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #give(): void {
    const { id } = this.#oneOf(this.#queries);
    const packs = this.#oneOf(PACKS);
    this.given += 1;
    this.#open.add(this.given);
    nodeOf(id).receive({
      input: this.given,
      topic: '',
      payload: '',
      ...(packs === undefined ? {} : { packs }),
    } as Message);
  }

  #oneOf<T>(list: readonly T[]): T {
    return list[Math.floor(this.#random() * list.length)] as T;
  }
}
