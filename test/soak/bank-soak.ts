import type { SoakBank } from './banks.js';
import { EventWitness } from './event-witness.js';
import { Mischief } from './mischief.js';
import type { BankFigures } from './result.js';
import { onArrival, reportOf } from './soak-flow.js';
import type { SoakLine } from './soak-line.js';
import { Witness, type WrongValue } from './witness.js';

/** The soak of one bank: what is done to its line, and what its nodes publish meanwhile. */
export class BankSoak {
  readonly #bank: SoakBank;
  readonly #line: SoakLine;
  readonly #mischief: Mischief;
  readonly #witnesses: readonly Witness[];
  readonly #events: EventWitness;
  #wrong = 0;

  /** @param onWrong is told of every wrong value. */
  constructor(bank: SoakBank, line: SoakLine, seed: number, onWrong: (value: WrongValue) => void) {
    const wrong = (value: WrongValue) => {
      this.#wrong += 1;
      onWrong(value);
    };
    this.#bank = bank;
    this.#line = line;
    this.#mischief = new Mischief(line, bank.way, seed);
    const host = { wrong, read: (lastSeen: number) => this.#mischief.sawReading(lastSeen) };
    const { truths, emptySlots } = line.battery;
    this.#events = new EventWitness((why, message) => {
      wrong({ node: `${bank.name}, events`, why, message, truths: [] });
    });
    this.#witnesses = bank.queries.map((query) => {
      const witness = new Witness(query, truths, emptySlots, host);
      const isFollowed = query.query === 'warning' && query.output === 'pack';
      onArrival(`${query.id}-out`, (message) => {
        witness.take(message);
        if (isFollowed) this.#events.takeReading(message);
      });
      onArrival(`${query.id}-events`, (message) => {
        if (isFollowed) this.#events.takeEvent(message);
      });
      return witness;
    });
  }

  start(): void {
    this.#mischief.start();
  }

  /** From now on nothing goes wrong. */
  async calm(): Promise<void> {
    await this.#mischief.end();
  }

  /** Whether every node has published a reading since epoch ms `since`. */
  isReadSince(since: number): boolean {
    return this.#witnesses.every(({ lastSeen }) => lastSeen >= since);
  }

  /** What came of it; the bank has recovered when it was read since epoch ms `calmFrom`. */
  figures(calmFrom: number): BankFigures {
    const total = (count: (witness: Witness) => number) =>
      this.#witnesses.reduce((sum, witness) => sum + count(witness), 0);
    return {
      name: this.#bank.name,
      way: this.#bank.way,
      link: reportOf(this.#bank),
      replies: this.#line.battery.replies,
      connections: this.#line.proxy.connections,
      mischief: this.#mischief.figures,
      messages: total(({ messages }) => messages),
      readings: total(({ readings }) => readings),
      events: this.#events.events,
      wrong: this.#wrong,
      recovered: this.isReadSince(calmFrom),
    };
  }
}
