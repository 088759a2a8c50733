import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { byCommand } from '../support/replay-bms.js';
import { post } from './kit/admin.js';
import { bench, CONNECTION } from './kit/flow.js';
import { ANSWERS, info } from './kit/info.js';
import { alarmReply, analogReply } from './kit/replies.js';

const { run, load } = bench();

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

  it('lets a node that cannot work say why', async () => {
    const flow = await load(null, {});
    await flow.errors.has(1); // by itself, when the flow starts
    assert.equal((await poll('analog')).status, 204);
    const [, error] = await flow.errors.has(2);
    assert.equal(error?.pace.error.code, 'CONFIG');
  });

  it('is not there for what does not read, is disabled or unknown', async () => {
    await run(BANK, {}, {}, { id: 'off', d: true });
    for (const id of [CONNECTION, 'catch', 'off', 'nobody', '__proto__']) {
      const { status, body } = await poll(id);
      assert.deepEqual([status, body], [404, { error: `no deployed node that reads has the id ${id}` }]);
    }
  });
});
