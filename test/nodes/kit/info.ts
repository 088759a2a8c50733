import { fieldCapture, frameOf, referenceVectors } from '../../support/captures.js';
import type { Properties, QueryDefinition } from './flow.js';

const reference = (id: string) => `${referenceVectors.find((vector) => vector.id === id)?.response?.trim()}\r`;

/** What a BMS that tells all answers by command, of several captures. */
export const ANSWERS: Record<string, string | null> = {
  C1: frameOf(fieldCapture('wild-048')),
  C2: frameOf(fieldCapture('wild-002')),
  90: frameOf(fieldCapture('wild-038')),
  A6: reference('capacity'),
  B1: reference('clock-read'),
};
/** What it tells so. */
export const TOLD = {
  softwareVersion: 'P16S100A-1812-1.00',
  bmsSerial: '705350371133334A',
  packSerial: 'GPSR7PC733YW79370036',
  packCount: 5,
  remainingCapacity: 62.04,
  fullCapacity: 103.46,
  designCapacity: 100,
  soc: 59.97,
  soh: 100,
  clock: '2024-08-21T05:29:31',
};
/** What one tells that knows nothing. */
export const NOTHING = Object.fromEntries(Object.keys(TOLD).map((key) => [key, null]));
/** The commands that ask for it all. */
export const COMMANDS = ['C1', 'C2', '90', 'A6', 'B1'];

/** An info node with the contract's defaults. */
export const info = (properties: Properties = {}): QueryDefinition => ({
  query: 'info',
  interval: undefined,
  ...properties,
});
/** The command of each request. */
export const commandsOf = (requests: readonly string[]) => requests.map((request) => request.slice(7, 9));
