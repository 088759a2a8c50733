import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { byCommand } from '../support/replay-bms.js';
import { post } from './kit/admin.js';
import { bench, CONNECTION } from './kit/flow.js';
import { ANSWERS, info } from './kit/info.js';
import { alarmReply, analogReply } from './kit/replies.js';

const { run, load, listen } = bench();

const BANK = byCommand({ ...ANSWERS, 42: analogReply([{}, {}]), 44: alarmReply([{}, {}]) });
const poll = (id: string) => post(`/pace-bms/nodes/${id}/poll`);

describe('the button of a node', () => {
  for (const query of ['analog', 'warning', 'status'] as const) {
    it(`lets ${query} read now, as an empty message does`, async () => {
      const { flow } = await run(BANK, {}, { query });
      const { status, body } = await poll(query);
      assert.deepEqual([status, body], [204, {}]);
      const messages = await flow.out(query).has(2);
      assert.deepEqual(
        messages.map(({ payload }) => payload.pack),
        [1, 2],
      );
      await flow.completed.has(1);
    });
  }

  it('lets info read now', async () => {
    const { flow } = await run(BANK, {}, info());
    await flow.out('info').has(1); // by itself, when the line opens
    await poll('info');
    await flow.out('info').has(2);
  });

  it('says why a node cannot work, and leaves it alone', async () => {
    const flow = await load(null, {});
    await flow.errors.has(1); // by itself, when the flow starts
    const { status, body } = await poll('analog');
    assert.equal(status, 409);
    assert.match(body.error, /^no connection is set/);
    assert.equal(flow.errors.messages.length, 1);
  });

  it('says why a connection with wrong settings is of no use', async () => {
    await load({ transport: 'tcp', host: '' }, {});
    const { status, body } = await poll('analog');
    assert.equal(status, 409);
    assert.match(body.error, /^host: give the host name/);
  });

  it('says why the line is not open, and lets the node read when it is again', async () => {
    const { server, flow } = await run(BANK, {}, {});
    const { port } = server;
    await flow.ask('analog');
    await server.close();
    await flow.ask('analog');
    const { status, body } = await poll('analog');
    assert.equal(status, 409);
    assert.match(body.error, /^127\.0\.0\.1:\d+: /);
    assert.equal(flow.errors.messages.length, 1);
    const again = await listen(BANK, {}, port);
    await again.visited(1);
    assert.equal((await poll('analog')).status, 204);
    await flow.out('analog').has(4);
  });

  it('is not there for what does not read, is disabled or unknown', async () => {
    await run(BANK, {}, {}, { id: 'off', d: true });
    for (const id of [CONNECTION, 'catch', 'off', 'nobody', '__proto__']) {
      const { status, body } = await poll(id);
      assert.deepEqual([status, body], [404, { error: `no deployed node that reads has the id ${id}` }]);
    }
  });
});
