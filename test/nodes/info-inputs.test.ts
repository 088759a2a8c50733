import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { statusOf } from '../support/node-red.js';
import { byCommand } from '../support/replay-bms.js';
import { bench, flowOf, type Properties } from './kit/flow.js';
import { ANSWERS, COMMANDS, commandsOf, info, TOLD } from './kit/info.js';
import { frame } from './kit/replies.js';

const { run, listen, connect, load, redeploy } = bench();

/** A flow with an info node whose BMS tells all. */
const tell = (properties: Properties = {}) => run(byCommand(ANSWERS), {}, info(properties));
/** A reply that answers nothing. */
const MISFIT = frame([1, 2, 3]);

describe('an input', () => {
  it('reads now, and goes out as it came', async () => {
    const { flow, server } = await tell();
    await flow.out('info').has(1);
    const input = { _msgid: 'abc', topic: 'old', own: { deep: [1] }, packs: 'x' };
    const [message, ...others] = await flow.ask('info', input);
    assert.deepEqual(others, []);
    assert.deepEqual([message?._msgid, message?.own, message?.packs], ['abc', { deep: [1] }, 'x']);
    assert.deepEqual([message?.topic, message?.payload], ['pace/bank/info', TOLD]);
    assert.deepEqual(commandsOf(server.requests), [...COMMANDS, ...COMMANDS]);
    assert.deepEqual([flow.completed.messages.length, flow.errors.messages.length], [1, 0]);
  });

  it('while the line is connecting waits for it', async () => {
    const { flow } = await tell();
    flow.input('info', { n: 1 });
    assert.deepEqual((await flow.out('info').find(({ n }) => n === 1)).payload, TOLD);
    assert.equal(flow.errors.messages.length, 0);
  });

  it('in back-off fails at once', async () => {
    const server = await listen(() => null);
    const connection = connect(server);
    await server.close();
    const flow = await load(connection, info());
    const [first] = await flow.errors.has(1);
    assert.equal(first?.topic, 'pace/bank/info');
    await statusOf('info', ({ fill, text: shown }) => fill === 'yellow' && shown.includes('retry'));
    flow.input('info', { n: 1 });
    const [, error] = await flow.errors.has(2);
    assert.deepEqual([error?.n, error?.pace.error, error?.error.code], [1, { code: 'NOT_CONNECTED' }, 'NOT_CONNECTED']);
  });

  it('to a dead BMS ends with an error', async () => {
    const { flow } = await run(() => null, {}, info());
    const [first] = await flow.errors.has(1);
    assert.deepEqual([first?.pace.error, first?.pace.query], [{ code: 'TIMEOUT' }, 'info']);
    await statusOf('info', ({ fill, shape, text: shown }) => `${fill} ${shape} ${shown}` === 'red ring no answer');
    assert.deepEqual(await flow.ask('info', { n: 1, packs: '2' }), []);
    const second = flow.errors.messages[1];
    assert.deepEqual([second?.n, second?.pace.error, second?.error.code], [1, { code: 'TIMEOUT' }, 'TIMEOUT']);
    assert.match(second?.error.message, /no answer from address 1.*check/);
  });

  it('that a deploy overtakes ends with CLOSED', async () => {
    const { flow, server } = await run(() => null, { timeout: 5000 }, info());
    flow.input('info', { n: 1 });
    await server.asked(1);
    await redeploy(flowOf(connect(server, { timeout: 5000 }), [info({ topic: 'home' })]), 'nodes');
    const error = await flow.errors.find(({ n }) => n === 1);
    assert.equal(error.pace.error.code, 'CLOSED');
  });
});

describe('an interval', () => {
  it('reads again and again, with fresh messages', async () => {
    const { flow } = await tell({ interval: '0.05' });
    const [first, second] = await flow.out('info').has(3);
    assert.deepEqual(first?.payload, TOLD);
    assert.notEqual(first?._msgid, second?._msgid);
  });

  it('that keeps failing is told once, and its end too', async () => {
    const bms = { isConfused: true };
    const answer = byCommand(ANSWERS);
    const { flow, server } = await run(
      (request, count) => (bms.isConfused ? MISFIT : answer(request, count)),
      {},
      info({ interval: 0.05 }),
    );
    await server.asked(15);
    bms.isConfused = false;
    await flow.out('info').has(1);
    assert.deepEqual(
      flow.errors.messages.map(({ pace }) => pace.error.code),
      ['SHAPE'],
    );
  });
});

describe('settings of an info node', () => {
  const nonsense: Properties = { interval: '0.01', output: 'pack', topic: 'a/#', padPacks: 'x', connection: 'none' };
  for (const [property, value] of Object.entries(nonsense)) {
    it(`${property} ${value}: told once, and to every input`, async () => {
      const { flow, server } = await tell({ [property]: value });
      const [error] = await flow.errors.has(1);
      assert.deepEqual([error?.pace.error, error?.pace.query], [{ code: 'CONFIG' }, 'info']);
      assert.match(error?.error.message, new RegExp(property));
      await statusOf('info', ({ fill, shape }) => fill === 'red' && shape === 'ring');
      assert.deepEqual(await flow.ask('info', { _msgid: 'asked' }), []);
      assert.deepEqual([flow.errors.messages.length, flow.errors.messages[1]?._msgid], [2, 'asked']);
      assert.equal(server.requests.length, 0);
    });
  }

  it('an empty topic leaves no slash', async () => {
    const { flow } = await tell({ topic: '' });
    assert.equal((await flow.out('info').has(1))[0]?.topic, 'bank/info');
  });
});
