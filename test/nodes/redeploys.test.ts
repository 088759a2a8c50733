import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { Inbox, loadFlow, unloadFlow } from '../support/node-red.js';
import { bench, flowOf, type Properties, type QueryDefinition } from './kit/flow.js';
import { alarmReply, analogReply } from './kit/replies.js';

const { run, listen, connect, redeploy } = bench();

const answer = (text: string) => (text.slice(7, 9) === '42' ? analogReply([{}]) : alarmReply([{}]));
const QUERIES: QueryDefinition[] = [
  { interval: 0.05 },
  { interval: 0.05, query: 'warning', output: 'bank' },
  { interval: 5, query: 'status', output: 'value', staleAfter: 30 },
];

/** What keeps the process alive, by kind; the look-up of a host cannot be called off, and ends by itself. */
function handles(): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) {
    if (kind !== 'GetAddrInfoReqWrap') counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}

describe('redeploys', () => {
  const banks: [what: string, connection: (server: { port: number }) => Properties][] = [
    ['a bank that answers', (server) => connect(server)],
    ['a server that refuses', () => connect({ port: 1 })],
    ['a host that is not known', () => ({ transport: 'tcp', host: 'pace-bms.invalid' })],
    ['a serial port that is not there', () => ({ transport: 'serial', serialPort: '/dev/pace-bms-none' })],
    ['a simulated bank', () => ({ transport: 'simulator', spacing: 0 })],
    ['settings that are refused', () => ({ transport: 'tcp', host: '' })],
  ];
  for (const [what, connection] of banks) {
    it(`50 of ${what}: no timer and no socket outlives them`, { timeout: 60_000 }, async () => {
      const server = await listen(answer);
      const flow = flowOf(connection(server), QUERIES);
      const cycle = async (i: number) => {
        await loadFlow(flow);
        if (what === 'a bank that answers' && i % 5 === 0) await new Inbox('analog-out').has(1);
        await unloadFlow();
      };
      for (let i = 0; i < 3; i++) await cycle(i);
      while (server.sockets.size > 0) await turn();
      const before = handles();
      for (let i = 0; i < 50; i++) await cycle(i);
      while (server.sockets.size > 0) await turn();
      const after = handles();
      for (const [kind, count] of Object.entries(after)) {
        assert.ok(count <= (before[kind] ?? 0) + 1, `${kind}: ${before[kind] ?? 0} before, ${count} after`);
      }
    });
  }

  it('a deploy of one node keeps the connection', async () => {
    const { server } = await run(answer, {}, ...QUERIES);
    await server.asked(3);
    const flow = flowOf(connect(server), [{ interval: 0.05, padPacks: 2 }, ...QUERIES.slice(1)]);
    await redeploy(flow, 'nodes');
    const message = await new Inbox('analog-out').find(({ topic }) => topic === 'pace/pack_01/analog');
    assert.ok(message);
    assert.equal(server.connections, 1);
    assert.equal(server.sockets.size, 1);
  });

  it('a deploy of the connection makes a new one, and only one', async () => {
    const { server } = await run(answer, {}, ...QUERIES);
    await server.asked(3);
    await redeploy(flowOf(connect(server, { timeout: 500 }), QUERIES), 'nodes');
    await new Inbox('analog-out').has(2);
    assert.equal(server.connections, 2);
    assert.equal(server.sockets.size, 1);
  });

  it('the line closes after the last query node', async () => {
    const { server } = await run(answer, {}, ...QUERIES);
    await server.asked(3);
    await redeploy(flowOf(connect(server), []), 'nodes');
    while (server.sockets.size > 0) await turn();
    const asked = server.requests.length;
    await redeploy(flowOf(connect(server), [{ interval: 0.05 }]), 'nodes');
    await server.asked(asked + 1);
    assert.equal(server.connections, 2);
  });

  it('an input under way at a deploy ends', async () => {
    const { server, flow } = await run(() => null, { timeout: 5000 }, {});
    flow.input('analog');
    await server.asked(1);
    await unloadFlow();
  });
});
