import { setTimeout as wait } from 'node:timers/promises';
import { startRuntime, stopRuntime, unloadFlow } from '../support/node-red.js';
import { ptyMissing } from '../support/pty.js';
import { BankSoak } from './bank-soak.js';
import { BANKS, type SoakBank } from './banks.js';
import { Inputs } from './inputs.js';
import { handlesNow, handlesOnceBackTo, heapUsed } from './leaks.js';
import type { SoakOptions } from './options.js';
import type { SoakResult } from './result.js';
import { loadSoakFlow } from './soak-flow.js';
import { SoakLine } from './soak-line.js';
import type { WrongValue } from './witness.js';

/** The share of the time after which the heap has its size; of a short soak half of it, up to so many ms. */
const WARM_UP = { share: 0.1, leastMs: 12_000 };
/** A bank that is not read so long after the last outage, or an input that has not ended, is stuck, ms. */
const LONGEST_RECOVERY_MS = 60_000;
/** Connections that the nodes have closed are gone at the other end so soon, ms. */
const LONGEST_GOODBYE_MS = 1000;
const LOOK_EVERY_MS = 20;
const MOST_SHOWN = 10;

/** Where there is no pty the serial bank is reached over TCP. */
const reachable = (bank: SoakBank): SoakBank => (ptyMissing ? { ...bank, way: 'tcp' } : bank);

/** Notes what goes wrong in the process and nobody handles. */
function watchForUnhandled(): string[] {
  const unhandled: string[] = [];
  for (const event of ['unhandledRejection', 'uncaughtException'] as const) {
    process.on(event, (thrown: unknown) => {
      unhandled.push(`${event}: ${thrown instanceof Error ? thrown.stack : String(thrown)}`);
    });
  }
  return unhandled;
}

async function openLines(seed: number): Promise<Map<SoakBank, SoakLine>> {
  const lines = new Map<SoakBank, SoakLine>();
  for (const [i, bank] of BANKS.map(reachable).entries()) lines.set(bank, await SoakLine.open(bank, seed + i));
  return lines;
}

/** TCP clients that the batteries have; a serial cable stays where it is. */
function openClientsOf(lines: ReadonlyMap<SoakBank, SoakLine>): number {
  const ofTcp = [...lines].filter(([{ way }]) => way === 'tcp');
  return ofTcp.reduce((total, [, { proxy }]) => total + proxy.open, 0);
}

/** Waits until `holds`, or so long that it never will. @returns whether it does. */
async function comesTrue(holds: () => boolean, withinMs: number): Promise<boolean> {
  const endsAt = performance.now() + withinMs;
  while (!holds() && performance.now() < endsAt) await wait(LOOK_EVERY_MS);
  return holds();
}

/** Drives the four banks for some time, with faults, then in peace until all is read again, and measures. */
export async function runSoak({ minutes, seed, spoil }: SoakOptions): Promise<SoakResult> {
  const unhandled = watchForUnhandled();
  await startRuntime();
  const handlesBefore = handlesNow();
  const lines = await openLines(seed);
  await loadSoakFlow(lines);
  const wrong = { count: 0, shown: [] as WrongValue[] };
  const soaks = [...lines].map(([bank, line], i) => {
    return new BankSoak(bank, line, seed + 100 * (i + 1), (value) => {
      wrong.count += 1;
      line.battery.spoilsTruth = false;
      if (wrong.shown.length < MOST_SHOWN) wrong.shown.push(value);
    });
  });
  const inputs = new Inputs(
    BANKS.flatMap(({ queries }) => queries),
    seed,
  );
  if (spoil) for (const { battery } of [...lines.values()].slice(0, 1)) battery.spoilsTruth = true;

  const totalMs = minutes * 60_000;
  for (const soak of soaks) soak.start();
  inputs.start();
  const warmUpMs = Math.max(totalMs * WARM_UP.share, Math.min(totalMs / 2, WARM_UP.leastMs));
  await wait(warmUpMs);
  const heapBytes = { warm: await heapUsed(), end: 0 };
  await wait(totalMs - warmUpMs);
  inputs.stop();
  await Promise.all(soaks.map((soak) => soak.calm()));
  const calmFrom = Date.now();
  const isWell = () => soaks.every((soak) => soak.isReadSince(calmFrom)) && inputs.open === 0;
  await comesTrue(isWell, LONGEST_RECOVERY_MS);
  heapBytes.end = await heapUsed();

  const banks = soaks.map((soak) => soak.figures(calmFrom));
  await unloadFlow();
  await comesTrue(() => openClientsOf(lines) === 0, LONGEST_GOODBYE_MS);
  const openClients = openClientsOf(lines);
  for (const line of lines.values()) await line.close();
  const handlesAfter = await handlesOnceBackTo(handlesBefore);
  await stopRuntime();
  const { user, system } = process.cpuUsage();
  return {
    minutes,
    seed,
    banks,
    wrongCount: wrong.count,
    wrong: wrong.shown,
    unhandled,
    heapBytes,
    handles: { before: handlesBefore, after: handlesAfter, openClients },
    inputs: { given: inputs.given, answered: inputs.answered, open: inputs.open, errors: inputs.errors },
    cpuSeconds: (user + system) / 1e6,
  };
}
