import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { flowOf, RunningFlow } from '../nodes/kit/flow.js';
import { type FaultName, faultsThat } from '../support/faults.js';
import { loadFlow } from '../support/node-red.js';
import { Asker, assertRising, connectionTo, type FaultyBank, faultBench, publishedNumbers } from './bench.js';

const TIMEOUT_MS = 300;
const { bank } = faultBench();
const FAULTS_THAT_PASS = faultsThat(({ breaksLine }) => !breaksLine);

interface WatchedBank extends FaultyBank {
  /** Lets the next reply go wrong. */
  spoil(fault: FaultName): void;
  /** The cell that is high from now on; null for none. */
  setHigh(cell: number | null): void;
}

async function watchedBank(): Promise<WatchedBank> {
  const faulty = await bank({ timeoutMs: TIMEOUT_MS, latenessMs: () => 1.5 * TIMEOUT_MS });
  const { battery, proxy } = faulty;
  let planned: FaultName | null = null;
  proxy.plan = () => {
    const fault = planned;
    planned = null;
    return fault;
  };
  battery.highCellOf = () => null;
  return {
    ...faulty,
    spoil: (fault) => {
      planned = fault;
    },
    setHigh: (cell) => {
      battery.highCellOf = () => cell;
    },
  };
}

/** Loads a warning node on each bank, without retries, so that each fault costs a reading. */
async function watch(banks: ReadonlyMap<string, FaultyBank>, properties: object = {}): Promise<RunningFlow> {
  const ids = [...banks.keys()];
  const queries = ids.map((id) => ({ id, query: 'warning' as const, connection: `to-${id}`, includeRaw: true }));
  const connections = [...banks].map(([id, { proxy }]) => ({
    id: `to-${id}`,
    type: 'pace-bms-connection',
    ...connectionTo(proxy, TIMEOUT_MS, 0),
  }));
  const nodes = queries.map((query) => ({ ...query, ...properties }));
  await loadFlow(flowOf(null, nodes, connections));
  return new RunningFlow(queries);
}

const eventsOf = (flow: RunningFlow, id: string) =>
  flow.events(id).messages.map(({ payload }) => `${payload.cell} ${payload.state}`);

describe('alarm events on a faulty line', () => {
  it('no fault invents one, while no alarm is active and while one is', async () => {
    const banks = new Map<FaultName, WatchedBank>();
    for (const fault of FAULTS_THAT_PASS) banks.set(fault, await watchedBank());
    const flow = await watch(banks);
    const asker = new Asker();
    const askAll = () => Promise.all([...banks.keys()].map((fault) => asker.ask(fault)));
    for (const high of [null, 3, null]) {
      for (const [fault, watched] of banks) {
        watched.setHigh(high);
        watched.spoil(fault);
      }
      await askAll();
      await askAll();
      await askAll();
    }
    for (const [fault, { battery, proxy }] of banks) {
      assert.deepEqual(eventsOf(flow, fault), ['cell_3 raised', 'cell_3 cleared'], fault);
      assertRising(publishedNumbers(battery, 'warning', flow.out(fault).messages));
      assert.deepEqual(proxy.overlaps, []);
    }
  });

  it('one raised and one cleared, however often the link is cut and frames are lost meanwhile', async () => {
    const watched = await watchedBank();
    const { proxy } = watched;
    const flow = await watch(new Map([['warning', watched]]));
    const asker = new Asker();
    const ask = async (fault?: FaultName) => {
      if (fault) watched.spoil(fault);
      const error = await asker.ask('warning');
      if (error === 'NOT_CONNECTED') await proxy.visited(proxy.connections + 1);
    };
    watched.setHigh(5);
    for (const fault of ['corrupted', undefined, 'closedMidFrame', undefined] as const) await ask(fault);
    proxy.dropClients();
    await proxy.visited(proxy.connections + 1);
    for (const fault of ['dropped', undefined, undefined] as const) await ask(fault);
    assert.deepEqual(eventsOf(flow, 'warning'), ['cell_5 raised']);
    watched.setHigh(null);
    for (const fault of ['truncated', undefined, undefined] as const) await ask(fault);
    assert.deepEqual(eventsOf(flow, 'warning'), ['cell_5 raised', 'cell_5 cleared']);
  });

  it('an alarm that ends or begins while the link is down: told once, when it is back', async () => {
    const banks = new Map<string, WatchedBank>();
    for (const id of ['ends', 'begins']) banks.set(id, await watchedBank());
    banks.get('ends')?.setHigh(7);
    const flow = await watch(banks, { interval: 0.05, staleAfter: 0.3 });
    await flow.events('ends').has(1);
    await flow.out('begins').has(3);
    for (const [id, { proxy, setHigh }] of banks) {
      const { port } = proxy;
      await proxy.close();
      await flow.out(id).find(({ payload }) => payload.online === false);
      setHigh(id === 'begins' ? 9 : null);
      await proxy.listen(port);
    }
    await flow.events('ends').has(2);
    await flow.events('begins').has(1);
    for (const [id, { spoil }] of banks) {
      spoil('dropped');
      await flow.out(id).has(flow.out(id).messages.length + 9);
    }
    assert.deepEqual(eventsOf(flow, 'ends'), ['cell_7 raised', 'cell_7 cleared']);
    assert.deepEqual(eventsOf(flow, 'begins'), ['cell_9 raised']);
  });
});
