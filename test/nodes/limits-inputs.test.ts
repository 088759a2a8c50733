import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { type Message, nodeOf, statusOf } from '../support/node-red.js';
import { CONNECTION, type Properties } from './kit/flow.js';
import { LIMITS, limits, limitsBench, withCell } from './kit/limits.js';

const { load, runBank } = limitsBench();

const SIMULATED = { transport: 'simulator' };
/** 50 A in and 60 A out of each of two packs. */
const isSettled = ({ chargeCurrent, dischargeCurrent }: Message['payload']) =>
  chargeCurrent === 100 && dischargeCurrent === 120;

describe('a message that the node cannot use', () => {
  const pace = { connection: CONNECTION, query: 'analog' };
  const cases: [what: string, message: Properties, code: string, text: RegExp][] = [
    ['another bank', { payload: {}, pace: { ...pace, connection: 'cellar' } }, 'CONFIG', /Shed/],
    ['a single value', { topic: 'pace/pack_1/soc', payload: 70, pace }, 'SHAPE', /Send/],
    ['another payload', { payload: { soc: 70 }, pace }, 'SHAPE', /pack/],
    ['info', { payload: {}, pace: { ...pace, query: 'info' } }, 'SHAPE', /analog, warning and status/],
    ['no message of ours', { topic: 'x', payload: 'online' }, 'SHAPE', /analog, warning and status/],
    ['nothing', {}, 'SHAPE', /analog, warning and status/],
    ['facts that are none', { pace: 7, topic: null, payload: [[]] }, 'SHAPE', /analog, warning and status/],
  ];
  for (const [what, message, code, text] of cases) {
    it(`${what}: one error, and the limits go on`, async () => {
      const { flow, out, next } = await runBank([{}, {}]);
      await out.find(({ payload }) => isSettled(payload));
      flow.input(LIMITS, { ...message, mine: what });
      const error = await flow.errors.find(({ mine }) => mine === what);
      assert.equal(error.pace.error.code, code);
      assert.match(error.error.message, text);
      await statusOf(LIMITS, ({ fill }) => fill === 'red');
      assert.ok(isSettled(out.messages.at(-1)?.payload));
      const ownErrors = flow.errors.messages.filter(({ error: { source } }) => source.id === LIMITS);
      assert.equal(ownErrors.length, 1);
      const analog = flow.out('analog').messages.at(-1);
      const changed = { ...analog?.payload, mosfetTemperature: 90, lastSeen: 5 };
      flow.input(LIMITS, { ...analog, payload: changed });
      assert.equal((await next(({ chargeCurrent }) => chargeCurrent === 50)).payload.onlineCount, 2);
    });
  }

  it('an event of the warning node: SHAPE', async () => {
    const { bank, flow } = await runBank([{}], {}, { wires: [[LIMITS], [LIMITS]] });
    bank.alarms = [{ fault: 1 }];
    const { pace: facts } = await flow.errors.find(({ error: { source } }) => source.id === LIMITS);
    assert.equal(facts.error.code, 'SHAPE');
  });

  it('alarms named like what every object has leave the node running', async () => {
    const { flow, out, next } = await runBank([{}, {}]);
    await out.find(({ payload }) => isSettled(payload));
    const active = ['constructor', '__proto__', 'toString'].map((code) => ({ code, level: 'fault', label: code }));
    const payload = { pack: 1, name: 'pack_1', online: true, lastSeen: 1, level: 'fault', active };
    flow.input(LIMITS, { payload, pace: { ...pace, query: 'warning' } });
    await next(({ chargeCurrent }) => chargeCurrent === 50);
    assert.deepEqual(flow.errors.messages, []);
  });
});

describe('10,000 messages at once', () => {
  it('are each answered, and leave the node working', async () => {
    const { flow, out, bank, next } = await runBank([{}, {}], {}, { interval: 1 });
    await out.find(({ payload }) => isSettled(payload));
    const good = flow.out('analog').messages.at(-1) as Message;
    const node = nodeOf(LIMITS);
    const kinds: ((i: number) => Properties)[] = [
      (i) => ({ ...good, payload: { ...good.payload, lastSeen: i } }),
      (i) => ({ ...good, payload: { ...good.payload, lastSeen: i, mosfetTemperature: 60 + (i % 40) } }),
      () => ({ payload: 'x' }),
      (i) => ({ topic: 'pace/pack_9/warning', payload: { pack: i % 300, name: 'x', online: true, active: [i] } }),
    ];
    const ended = () => flow.completed.messages.length + flow.errors.messages.length;
    const before = ended();
    for (let i = 0; i < 10_000; i++) node.receive(kinds[i % kinds.length]?.(i));
    while (ended() < before + 10_000) await turn();
    for (const { payload } of out.messages) assert.ok(payload.chargeCurrent <= 100 && payload.dischargeCurrent <= 120);
    bank.analog = [withCell(3510), withCell(3510)];
    await next(({ chargeCurrent }) => chargeCurrent === 0);
  });
});

describe('a node that cannot work', () => {
  const settings: [property: string, value: unknown][] = [
    ['topic', 'pace/#'],
    ['maxChargeCurrent', 'much'],
    ['staleAfter', 0],
    ['onStale', 'hope'],
    ['cellsInSeries', 1.5],
    ['curves', { chargeByCell: [[3.4, 100]] }],
    ['ceilingVoltage', 3.4],
  ];
  for (const [property, value] of settings) {
    it(`for ${property} ${JSON.stringify(value)}: says so once, and to every input`, async () => {
      const flow = await load(SIMULATED, limits({ [property]: value }));
      const [error] = await flow.errors.has(1);
      assert.equal(error?.pace.error.code, 'CONFIG');
      assert.match(error?.error.message, new RegExp(`^${property}: `));
      await statusOf(LIMITS, ({ fill, text }) => fill === 'red' && text.startsWith(`check ${property}`));
      flow.input(LIMITS, { payload: {} });
      assert.equal((await flow.errors.has(2))[1]?.pace.error.code, 'CONFIG');
      assert.deepEqual(flow.out(LIMITS).messages, []);
    });
  }

  it('for want of a connection: says so', async () => {
    const flow = await load(null, limits());
    const [error] = await flow.errors.has(1);
    assert.equal(error?.pace.error.code, 'CONFIG');
    assert.match(error?.error.message, /no connection/);
    assert.deepEqual(flow.out(LIMITS).messages, []);
  });
});
