import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { pace25 } from '../../src/dialects/pace25/index.js';
import { emptyPack, failure, openClient, partsOf, within } from './bank-bench.js';
import { analogReply, Bench, packOf, pass, settled, watch } from './bench.js';

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});
afterEach(() => bench.close());

const INPUT = { priority: 'input' } as const;
const asked = () => bench.asked.map(({ text }) => partsOf(text));
const millivolts = (bank: { packs: ReadonlyMap<number, { reading: { packMillivolts: number } | null }> }) =>
  [...bank.packs].map(([pack, { reading }]) => [pack, reading?.packMillivolts ?? null]);

describe('packs at their own addresses', () => {
  const addressed = { mode: 'addressed', packs: [1, 2, 4] } as const;
  const answerAll = (...silent: number[]) => {
    bench.farEnd = (request, say) => {
      const { address } = partsOf(request);
      if (!silent.includes(address)) say(analogReply(address, packOf(3300 + address)));
    };
  };

  it('are asked one by one, ADR = INFO = address', async () => {
    answerAll();
    const client = await openClient(bench, addressed);
    const bank = await within(1000, client.read('analog', INPUT));
    assert.deepEqual(
      asked(),
      [1, 2, 4].map((pack) => ({ address: pack, command: '42', info: pack })),
    );
    assert.deepEqual(millivolts(bank), [
      [1, 13_204],
      [2, 13_208],
      [4, 13_216],
    ]);
    assert.deepEqual(client.addresses, [1, 2, 4]);
    assert.equal(bank.frames().length, 3);
    assert.equal(bank.durationMs, 60);
    assert.equal(bank.receivedAt, 30);
  });

  it('only those wanted are asked', async () => {
    answerAll();
    const client = await openClient(bench, addressed);
    const bank = await within(1000, client.read('analog', { ...INPUT, packs: [4, 9] }));
    assert.deepEqual(millivolts(bank), [[4, 13_216]]);
    assert.equal(bench.asked.length, 1);
  });

  it('one that is not among the addresses is NO_PACK, without a request', async () => {
    const client = await openClient(bench, addressed);
    const error = await failure(10, client.read('analog', { ...INPUT, packs: [3] }));
    assert.equal(error.code, 'NO_PACK');
    assert.deepEqual(error.packs, [3]);
    assert.deepEqual(bench.asked, []);
  });

  it('that are silent are named, and the others read', async () => {
    answerAll(2);
    const client = await openClient(bench, addressed, { retries: 0 });
    const bank = await within(3000, client.read('analog', INPUT));
    assert.deepEqual(millivolts(bank), [
      [1, 13_204],
      [4, 13_216],
    ]);
    assert.deepEqual(
      bank.failures.map(({ pack, error }) => [pack, error.code]),
      [[2, 'TIMEOUT']],
    );
    assert.match(bank.failures[0]?.error.message ?? '', /address 2/);
  });

  it('all silent: one error that names them', async () => {
    answerAll(1, 2, 4);
    const client = await openClient(bench, addressed, { retries: 0 });
    const error = await failure(6000, client.read('analog', INPUT));
    assert.equal(error.code, 'TIMEOUT');
    assert.deepEqual(error.packs, [1, 2, 4]);
    assert.match(error.message, /^pack 1: no answer from address 1.*; pack 2: no answer.*; pack 4: no answer[^;]*$/);
  });

  const INTERVAL = { priority: 'interval', patienceMs: 4000 } as const;

  it('a silent one does not hold up the next interval read: it has failed as before', async () => {
    answerAll(2);
    const client = await openClient(bench, addressed, { retries: 0 });
    await within(3000, client.read('analog', INPUT));
    const bank = await within(500, client.read('analog', INTERVAL));
    assert.deepEqual([[...bank.packs.keys()], bank.pending], [[1, 4], []]);
    assert.deepEqual(
      bank.failures.map(({ pack, error }) => [pack, error.code]),
      [[2, 'TIMEOUT']],
    );
  });

  it('one of which nothing is known when patience is over is pending, and no failure', async () => {
    answerAll(2);
    const client = await openClient(bench, addressed, { retries: 5 });
    const bank = await within(6000, client.read('analog', INTERVAL));
    assert.deepEqual([[...bank.packs.keys()].sort(), bank.failures, bank.pending], [[1, 4], [], [2]]);
  });

  it('every answer is told as it comes', async () => {
    answerAll(2);
    const client = await openClient(bench, addressed, { retries: 0 });
    const told: [number[], boolean][] = [];
    const onAnswer = (bank: { packs: ReadonlyMap<number, unknown> }, isLate: boolean) =>
      told.push([[...bank.packs.keys()], isLate]);
    const read = watch(client.read('analog', { ...INTERVAL, onAnswer }));
    await pass(200, 5);
    assert.deepEqual([told, read.done], [[[[1], false]], false]);
    await pass(2000, 5);
    assert.deepEqual(told, [
      [[1], false],
      [[4], false],
    ]);
  });

  it('an input waits for all', async () => {
    answerAll(2);
    const client = await openClient(bench, addressed, { retries: 0 });
    await within(3000, client.read('analog', INPUT));
    const read = watch(client.read('analog', INPUT));
    await pass(1000, 5);
    assert.equal(read.done, false);
    await pass(1000, 5);
    assert.deepEqual(
      read.value?.failures.map(({ pack }) => pack),
      [2],
    );
  });

  it('the line gone: its error, which is no pack’s', async () => {
    const client = await openClient(bench, addressed);
    const read = watch(client.read('analog', INPUT));
    await pass(50, 5);
    bench.port.destroy(new Error('unplugged'));
    await settled();
    const error = read.error as (Error & { code?: string; packs?: number[] }) | undefined;
    assert.deepEqual([error?.code, error?.packs], ['NOT_CONNECTED', undefined]);
    assert.match(error?.message ?? '', /^the bench: the connection was lost \(unplugged\)/);
    await client.stop(true);
    const closed = await failure(10, client.read('analog', INPUT));
    assert.deepEqual([closed.code, closed.packs], ['CLOSED', undefined]);
  });

  it('a reply that is another pack’s is SHAPE; one of an unknown number is taken', async () => {
    const client = await openClient(bench, addressed, { retries: 0 });
    bench.farEnd = (_request, say) => say(analogReply(4, packOf(3300)));
    assert.equal((await failure(2000, client.read('analog', { ...INPUT, packs: [2] }))).code, 'SHAPE');
    bench.farEnd = (_request, say) => say(analogReply(9, packOf(3300)));
    assert.deepEqual(millivolts(await within(2000, client.read('analog', { ...INPUT, packs: [2] }))), [[2, 13_200]]);
    bench.farEnd = (_request, say) => say(analogReply(4, packOf(3300), 2));
    assert.deepEqual(millivolts(await within(2000, client.read('analog', { ...INPUT, packs: [2] }))), [[2, 13_200]]);
  });

  it('the reply to another master is nobody’s, though its number is not among the packs', async () => {
    const client = await openClient(bench, addressed, { retries: 0 });
    const askedByOther = pace25.encodeRead('analog', { address: 9, pack: 9 }).toString('latin1');
    bench.farEnd = (_request, say) =>
      say(`${askedByOther}${analogReply(9, packOf(3400))}${analogReply(2, packOf(3300))}`);
    assert.deepEqual(millivolts(await within(2000, client.read('analog', { ...INPUT, packs: [2] }))), [[2, 13_200]]);
  });

  it('another master is told once, also when it asks while nothing else is asked', async () => {
    const client = await openClient(bench, addressed, { retries: 0 });
    for (let i = 0; i < 3; i++) {
      bench.port.say(pace25.encodeRead('analog', { address: 9, pack: 9 }).toString('latin1'));
      await pass(50, 5);
    }
    await client.stop(true);
    assert.equal(bench.log.filter((line) => line.includes('another master asks on this line')).length, 1);
  });

  it('a late reply that names no pack is never another pack’s', async () => {
    const client = await openClient(bench, addressed, {});
    let isFirst = true;
    bench.farEnd = (request, say) => {
      const { address } = partsOf(request);
      const delay = address === 1 && isFirst ? 1700 : 300;
      if (address === 1) isFirst = false;
      say(analogReply(0, packOf(3300 + address)), delay);
    };
    for (let i = 0; i < 3; i++) {
      const bank = await within(12_000, client.read('analog', INPUT));
      for (const [pack, voltage] of millivolts(bank)) assert.equal(voltage, 4 * (3300 + Number(pack)));
    }
  });

  it('one that knows itself as pack 1 is asked so, and that is remembered', async () => {
    const client = await openClient(bench, addressed);
    bench.farEnd = (request, say) => {
      const { address, info } = partsOf(request);
      say(analogReply(address, info === 1 ? packOf(3300) : emptyPack, info));
    };
    const read = () => within(1000, client.read('analog', { ...INPUT, packs: [4] }));
    assert.deepEqual(millivolts(await read()), [[4, 13_200]]);
    assert.deepEqual(millivolts(await read()), [[4, 13_200]]);
    assert.deepEqual(
      asked().map(({ address, info }) => [address, info]),
      [
        [4, 4],
        [4, 1],
        [4, 1],
      ],
    );
  });

  it('one that gives zeros to both is an empty slot, asked once more at most', async () => {
    const client = await openClient(bench, addressed);
    bench.farEnd = (request, say) => say(analogReply(4, emptyPack, partsOf(request).info));
    const bank = await within(1000, client.read('analog', { ...INPUT, packs: [4] }));
    assert.deepEqual(millivolts(bank), [[4, null]]);
    assert.equal(bench.asked.length, 2);
  });
});

