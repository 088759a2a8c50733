import assert from 'node:assert/strict';
import { afterEach, describe, it, mock } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { type Message, nodeOf, statusOf, unloadFlow } from '../support/node-red.js';
import { CONNECTION, flowOf } from './kit/flow.js';
import { LIMITS, limits, limitsBench, readers, withCell } from './kit/limits.js';

const { run, load, runBank, connect, redeploy } = limitsBench();

const SIMULATED = { transport: 'simulator' };
/** 50 A in and 60 A out of each of two packs. */
const isSettled = ({ chargeCurrent, dischargeCurrent }: Message['payload']) =>
  chargeCurrent === 100 && dischargeCurrent === 120;
const inShort = ({ payload: { event, state } }: Message) => `${event} ${state}`;

describe('the limits of a bank', () => {
  for (const output of ['pack', 'bank']) {
    it(`follow its readings, from ${output} messages`, async () => {
      const { flow, out } = await runBank([{}, {}], {}, { output });
      const settled = await out.find(({ payload }) => isSettled(payload) && payload.chargeVoltage === 55.2);
      const [first] = out.messages;
      assert.deepEqual(
        [first?.payload.mode, first?.payload.chargeCurrent, first?.payload.dischargeCurrent],
        ['starting', 0, 0],
      );
      const { age, ...payload } = settled.payload;
      assert.ok(age >= 0 && age < 10);
      assert.deepEqual(payload, {
        ...{ chargeVoltage: 55.2, chargeCurrent: 100, dischargeCurrent: 120, lowVoltage: 46.4 },
        ...{ allowCharge: true, allowDischarge: true, chargeRequest: false, mode: 'bulk' },
        reasons: {
          chargeVoltage: ['absorption at 3.45 V a cell'],
          chargeCurrent: ['at most 50 A a pack'],
          dischargeCurrent: ['at most 60 A a pack'],
        },
        ...{ onlineCount: 2, packCount: 2 },
      });
      assert.equal(settled.topic, 'pace/bank/limits');
      const pace = { connection: CONNECTION, connectionName: 'Shed', query: 'limits', dialect: 'pace25' };
      assert.deepEqual(settled.pace, pace);
      assert.ok(settled._msgid);
      assert.deepEqual(flow.errors.messages, []);
    });
  }

  it('are sent when they change, and only then', async () => {
    const { bank, flow, out, next } = await runBank([{}, {}]);
    await out.find(({ payload }) => isSettled(payload));
    bank.analog = [withCell(3400), {}];
    const { payload } = await next(({ chargeCurrent }) => chargeCurrent < 100);
    assert.deepEqual([payload.chargeCurrent, payload.reasons.chargeCurrent], [62.5, ['cell pack_1/cell_16 at 3.4 V']]);
    const polls = flow.out('analog').messages.length;
    await flow.out('analog').has(polls + 10);
    const told = out.messages.map(({ payload: { age: _, ...what } }) => JSON.stringify(what));
    for (const [i, text] of told.entries()) assert.notEqual(text, told[i - 1]);
  });

  it('follow warnings and switches', async () => {
    const { bank, out, next } = await runBank([{}, {}]);
    await out.find(({ payload }) => isSettled(payload));
    bank.alarms = [{ warning1: 0b1 }, { system: 0b010 }];
    const { payload } = await next(({ dischargeCurrent }) => dischargeCurrent < 120);
    assert.equal(payload.dischargeCurrent, 60);
    assert.deepEqual(payload.reasons.dischargeCurrent, ['pack_2: discharge MOSFET is off']);
    const { payload: later } = await out.find(({ payload: { chargeCurrent } }) => chargeCurrent === 75);
    assert.deepEqual(later.reasons.chargeCurrent, ['pack_1: Cell voltage high']);
  });

  it('begin with the packs that the addresses of the connection promise', async () => {
    const connection = { addressing: 'addressed', addresses: '1-4' };
    const { flow } = await run(() => null, connection, limits());
    const [{ payload } = { payload: {} }] = await flow.out(LIMITS).has(1);
    assert.deepEqual([payload.mode, payload.packCount, payload.onlineCount], ['starting', 4, 0]);
  });

  it('come of messages by MQTT too, which have nothing but a topic', async () => {
    const { flow, next } = await runBank([{}], {}, { wires: [] });
    await flow.out(LIMITS).has(1);
    const payload = { pack: 1, name: 'pack_1', online: true, lastSeen: 1, cellVoltages: { cell_1: 3.3 } };
    flow.input(LIMITS, { topic: 'solar/pack_1/analog', payload });
    assert.equal((await next(({ mode }) => mode === 'bulk')).payload.onlineCount, 1);
  });

  it('go on after an error that no input has caused', async () => {
    const { flow, out } = await runBank([{}], { rampCurrent: 1 }, { interval: 3600 });
    await out.find(({ payload }) => payload.mode === 'bulk');
    const node = nodeOf(LIMITS);
    const { send } = node;
    node.send = () => {
      node.send = send;
      throw new Error('no way to the next node');
    };
    const [error] = await flow.errors.has(1);
    assert.deepEqual([error?.error.source.id, error?.pace.error.code], [LIMITS, 'SHAPE']);
    const sent = out.messages.length;
    flow.input('analog');
    await out.has(sent + 1);
  });

  it('have the topic that is set', async () => {
    const flow = await load(SIMULATED, limits({ topic: '/energy/shed/' }));
    assert.equal((await flow.out(LIMITS).has(1))[0]?.topic, 'energy/shed/bank/limits');
    await unloadFlow();
    const bare = await load(SIMULATED, limits({ topic: '' }));
    assert.equal((await bare.out(LIMITS).has(1))[0]?.topic, 'bank/limits');
  });

  it('are shown', async () => {
    const { bank } = await runBank([{}, {}], { staleAfter: 1 });
    await statusOf(LIMITS, ({ fill, text }) => fill === 'yellow' && text === 'waiting for an analog reading');
    await statusOf(LIMITS, ({ fill, text }) => fill === 'green' && text === '55.2 V · +100 A · −120 A');
    bank.analog = [{}, {}].map(() => withCell(3510));
    await statusOf(LIMITS, ({ fill, text }) => fill === 'yellow' && text === '55.1 V · +0 A · −120 A');
    bank.isSilent = true;
    await statusOf(LIMITS, ({ fill, text }) => fill === 'grey' && text === 'no answer for 1 s');
  });
});

