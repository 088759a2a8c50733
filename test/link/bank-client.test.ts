import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { encodeReply } from '../../src/dialects/pace25/encode.js';
import {
  alarmBankReply,
  alarmsOf,
  analogBankReply,
  emptyPack,
  failure,
  openClient,
  partsOf,
  within,
} from './bank-bench.js';
import { Bench, packOf, pass } from './bench.js';

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});
afterEach(() => bench.close());

const INPUT = { priority: 'input' } as const;
const asked = () => bench.asked.map(({ text }) => partsOf(text));
const millivolts = (bank: { packs: ReadonlyMap<number, { reading: { packMillivolts: number } | null }> }) =>
  [...bank.packs].map(([pack, { reading }]) => [pack, reading?.packMillivolts ?? null]);

describe('a bank whose master answers for all', () => {
  it('is asked once for all packs, at the address of the connection', async () => {
    const client = await openClient(bench, { mode: 'master', address: 7 });
    bench.farEnd = (_request, say) => say(analogBankReply([packOf(3300), emptyPack, packOf(3310)]));
    const bank = await within(100, client.read('analog', { ...INPUT, packs: [3] }));
    assert.deepEqual(asked(), [{ address: 7, command: '42', info: 0xff }]);
    assert.deepEqual(millivolts(bank), [
      [1, 13_200],
      [2, null],
      [3, 13_240],
    ]);
    assert.deepEqual(bank.failures, []);
    assert.equal(client.addresses, null);
  });

  it('is asked 44 for alarms and status', async () => {
    const client = await openClient(bench, { mode: 'master', address: 1 });
    bench.farEnd = (_request, say) => say(alarmBankReply([alarmsOf(), alarmsOf({ fault: ['cellFault'] })]));
    const bank = await within(100, client.read('alarms', INPUT));
    assert.deepEqual(asked(), [{ address: 1, command: '44', info: 0xff }]);
    assert.deepEqual(
      [...bank.packs.values()].map(({ reading }) => reading?.warning.alarms.map(({ code }) => code)),
      [[], ['cellFault']],
    );
  });

  it('a lone pack that gives count 0 is the pack of the connection’s address', async () => {
    const client = await openClient(bench, { mode: 'master', address: 4 });
    bench.farEnd = (_request, say) => say(analogBankReply([packOf(3300)], undefined, 0));
    assert.deepEqual(millivolts(await within(100, client.read('analog', INPUT))), [[4, 13_200]]);
  });

  it('tells how long the exchange took, when it was, and its frame', async () => {
    const client = await openClient(bench, { mode: 'master', address: 1 });
    const reply = analogBankReply([packOf(3300)]);
    bench.farEnd = (_request, say) => say(reply, 40);
    const bank = await within(100, client.read('analog', INPUT));
    assert.deepEqual(
      { durationMs: bank.durationMs, receivedAt: bank.receivedAt, frames: bank.frames() },
      { durationMs: 40, receivedAt: 50, frames: [reply.slice(0, -1)] },
    );
  });

  it('that refuses fails with the return code', async () => {
    const client = await openClient(bench, { mode: 'master', address: 1 });
    bench.farEnd = (_request, say) => say(encodeReply(1, new Uint8Array(), 4).toString('latin1'));
    const error = await failure(100, client.read('analog', INPUT));
    assert.deepEqual([error.code, error.rtn], ['REFUSED', 4]);
  });

  it('names the BMS and the line where nothing answers', async () => {
    const client = await openClient(bench, { mode: 'master', address: 3 }, { retries: 0 });
    const error = await failure(1100, client.read('analog', INPUT));
    assert.match(error.message, /no answer from address 3 \(the bench\): check the cable/);
  });

  it('the reply of the other read is not taken', async () => {
    const client = await openClient(bench, { mode: 'master', address: 1 }, { retries: 0 });
    bench.farEnd = (_request, say) => say(alarmBankReply([alarmsOf()]));
    assert.equal((await failure(2000, client.read('analog', INPUT))).code, 'SHAPE');
    bench.farEnd = (_request, say) => say(analogBankReply([packOf(3300)]));
    assert.equal((await failure(2000, client.read('alarms', INPUT))).code, 'SHAPE');
  });
});

it('a client tells its line’s state', async () => {
  const client = await openClient(bench, { mode: 'master', address: 1 });
  const states: string[] = [];
  const end = client.onState(({ name }) => states.push(name));
  bench.port.destroy();
  await pass(1500, 10);
  end();
  await client.stop(true);
  assert.deepEqual(states, ['backoff', 'connecting', 'open']);
  assert.equal(client.state.name, 'closed');
});