describe('packs that a master relays', () => {
  it('are asked of the master, INFO = pack, and known by what was asked', async () => {
    const client = await openClient(bench, { mode: 'relay', address: 1, packs: [1, 2] }, { retries: 0 });
    bench.farEnd = (request, say) => {
      const { info } = partsOf(request);
      say(analogReply(1, packOf(3300 + info), info));
    };
    const bank = await within(1000, client.read('analog', INPUT));
    assert.deepEqual(
      asked(),
      [1, 2].map((pack) => ({ address: 1, command: '42', info: pack })),
    );
    assert.deepEqual(millivolts(bank), [
      [1, 13_204],
      [2, 13_208],
    ]);
  });

  it('a dead one is tried once next time, the others as often as ever', async () => {
    const client = await openClient(bench, { mode: 'relay', address: 1, packs: [1, 2] }, { retries: 1 });
    bench.farEnd = (request, say) => {
      const { info } = partsOf(request);
      if (info === 1) say(analogReply(1, packOf(3300), 1));
    };
    await within(4000, client.read('analog', INPUT));
    await within(4000, client.read('analog', INPUT));
    assert.deepEqual(
      asked().map(({ info }) => info),
      [1, 2, 2, 1, 2],
    );
    bench.farEnd = () => {};
    const error = await failure(6000, client.read('analog', INPUT));
    assert.deepEqual(
      asked()
        .map(({ info }) => info)
        .slice(5),
      [1, 2, 1],
    );
    assert.match(error.message, /^pack 1: no answer from pack 1 through address 1.*; pack 2: no answer from pack 2 /);
    assert.deepEqual(error.packs, [1, 2]);
  });
});