describe('the second output', () => {
  it('tells what begins and ends, with the reason', async () => {
    const { bank, events, next } = await runBank([{}]);
    await events.has(3);
    assert.deepEqual(events.messages.map(inShort), ['mode bulk', 'charge allowed', 'discharge allowed']);
    bank.analog = [withCell(3510)];
    await next(({ allowCharge }) => !allowCharge);
    const before = Date.now();
    const blocked = await events.find(({ payload: { state } }) => state === 'blocked');
    const { at, ...payload } = blocked.payload;
    assert.deepEqual(payload, { event: 'charge', state: 'blocked', reasons: ['cell pack_1/cell_16 at 3.51 V'] });
    assert.ok(Math.abs(at - before) < 60_000);
    assert.equal(blocked.topic, 'pace/bank/event');
    assert.equal(blocked.pace.query, 'limits');
  });

  it('is what has changed, whatever a flow has done to the messages before', async () => {
    const flow = await load(SIMULATED, limits({ holdTime: 3600 }));
    const known = { pack: 1, name: 'pack_1', online: true, cellVoltages: { cell_1: 3.3 } };
    const read = (lastSeen: number) =>
      flow.ask(LIMITS, { topic: 'pace/pack_1/analog', payload: { ...known, lastSeen } });
    await read(1);
    const { payload } = await flow.out(LIMITS).find(({ payload: { mode } }) => mode === 'bulk');
    Object.assign(payload, { mode: 'float', allowCharge: true, allowDischarge: true });
    const [edge] = await flow.events(LIMITS).has(1);
    edge?.payload.reasons.push('mine');
    await read(2);
    await read(3);
    assert.deepEqual(flow.events(LIMITS).messages.map(inShort), ['mode bulk']);
    assert.deepEqual(payload.reasons.chargeVoltage, edge?.payload.reasons.slice(0, -1));
  });
});

