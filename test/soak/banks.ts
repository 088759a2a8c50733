import type { BankOptions } from '../../src/simulator/bank-model.js';
import type { SimulatedBmsOptions } from '../../src/simulator/simulated-bms.js';
import type { Properties, QueryDefinition } from '../nodes/kit/flow.js';

/** How much faster than in a house everything goes. */
export const SPEED = 50;
/** Every 5 seconds of a house, s. */
const INTERVAL_SECONDS = 5 / SPEED;
/** 100 seconds of a house, s. */
export const STALE_AFTER_SECONDS = 100 / SPEED;

/** What a query node of the soak is told apart by. */
export interface SoakQuery extends QueryDefinition {
  query: 'analog' | 'warning' | 'status';
  output: 'pack' | 'bank' | 'value';
  id: string;
  topic: string;
}

/** One simulated bank, how it is reached, and who asks it. */
export interface SoakBank {
  /** Its name in the figures. */
  name: string;
  /** Of its connection node; no other property of a node may read the same. */
  connectionId: string;
  way: 'tcp' | 'serial';
  /** What the connection is to ask, besides where. */
  connection: Properties & { addressing: 'master' | 'addressed' | 'relay' };
  timeoutMs: number;
  simulated: BankOptions & Pick<SimulatedBmsOptions, 'addressing' | 'tailBytes'>;
  /** The address that never answers. */
  deadAddress?: number;
  queries: readonly SoakQuery[];
}

type Asked = Pick<SoakQuery, 'query' | 'output'> & Properties;

/** What every bank is asked. */
const USUAL: readonly Asked[] = [
  { query: 'analog', output: 'pack' },
  { query: 'analog', output: 'bank' },
  { query: 'warning', output: 'pack' },
  { query: 'status', output: 'pack' },
];

function bank(options: Omit<SoakBank, 'connectionId' | 'queries'>, more: readonly Asked[]): SoakBank {
  const connectionId = `${options.name}-connection`;
  const queries = [...USUAL, ...more].map((asked, i) => ({
    connection: connectionId,
    interval: INTERVAL_SECONDS,
    staleAfter: STALE_AFTER_SECONDS,
    ...asked,
    id: `${options.name} ${i + 1}`,
    topic: `${options.name}/${i + 1}`,
  }));
  return { ...options, connectionId, queries };
}

/** The four banks; scenarios that run fast by themselves run 50 times faster still. */
export const BANKS: readonly SoakBank[] = [
  bank(
    {
      name: 'master',
      way: 'tcp',
      connection: { addressing: 'master', address: 1 },
      timeoutMs: 60,
      simulated: { packs: 4, cells: 16, scenario: 'solar-day', tailBytes: 14 },
    },
    [
      { query: 'analog', output: 'value' },
      { query: 'analog', output: 'pack', onlyChanges: true },
      { query: 'warning', output: 'bank' },
    ],
  ),
  bank(
    {
      name: 'addressed',
      way: 'tcp',
      connection: { addressing: 'addressed', addresses: '1-6' },
      timeoutMs: 80,
      simulated: { packs: 6, cells: 16, scenario: 'low', addressing: 'addressed', tailBytes: 10 },
      deadAddress: 4,
    },
    [{ query: 'status', output: 'bank' }],
  ),
  bank(
    {
      name: 'relay',
      way: 'tcp',
      connection: { addressing: 'relay', address: 1, addresses: '1-3' },
      timeoutMs: 80,
      simulated: { packs: 3, cells: 16, scenario: 'missing-pack', tailBytes: 0 },
    },
    [{ query: 'warning', output: 'bank' }],
  ),
  bank(
    {
      name: 'serial',
      way: 'serial',
      connection: { addressing: 'master', address: 1 },
      timeoutMs: 100,
      simulated: { packs: 2, cells: 8, scenario: 'alarms', tailBytes: 1 },
    },
    [
      { query: 'analog', output: 'value' },
      { query: 'status', output: 'bank' },
    ],
  ),
];
