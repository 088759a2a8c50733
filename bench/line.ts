import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Figure, figureOf, type Goal } from './results.js';
import { type BankOfFlow, flowOf, queryIds, reach } from './support/bank-flow.js';
import { Batteries } from './support/batteries.js';
import { BenchNodeRed } from './support/node-red.js';
import { type LineCounts, wireTimeMs } from './support/paced-bms.js';

/** One bank, polled back to back. */
interface Case {
  way: 'pty' | 'tcp';
  baudRate: number;
  packs: number;
  /** Bytes after the pack's measurements; without any a pack answers so soon that the spacing binds. */
  tailBytes?: number;
  /** ms between the starts of two requests; the default where absent. */
  spacing?: number;
  goal: Goal | null;
}

const DEFAULT_SPACING_MS = 200;
/** Warning and status share one. */
const EXCHANGES_A_CYCLE = 2;
const WARM_UP_CYCLES = 2;
/** So many cycles at least, and more where they are short. */
const FEWEST_CYCLES = 5;
const LEAST_MEASURED_MS = 5000;

type Size = Omit<Case, 'way' | 'baudRate'>;

const SIZES: readonly Size[] = [
  { packs: 1, tailBytes: 0, goal: { atMost: 1.02 } },
  { packs: 1, goal: { atMost: 1.02 } },
  { packs: 1, spacing: 0, goal: { atMost: 1.1 } },
  ...[4, 8, 16].map((packs) => ({ packs, goal: { atMost: 1.03 } })),
];
/** No goal: pauses that the protocol wants weigh more on a fast line. */
const FAST: readonly Size[] = SIZES.map((size) => ({ ...size, goal: null }));

const CASES: readonly Case[] = (['tcp', 'pty'] as const).flatMap((way) => [
  ...SIZES.map((size) => ({ way, baudRate: 9600, ...size })),
  ...FAST.map((size) => ({ way, baudRate: 115_200, ...size })),
]);

/** How busy polling keeps a line. */
export async function lineFigures(): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'pace-bms-bench-'));
  const lines = CASES.map(({ way, goal: _goal, spacing: _spacing, ...line }, i) =>
    way === 'pty' ? { ...line, link: join(folder, `line-${i}`) } : line,
  );
  const batteries = await Batteries.open(lines);
  const banks = CASES.map((each, i) => bankOf(each, i, batteries.places[i] as string));
  const nodeRed = await BenchNodeRed.start(flowOf(banks));
  const figures: Figure[] = [];
  for (const [i, bank] of banks.entries())
    figures.push(await measureCase(CASES[i] as Case, i, bank, batteries, nodeRed));
  figures.push(...instrument(await batteries.counts()));
  await nodeRed.remove();
  await batteries.close();
  await rm(folder, { recursive: true });
  return figures;
}

function bankOf({ way, baudRate, spacing }: Case, i: number, place: string): BankOfFlow {
  const connection = { ...reach(way, place, baudRate), ...(spacing === undefined ? {} : { spacing }) };
  return { id: `bank-${i}`, connection, nodes: { interval: 0, output: 'bank' } };
}

async function measureCase(
  { way, baudRate, packs, tailBytes, spacing, goal }: Case,
  i: number,
  bank: BankOfFlow,
  batteries: Batteries,
  nodeRed: BenchNodeRed,
): Promise<Figure> {
  const poll = (times: number) => nodeRed.ask<number[]>('cycles', { nodes: queryIds(bank), times });
  const [usual] = (await poll(WARM_UP_CYCLES)).slice(-1) as [number];
  const before = (await batteries.counts())[i] as LineCounts;
  const took = await poll(Math.max(FEWEST_CYCLES, Math.ceil(LEAST_MEASURED_MS / usual)));
  const after = (await batteries.counts())[i] as LineCounts;
  const exchanges = (after.requests - before.requests) / took.length;
  if (exchanges !== EXCHANGES_A_CYCLE) throw new Error(`${exchanges} exchanges a cycle, not ${EXCHANGES_A_CYCLE}`);
  const wireMs = wireTimeMs((after.bytes - before.bytes) / took.length, baudRate);
  const spacingsMs = EXCHANGES_A_CYCLE * (spacing ?? DEFAULT_SPACING_MS);
  const [boundMs, bound] = wireMs > spacingsMs ? [wireMs, 'wire'] : [spacingsMs, 'spacing'];
  const name = [
    `${way}, ${baudRate} baud, ${packs} ${packs === 1 ? 'pack' : 'packs'}`,
    ...(tailBytes === undefined ? [] : [`tail ${tailBytes}`]),
    ...(spacing === undefined ? [] : [`spacing ${spacing}`]),
    `${bound} ${Math.round(boundMs)} ms`,
  ].join(', ');
  const ratios = took.map((ms) => ms / boundMs);
  return figureOf(name, 'ratio', ratios, goal);
}

/** How true the simulated lines were. */
function instrument(counts: readonly LineCounts[]): Figure[] {
  const latest = counts.map(({ latestMs }) => latestMs);
  return [figureOf('the simulated BMS: latest last byte of a reply, by line', 'ms', latest)];
}