describe('a bank that falls silent', () => {
  it('has no limits after the time for it, and has them again when it is back', async () => {
    const { bank, events, next } = await runBank([{}, {}], { staleAfter: 1 });
    await events.has(3);
    bank.isSilent = true;
    const { payload } = await next(({ mode }) => mode === 'stale');
    const { chargeCurrent, dischargeCurrent, allowCharge, allowDischarge, chargeVoltage, onlineCount } = payload;
    assert.deepEqual([chargeCurrent, dischargeCurrent, allowCharge, allowDischarge], [0, 0, false, false]);
    assert.deepEqual([chargeVoltage, onlineCount, payload.packCount], [54, 0, 2]);
    assert.deepEqual(payload.reasons.chargeCurrent, ['no analog reading for 1 s']);
    assert.ok(payload.age >= 1);
    await events.has(6);
    bank.isSilent = false;
    await next(isSettled);
    assert.deepEqual(events.messages.slice(3).map(inShort), [
      ...['readings stale', 'charge blocked', 'discharge blocked'],
      ...['readings back', 'mode bulk', 'charge allowed', 'discharge allowed'],
    ]);
  });

  it('keeps its currents for a while where that is set', async () => {
    const { bank, events, out, next } = await runBank([{}, {}], { staleAfter: 1, onStale: 'hold30min' });
    await out.find((message) => isSettled(message.payload));
    bank.isSilent = true;
    const { payload } = await next(({ mode }) => mode === 'stale');
    assert.deepEqual([payload.chargeCurrent, payload.allowCharge, payload.chargeVoltage], [100, true, 54]);
    await events.has(4);
    assert.deepEqual(events.messages.slice(3).map(inShort), ['readings stale']);
  });
});

describe('a deploy', () => {
  it('of the node starts at nothing, until the next reading', async () => {
    const { flow, server, next } = await runBank([{}, {}]);
    await flow.out(LIMITS).find(({ payload }) => isSettled(payload));
    const starting = next(({ mode }) => mode === 'starting');
    const changed = [...readers(), limits({ maxChargeCurrent: 20 })];
    await redeploy(flowOf(connect(server), changed), 'nodes');
    const { payload } = await starting;
    assert.deepEqual([payload.chargeCurrent, payload.dischargeCurrent, payload.age], [0, 0, null]);
    await next(({ chargeCurrent }) => chargeCurrent === 40);
    assert.equal(server.connections, 1);
    assert.deepEqual(flow.errors.messages, []);
  });

  it('with the currents that hold and ramp: none of them before the wait is over', async () => {
    const { flow, out } = await runBank([{}], { holdTime: 3600 });
    await flow.out('analog').has(5);
    assert.ok(out.messages.every(({ payload }) => payload.chargeCurrent === 0 && payload.dischargeCurrent === 0));
    assert.match(out.messages.at(-1)?.payload.reasons.chargeCurrent[0], /^rises to 50 A/);
  });

  it('leaves no timer behind', async () => {
    const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
    const cycle = async () => {
      const flow = await load(SIMULATED, limits());
      await flow.out(LIMITS).has(1);
      await unloadFlow();
    };
    for (let i = 0; i < 3; i++) await cycle();
    const before = timers();
    for (let i = 0; i < 20; i++) await cycle();
    assert.ok(timers() <= before + 1, `${before} timers before, ${timers()} after`);
  });
});

describe('limits that do not change', () => {
  afterEach(() => {
    mock.timers.reset();
    mock.reset();
  });

  it('are sent every 10 s all the same', async () => {
    let now = 50_000;
    mock.method(performance, 'now', () => now);
    mock.timers.enable({ apis: ['setTimeout'] });
    const flow = await load(SIMULATED, limits());
    const { messages } = flow.out(LIMITS);
    await flow.out(LIMITS).has(1);
    const pass = async (ms: number) => {
      now += ms;
      mock.timers.tick(ms);
      await turn();
      await turn();
    };
    await pass(9999);
    assert.equal(messages.length, 1);
    await pass(1);
    assert.equal(messages.length, 2);
    await pass(10_000);
    assert.equal(messages.length, 3);
    assert.ok(messages.every(({ payload }) => payload.mode === 'starting'));
  });

  it('are not asked for in a loop while they are held, or may be', async () => {
    let now = 50_000;
    let asked = 0;
    mock.method(performance, 'now', () => {
      asked += 1;
      return now;
    });
    mock.timers.enable({ apis: ['setTimeout'] });
    const flow = await load(SIMULATED, limits({ onStale: 'hold30min' }));
    await flow.out(LIMITS).has(1);
    const before = asked;
    for (let i = 0; i < 1000; i++) {
      now += 1;
      mock.timers.tick(1);
    }
    assert.ok(asked - before < 10, `asked ${asked - before} times in a second`);
  });
});
