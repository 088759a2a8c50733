import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fieldCapture, frameOf } from '../support/captures.js';
import { bench } from './kit/flow.js';
import { analogReply } from './kit/replies.js';

const { run } = bench();

describe('packOffset', () => {
  const TAILS: [id: string, right: number][] = [
    ['wild-060', 2],
    ['wild-004', 20],
    ['wild-017', 28],
  ];
  for (const [id, right] of TAILS) {
    it(`${id}: the right one, none and 0 read the same`, async () => {
      const offsets = [right, String(right), '', 0, '0', undefined];
      const queries = offsets.map((packOffset, i) => ({ id: `offset-${i}`, packOffset, output: 'bank' }));
      const { flow } = await run(() => frameOf(fieldCapture(id)), {}, ...queries);
      for (const { id: node } of queries) flow.input(node);
      await flow.completed.has(queries.length);
      const [first, ...others] = queries.map(({ id: node }) => JSON.stringify(flow.out(node).messages[0]?.payload));
      for (const other of others) assert.equal(other, first);
    });

    it(`${id}: a wrong one is refused, whoever else asks`, async () => {
      const wrong = { id: 'wrong', packOffset: right + 2 };
      const { flow, server } = await run(() => frameOf(fieldCapture(id)), {}, {}, wrong);
      flow.input('wrong');
      flow.input('analog');
      await flow.completed.has(1);
      await flow.errors.has(1);
      assert.equal(flow.errors.messages[0]?.pace.error.code, 'SHAPE');
      assert.match(flow.errors.messages[0]?.error.message, /offset/);
      assert.equal(flow.out('wrong').messages.length, 0);
      assert.ok(flow.out('analog').messages.length > 0);
      assert.equal(server.requests.length, 1);
    });
  }

  it('a bank that reads in one way only', async () => {
    const reply = analogReply([{ tail: [] }, { tail: [] }]);
    const { flow } = await run(() => reply, {}, { packOffset: 2 }, { id: 'none' });
    await flow.ask('analog');
    assert.equal(flow.errors.messages[0]?.pace.error.code, 'SHAPE');
    assert.equal((await flow.ask('none')).length, 2);
  });

  it('the longest tail', async () => {
    const tail = Array(40).fill(0x10);
    const { flow } = await run(() => analogReply([{ tail }, { tail }]), {}, { packOffset: 80 }, { id: 'none' });
    assert.equal((await flow.ask('analog')).length, 2);
    assert.equal((await flow.ask('none')).length, 2);
  });

  it('a longer tail is no 42 reply', async () => {
    const { flow } = await run(() => analogReply([{ tail: Array(41).fill(0) }]), {}, {});
    await flow.ask('analog');
    assert.equal(flow.errors.messages[0]?.pace.error.code, 'SHAPE');
  });
});
