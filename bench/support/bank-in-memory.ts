import type { BankClient } from '../../src/link/bank-client.js';
import type { BankReading, PackReading } from '../../src/link/bank-reading.js';
import { analog, status, warning } from '../../test/battery/readings.js';

const CELLS = 16;
const TEMPERATURES = [211, 212, 213, 214, 220, 230];

/** One pack's reading by the kind of read; measurements differ from one `poll` to the next. */
const READINGS: Readonly<Record<string, (pack: number, poll: number) => unknown>> = {
  analog: (pack, poll) =>
    analog({
      cellMillivolts: Array.from({ length: CELLS }, (_, cell) => 3300 + cell + pack + (poll % 7)),
      temperatureTenths: TEMPERATURES.map((tenths) => tenths + (poll % 5)),
      packMillivolts: 52_920 + CELLS * (pack + (poll % 7)),
      currentMilliamps: -12_340 + 10 * (poll % 11),
    }),
  alarms: () => ({
    warning: warning({ cellStates: Array(CELLS).fill('normal'), temperatureStates: Array(6).fill('normal') }),
    status: status(),
  }),
};

/** The client of a bank whose readings are there at once, without a line. */
export class BankInMemory {
  readonly state = { name: 'open' } as const;
  readonly addresses = null;
  readonly #packs: number;
  readonly #onRead: () => void;
  #polls = 0;

  /** @param onRead is called when a reading is about to be handed over. */
  constructor(packs: number, onRead: () => void) {
    this.#packs = packs;
    this.#onRead = onRead;
  }

  /** As what the nodes take it for. */
  get asClient(): BankClient {
    return this as unknown as BankClient;
  }

  start(): void {}
  async stop(): Promise<void> {}

  onState(): () => void {
    return () => {};
  }

  async read(kind: string): Promise<BankReading<unknown>> {
    this.#polls += 1;
    const receivedAt = Date.now();
    const packs = new Map<number, PackReading<unknown>>();
    for (let pack = 1; pack <= this.#packs; pack++) {
      packs.set(pack, { reading: READINGS[kind]?.(pack, this.#polls), receivedAt, ageMs: 0 });
    }
    const bank = { packs, failures: [], pending: [], receivedAt, durationMs: 0, frames: () => [] };
    this.#onRead();
    return bank;
  }
}
