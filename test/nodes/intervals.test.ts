import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Inbox, statusOf } from '../support/node-red.js';
import { bench, flowOf, type QueryDefinition, type RunningFlow } from './kit/flow.js';
import { type AlarmPack, type AnalogPack, alarmReply, analogReply } from './kit/replies.js';

const { run, connect, redeploy } = bench();

const commandsOf = (requests: readonly string[]) => requests.map((request) => request.slice(7, 9));

/** A bank of packs that a test changes. */
async function changingBank(packs: AnalogPack[], ...queries: QueryDefinition[]) {
  const bank = { packs };
  return { bank, ...(await run(() => analogReply(bank.packs), {}, ...queries)) };
}

const named = (flow: RunningFlow) => flow.out('analog').messages.map(({ payload }) => payload.name);

describe('an interval', () => {
  it('polls as soon as the line is open, and again and again', async () => {
    const { flow, server } = await changingBank([{}], { interval: 0.05 });
    await flow.out('analog').has(4);
    assert.ok(server.requests.length >= 4);
    const [first, second] = flow.out('analog').messages;
    assert.notEqual(first?._msgid, second?._msgid);
  });

  for (const interval of ['3600', 3600]) {
    it(`${JSON.stringify(interval)}: one poll at the start`, async () => {
      const { flow, server } = await changingBank([{}], { interval });
      await flow.out('analog').has(1);
      await statusOf('analog', ({ fill }) => fill === 'green');
      assert.equal(server.requests.length, 1);
    });
  }

  for (const interval of [0, '0']) {
    it(`${JSON.stringify(interval)}: polls only on an input`, async () => {
      const { flow, server } = await changingBank([{}], { interval });
      await flow.ask('analog');
      assert.equal(server.requests.length, 1);
    });
  }

  it('of a slow BMS: ticks are dropped, not piled up', async () => {
    const { server, flow } = await run(() => null, { timeout: 400 }, { interval: 0.05 });
    await server.asked(1);
    await flow.errors.has(1);
    assert.equal(server.requests.length, 1);
  });
});

describe('joined requests', () => {
  it('warning and status cost one 44 exchange', async () => {
    const { flow, server } = await run(() => alarmReply([{}]), {}, { query: 'warning' }, { query: 'status' });
    flow.input('warning');
    flow.input('status');
    await flow.completed.has(2);
    assert.deepEqual(commandsOf(server.requests), ['44']);
  });

  it('by interval too', async () => {
    const interval = 3600;
    const { flow, server } = await run(
      () => alarmReply([{}]),
      {},
      { query: 'warning', interval },
      { query: 'status', interval },
    );
    await flow.out('warning').has(1);
    await flow.out('status').has(1);
    assert.deepEqual(commandsOf(server.requests), ['44']);
  });

  it('an interval poll takes a reply that is young enough', async () => {
    const queries = [{}, { id: 'late', interval: 3600 }];
    const { flow, server } = await run(() => analogReply([{}]), {}, ...queries.slice(0, 1));
    await flow.ask('analog');
    await redeploy(flowOf(connect(server), queries), 'nodes');
    const [message] = await new Inbox('late-out').has(1);
    assert.equal(message?.payload.lastSeen, flow.out('analog').messages[0]?.payload.lastSeen);
    assert.equal(server.requests.length, 1);
  });

  it('an input goes before what intervals wait for', async () => {
    const answer = (text: string) => {
      const packField = Number.parseInt(text.slice(3, 5), 16);
      const envelope = { address: packField, packField };
      return text.slice(7, 9) === '42' ? analogReply([{}], envelope) : alarmReply([{}], envelope);
    };
    const connection = { addressing: 'addressed', addresses: '1-3', spacing: 50 };
    const { flow, server } = await run(answer, connection, { interval: 3600 }, { query: 'warning' });
    await server.asked(1);
    flow.input('warning', { packs: '2-3' });
    await flow.completed.has(1);
    await flow.out('analog').has(3);
    const asked = server.requests.map((text) => `${text.slice(7, 9)}@${text.slice(3, 5)}`);
    assert.deepEqual(asked, ['42@01', '44@02', '44@03', '42@02', '42@03']);
  });

  it('each of several analog nodes gets the reply', async () => {
    const { flow, server } = await run(
      () => analogReply([{}, {}]),
      {},
      {},
      { id: 'two', output: 'bank' },
      { id: 'three', packs: 2 },
    );
    for (const id of ['analog', 'two', 'three']) flow.input(id);
    await flow.completed.has(3);
    assert.equal(server.requests.length, 1);
    assert.deepEqual(
      ['analog', 'two', 'three'].map((id) => flow.out(id).messages.length),
      [2, 1, 1],
    );
  });

  it('42 and 44 go out one after the other', async () => {
    const asked: string[] = [];
    const reply = (request: string) => {
      asked.push(request.slice(7, 9));
      return request.slice(7, 9) === '42' ? analogReply([{}]) : alarmReply([{}]);
    };
    const { flow } = await run(reply, {}, {}, { query: 'warning' }, { query: 'status' });
    for (const id of ['analog', 'warning', 'status']) flow.input(id);
    await flow.completed.has(3);
    assert.deepEqual(asked, ['42', '44']);
  });
});

