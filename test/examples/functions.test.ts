import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Alarm } from '../../src/battery/alarms.js';
import { type BenchPack, bankMessages, wellPacks } from './bank-messages.js';
import { files, load } from './example-flows.js';
import { FlowBench, type Message } from './flow-bench.js';

const QUERIES = { 'pace-bms-analog': 'analog', 'pace-bms-warning': 'warning', 'pace-bms-status': 'status' } as const;

const OVER_VOLTAGE: Alarm = { code: 'cellOverVoltageWarning', level: 'warning', label: 'Cell voltage high' };
const NO_CAPACITY = { remainingMilliampHours: 0, fullMilliampHours: 0, designMilliampHours: 0 };

const BANKS: Record<string, BenchPack[]> = {
  'a bank that is well': wellPacks(),
  'a bank with an alarm': wellPacks({ warning: { alarms: [OVER_VOLTAGE, { ...OVER_VOLTAGE, cell: 4 }] } }),
  'a bank without sensors': Array(4).fill({ analog: { temperatureTenths: [null, null] } }),
  'a bank without any sensor place': Array(4).fill({ analog: { temperatureTenths: [] } }),
  'a bank without capacities': Array(4).fill({ analog: NO_CAPACITY }),
  'a bank without cells': Array(4).fill({ analog: { cellMillivolts: [], packMillivolts: 0 } }),
  'a bank of six sensors that balances': wellPacks({
    analog: { temperatureTenths: [210, null, 215, 220, 300, 180] },
    status: { balancingCells: [1, 4] },
  }),
  'a pack that is offline': wellPacks({ is: 'offline', age: 60_000 }),
  'a place without a pack': [...wellPacks(), { is: 'empty' }],
  'places only': [{ is: 'empty' }, { is: 'empty' }],
  'a bank that is offline': Array(4).fill({ is: 'offline', age: 60_000 }),
  'a bank that was never read': [],
};

/** What Node-RED or a user may send beside. */
const OTHERS: Message[] = [{}, { payload: null }, { payload: 'x', topic: 'y' }, { payload: Date.now(), topic: '' }];

const event = (changes: object) => ({
  topic: 'pace/pack_1/event',
  payload: {
    pack: 1,
    name: 'pack_1',
    code: 'cellAboveLimit',
    level: 'warning',
    label: 'cell_6 above limit',
    ...changes,
  },
});

describe('the functions of the examples', () => {
  for (const file of files) {
    const flow = load(file);
    const queries = flow.filter(({ type, output }) => type in QUERIES && output === 'bank');
    if (!flow.some(({ type }) => type === 'function')) continue;

    it(`${file} takes every message of the pace nodes, in any order`, () => {
      const bench = new FlowBench(flow);
      for (const packs of [...Object.values(BANKS), ...Object.values(BANKS).reverse()]) {
        for (const { type, id } of queries) {
          bench.sendFrom(id, bankMessages[QUERIES[type as keyof typeof QUERIES]](packs));
          for (const { id: inject } of flow.filter((node) => node.type === 'inject')) bench.sendFrom(inject, {});
        }
      }
      for (const { id } of flow.filter(({ type }) => type === 'pace-bms-warning')) {
        const at = Date.now();
        for (const changes of [{ cell: 'cell_6' }, { temperature: 'temp_1' }, {}]) {
          bench.sendFrom(id, event({ ...changes, state: 'raised', since: at, at }), 1);
          bench.sendFrom(id, event({ ...changes, state: 'cleared', since: at, at: at + 500_000 }), 1);
        }
      }
      assert.ok(queries.length > 0);
    });

    it(`${file} takes other messages too where queries come in`, () => {
      const bench = new FlowBench(flow);
      for (const { id } of queries) for (const msg of OTHERS) bench.sendFrom(id, msg);
    });
  }
});
