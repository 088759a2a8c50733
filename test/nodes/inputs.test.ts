import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { statusOf } from '../support/node-red.js';
import { bench } from './kit/flow.js';
import { alarmReply, analogReply } from './kit/replies.js';

const { run, load, listen, connect } = bench();

const THREE = analogReply([{}, {}, {}]);

describe('an input', () => {
  it('is the message that goes out', async () => {
    const { flow } = await run(() => THREE, {}, {}, { id: 'bank', output: 'bank' });
    const original = {
      _msgid: 'abc',
      payload: 'mine',
      topic: 'theirs',
      own: { deep: [1] },
      packs: '1,3',
      parts: { id: 'p' },
    };
    const messages = await flow.ask('analog', original);
    assert.deepEqual(
      messages.map(({ topic, _msgid, own, packs }) => ({ topic, _msgid, own, packs })),
      ['pace/pack_1/analog', 'pace/pack_3/analog'].map((topic) => {
        return { topic, _msgid: 'abc', own: { deep: [1] }, packs: '1,3' };
      }),
    );
    assert.notEqual(messages[0]?.own, messages[1]?.own);
    assert.equal(messages[0]?.parts.key, 'pack_1');
    const [bank] = await flow.ask('bank', original);
    assert.deepEqual([bank?._msgid, bank?.topic, bank?.own], ['abc', 'pace/bank/analog', { deep: [1] }]);
  });

  const selections: [packs: unknown, names: string[]][] = [
    ['1,3', ['pack_1', 'pack_3']],
    ['2-3', ['pack_2', 'pack_3']],
    [' 1 , 2 - 3 ', ['pack_1', 'pack_2', 'pack_3']],
    [2, ['pack_2']],
    ['2', ['pack_2']],
    [
      [3, 1],
      ['pack_1', 'pack_3'],
    ],
    [[1, 1], ['pack_1']],
    [undefined, ['pack_1', 'pack_2']],
    ['', ['pack_1', 'pack_2']],
  ];
  for (const [packs, names] of selections) {
    it(`msg.packs ${JSON.stringify(packs)}`, async () => {
      const { flow } = await run(() => THREE, {}, { packs: '1-2' });
      const messages = await flow.ask('analog', { packs });
      assert.deepEqual(
        messages.map(({ payload }) => payload.name),
        names,
      );
      assert.deepEqual(messages[0]?.packs, packs);
      assert.equal(flow.errors.messages.length, 0);
    });
  }

  it('msg.packs counts for that once', async () => {
    const { flow } = await run(() => THREE, {}, { packs: '1-2' });
    await flow.ask('analog', { packs: 3 });
    const messages = await flow.ask('analog');
    assert.deepEqual(
      messages.map(({ payload }) => payload.name),
      ['pack_1', 'pack_2'],
    );
  });

  for (const packs of ['x', '1-', '3-1', '1,,2', -1, 1.5, [], {}, true, '1-300', [1, 'x'], Number.NaN]) {
    it(`bad msg.packs ${JSON.stringify(packs)}`, async () => {
      const { flow, server } = await run(() => THREE, {}, {});
      const sent = await flow.ask('analog', { packs, _msgid: 'abc' });
      assert.equal(sent.length, 0);
      const [error] = await flow.errors.has(1);
      assert.deepEqual([error?.pace.error.code, error?._msgid], ['CONFIG', 'abc']);
      assert.match(error?.error.message, /packs/);
      assert.deepEqual(error?.packs, packs);
      assert.equal(server.requests.length, 0);
      assert.equal((await flow.ask('analog')).length, 3);
    });
  }

  it('ends once, well or not', async () => {
    const bank = { reply: THREE as string | null };
    const { flow } = await run(() => bank.reply, {}, {});
    await flow.ask('analog', { n: 1 });
    bank.reply = null;
    await flow.ask('analog', { n: 2 });
    bank.reply = THREE;
    await flow.ask('analog', { n: 3, packs: '2,9' });
    await flow.ask('analog', { n: 4 });
    assert.deepEqual(
      flow.completed.messages.map(({ n }) => n),
      [1, 4],
    );
    assert.deepEqual(
      flow.errors.messages.map(({ n, pace }) => [n, pace.error.code]),
      [
        [2, 'TIMEOUT'],
        [3, 'NO_PACK'],
      ],
    );
  });

  it('that comes while one is under way shares its exchange, and both are answered', async () => {
    const { flow, server } = await run(() => THREE, {}, { output: 'bank' });
    for (const n of [1, 2, 3]) flow.input('analog', { n });
    await flow.completed.has(3);
    assert.deepEqual(
      flow.out('analog').messages.map(({ n }) => n),
      [1, 2, 3],
    );
    assert.equal(server.requests.length, 1);
  });

  it('right after the start waits for the connection', async () => {
    const server = await listen(() => THREE);
    const flow = await load(connect(server), { output: 'bank' });
    flow.input('analog', { n: 1 });
    const [message] = await flow.out('analog').has(1);
    assert.equal(message?.n, 1);
    assert.equal(flow.errors.messages.length, 0);
  });

  it('in back-off fails at once', async () => {
    const server = await listen(() => THREE);
    const connection = connect(server);
    await server.close();
    const flow = await load(connection, {});
    await statusOf('analog', ({ text }) => text.includes('retry'));
    flow.input('analog', { n: 1 });
    const [error] = await flow.errors.has(1);
    assert.deepEqual([error?.n, error?.pace.error.code, error?.error.code], [1, 'NOT_CONNECTED', 'NOT_CONNECTED']);
    assert.equal(flow.errors.messages.length, 1);
  });

  it('is answered in full, however little has changed', async () => {
    const { flow, server } = await run(
      () => THREE,
      {},
      { onlyChanges: true },
      { id: 'value', output: 'value', onlyChanges: true },
    );
    assert.equal((await flow.ask('analog')).length, 3);
    assert.equal((await flow.ask('analog')).length, 3);
    const first = (await flow.ask('value')).length;
    assert.equal((await flow.ask('value')).length, first - 1);
    assert.equal(server.requests.length, 4);
  });

  it('asks anew, however young the last reply is', async () => {
    const { flow, server } = await run(() => alarmReply([{}]), {}, { query: 'warning', interval: 3600 });
    await flow.out('warning').has(1);
    await flow.ask('warning');
    assert.equal(server.requests.length, 2);
  });

  it('for a pack that is not there: NO_PACK, and the others are sent', async () => {
    const { flow } = await run(() => THREE, {}, {});
    const sent = await flow.ask('analog', { packs: '2,7-8' });
    assert.deepEqual(
      sent.map(({ payload }) => payload.name),
      ['pack_2'],
    );
    const [error] = flow.errors.messages;
    assert.deepEqual(error?.pace.error, { code: 'NO_PACK', packs: [7, 8] });
    assert.ok(!('error' in (sent[0]?.pace ?? {})));
  });

  it('for an empty slot: NO_PACK', async () => {
    const { flow } = await run(() => analogReply([{}, { cells: Array(16).fill(0), voltage: 0 }]), {}, {});
    assert.deepEqual(await flow.ask('analog', { packs: 2 }), []);
    assert.deepEqual(flow.errors.messages[0]?.pace.error, { code: 'NO_PACK', packs: [2] });
  });

  it('keeps an error free of the data of others', async () => {
    const { flow } = await run(() => null, {}, {});
    await flow.ask('analog', { own: 1, pace: { old: true } });
    const [error] = flow.errors.messages;
    assert.deepEqual([error?.own, error?.pace.query, error?.pace.error], [1, 'analog', { code: 'TIMEOUT' }]);
  });
});
