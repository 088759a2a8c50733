import type { ReadKind, Target } from '../src/dialects/dialect.js';
import { type Figure, figureOf } from './results.js';
import { built } from './support/built.js';
import { decodeUsually } from './usual-decoder.js';

const { pace25 } = built<typeof import('../src/dialects/pace25/index.js')>('src/dialects/pace25/index.js');
const { decodeFrame } = built<typeof import('../src/wire/frame.js')>('src/wire/frame.js');
const { FrameSplitter } = built<typeof import('../src/wire/frame-splitter.js')>('src/wire/frame-splitter.js');
const { ReplyReader } = built<typeof import('../src/link/reply-reader.js')>('src/link/reply-reader.js');
const { BankModel } = built<typeof import('../src/simulator/bank-model.js')>('src/simulator/bank-model.js');
const { SimulatedBms } = built<typeof import('../src/simulator/simulated-bms.js')>('src/simulator/simulated-bms.js');

interface Case {
  name: string;
  kind: ReadKind;
  packs: number;
  goalMicroseconds: number;
  goalTimesFaster: number | null;
}
const CASES: readonly Case[] = [
  { name: 'analog of 1 pack', kind: 'analog', packs: 1, goalMicroseconds: 2, goalTimesFaster: 5 },
  { name: 'analog of 16 packs', kind: 'analog', packs: 16, goalMicroseconds: 1.5, goalTimesFaster: 5 },
  { name: 'warning of 16 packs', kind: 'alarms', packs: 16, goalMicroseconds: 1.5, goalTimesFaster: null },
];

const TARGET: Target = { address: 1, pack: 'all' };
const SAMPLES = 15;
/** A sample takes this long at least, so that the clock is fine enough. */
const SAMPLE_MS = 30;
const WARM_UP_MS = 1000;
const POLL_MS = 5000;

/** A reply as it comes from the line: 16 cells and 6 sensors a pack, and 14 bytes after each pack's measurements. */
function replyTo(kind: ReadKind, packs: number): Buffer {
  const bms = new SimulatedBms(new BankModel({ packs, cells: 16, scenario: 'idle' }));
  const reply = bms.answer(decodeFrame(pace25.encodeRead(kind, TARGET)));
  if (!reply) throw new Error('the simulated BMS is silent');
  return reply;
}

/** All that stands between a chunk of bytes and readings that may be published: frame, checksums, shape, belief. */
function ours(kind: ReadKind, chunk: Buffer): () => void {
  const reader = new ReplyReader(pace25, [], () => {});
  const request = pace25.encodeRead(kind, TARGET);
  let now = 0;
  const splitter = new FrameSplitter({
    onFrame(frame) {
      now += POLL_MS;
      const verdict = reader.judge(kind, TARGET, request)(frame, { receivedAt: now, durationMs: 1, answeredAt: now });
      if (verdict.is !== 'accepted') throw new Error(`the reply is ${verdict.is}`);
      reader.believe(kind, verdict.value);
    },
    onRejected(error) {
      throw error;
    },
  });
  return () => splitter.push(chunk);
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

/** What decoding costs a pack, and how much faster it is than in the usual way; both in turn, so that both suffer alike. */
export function decodeFigures(): Figure[] {
  return CASES.flatMap(({ name, kind, packs, goalMicroseconds, goalTimesFaster }) => {
    const chunk = replyTo(kind, packs);
    const decode = ours(kind, chunk);
    timed(decode, WARM_UP_MS);
    const peer = goalTimesFaster === null ? null : () => void decodeUsually(chunk);
    if (peer) timed(peer, WARM_UP_MS);
    const costs: number[] = [];
    const peerCosts: number[] = [];
    for (let sample = 0; sample < SAMPLES; sample++) {
      costs.push(timed(decode, SAMPLE_MS) / packs);
      if (peer) peerCosts.push(timed(peer, SAMPLE_MS) / packs);
    }
    const figures = [figureOf(name, 'µs a pack', costs, { atMost: goalMicroseconds })];
    if (goalTimesFaster === null) return figures;
    const times = peerCosts.map((cost, i) => cost / (costs[i] as number));
    return [
      ...figures,
      figureOf(`${name}, in the usual way`, 'µs a pack', peerCosts),
      figureOf(`${name}, ours against the usual way`, 'times as fast', times, { atLeast: goalTimesFaster }),
    ];
  });
}
