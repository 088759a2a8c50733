import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { seededRandom } from '../../src/simulator/random.js';
import { flowOf, RunningFlow } from '../nodes/kit/flow.js';
import type { FaultPlan } from '../support/fault-proxy.js';
import { FAULTS, faultsThat } from '../support/faults.js';
import { loadFlow, startRuntime, stopRuntime, unloadFlow } from '../support/node-red.js';
import type { Command, NumberedQuery, NumberedReply } from '../support/numbered-battery.js';
import { Asker, assertRising, connectionTo, type FaultyBank, listenFaulty, publishedNumbers } from './bench.js';

const TIMEOUT_MS = 400;
const ROUNDS = 40;
const QUERIES: readonly NumberedQuery[] = ['analog', 'status', 'warning'];
const LINES = [1, 2, 3, 4, 5, 6];
/** A line that stays open and silent takes long to be noticed: it has a test of its own. */
const MIXED = faultsThat((_fault, name) => name !== 'halfOpen');

/** One of every ten replies goes wrong, which one is left to chance; the faults take turns, each line begins elsewhere. */
function oneInTen(line: number): FaultPlan {
  const random = seededRandom(line);
  let turn = 5 * line;
  let faulty = 0;
  return (count) => {
    if (count % 10 === 1) faulty = count + Math.floor(random() * 10);
    if (count !== faulty) return null;
    turn += 1;
    return MIXED[turn % MIXED.length] ?? null;
  };
}

const idOf = (line: number, query: NumberedQuery) => `${query}-${line}`;

describe('with one reply in ten faulty', () => {
  const banks = new Map<number, FaultyBank & { close(): Promise<void> }>();
  let flow: RunningFlow;

  before(async () => {
    await startRuntime();
    for (const line of LINES) banks.set(line, await faultyBank(line));
    const queries = LINES.flatMap((line) =>
      QUERIES.map((query) => ({ id: idOf(line, query), query, connection: `line-${line}`, includeRaw: true })),
    );
    const connections = LINES.map((line) => ({
      id: `line-${line}`,
      type: 'pace-bms-connection',
      ...connectionTo(bankOf(line).proxy, TIMEOUT_MS, 2),
    }));
    await loadFlow(flowOf(null, queries, connections));
    flow = new RunningFlow(queries);
    const asker = new Asker();
    await Promise.all(LINES.map((line) => askInRounds(asker, line)));
  });
  after(async () => {
    await unloadFlow();
    for (const bank of banks.values()) await bank.close();
    await stopRuntime();
  });

  const bankOf = (line: number) => banks.get(line) as FaultyBank;

  /** Asks all nodes of a line at once, again and again; where the line broke, once it is there again. */
  async function askInRounds(asker: Asker, line: number): Promise<void> {
    const { proxy } = bankOf(line);
    for (let round = 0; round < ROUNDS; round++) {
      const errors = await Promise.all(QUERIES.map((query) => asker.ask(idOf(line, query))));
      if (errors.includes('NOT_CONNECTED')) await proxy.visited(proxy.connections + 1);
    }
  }

  for (const line of LINES) {
    for (const query of QUERIES) {
      it(`line ${line}, ${query}: exact values, in order, none twice`, () => {
        const { messages } = flow.out(idOf(line, query));
        assertRising(publishedNumbers(bankOf(line).battery, query, messages));
      });
    }

    it(`line ${line}: every good reply was published, and no spoilt one`, () => {
      const { battery, proxy } = bankOf(line);
      for (const command of ['42', '44'] as Command[]) {
        const published = QUERIES.filter((query) => (query === 'analog') === (command === '42')).flatMap((query) =>
          publishedNumbers(battery, query, flow.out(idOf(line, query)).messages),
        );
        const passed = proxy.passed.filter(({ reply }) => reply.command === command);
        const good = passed.filter(({ fault }) => fault === null);
        const spoilt = passed.filter(({ fault }) => fault !== null && !FAULTS[fault].arrives);
        const numbers = (list: typeof passed) => list.map(({ reply }) => reply.number);
        const missed = numbers(good).filter((number) => !published.includes(number));
        assert.deepEqual(missed, []);
        const believed = numbers(spoilt).filter((number) => published.includes(number));
        assert.deepEqual(believed, []);
      }
    });

    it(`line ${line}: never two requests in flight`, () => {
      assert.deepEqual(bankOf(line).proxy.overlaps, []);
    });

    it(`line ${line}: one event an edge of what was published`, () => {
      const { battery } = bankOf(line);
      const id = idOf(line, 'warning');
      const numbers = publishedNumbers(battery, 'warning', flow.out(id).messages);
      const replies = battery.replies.filter(({ command, number }) => command === '44' && numbers.includes(number));
      const told = flow.events(id).messages.map(({ payload }) => `${payload.state} ${payload.cell}`);
      assert.deepEqual(told, edgesOf(replies));
    });
  }

  it('every fault had its turn', (test) => {
    const passed = LINES.flatMap((line) => bankOf(line).proxy.passed);
    const faults = passed.flatMap(({ fault }) => fault ?? []);
    assert.deepEqual([...new Set(faults)].sort(), [...MIXED].sort());
    const lost = faults.filter((fault) => !FAULTS[fault].arrives).length;
    const polls = LINES.flatMap((line) => QUERIES.map((query) => flow.out(idOf(line, query)).messages.length / 3));
    const published = polls.reduce((total, count) => total + count, 0);
    const text = `${passed.length} replies, ${faults.length} faulty (${lost} of them lost), ${published} readings of nodes published`;
    test.diagnostic(text);
  });
});

/** The events of readings that follow each other, in which one cell of pack 1 is high. */
function edgesOf(replies: readonly NumberedReply[]): string[] {
  return replies.flatMap(({ highCell }, i) => {
    const before = replies[i - 1]?.highCell;
    if (before === highCell) return [];
    return [`raised cell_${highCell}`, ...(before === undefined ? [] : [`cleared cell_${before}`])];
  });
}

async function faultyBank(line: number) {
  const latenessMs = (random: () => number) => TIMEOUT_MS * (1.2 + 0.8 * random());
  const bank = await listenFaulty({ timeoutMs: TIMEOUT_MS, seed: line, latenessMs });
  bank.proxy.plan = oneInTen(line);
  return bank;
}
