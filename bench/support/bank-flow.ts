import type { Flow } from './node-red.js';

const QUERIES = ['analog', 'warning', 'status'] as const;

/** A bank in a flow: how it is reached, and what its nodes are set to beyond their defaults. */
export interface BankOfFlow {
  /** Part of the ids of its nodes. */
  id: string;
  connection: object;
  queries?: readonly (typeof QUERIES)[number][];
  nodes: Record<string, unknown>;
}

/** Where a node stands in the editor: what stands nowhere is a configuration node. */
const PLACE = { z: 'tab', x: 0, y: 0 };

/** The ids of a bank's query nodes. */
export const queryIds = ({ id, queries = QUERIES }: BankOfFlow): string[] => queries.map((query) => `${id}-${query}`);

/** A flow in which banks are asked, and all that they tell goes to one inbox. */
export function flowOf(banks: readonly BankOfFlow[]): Flow {
  return [
    { id: PLACE.z, type: 'tab', label: 'Benchmark' },
    { id: 'inbox', type: 'bench-inbox', ...PLACE, wires: [] },
    ...banks.flatMap(({ id, connection, nodes, queries = QUERIES }) => [
      { id, type: 'pace-bms-connection', name: '', ...connection },
      ...queries.map((query) => ({
        ...{ id: `${id}-${query}`, type: `pace-bms-${query}`, ...PLACE, connection: id, topic: id },
        ...{ ...nodes, wires: [['inbox']] },
      })),
    ]),
  ];
}

/** How a connection reaches a line of the batteries. */
export const reach = (way: 'tcp' | 'pty', place: string, baudRate: number): object =>
  way === 'tcp'
    ? { transport: 'tcp', host: '127.0.0.1', port: Number(place) }
    : { transport: 'serial', serialPort: place, baudRate };
