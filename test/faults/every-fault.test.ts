import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { flowOf, RunningFlow } from '../nodes/kit/flow.js';
import { type FaultName, faultsThat } from '../support/faults.js';
import { loadFlow, startRuntime, stopRuntime, unloadFlow } from '../support/node-red.js';
import type { NumberedQuery } from '../support/numbered-battery.js';
import { assertRising, connectionTo, type FaultyBank, listenFaulty, publishedNumbers } from './bench.js';

const TIMEOUT_MS = 500;
const RETRIES = 2;
/** Which replies of all go wrong. */
const FIRST_FAULTY = 2;
const SECOND_FAULTY = 6;
const POLLS = 6;
const QUERIES: readonly NumberedQuery[] = ['analog', 'warning'];
const FAULTS_THAT_PASS = faultsThat(({ breaksLine }) => !breaksLine);
const CASES = QUERIES.flatMap((query) => FAULTS_THAT_PASS.map((fault) => ({ query, fault, id: `${query}-${fault}` })));

describe('each fault, on a line of its own', () => {
  const banks = new Map<string, FaultyBank & { close(): Promise<void> }>();
  let flow: RunningFlow;

  before(async () => {
    await startRuntime();
    for (const [i, { id, fault }] of CASES.entries()) banks.set(id, await faultyBank(fault, i));
    const queries = CASES.map(({ id, query }) => ({ id, query, connection: `to-${id}`, includeRaw: true }));
    const connections = CASES.map(({ id }) => ({
      id: `to-${id}`,
      type: 'pace-bms-connection',
      ...connectionTo({ port: banks.get(id)?.proxy.port ?? 0 }, TIMEOUT_MS, RETRIES),
    }));
    await loadFlow(flowOf(null, queries, connections));
    flow = new RunningFlow(queries);
    for (const { id } of CASES) await flow.ask(id); // one by one, since the first poll of all takes its time
    for (let poll = 2; poll <= POLLS; poll++) {
      for (const { id } of CASES) flow.input(id);
      await Promise.all(CASES.map(({ id }) => flow.out(id).has(poll * 3)));
    }
  });
  after(async () => {
    await unloadFlow();
    for (const bank of banks.values()) await bank.close();
    await stopRuntime();
  });

  for (const { query, fault, id } of CASES) {
    it(`${fault}, ${query}: the exact values of a good reply`, () => {
      const { battery, proxy } = banks.get(id) as FaultyBank;
      const numbers = publishedNumbers(battery, query, flow.out(id).messages);
      assertRising(numbers);
      assert.equal(numbers.length, POLLS);
      const faulty = proxy.passed.filter((passed) => passed.fault !== null);
      assert.deepEqual(
        faulty.map((passed) => passed.fault),
        [fault, fault],
      );
      const good = proxy.passed.filter((passed) => passed.fault === null).map(({ reply }) => reply.number);
      const missed = good.filter((number) => !numbers.includes(number));
      assert.deepEqual(missed, []);
      assert.deepEqual(proxy.overlaps, []);
    });
  }

  it('no poll failed', () => {
    assert.deepEqual(flow.errors.messages, []);
  });
});

async function faultyBank(fault: FaultName, seed: number) {
  const latenessMs = () => 1.5 * TIMEOUT_MS;
  const bank = await listenFaulty({ timeoutMs: TIMEOUT_MS, seed, latenessMs });
  bank.proxy.plan = (count) => (count === FIRST_FAULTY || count === SECOND_FAULTY ? fault : null);
  return bank;
}
