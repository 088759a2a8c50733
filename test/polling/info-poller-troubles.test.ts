import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { PaceError } from '../../src/errors.js';
import type { InfoSettings } from '../../src/polling/info-poller.js';
import { pass, settled } from '../link/bench.js';
import { BACKOFF, FakeClient, IDENTITY, named, payloadOf, SILENCE, startInfo } from './info-bench.js';

let client: FakeClient;
beforeEach(() => {
  client = new FakeClient();
});
afterEach(() => client.close());

const start = (settings: Partial<InfoSettings> = {}) => startInfo(client, settings);

describe('packs that are asked each for itself', () => {
  beforeEach(() => {
    client.addresses = [2, 3, 5];
    client.answers = new Map([
      [2, named('two')],
      [3, named('three')],
      [5, named('five')],
    ]);
  });

  it('are all told, the first beside them', async () => {
    const { told } = start({ naming: { padPacks: 2, padCells: 0 } });
    await client.open();
    const { packs, softwareVersion } = payloadOf(told) ?? {};
    assert.equal(softwareVersion, 'two');
    const versions = Object.entries(packs as Record<string, { softwareVersion: string }>).map(([name, pack]) => [
      name,
      pack.softwareVersion,
    ]);
    assert.deepEqual(versions, [
      ['pack_02', 'two'],
      ['pack_03', 'three'],
      ['pack_05', 'five'],
    ]);
    assert.equal(told.look, 'green dot: two · 3 packs');
  });

  it('without an answer of the first: the others, and an error that names it', async () => {
    client.answers.set(2, SILENCE);
    const { told, poller } = start();
    await client.open();
    const { packs, ...ofTheFirst } = payloadOf(told) ?? {};
    assert.deepEqual(new Set(Object.values(ofTheFirst)), new Set([null]));
    assert.deepEqual(Object.keys(packs as object), ['pack_3', 'pack_5']);
    assert.deepEqual(
      told.failures.map(({ code, packs }) => [code, packs]),
      [['TIMEOUT', [2]]],
    );
    assert.match(told.failures[0]?.message ?? '', /^pack_2: no answer/);
    assert.equal(told.look, 'yellow ring: pack_2 no answer');
    const input = poller.poll();
    await pass(100, 10);
    assert.deepEqual((await input).error?.packs, [2]);
  });

  it('of which one fails and comes back are told of once each', async () => {
    client.answers.set(3, SILENCE);
    const { told } = start({ intervalMs: 1000 });
    await client.open();
    await pass(5000, 10);
    assert.equal(told.failures.length, 1);
    client.answers.set(3, named('three'));
    await pass(2000, 10);
    assert.deepEqual([told.failures.length, told.recoveries], [1, ['pack_3']]);
    assert.equal(told.look, 'green dot: two · 3 packs');
  });

  it('in value shape tell the first, and nothing where it fails', async () => {
    const { told, poller } = start({ output: 'value' });
    await client.open();
    assert.equal(payloadOf(told, 0), 'two');
    client.answers.set(2, SILENCE);
    const input = poller.poll();
    await pass(100, 10);
    const { delivery, error } = await input;
    assert.deepEqual([delivery.messages, error?.packs], [[], [2]]);
  });

  it('through the first are one BMS', async () => {
    client.addresses = [1, 2, 3];
    client.answers = new Map([[1, IDENTITY]]);
    const { told } = start();
    await client.open();
    assert.ok(!('packs' in (payloadOf(told) ?? {})));
    assert.equal(told.look, 'green dot: P16S100A-1812-1.00 · 4 packs');
  });
});

describe('an info node in trouble', () => {
  it('tells a failure that goes on once, and its end once', async () => {
    client.answers.set(1, SILENCE);
    const { told } = start({ intervalMs: 1000 });
    await client.open();
    await pass(5000, 10);
    assert.deepEqual([told.codes, told.messages.length], [['TIMEOUT'], 0]);
    assert.equal(told.look, 'red ring: no answer');
    client.answers.set(1, IDENTITY);
    await pass(3000, 10);
    assert.deepEqual([told.codes, told.recoveries], [['TIMEOUT'], ['the bank']]);
    assert.equal(told.look, 'green dot: P16S100A-1812-1.00 · 4 packs');
  });

  it('tells once that the line does not open, and once that it is back', async () => {
    const { told } = start();
    for (let k = 0; k < 4; k++) {
      client.become(BACKOFF);
      assert.equal(told.look, 'yellow ring: connection lost, retry in 1 s');
      client.become({ name: 'connecting' });
      assert.equal(told.look, 'yellow ring: connecting');
    }
    assert.deepEqual([told.codes, told.recoveries], [['NOT_CONNECTED'], []]);
    await client.open();
    assert.deepEqual([told.codes, told.recoveries], [['NOT_CONNECTED'], ['the bank']]);
  });

  it('shows nothing old when the line opens anew', async () => {
    const { told } = start();
    await client.open();
    client.become(BACKOFF);
    client.answers.set(1, SILENCE);
    client.become({ name: 'open' });
    assert.equal(told.look, 'yellow ring: waiting for an answer');
    await pass(100, 10);
    assert.equal(told.look, 'red ring: no answer');
  });

  it('tells nothing once it is closed, and listens no more', async () => {
    const { told, poller } = start({ intervalMs: 1000 });
    client.become({ name: 'open' });
    await settled();
    poller.close();
    const statuses = told.statuses.length;
    await pass(5000, 10);
    assert.deepEqual([told.messages.length, told.codes.length, client.asked.length], [0, 0, 1]);
    assert.deepEqual([told.statuses.length, client.listeners], [statuses, 0]);
  });

  it('says nothing of a connection that a deploy has closed', async () => {
    client.answers.set(1, new PaceError('CLOSED', 'the connection was closed'));
    const { told } = start();
    await client.open();
    assert.deepEqual(told.codes, []);
  });
});
