import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { PaceError } from '../../src/errors.js';
import type { BankClient } from '../../src/link/bank-client.js';
import type { Poller } from '../../src/polling/poller.js';
import type { PollerSettings } from '../../src/polling/poller-types.js';
import { analogQuery, warningQuery } from '../../src/polling/queries.js';
import type { Selection } from '../../src/polling/selection.js';
import { alarmsOf } from '../link/bank-bench.js';
import { Bench, packOf, pass, watch } from '../link/bench.js';
import {
  addressedBank,
  addressedClient,
  type FarBank,
  masterBank,
  masterClient,
  packsTold,
  payloadOf,
  seconds,
  startPoller,
} from './poller-bench.js';

let bench: Bench;
let bank: FarBank;
let client: BankClient;
beforeEach(async () => {
  bench = new Bench();
  bank = addressedBank(bench);
  client = await addressedClient(bench);
});
afterEach(() => bench.close());

/** A node of the packs 1 and 2 of three, that polls only on an input. */
const start = (settings: Partial<PollerSettings> = {}) =>
  startPoller(analogQuery, client, { packs: [1, 2], intervalMs: 0, staleAfterMs: null, ...settings });

/** Polls, and gives what came of it. */
async function ask({ poller }: { poller: Pick<Poller<unknown>, 'poll'> }, packs: Selection = null) {
  const poll = poller.poll(packs);
  await seconds(8);
  return poll;
}

describe('an input for packs outside the selection', () => {
  it('gets their readings', async () => {
    const { delivery, error } = await ask(start(), [2, 3]);
    assert.deepEqual(packsTold(delivery.messages), ['pack_2', 'pack_3']);
    assert.equal(error, null);
  });

  it('makes the node’s own packs neither available nor seen', async () => {
    const started = start({ output: 'value', staleAfterMs: 30_000 });
    const { delivery } = await ask(started, [3]);
    assert.ok(!delivery.messages.some(({ topic }) => topic.endsWith('availability')));
    assert.equal(started.told.look, 'yellow ring: waiting for an input');
    await seconds(30);
    assert.equal(started.told.look, 'grey ring: no answer for 30 s');
  });

  it('keeps no stale bank alive, and goes stale itself for nobody', async () => {
    const started = start({ staleAfterMs: 20_000 });
    await ask(started);
    for (let k = 0; k < 6; k++) await ask(started, [3]);
    assert.deepEqual(packsTold(started.told.messages), ['pack_1 gone', 'pack_2 gone']);
    assert.match(started.told.look, /^grey ring: no answer/);
  });

  it('that fails leaves the status of the node’s own packs', async () => {
    const started = start();
    await ask(started);
    bank.packs[2] = null;
    const { error } = await ask(started, [3]);
    assert.deepEqual([error?.code, error?.packs], ['TIMEOUT', [3]]);
    assert.match(started.told.look, /^green dot/);
  });

  it('that succeeds leaves the status of the node’s own packs', async () => {
    const started = start();
    await ask(started);
    bank.packs[1] = null;
    await ask(started);
    assert.equal(started.told.look, 'yellow ring: pack_2 no answer');
    await ask(started, [3]);
    assert.equal(started.told.look, 'yellow ring: pack_2 no answer');
  });

  it('is no pack of the next bank message', async () => {
    const started = start({ output: 'bank' });
    const outside = await ask(started, [3]);
    assert.deepEqual(Object.keys(payloadOf(outside.delivery.messages[0]).packs), ['pack_3']);
    const { delivery } = await ask(started);
    const { packs, bank: totals } = payloadOf(delivery.messages[0]);
    assert.deepEqual([Object.keys(packs), totals.packCount], [['pack_1', 'pack_2'], 2]);
  });

  it('tells no alarm events', async () => {
    const master = masterBank(bench);
    master.alarms = [alarmsOf(), alarmsOf({ fault: ['chargeMosfetFault'] })];
    const { poller } = startPoller(warningQuery, await masterClient(bench), { packs: [1], intervalMs: 0 });
    const { delivery } = await ask({ poller }, [2]);
    assert.deepEqual([packsTold(delivery.messages), delivery.events], [['pack_2'], []]);
  });

  it('that are not in the bank: NO_PACK, and nothing is sent on the line', async () => {
    const started = start();
    await ask(started);
    const before = bench.asked.length;
    const { delivery, error } = await ask(started, [9]);
    assert.deepEqual([delivery.messages, error?.code, error?.packs], [[], 'NO_PACK', [9]]);
    assert.equal(bench.asked.length, before);
    assert.match(started.told.look, /^green dot/);
  });

  it('does not end or begin what intervals report', async () => {
    const started = start({ intervalMs: 60_000 });
    bank.packs[1] = null;
    await ask(started);
    assert.equal(started.told.codes.length, 1);
    await ask(started, [3]);
    await seconds(60);
    assert.deepEqual([started.told.codes.length, started.told.recoveries], [1, []]);
  });
});

