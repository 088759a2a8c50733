import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { analogQuery, warningQuery } from '../../src/polling/queries.js';
import { alarmsOf } from '../link/bank-bench.js';
import { Bench } from '../link/bench.js';
import {
  addressedBank,
  addressedClient,
  dropConnection,
  type FarBank,
  masterBank,
  masterClient,
  seconds,
  startPoller,
} from './poller-bench.js';

const ALARM = alarmsOf({ fault: ['chargeMosfetFault'] });
const QUIET = alarmsOf();

let bench: Bench;
let bank: FarBank;
beforeEach(() => {
  bench = new Bench();
  bank = masterBank(bench);
});
afterEach(() => bench.close());

describe('a connection that breaks', () => {
  it('is told once, and polling goes on as soon as it is back', async () => {
    const { told } = startPoller(analogQuery, await masterClient(bench), { intervalMs: 60_000 });
    await seconds(1);
    await dropConnection(bench);
    assert.deepEqual(told.codes, ['NOT_CONNECTED']);
    assert.match(told.look, /^yellow ring: .*, retry in 1 s$/);
    told.forget();
    await seconds(1.2);
    assert.equal(told.messages.length, 2);
    assert.deepEqual(told.recoveries, ['the bank']);
    assert.match(told.look, /^green dot/);
    assert.deepEqual(
      bench.ports.map(({ requests }) => requests.length),
      [1, 1],
    );
  });

  it('while a poll is under way: one error', async () => {
    bank.latencyMs = 500;
    const { told, poller } = startPoller(analogQuery, await masterClient(bench));
    const input = poller.poll(null);
    await seconds(0.1);
    await dropConnection(bench);
    await seconds(0.1);
    assert.equal((await input).error?.code, 'NOT_CONNECTED');
    assert.deepEqual(told.codes, ['NOT_CONNECTED']);
  });

  it('while packs are asked one by one: one error, and nothing has recovered', async () => {
    bank = addressedBank(bench);
    bank.latencyMs = 500;
    const { told } = startPoller(analogQuery, await addressedClient(bench));
    await seconds(0.1);
    await dropConnection(bench);
    await seconds(0.5);
    assert.deepEqual([told.codes, told.recoveries], [['NOT_CONNECTED'], []]);
  });

  it('again and again without an answer: one error, growing pauses', async () => {
    bench.openingErrors.push(...Array.from({ length: 5 }, () => new Error('refused')));
    const { told } = startPoller(analogQuery, await masterClient(bench));
    await seconds(20);
    assert.deepEqual(told.codes, ['NOT_CONNECTED']);
    assert.deepEqual(bench.ports, []);
    await seconds(15);
    assert.ok(told.messages.length > 0);
    assert.deepEqual(told.recoveries, ['the bank']);
  });

  it('for long lets readings go stale, and the link is what the status shows', async () => {
    const { told } = startPoller(analogQuery, await masterClient(bench), { output: 'bank' });
    await seconds(2);
    told.forget();
    bench.openingErrors.push(...Array.from({ length: 10 }, () => new Error('refused')));
    await dropConnection(bench);
    await seconds(12);
    assert.equal(told.messages.length, 1);
    assert.match(told.look, /^yellow ring/);
  });

  it('is no error of a node that polls only on an input', async () => {
    const { told } = startPoller(analogQuery, await masterClient(bench), { intervalMs: 0 });
    await dropConnection(bench);
    await seconds(3);
    assert.deepEqual([told.codes, told.messages], [[], []]);
  });
});

describe('the status after the line has opened', () => {
  it('waits for an answer until the first poll has ended, whatever was read before', async () => {
    bank.latencyMs = 500;
    const { told } = startPoller(analogQuery, await masterClient(bench), { intervalMs: 5000, staleAfterMs: 60_000 });
    assert.equal(told.look, 'yellow ring: waiting for an answer');
    await seconds(1);
    assert.match(told.look, /^green dot/);
    await dropConnection(bench);
    await seconds(1.1);
    assert.equal(told.look, 'yellow ring: waiting for an answer');
    await seconds(1);
    assert.match(told.look, /^green dot/);
  });
});

