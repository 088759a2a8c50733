import { type Figure, figureOf, type Goal } from './results.js';
import { type BankOfFlow, flowOf, queryIds, reach } from './support/bank-flow.js';
import { Batteries } from './support/batteries.js';
import { BenchNodeRed } from './support/node-red.js';

const PACKS = 16;
const INTERVAL_SECONDS = 5;
const WARM_UP_SECONDS = 20;
/** Long enough for two periods. */
const STRETCH = { stretches: 6, seconds: 10 };

/** What one stretch of time cost. */
interface Cost {
  /** Of one core, %. */
  share: number;
  /** Of the event loop, ms. */
  delayP50: number;
  delayP99: number;
  megabytes: number;
}

interface Measure {
  name: string;
  unit: string;
  of: keyof Cost;
  goal: Goal | null;
}

const MEASURES: readonly Measure[] = [
  { name: 'processor, of one core', unit: '%', of: 'share', goal: { atMost: 25 } },
  { name: 'event-loop delay p50', unit: 'ms', of: 'delayP50', goal: null },
  { name: 'event-loop delay p99', unit: 'ms', of: 'delayP99', goal: { atMost: 20 } },
  { name: 'resident memory', unit: 'MB', of: 'megabytes', goal: { atMost: 250 } },
];

/** How many banks, and whether the goals are for that. */
interface Size {
  banks: number;
  hasGoals: boolean;
}
const SIZES: readonly Size[] = [
  { banks: 1, hasGoals: false },
  { banks: 50, hasGoals: false },
  { banks: 250, hasGoals: true },
];

/** What one Node-RED with many banks costs. */
export async function scaleFigures(): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const size of SIZES) figures.push(...(await measureBanks(size)));
  return figures;
}

async function measureBanks({ banks: count, hasGoals }: Size): Promise<Figure[]> {
  const batteries = await Batteries.open(Array.from({ length: count }, () => ({ packs: PACKS, baudRate: 0 })));
  const banks = batteries.places.map((place, i): BankOfFlow => {
    const nodes = { interval: INTERVAL_SECONDS, output: 'bank' };
    return { id: `bank-${i}`, connection: reach('tcp', place, 0), nodes };
  });
  const nodeRed = await BenchNodeRed.start(flowOf(banks));
  await nodeRed.ask('load', { stretches: 1, seconds: WARM_UP_SECONDS });
  const costs = await nodeRed.ask<Cost[]>('load', STRETCH);
  const missed = missedPeriods(await nodeRed.ask<Arrivals>('arrivals'), banks.flatMap(queryIds).length);
  await nodeRed.remove();
  await batteries.close();
  const named = (name: string) => `${count} ${count === 1 ? 'bank' : 'banks'}: ${name}`;
  return [
    ...MEASURES.map(({ name, unit, of, goal }) => {
      const samples = costs.map((cost) => cost[of]);
      return figureOf(named(name), unit, samples, hasGoals ? goal : null);
    }),
    figureOf(named('missed periods'), 'periods', [missed], hasGoals ? { atMost: 0 } : null),
  ];
}

/** What has come since the start, by topic, with the times of the first and the last, ms. */
interface Arrivals {
  now: number;
  topics: readonly { count: number; first: number; last: number }[];
}

/** How many messages should have come since the first of each node, and have not. */
function missedPeriods({ now, topics }: Arrivals, nodes: number): number {
  if (topics.length !== nodes) throw new Error(`${topics.length} nodes have sent something, not ${nodes}`);
  const periodMs = INTERVAL_SECONDS * 1000;
  const missedOf = ({ count, first, last }: Arrivals['topics'][number]) => {
    const between = Math.round((last - first) / periodMs) + 1 - count;
    const since = Math.max(0, Math.round((now - last) / periodMs) - 1); // the latest may be on its way
    return between + since;
  };
  return topics.reduce((total, topic) => total + missedOf(topic), 0);
}