describe('many inputs', () => {
  it('the thousand and first that waits is QUEUE_FULL, the others are answered', async () => {
    const { poller, told } = startPoller(analogQuery, await masterClient(bench, {}), { intervalMs: 0 });
    masterBank(bench);
    const polls = Array.from({ length: 1001 }, () => watch(poller.poll(null)));
    await pass(1, 1);
    const last = polls.at(-1)?.value;
    assert.equal(last?.error?.code, 'QUEUE_FULL');
    assert.deepEqual(last?.delivery.messages, []);
    assert.equal(polls.filter(({ done }) => done).length, 1);
    await seconds(1);
    assert.ok(polls.slice(0, 1000).every(({ value }) => value?.error === null && value.delivery.messages.length === 2));
    assert.match(told.look, /^green dot/);
    const { error } = await ask({ poller });
    assert.equal(error, null);
  });
});

describe('an input while there is no connection', () => {
  /** A client whose port opens when a test wants it. */
  async function slowClient() {
    const transport = bench.options().transport;
    let letOpen = () => {};
    const gate = new Promise<void>((resolve) => {
      letOpen = resolve;
    });
    const open = async (signal: AbortSignal) => {
      await gate;
      return transport.open(signal);
    };
    return { letOpen, client: await addressedClient(bench, { transport: { ...transport, open } }) };
  }

  it('waits for it, and is answered', async () => {
    const { client: slow, letOpen } = await slowClient();
    const { poller, told } = startPoller(analogQuery, slow, { intervalMs: 0 });
    assert.equal(told.look, 'yellow ring: connecting');
    const poll = watch(poller.poll([2]));
    await pass(9900, 100);
    assert.equal(poll.done, false);
    letOpen();
    await seconds(1);
    assert.deepEqual(packsTold(poll.value?.delivery.messages ?? []), ['pack_2']);
    assert.match(told.look, /^green dot/);
  });

  it('waits for it ten seconds at most', async () => {
    const { client: slow } = await slowClient();
    const { poller, told } = startPoller(analogQuery, slow, { intervalMs: 0 });
    const first = watch(poller.poll([2]));
    await seconds(4);
    const second = watch(poller.poll([3]));
    await seconds(6.1);
    assert.deepEqual([first.value?.error?.code, second.done], ['NOT_CONNECTED', false]);
    await seconds(4);
    assert.equal(second.value?.error?.code, 'NOT_CONNECTED');
    assert.deepEqual([told.messages, told.codes, told.look], [[], [], 'yellow ring: connecting']);
  });

  it('in back-off fails at once, with why', async () => {
    bench.openingErrors.push(new PaceError('NOT_CONNECTED', 'the port is in use', { badge: 'port in use' }));
    const { poller, told } = startPoller(analogQuery, await addressedClient(bench), { intervalMs: 0 });
    const poll = watch(poller.poll(null));
    await pass(1, 1);
    assert.equal(poll.value?.error?.code, 'NOT_CONNECTED');
    assert.match(poll.value?.error?.message ?? '', /the port is in use/);
    assert.equal(told.look, 'yellow ring: port in use, retry in 1 s');
    assert.deepEqual(told.codes, [], 'the input has it already');
    await seconds(2);
    const { error } = await ask({ poller });
    assert.equal(error, null);
  });

  it('after the end of the connection is CLOSED', async () => {
    const { poller } = start();
    await client.stop(true);
    const { error } = await ask({ poller });
    assert.equal(error?.code, 'CLOSED');
  });
});

describe('an input that gets some packs', () => {
  it('sends the good ones, with an error that names the others', async () => {
    bank.packs[0] = packOf(3350);
    bank.packs[1] = null;
    const { delivery, error, answered } = await ask(start());
    assert.deepEqual(packsTold(delivery.messages), ['pack_1']);
    assert.deepEqual([error?.code, error?.packs, answered], ['TIMEOUT', [2], [1]]);
    assert.match(error?.message ?? '', /^pack_2: no answer from address 2/);
  });
});
