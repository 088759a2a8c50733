import type { AnalogReading } from '../src/battery/analog.js';
import type { ReadKind, Target } from '../src/dialects/dialect.js';
import type { Frame } from '../src/wire/frame.js';
import { type Figure, figureOf } from './results.js';
import { built } from './support/built.js';
import { decodeUsually } from './usual-decoder.js';

const { cellSumAgrees } = built<typeof import('../src/battery/analog.js')>('src/battery/analog.js');
const { pace25 } = built<typeof import('../src/dialects/pace25/index.js')>('src/dialects/pace25/index.js');
const { FrameSplitter } = built<typeof import('../src/wire/frame-splitter.js')>('src/wire/frame-splitter.js');
const { ReplyReader } = built<typeof import('../src/link/reply-reader.js')>('src/link/reply-reader.js');
const { BankModel } = built<typeof import('../src/simulator/bank-model.js')>('src/simulator/bank-model.js');
const { SimulatedBms } = built<typeof import('../src/simulator/simulated-bms.js')>('src/simulator/simulated-bms.js');

interface Case {
  name: string;
  kind: ReadKind;
  packs: number;
  goalMicroseconds: number;
  /** Whether it is also read in the usual way. */
  hasPeer: boolean;
}
const CASES: readonly Case[] = [
  { name: 'analog of 1 pack', kind: 'analog', packs: 1, goalMicroseconds: 2, hasPeer: true },
  { name: 'analog of 16 packs', kind: 'analog', packs: 16, goalMicroseconds: 1.5, hasPeer: true },
  { name: 'warning of 16 packs', kind: 'alarms', packs: 16, goalMicroseconds: 1.5, hasPeer: false },
];

const FIVE_TIMES = { atLeast: 5 };
const MICROSECONDS = 'µs a pack';
const TIMES = 'times as fast';

const TARGET: Target = { address: 1, pack: 'all' };
const SAMPLES = 15;
/** A sample takes this long at least, so that the clock is fine enough. */
const SAMPLE_MS = 30;
const WARM_UP_MS = 1000;
const POLL_MS = 5000;

/** A reply as it comes from the line: 16 cells and 6 sensors a pack, and 14 bytes after each pack's measurements. */
function replyTo(kind: ReadKind, packs: number): Buffer {
  const bms = new SimulatedBms(new BankModel({ packs, cells: 16, scenario: 'idle' }));
  let reply: Buffer | null = null;
  ours(pace25.encodeRead(kind, TARGET), (request) => {
    reply = bms.answer(request);
  })();
  if (!reply) throw new Error('the simulated BMS is silent');
  return reply;
}

type OnFrame = (frame: Frame) => void;

/** A chunk of bytes through the splitter to what `onFrame` makes of the frame. */
function ours(chunk: Buffer, onFrame: OnFrame): () => void {
  const splitter = new FrameSplitter({
    onFrame,
    onRejected(error) {
      throw error;
    },
  });
  return () => splitter.push(chunk);
}

/** The model, with what the usual decoder checks: frame, checksums, that the packs fill the reply, that cells add up. */
function decoding(kind: ReadKind): OnFrame {
  return ({ info }) => {
    const { slots } = pace25.decode(kind, info, TARGET, {});
    const addsUp = kind !== 'analog' || slots.every(({ reading }) => cellSumAgrees(reading as AnalogReading));
    if (!addsUp) throw new Error('the cells do not add up');
  };
}

/** Readings that may be published: also held against what each pack can measure, and against what it measured before. */
function believing(kind: ReadKind): OnFrame {
  const reader = new ReplyReader(pace25, [], () => {});
  const request = pace25.encodeRead(kind, TARGET);
  let now = 0;
  return (frame) => {
    now += POLL_MS;
    const verdict = reader.judge(kind, TARGET, request)(frame, { receivedAt: now, durationMs: 1, answeredAt: now });
    if (verdict.is !== 'accepted') throw new Error(`the reply is ${verdict.is}`);
    reader.believe(kind, verdict.value);
  };
}

/** Calls `decode` over and over for `ms`. @returns µs a call. */
function timed(decode: () => void, ms: number): number {
  const start = performance.now();
  let calls = 0;
  let spent = 0;
  while (spent < ms) {
    for (let i = 0; i < 100; i++) decode();
    calls += 100;
    spent = performance.now() - start;
  }
  return (spent * 1000) / calls;
}

/** What decoding costs a pack, and how much faster it is than in the usual way; all in turn, so that all suffer alike. */
export function decodeFigures(): Figure[] {
  return CASES.flatMap(({ name, kind, packs, goalMicroseconds, hasPeer }) => {
    const chunk = replyTo(kind, packs);
    const ways = [ours(chunk, decoding(kind)), ours(chunk, believing(kind))];
    if (hasPeer) ways.push(() => void decodeUsually(chunk));
    const [decoded = [], believed = [], usual] = costsOf(ways, packs);
    const goal = { atMost: goalMicroseconds };
    const figures = [
      figureOf(`${name}, decoded`, MICROSECONDS, decoded, goal),
      figureOf(`${name}, decoded and believed`, MICROSECONDS, believed, goal),
    ];
    if (!usual) return figures;
    return [
      ...figures,
      figureOf(`${name}, in the usual way`, MICROSECONDS, usual),
      figureOf(`${name}, decoded, against the usual way`, TIMES, ratios(usual, decoded), FIVE_TIMES),
      figureOf(`${name}, decoded and believed, against the usual way`, TIMES, ratios(usual, believed), FIVE_TIMES),
    ];
  });
}

const ratios = (of: readonly number[], to: readonly number[]) => of.map((cost, i) => cost / (to[i] as number));

/** µs a pack of each way, sample by sample. */
function costsOf(ways: readonly (() => void)[], packs: number): number[][] {
  for (const decode of ways) timed(decode, WARM_UP_MS);
  const costs = ways.map((): number[] => []);
  for (let sample = 0; sample < SAMPLES; sample++) {
    for (const [i, decode] of ways.entries()) costs[i]?.push(timed(decode, SAMPLE_MS) / packs);
  }
  return costs;
}
