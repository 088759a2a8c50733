import type { LineReport } from '../../src/link/statistics.js';
import { type Handles, moreThan } from './leaks.js';
import type { MischiefFigures } from './mischief.js';
import type { WrongValue } from './witness.js';

/** What came of one bank. */
export interface BankFigures {
  name: string;
  way: 'tcp' | 'serial';
  /** By the connection's own count. */
  link: LineReport;
  /** Replies that the battery made. */
  replies: number;
  /** How often a client connected. */
  connections: number;
  mischief: MischiefFigures;
  /** Messages of the first outputs. */
  messages: number;
  /** Packs in them that were compared with the truth. */
  readings: number;
  events: number;
  wrong: number;
  /** Whether every node published a reading after the last outage. */
  recovered: boolean;
}

/** What came of a soak. */
export interface SoakResult {
  minutes: number;
  seed: number;
  banks: readonly BankFigures[];
  wrongCount: number;
  /** The first of the wrong values. */
  wrong: readonly WrongValue[];
  unhandled: readonly string[];
  /** After the first tenth of the time, and at the end. */
  heapBytes: { warm: number; end: number };
  handles: { before: Handles; after: Handles; openClients: number };
  inputs: { given: number; answered: number; open: number; errors: Readonly<Record<string, number>> };
  cpuSeconds: number;
}

const MOST_HEAP_GROWTH_BYTES = 10 * 2 ** 20;

/** By how much the heap grew after the first tenth, bytes. */
export const heapGrowth = ({ heapBytes: { warm, end } }: SoakResult): number => end - warm;

/** Why the soak has failed, a line a reason; empty when it has not. */
export function failuresOf(result: SoakResult): string[] {
  const { banks, wrongCount, unhandled, handles, inputs } = result;
  const leaked = moreThan(handles.before, handles.after);
  return [
    ...(wrongCount > 0 ? [`${wrongCount} wrong values were published`] : []),
    ...unhandled.map((text) => `not handled: ${text}`),
    ...(heapGrowth(result) > MOST_HEAP_GROWTH_BYTES ? ['the heap grew by more than 10 MB'] : []),
    ...(leaked.length > 0 ? [`more than before: ${leaked.join(', ')}`] : []),
    ...(handles.openClients > 0 ? [`${handles.openClients} connections are still open`] : []),
    ...(inputs.open > 0 ? [`${inputs.open} inputs never ended`] : []),
    ...banks.flatMap(({ name, recovered, mischief: { overlaps }, messages }) => [
      ...(recovered ? [] : [`${name} was not read again at the end`]),
      ...(overlaps.length > 0 ? [`${name}: ${overlaps.length} requests under way at once, first: ${overlaps[0]}`] : []),
      ...(messages > 0 ? [] : [`${name} published nothing`]),
    ]),
  ];
}
