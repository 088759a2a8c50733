import { encodeReply } from '../../src/dialects/pace25/encode.js';
import { partsOf } from './bank-bench.js';
import type { FarEnd } from './bench.js';

/** What a BMS answers, by command: INFO, or the return code of a refusal. To others it is silent. */
export type Answers = Partial<Record<'C1' | 'C2' | '90' | 'A6' | 'B1', Uint8Array | number>>;

const characters = (...texts: string[]) => Buffer.from(texts.map((text) => text.padEnd(20)).join(''), 'latin1');

/** INFO of all kinds. What it tells of capacity and clock can be read as the other. */
export const COMPLETE = {
  C1: characters('P16S100A-1812-1.00'),
  C2: characters('0907030493436D', 'GPSR7PC733YW79370036'),
  '90': Uint8Array.of(3),
  A6: Uint8Array.of(24, 1, 25, 12, 30, 30),
  B1: Uint8Array.of(26, 7, 31, 8, 15, 45),
} as const satisfies Answers;

/** The same, as it is told. */
export const TOLD = {
  softwareVersion: 'P16S100A-1812-1.00',
  bmsSerial: '0907030493436D',
  packSerial: 'GPSR7PC733YW79370036',
  packCount: 3,
  remainingMilliampHours: 61_450,
  fullMilliampHours: 64_120,
  designMilliampHours: 77_100,
  clock: '2026-07-31T08:15:45',
};

/** A BMS that tells nothing about itself. */
export const NOTHING_TOLD = {
  softwareVersion: null,
  bmsSerial: null,
  packSerial: null,
  packCount: null,
  remainingMilliampHours: null,
  fullMilliampHours: null,
  designMilliampHours: null,
  clock: null,
};

/** The characters of an answer, or of a refusal. */
export function answerText(address: number, answer: Uint8Array | number): string {
  const isRefusal = typeof answer === 'number';
  const reply = encodeReply(address, isRefusal ? new Uint8Array() : answer, isRefusal ? answer : 0);
  return reply.toString('latin1');
}

/** A BMS that answers what it is given, `afterMs(count)` after each request. */
export function telling(answers: Answers, afterMs: (count: number) => number = () => 20): FarEnd {
  return (request, say, count) => {
    const { address, command } = partsOf(request);
    const answer = answers[command as keyof Answers];
    if (answer !== undefined) say(answerText(address, answer), afterMs(count));
  };
}
