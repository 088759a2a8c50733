import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import helper from 'node-red-node-test-helper';
import { statusOf } from '../support/node-red.js';
import { RealNodeRed } from '../support/real-node-red.js';
import { bench, CONNECTION, flowOf } from './kit/flow.js';
import { alarmReply, analogReply, refusal } from './kit/replies.js';

const pathOf = (id: string) => `/pace-bms/connections/${id}/statistics`;

describe('the statistics of a connection', () => {
  const { run, load, listen, connect, redeploy } = bench();

  const ask = async (id = CONNECTION) => (await helper.request().get(pathOf(id)).expect(200)).body;

  /** A reply whose checksum was damaged on the way. */
  const damaged = (reply: string) => `${reply.slice(0, 20)}${reply[20] === '0' ? '1' : '0'}${reply.slice(21)}`;

  it('are those of a connection that has done nothing, before the first answer', async () => {
    const server = await listen(() => null);
    await load(connect(server));
    assert.deepEqual(await ask(), {
      id: CONNECTION,
      name: 'Shed',
      transport: `127.0.0.1:${server.port}`,
      state: 'idle',
      queueDepth: 0,
      exchanges: 0,
      answers: 0,
      timeouts: 0,
      doubts: 0,
      refusals: {},
      opened: 0,
      lastGoodAgeSeconds: null,
      linkQuality: null,
    });
  });

  it('tell every exchange by its end', async () => {
    const answers = [
      analogReply([{}]),
      damaged(analogReply([{}])),
      refusal(4),
      null,
      analogReply([{}]),
      alarmReply([{}]),
      refusal(0x0b),
      refusal(4),
    ];
    const { flow } = await run((_, count) => answers[count - 1] as string | null, { timeout: 300 }, {});
    for (const _ of answers) await flow.ask('analog');
    const { lastGoodAgeSeconds, state, transport, ...figures } = await ask();
    assert.equal(state, 'open');
    assert.match(transport, /^127\.0\.0\.1:\d+$/);
    assert.ok(lastGoodAgeSeconds >= 0 && lastGoodAgeSeconds < 8, `${lastGoodAgeSeconds}`);
    assert.deepEqual(figures, {
      id: CONNECTION,
      name: 'Shed',
      queueDepth: 0,
      exchanges: 8,
      answers: 2,
      timeouts: 1,
      doubts: 0,
      refusals: { CHECKSUM: 1, 'REFUSED 04': 2, SHAPE: 1, 'REFUSED 0B': 1 },
      opened: 1,
      linkQuality: 25,
    });
  });

  it('count the requests that wait', async () => {
    const { flow, server } = await run(() => null, { timeout: 5000 }, {}, { query: 'warning' });
    for (const id of ['analog', 'warning', 'analog']) flow.input(id);
    await server.asked(1);
    assert.equal((await ask()).queueDepth, 2);
    for (const socket of server.sockets) socket.write(analogReply([{}]));
    await flow.completed.has(2);
    assert.equal((await ask()).queueDepth, 1);
  });

  it('say why the connection is not open, and how often it was opened', async () => {
    const { flow, server } = await run(() => analogReply([{}]), { timeout: 8000 }, {});
    await flow.ask('analog');
    server.dropClients();
    await statusOf('analog', ({ text }) => text.includes('retry in'));
    const lost = await ask();
    assert.equal(lost.state, 'backoff');
    assert.match(lost.error, /^127\.0\.0\.1:\d+: /);
    await server.visited(2);
    await statusOf('analog', ({ text }) => text.startsWith('waiting'));
    const { state, opened, error } = await ask();
    assert.deepEqual({ state, opened, error }, { state: 'open', opened: 2, error: undefined });
  });

  it('tell what is wrong with the settings', async () => {
    await load({ transport: 'tcp', host: '' }, {});
    const { id, name, state, error, ...others } = await ask();
    assert.deepEqual({ id, name, state, others }, { id: CONNECTION, name: 'Shed', state: 'error', others: {} });
    assert.match(error, /host/);
  });

  it('are of deployed connections only', async () => {
    const server = await listen(() => null);
    const queries = [{}];
    await load(connect(server), ...queries);
    for (const id of ['nobody', 'analog', '__proto__']) {
      const { body } = await helper.request().get(pathOf(id)).expect(404);
      assert.match(body.error, new RegExp(id));
    }
    await redeploy(flowOf({ ...connect(server), d: true }, queries), 'full');
    await helper.request().get(pathOf(CONNECTION)).expect(404);
  });
});

describe('the statistics of a connection on a guarded Node-RED', () => {
  const PERMISSIONS = {
    owner: ['*'],
    viewer: ['read'],
    guest: ['pace-bms.read'],
    author: ['flows.read', 'flows.write', 'nodes.read'],
    robot: ['pace-bms.write'],
  };
  const ID = 'c100000000000001';
  let nodeRed: RealNodeRed;
  before(async () => {
    const flow = [{ id: ID, type: 'pace-bms-connection', name: 'Shed', transport: 'simulator' }];
    nodeRed = await RealNodeRed.start(flow, PERMISSIONS);
  });
  after(() => nodeRed.stop());

  const cases: [who: string | null, status: number][] = [
    ['owner', 200],
    ['viewer', 200],
    ['guest', 200],
    ['author', 401],
    ['robot', 401],
    ['stranger', 401],
    [null, 401],
  ];
  for (const [who, status] of cases) {
    it(`${who ?? 'nobody'}: ${status}`, async () => {
      const headers: Record<string, string> = who ? { authorization: `Bearer ${who}` } : {};
      const answer = await fetch(new URL(pathOf(ID), nodeRed.url), { headers });
      const text = await answer.text();
      assert.equal(answer.status, status, text);
      assert.equal(text.includes('Shed'), status === 200);
    });
  }
});
