import { execFileSync } from 'node:child_process';
import { cpus, loadavg, platform, release, totalmem } from 'node:os';

import nodeRed = require('node-red/package.json');
import ours = require('../package.json');

/** What a figure is to be. */
export type Goal = { atMost: number } | { atLeast: number };

/** What was measured several times: the middle of it, and how far it strayed. */
export interface Figure {
  name: string;
  unit: string;
  median: number;
  min: number;
  max: number;
  /** null where there is none to reach. */
  goal: Goal | null;
  /** Whether the median reaches it; null without a goal. */
  met: boolean | null;
  samples: number;
}

/** The figures of one section, and how busy the machine was just before. */
export interface SectionResult {
  about: string;
  /** Of the last minute; processes of others show here. */
  loadAverage: number;
  seconds: number;
  figures: readonly Figure[];
}

/** Figures keep so many digits, so that a file of them can be read. */
const DIGITS = 4;
const rounded = (value: number) => Number(value.toPrecision(DIGITS));

/** Makes a figure of what was measured. @throws Error without any sample. */
export function figureOf(name: string, unit: string, samples: readonly number[], goal: Goal | null = null): Figure {
  if (samples.length === 0) throw new Error(`${name}: nothing was measured`);
  const sorted = [...samples].sort((a, b) => a - b);
  const at = (share: number) => rounded(sorted[Math.floor((sorted.length - 1) * share)] as number);
  const [min, median, max] = [at(0), at(0.5), at(1)];
  return { name, unit, median, min, max, goal, met: goal && isReached(goal, median), samples: sorted.length };
}

const isReached = (goal: Goal, value: number) => ('atMost' in goal ? value <= goal.atMost : value >= goal.atLeast);

const goalText = (goal: Goal | null) => {
  if (goal === null) return '';
  return 'atMost' in goal ? `≤ ${goal.atMost}` : `≥ ${goal.atLeast}`;
};
const MET = new Map([
  [null, ''],
  [true, 'yes'],
  [false, 'NO'],
]);

/** Prints a section's figures as a table. */
export function print(name: string, { about, loadAverage, figures }: SectionResult): void {
  console.log(`\n${name}: ${about} (load average ${loadAverage})`);
  const rows = figures.map(({ name: figure, unit, median, min, max, goal, met, samples }) => {
    return [figure, { unit, median, min, max, goal: goalText(goal), met: MET.get(met), samples }] as const;
  });
  console.table(Object.fromEntries(rows));
}

/** How busy the machine is: processes that run or want to, over the last minute. */
export const loadAverage = (): number => rounded(loadavg()[0] ?? 0);

/** On what the figures were taken. */
export function surroundings(): object {
  const processors = cpus();
  return {
    date: new Date().toISOString().slice(0, 'YYYY-MM-DD'.length),
    machine: {
      processor: processors[0]?.model ?? 'unknown',
      processors: processors.length,
      memoryGigabytes: Math.round(totalmem() / 2 ** 30),
      platform: `${platform()} ${process.arch} ${release()}`,
    },
    versions: { node: process.version, 'node-red': nodeRed.version, [ours.name]: `${ours.version}${commit()}` },
  };
}

/** The commit that was measured, where git can tell it. */
function commit(): string {
  try {
    return `+${execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8', cwd: __dirname, stdio: ['ignore', 'pipe', 'ignore'] }).trim()}`;
  } catch {
    return '';
  }
}
