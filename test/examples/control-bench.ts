import { mock } from 'node:test';
import { type BenchPack, bankMessages, wellPacks } from './bank-messages.js';
import { type FlowNode, load } from './example-flows.js';
import { FlowBench, type Message } from './flow-bench.js';

/** Seconds between two polls of the examples. */
const INTERVAL_SECONDS = 5;

/** An example that decides what may flow, with a bank that the test sets. Its clock is `mock.timers`. */
export class ControlBench extends FlowBench {
  packs: BenchPack[] = wellPacks();
  readonly #known = new Map<string, number>();

  constructor(example: string | readonly FlowNode[]) {
    super(typeof example === 'string' ? load(example) : example);
  }

  /** Both queries answer. */
  poll(): void {
    this.send('measurements', bankMessages.analog(this.packs));
    this.send('alarms', bankMessages.warning(this.packs));
  }

  /** Time passes, with a poll at each interval. */
  pass(seconds: number): void {
    for (let passed = 0; passed < seconds; passed += INTERVAL_SECONDS) {
      mock.timers.tick(INTERVAL_SECONDS * 1000);
      this.poll();
    }
  }

  /** Time passes without a message from the query nodes. */
  passInSilence(seconds: number): void {
    for (let passed = 0; passed < seconds; passed += INTERVAL_SECONDS) {
      mock.timers.tick(INTERVAL_SECONDS * 1000);
      this.tick();
    }
  }

  /** What the flow asks itself every 5 s. */
  tick(): void {
    this.send('every 5 s', {});
  }

  /** What has come to a debug node since the last time it was asked for. */
  news(name: string): Message[] {
    const all = this.at(name);
    const known = this.#known.get(name) ?? 0;
    this.#known.set(name, all.length);
    return all.slice(known);
  }
}
