import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { BankClient } from '../../src/link/bank-client.js';
import type { PollerSettings } from '../../src/polling/poller-types.js';
import { analogQuery, statusQuery, warningQuery } from '../../src/polling/queries.js';
import { partsOf } from '../link/bank-bench.js';
import { Bench, pass } from '../link/bench.js';
import {
  addressedBank,
  addressedClient,
  type FarBank,
  masterBank,
  masterClient,
  payloadOf,
  seconds,
  startPoller,
  type Told,
} from './poller-bench.js';

/** When the pollers of a test begin. */
const START = 100;

let bench: Bench;
let bank: FarBank;
let client: BankClient;
beforeEach(async () => {
  bench = new Bench();
  bank = masterBank(bench);
  client = await masterClient(bench);
  await pass(START, 10); // the quiet in which a line begins is over
});
afterEach(() => bench.close());

const start = (settings: Partial<PollerSettings> = {}) => startPoller(analogQuery, client, settings);
/** When requests were sent, from the start on. */
const times = () => bench.times.map((at) => at - START);
const commands = () => bench.asked.map(({ text }) => partsOf(text).command);

/** When the readings were taken that a node got of pack 1; the same twice is a reading given again. */
const readings = ({ messages }: Told) =>
  messages.filter(({ pack }) => pack === 1).map((message) => payloadOf(message).lastSeen as number);
const assertEachOnce = (told: Told, least: number) => {
  const given = readings(told);
  assert.ok(given.length >= least, `${given.length} readings`);
  assert.deepEqual(given, [...new Set(given)]);
};

describe('the ticks of an interval', () => {
  it('ask at the start and at each multiple', async () => {
    start({ intervalMs: 2000 });
    await seconds(7);
    assert.deepEqual(times(), [0, 2000, 4000, 6000]);
  });

  it('that fall due while the last poll is unfinished are dropped', async () => {
    bank.latencyMs = 900;
    const { told } = start({ intervalMs: 400 });
    await seconds(4);
    assert.deepEqual(times(), [0, 1200, 2400, 3600]);
    assert.deepEqual(
      readings(told).map((at) => (at - START) % 1200),
      [900, 900, 900],
    );
  });

  it('that fall due while an input’s poll is unfinished are dropped too', async () => {
    bank.latencyMs = 200;
    const { told, poller } = start({ intervalMs: 2000 });
    await pass(1900, 10);
    const input = poller.poll(null);
    await seconds(1);
    const { delivery } = await input;
    assert.equal(delivery.messages.length, 2);
    assert.equal(readings(told).length, 1);
    await seconds(2);
    assert.deepEqual(times(), [0, 1900, 4000]);
  });

  it('that find a silent bank go on, one at a time', async () => {
    bank.silent = true;
    const { told } = start({ intervalMs: 100 });
    await seconds(10);
    for (const [i, at] of bench.times.entries()) assert.ok(i === 0 || at - (bench.times[i - 1] ?? 0) >= 1500);
    assert.deepEqual(told.codes, ['TIMEOUT']);
    bank.silent = false;
    await seconds(6);
    assert.ok(told.messages.length > 10);
    assert.deepEqual(told.recoveries, ['the bank']);
  });

  it('end with the poller, and what was under way is not delivered', async () => {
    const { told, poller } = start();
    poller.close();
    await seconds(5);
    assert.deepEqual(times(), [0]);
    assert.deepEqual([told.messages, told.codes], [[], []]);
  });
});

