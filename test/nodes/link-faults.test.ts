import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadFlow, type Message, nodeOf, statusOf } from '../support/node-red.js';
import { bench, flowOf, type Properties, RunningFlow } from './kit/flow.js';
import { alarmReply, analogReply, refusal } from './kit/replies.js';

const { run, load, listen, connect } = bench();

const GOOD = analogReply([{}, {}]);
const QUICK = { interval: 0.05 };
const codesOf = (messages: readonly Message[]) => messages.map(({ pace }) => pace.error.code);

interface Spied {
  args: [unknown][];
  thisValues: { id: string }[];
}
/** What a node has told by `node.log`, `warn` and `error`, in all. */
function toldBy(id: string): string[] {
  const node = nodeOf(id) as unknown as Record<'log' | 'warn' | 'error', Spied>;
  return (['log', 'warn', 'error'] as const).flatMap((method) => {
    const { args, thisValues } = node[method];
    return args.filter((_, i) => thisValues[i]?.id === id).map(([told]) => String(told));
  });
}

describe('an interval that keeps failing', () => {
  const failures: [what: string, reply: string | null, code: string][] = [
    ['silence', null, 'TIMEOUT'],
    ['a refusal', refusal(4), 'REFUSED'],
    ['another kind of reply', alarmReply([{}, {}]), 'SHAPE'],
    ['a bad checksum', `${GOOD.slice(0, -5)}0000\r`, 'CHECKSUM'],
  ];
  for (const [what, reply, code] of failures) {
    it(`${what}: one error, a fresh message, and word of its end`, async () => {
      const bank = { reply };
      const { server, flow } = await run(() => bank.reply, { timeout: 30 }, QUICK);
      await server.asked(3);
      await flow.errors.has(1);
      assert.deepEqual(codesOf(flow.errors.messages), [code]);
      const [error] = flow.errors.messages;
      assert.ok(error?._msgid && !('payload' in error && error.payload));
      assert.equal(flow.completed.messages.length, 0);
      const before = toldBy('analog').length;
      bank.reply = GOOD;
      await flow.out('analog').has(4);
      assert.equal(toldBy('analog').length, before + 1);
      assert.equal(flow.errors.messages.length, 1);
      bank.reply = null;
      const [, again] = await flow.errors.has(2);
      assert.equal(again?.pace.error.code, 'TIMEOUT');
    });
  }

  it('with one pack silent: one error that names it', async () => {
    const answer = (text: string) => {
      const address = Number.parseInt(text.slice(3, 5), 16);
      return address === 2 ? null : analogReply([{}], { address, packField: address });
    };
    const { server, flow } = await run(answer, { addressing: 'addressed', addresses: '1-2', timeout: 30 }, QUICK);
    await server.asked(6);
    assert.deepEqual(
      flow.errors.messages.map(({ pace }) => pace.error),
      [{ code: 'TIMEOUT', packs: [2] }],
    );
    assert.ok(flow.out('analog').messages.every(({ payload }) => payload.pack === 1));
  });

  it('the failure of one query is not that of another', async () => {
    const answer = (text: string) => (text.slice(7, 9) === '42' ? refusal(4) : alarmReply([{}]));
    const { flow } = await run(answer, {}, QUICK, { ...QUICK, query: 'warning' });
    await flow.out('warning').has(5);
    assert.deepEqual(
      flow.errors.messages.map(({ error }) => error.source.id),
      ['analog'],
    );
  });
});

describe('a connection that fails', () => {
  const ways: [what: string, connection: Properties, says: RegExp][] = [
    ['a host that is not known', { transport: 'tcp', host: 'pace-bms.invalid' }, /host|cannot connect/],
    ['a serial port that is not there', { transport: 'serial', serialPort: '/dev/pace-bms-none' }, /port/],
    ['a serial port that is none', { transport: 'serial', serialPort: '/dev/null' }, /port/],
  ];
  for (const [what, connection, says] of ways) {
    it(`${what}: one error, a status, and inputs fail`, async () => {
      const flow = await load(connection, QUICK);
      const [error] = await flow.errors.has(1);
      assert.equal(error?.pace.error.code, 'NOT_CONNECTED');
      assert.match(error?.error.message, says);
      const shown = await statusOf('analog', ({ text }) => text.includes('retry'));
      assert.deepEqual([shown.fill, shown.shape, shown.text.length <= 32], ['yellow', 'ring', true]);
      await flow.ask('analog');
      assert.deepEqual(codesOf(flow.errors.messages), ['NOT_CONNECTED', 'NOT_CONNECTED']);
    });
  }

  it('a server that refuses, then is there', async () => {
    const server = await listen(() => GOOD);
    const connection = connect(server);
    const { port } = server;
    await server.close();
    const flow = await load(connection, QUICK, { id: 'asked' });
    const [error] = await flow.errors.has(1);
    assert.equal(error?.pace.error.code, 'NOT_CONNECTED');
    await listen(() => GOOD, {}, port);
    await flow.out('analog').has(2);
    assert.equal((await flow.ask('asked')).length, 2);
    assert.equal(flow.errors.messages.length, 1);
  });

  it('a peer that closes, again and again: one error a streak', async () => {
    const bank = { rude: true };
    const server = await listen((_text) => {
      if (!bank.rude) return GOOD;
      setImmediate(() => server.dropClients());
      return GOOD.slice(0, 60);
    });
    const flow = await load(connect(server, { timeout: 1000 }), QUICK);
    await flow.errors.has(1);
    await server.visited(2);
    bank.rude = false;
    await flow.out('analog').has(2);
    assert.deepEqual(codesOf(flow.errors.messages), ['NOT_CONNECTED']);
  });

  it('a peer that closes during an input: NOT_CONNECTED, once', async () => {
    const server = await listen(() => {
      setImmediate(() => server.dropClients());
      return GOOD.slice(0, 60);
    });
    const flow = await load(connect(server, { timeout: 1000, retries: 2 }), {});
    await flow.ask('analog', { n: 1 });
    assert.deepEqual(
      flow.errors.messages.map(({ n, pace }) => [n, pace.error.code]),
      [[1, 'NOT_CONNECTED']],
    );
    assert.equal(server.requests.length, 1);
  });

  it('the other connection goes on', async () => {
    const server = await listen(() => GOOD);
    const other = { id: 'other', type: 'pace-bms-connection', ...connect(server) };
    const queries = [QUICK, { ...QUICK, id: 'good', connection: 'other' }];
    await loadFlow(flowOf({ transport: 'tcp', host: '127.0.0.1', port: 1 }, queries, [other]));
    const flow = new RunningFlow(queries);
    await flow.out('good').has(3);
    await flow.errors.has(1);
    assert.ok(flow.errors.messages.every(({ error }) => error.source.id === 'analog'));
  });
});