describe('only changes', () => {
  const ONLY = { interval: 0.05, onlyChanges: true };

  it('leaves out what says the same', async () => {
    const { bank, flow, server } = await changingBank([{}, {}], ONLY);
    await server.asked(4);
    assert.deepEqual(named(flow), ['pack_1', 'pack_2']);
    bank.packs = [{}, { cycles: 8 }];
    const [, , changed] = await flow.out('analog').has(3);
    assert.deepEqual([changed?.payload.name, changed?.payload.cycles], ['pack_2', 8]);
    assert.deepEqual([changed?.parts.count, changed?.parts.index, changed?.parts.key], [1, 0, 'pack_2']);
    await server.asked(server.requests.length + 3);
    assert.equal(flow.out('analog').messages.length, 3);
  });

  it('value shape: a message a value that changed', async () => {
    const { bank, flow, server } = await changingBank([{}], { ...ONLY, output: 'value' });
    await server.asked(3);
    const { messages } = flow.out('analog');
    const topics = messages.map(({ topic }) => topic);
    assert.equal(new Set(topics).size, topics.length);
    const known = messages.length;
    bank.packs = [{ cycles: 8 }];
    await flow.out('analog').has(known + 1);
    await server.asked(server.requests.length + 2);
    assert.deepEqual(
      messages.slice(known).map(({ topic, payload }) => [topic, payload]),
      [['pace/pack_1/cycles', 8]],
    );
    assert.equal(messages.at(-1)?.parts.count, 1);
  });

  it('bank shape', async () => {
    const { bank, flow, server } = await changingBank([{}], { ...ONLY, output: 'bank' });
    await server.asked(3);
    assert.equal(flow.out('analog').messages.length, 1);
    bank.packs = [{ cycles: 8 }];
    await flow.out('analog').has(2);
    await server.asked(server.requests.length + 2);
    assert.equal(flow.out('analog').messages.length, 2);
  });

  it('what an input got counts as sent', async () => {
    const { bank, flow, server } = await changingBank([{}], { ...ONLY, interval: 0.4 });
    await flow.out('analog').has(1);
    bank.packs = [{ cycles: 8 }];
    await flow.ask('analog', { asked: true });
    await server.asked(server.requests.length + 2);
    assert.deepEqual(
      flow.out('analog').messages.map(({ asked = false, payload }) => [asked, payload.cycles]),
      [
        [false, 7],
        [true, 8],
      ],
    );
  });

  it('the first after a reconnect is sent', async () => {
    const { flow, server } = await changingBank([{}], ONLY);
    await server.asked(3);
    assert.equal(flow.out('analog').messages.length, 1);
    server.dropClients();
    await server.visited(2);
    await flow.out('analog').has(2);
    await server.asked(server.requests.length + 3);
    assert.equal(flow.out('analog').messages.length, 2);
  });

  it('the first after a return is sent', async () => {
    const { bank, flow, server } = await changingBank([{}, {}], { ...ONLY, staleAfter: 0.2 });
    await flow.out('analog').has(2);
    bank.packs = [{}];
    await flow.out('analog').find(({ payload }) => !payload.online);
    bank.packs = [{}, {}];
    const { messages } = flow.out('analog');
    await flow.out('analog').has(4);
    await server.asked(server.requests.length + 3);
    assert.deepEqual(
      messages.map(({ payload }) => [payload.name, payload.online]),
      [
        ['pack_1', true],
        ['pack_2', true],
        ['pack_2', false],
        ['pack_2', true],
      ],
    );
  });

  it('false: every poll is sent', async () => {
    const { flow } = await changingBank([{}], { interval: 0.05, onlyChanges: false });
    await flow.out('analog').has(3);
  });

  it('counts alarms and states as they are', async () => {
    const bank: { packs: AlarmPack[] } = { packs: [{}] };
    const { flow, server } = await run(
      () => alarmReply(bank.packs),
      {},
      { ...ONLY, query: 'warning' },
      { ...ONLY, query: 'status' },
    );
    await server.asked(3);
    bank.packs = [{ system: 0x0e }];
    await flow.out('status').has(2);
    await server.asked(server.requests.length + 3);
    assert.deepEqual([flow.out('warning').messages.length, flow.out('status').messages.length], [1, 2]);
  });
});