describe('a silent pack among others', () => {
  const addressed = async (settings: Partial<PollerSettings>) => {
    bank = addressedBank(bench);
    bank.packs[1] = null;
    return startPoller(analogQuery, await addressedClient(bench), settings);
  };

  it('does not slow down the others’ polls', async () => {
    const { told } = await addressed({ intervalMs: 5000 });
    await seconds(60);
    assertEachOnce(told, 12);
    assert.deepEqual(
      told.failures.map(({ code, packs }) => [code, packs]),
      [['TIMEOUT', [2]]],
    );
    assert.equal(told.look, 'yellow ring: pack_2 no answer');
  });

  it('is no failure before it is known to be silent', async () => {
    const { told } = await addressed({ intervalMs: 2000 });
    await seconds(4);
    assert.equal(readings(told).length > 0, true);
    assert.deepEqual(told.codes, []);
    await seconds(10);
    assert.deepEqual(told.codes, ['TIMEOUT']);
  });
});

describe('replies shared by age', () => {
  it('two queries of one command cost one exchange a tick', async () => {
    const { told: warnings } = startPoller(warningQuery, client, { intervalMs: 2000 });
    await pass(300, 10);
    const { told: statuses } = startPoller(statusQuery, client, { intervalMs: 2000 });
    await seconds(8);
    assert.deepEqual(commands(), Array(5).fill('44'));
    assertEachOnce(warnings, 4);
    assertEachOnce(statuses, 4);
    assert.deepEqual(readings(statuses), readings(warnings).slice(0, readings(statuses).length));
  });

  const ages: [intervalMs: number, ageMs: number, shared: boolean][] = [
    [2000, 990, true],
    [2000, 1010, false],
    [60_000, 4990, true],
    [60_000, 5010, false],
  ];
  for (const [intervalMs, ageMs, shared] of ages) {
    it(`every ${intervalMs} ms: a reply ${ageMs} ms old is ${shared ? 'taken' : 'too old'}`, async () => {
      start({ intervalMs: 3_600_000 });
      await pass(bank.latencyMs + ageMs, 10); // its age counts from its end
      const { told } = start({ intervalMs });
      await pass(100, 10);
      assert.equal(bench.asked.length, shared ? 1 : 2);
      assert.equal((readings(told)[0] as number) < 1000, shared);
    });
  }

  it('a reply from before a reconnect is none', async () => {
    start({ intervalMs: 3_600_000 });
    await pass(500, 10);
    bench.port.destroy();
    await seconds(1.5);
    start({ intervalMs: 10_000 });
    await pass(500, 10);
    assert.ok(bench.ports[1]?.requests.length);
  });

  it('an input asks anew, and its reply serves others', async () => {
    start({ intervalMs: 3_600_000 });
    await seconds(1);
    const { poller } = start({ intervalMs: 0 });
    void poller.poll(null);
    await seconds(1);
    assert.equal(bench.asked.length, 2);
    start({ intervalMs: 10_000 });
    await pass(100, 10);
    assert.equal(bench.asked.length, 2);
  });
});

describe('a node is never given its own last reply again', () => {
  it('by interval alone', async () => {
    const { told } = start({ intervalMs: 250 });
    await seconds(10);
    assertEachOnce(told, 35);
  });

  it('where replies take longer than the interval', async () => {
    bank.latencyMs = 700;
    const { told } = start({ intervalMs: 300 });
    await seconds(10);
    assertEachOnce(told, 10);
  });

  it('where the reply had to be asked for twice', async () => {
    bank.silent = true;
    const { told } = start({ intervalMs: 2000 });
    await seconds(1.2);
    bank.silent = false;
    await seconds(8);
    assertEachOnce(told, 4);
  });

  it('where requests wait for the spacing', async () => {
    start({ intervalMs: 300 });
    const { told } = startPoller(warningQuery, client, { intervalMs: 300 });
    await seconds(10);
    assertEachOnce(told, 15);
  });

  it('where an input asked in between', async () => {
    const { told, poller } = start({ intervalMs: 2000 });
    await pass(1500, 10);
    const input = poller.poll(null);
    await seconds(5);
    const { delivery } = await input;
    const asked = payloadOf(delivery.messages[0]).lastSeen as number;
    assert.ok(!readings(told).includes(asked), 'the interval told again what the input had got');
  });
});