describe('alarm events', () => {
  const edges = (events: readonly Record<string, unknown>[]) =>
    events.map(({ name, code, state }) => `${name} ${code} ${state}`);
  const RAISED = 'pack_1 chargeMosfetFault raised';
  const CLEARED = 'pack_1 chargeMosfetFault cleared';

  it('come once, with when it began and when it changed', async () => {
    bank.alarms = [ALARM];
    const { told } = startPoller(warningQuery, await masterClient(bench));
    await seconds(3);
    bank.alarms = [QUIET];
    await seconds(3);
    assert.deepEqual(edges(told.events), [RAISED, CLEARED]);
    const [raised, cleared] = told.events;
    assert.equal(raised?.since, raised?.at);
    assert.equal(cleared?.since, raised?.at);
    assert.ok((cleared?.at as number) >= 3000);
  });

  it('come though nothing else is news', async () => {
    const { told } = startPoller(warningQuery, await masterClient(bench), { onlyChanges: true, output: 'value' });
    await seconds(2);
    bank.alarms = [ALARM];
    await seconds(2);
    assert.deepEqual(edges(told.events), [RAISED]);
  });

  it('are not raised anew by a reconnect', async () => {
    bank.alarms = [ALARM];
    const { told } = startPoller(warningQuery, await masterClient(bench));
    await seconds(2);
    await dropConnection(bench);
    await seconds(5);
    assert.deepEqual(edges(told.events), [RAISED]);
  });

  const returns: [what: string, back: typeof ALARM, events: string[]][] = [
    ['with the same', ALARM, [RAISED]],
    ['without', QUIET, [RAISED, CLEARED]],
  ];
  for (const [what, back, events] of returns) {
    it(`of a pack that goes offline are not cleared; it is back ${what}`, async () => {
      bank.alarms = [ALARM];
      const { told } = startPoller(warningQuery, await masterClient(bench));
      await seconds(2);
      bank.silent = true;
      await seconds(20);
      assert.deepEqual(edges(told.events), [RAISED]);
      bank.alarms = [back];
      bank.silent = false;
      await seconds(5);
      assert.deepEqual(edges(told.events), events);
    });
  }
});

describe('a way that looks open, but is dead', () => {
  it('is opened anew after 10 s of silence, and readings come again by themselves', async () => {
    const { told } = startPoller(analogQuery, await masterClient(bench));
    await seconds(2);
    const [dead] = bench.ports;
    const answer = bench.farEnd;
    bench.farEnd = (...request) => {
      if (bench.port !== dead) answer(...request);
    };
    await seconds(8);
    assert.equal(bench.ports.length, 1);
    told.forget();
    await seconds(15);
    assert.equal(bench.ports.length, 2);
    assert.ok(told.messages.length > 2);
    assert.deepEqual([told.codes, told.recoveries], [[], ['the bank']]);
    assert.match(told.look, /^green dot/);
  });

  it('is opened anew again and again, told as one failure', async () => {
    const { told } = startPoller(analogQuery, await masterClient(bench));
    await seconds(2);
    bank.silent = true;
    await seconds(120);
    assert.ok(bench.ports.length >= 3 && bench.ports.length <= 5, `${bench.ports.length} ports`);
    assert.deepEqual([told.codes, told.recoveries], [['TIMEOUT'], []]);
  });

  it('is left alone where nobody ever answered: a BMS that is off is no lost connection', async () => {
    bank.silent = true;
    const { told } = startPoller(analogQuery, await masterClient(bench));
    await seconds(120);
    assert.deepEqual([bench.ports.length, told.codes], [1, ['TIMEOUT']]);
  });

  it('is left alone where nothing is asked', async () => {
    const { poller } = startPoller(analogQuery, await masterClient(bench), { intervalMs: 0 });
    await seconds(120);
    const input = poller.poll(null);
    await seconds(1);
    assert.equal((await input).error, null);
    assert.equal(bench.ports.length, 1);
  });

  it('is left alone while anything answers', async () => {
    bank.latencyMs = 900;
    startPoller(analogQuery, await masterClient(bench), { intervalMs: 20_000 });
    await seconds(120);
    assert.equal(bench.ports.length, 1);
  });
});
