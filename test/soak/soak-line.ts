import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Properties } from '../nodes/kit/flow.js';
import { FaultProxy } from '../support/fault-proxy.js';
import type { NumberedBattery } from '../support/numbered-battery.js';
import { layPtyCable, type PtyCable } from '../support/pty.js';
import type { SoakBank } from './banks.js';
import { TruthfulBattery } from './truthful-battery.js';

/** How much later than the timeout a late reply comes, at least and at most. */
const LATENESS = { least: 1.2, most: 12 };

/** How a client reaches a battery's proxy. */
interface Way {
  /** What the connection node needs to know. */
  properties: Properties;
  takeAway(): Promise<void>;
  bringBack(): Promise<void>;
  close(): Promise<void>;
}

async function tcpWay(proxy: FaultProxy): Promise<Way> {
  await proxy.listen();
  const { port } = proxy;
  return {
    properties: { transport: 'tcp', host: '127.0.0.1', port },
    takeAway: () => proxy.close(),
    bringBack: () => proxy.listen(port),
    close: () => proxy.close(),
  };
}

async function serialWay(proxy: FaultProxy): Promise<Way> {
  const folder = await mkdtemp(join(tmpdir(), 'pace-bms-soak-'));
  const path = join(folder, 'port');
  let cable: PtyCable | null = null;
  const bringBack = async () => {
    cable = await layPtyCable(path);
    proxy.join(cable.bms);
  };
  const takeAway = async () => {
    await cable?.close();
    cable = null;
  };
  await bringBack();
  return {
    properties: { transport: 'serial', serialPort: path },
    takeAway,
    bringBack,
    async close() {
      await takeAway();
      await proxy.close();
      await rm(folder, { recursive: true });
    },
  };
}

/** A battery of the soak and the way to it, on which replies go wrong. */
export class SoakLine {
  readonly battery: TruthfulBattery;
  readonly proxy: FaultProxy;
  readonly #way: Way;

  private constructor(battery: TruthfulBattery, proxy: FaultProxy, way: Way) {
    this.battery = battery;
    this.proxy = proxy;
    this.#way = way;
  }

  static async open(bank: SoakBank, seed: number): Promise<SoakLine> {
    const battery = await TruthfulBattery.listen(bank, seed);
    const { timeoutMs } = bank;
    const lateness = (random: () => number) => LATENESS.least + random() * (LATENESS.most - LATENESS.least);
    // The proxy needs no more of a battery than what the two have in common.
    const proxy = new FaultProxy(battery as unknown as NumberedBattery, {
      timeoutMs,
      seed,
      latenessMs: (random) => timeoutMs * lateness(random),
    });
    return new SoakLine(battery, proxy, await (bank.way === 'tcp' ? tcpWay(proxy) : serialWay(proxy)));
  }

  /** What the connection node needs to know to reach the battery. */
  get properties(): Properties {
    return this.#way.properties;
  }

  /** Closes the port, or pulls the cable out. */
  takeAway(): Promise<void> {
    return this.#way.takeAway();
  }

  /** Undoes `takeAway`, under the same name. */
  bringBack(): Promise<void> {
    return this.#way.bringBack();
  }

  async close(): Promise<void> {
    await this.#way.close();
    await this.battery.close();
  }
}
