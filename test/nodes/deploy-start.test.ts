import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadFlow } from '../support/node-red.js';
import { bench, flowOf, type QueryDefinition, RunningFlow } from './kit/flow.js';
import { alarmReply } from './kit/replies.js';

const { listen, connect } = bench();

/** A flow whose query nodes exist long before what they are wired to, as in a big project. */
async function loadBigFlow(connection: object, queries: QueryDefinition[]): Promise<RunningFlow> {
  const nodes = flowOf({ ...connection }, queries);
  const isLate = ({ type }: { type?: unknown }) => ['inbox', 'catch', 'complete'].includes(String(type));
  const others = Array.from({ length: 3000 }, (_, i) => ({
    id: `n${i}`,
    type: 'helper',
    z: 'tab',
    x: 0,
    y: 0,
    wires: [],
  }));
  await loadFlow([...nodes.filter((node) => !isLate(node)), ...others, ...nodes.filter(isLate)]);
  return new RunningFlow(queries);
}

describe('while a big project is being started', () => {
  it('no reading and no event is lost', async () => {
    const server = await listen(() => alarmReply([{ fault: 1 }]));
    const flow = await loadBigFlow(connect(server), [{ query: 'warning', interval: 0.5, onlyChanges: true }]);
    await server.asked(2);
    assert.equal(flow.out('warning').messages.length, 1);
    assert.equal(flow.events('warning').messages.length, 1);
  });

  it('no error is lost', async () => {
    const flow = await loadBigFlow(connect({ port: 1 }), [{ interval: 0.5 }]);
    const [error] = await flow.errors.has(1);
    assert.equal(error?.pace.error.code, 'NOT_CONNECTED');
  });
});
