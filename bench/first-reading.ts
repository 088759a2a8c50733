import { type Figure, figureOf, type Goal } from './results.js';
import { type BankOfFlow, flowOf, reach } from './support/bank-flow.js';
import { Batteries } from './support/batteries.js';
import { BenchNodeRed, now } from './support/node-red.js';
import { type LineCounts, wireTimeMs } from './support/paced-bms.js';

const TIMES = 7;
/** What may pass beyond the wire time, ms. */
const BEYOND_WIRE_MS = 100;

const LINES = [
  { packs: 1, baudRate: 0 },
  { packs: 1, baudRate: 9600 },
  { packs: 4, baudRate: 9600 },
];

/** How long a user waits for the first message. */
export async function firstReadingFigures(): Promise<Figure[]> {
  const batteries = await Batteries.open(LINES);
  const figures: Figure[] = [];
  for (const [i, { packs, baudRate }] of LINES.entries()) {
    const connection = reach('tcp', batteries.places[i] as string, baudRate);
    const bank: BankOfFlow = { id: 'bank', connection, queries: ['analog'], nodes: {} };
    const { fromStart, fromStarted } = await starts(bank);
    const before = (await batteries.counts())[i] as LineCounts;
    const fromDeploy = await deploys(bank);
    const after = (await batteries.counts())[i] as LineCounts;
    const bytes = (after.bytes - before.bytes) / (after.requests - before.requests);
    const wireMs = baudRate === 0 ? 0 : wireTimeMs(bytes, baudRate);
    const name = [
      `${packs} ${packs === 1 ? 'pack' : 'packs'}`,
      baudRate === 0 ? 'unpaced' : `${baudRate} baud, wire ${Math.round(wireMs)} ms`,
    ].join(', ');
    const goal: Goal = { atMost: Math.round(wireMs + BEYOND_WIRE_MS) };
    figures.push(
      figureOf(`${name}: process start to first message`, 'ms', fromStart),
      figureOf(`${name}: flows started to first message`, 'ms', fromStarted),
      figureOf(`${name}: deploy to first message`, 'ms', fromDeploy, goal),
    );
  }
  await batteries.close();
  return figures;
}

/** Starts Node-RED over and over with the bank in its flow. */
async function starts(bank: BankOfFlow): Promise<{ fromStart: number[]; fromStarted: number[] }> {
  const nodeRed = await BenchNodeRed.prepare(flowOf([bank]));
  const fromStart: number[] = [];
  const fromStarted: number[] = [];
  for (let i = 0; i < TIMES; i++) {
    const happened = Promise.all([nodeRed.when('flows started'), nodeRed.when('first message')]);
    nodeRed.launch();
    const [started, first] = await happened;
    fromStart.push(first - nodeRed.startedAt);
    fromStarted.push(first - started);
    await nodeRed.end();
  }
  await nodeRed.remove();
  return { fromStart, fromStarted };
}

/** Deploys the bank over and over to a Node-RED that runs without it. */
async function deploys(bank: BankOfFlow): Promise<number[]> {
  const nodeRed = await BenchNodeRed.start(flowOf([]));
  const took: number[] = [];
  for (let i = 0; i < TIMES; i++) {
    const first = nodeRed.when('first message');
    const deployedAt = now();
    await nodeRed.deploy(flowOf([bank]));
    took.push((await first) - deployedAt);
    await nodeRed.deploy(flowOf([]));
  }
  await nodeRed.remove();
  return took;
}
