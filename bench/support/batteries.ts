import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { LineCounts } from './paced-bms.js';

/** A line with a simulated BMS at its end. */
export interface BatteryLine {
  packs: number;
  /** Bytes after each pack's measurements; as the simulator has them where absent. */
  tailBytes?: number;
  /** 0: at once. */
  baudRate: number;
  /** Path of the serial port to make; over TCP where there is none. */
  link?: string;
}

export type BatteryCommand = { is: 'open'; lines: readonly BatteryLine[] } | { is: 'count' } | { is: 'close' };

/** Simulated batteries in a process of their own, so that what they cost is not counted. */
export class Batteries {
  /** Of each line: the path of its serial port, or its TCP port. */
  readonly places: readonly string[];
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, places: readonly string[]) {
    this.#child = child;
    this.places = places;
  }

  static async open(lines: readonly BatteryLine[]): Promise<Batteries> {
    const child = fork(join(__dirname, 'battery-program.ts'), { execArgv: ['--import', 'tsx'] });
    child.send({ is: 'open', lines } satisfies BatteryCommand);
    const [places] = await once(child, 'message');
    return new Batteries(child, places);
  }

  /** What has gone over each line so far. */
  async counts(): Promise<LineCounts[]> {
    this.#child.send({ is: 'count' } satisfies BatteryCommand);
    const [counts] = await once(this.#child, 'message');
    return counts;
  }

  async close(): Promise<void> {
    const ended = once(this.#child, 'exit');
    this.#child.send({ is: 'close' } satisfies BatteryCommand);
    await ended;
  }
}
