import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SimulatedHomeAssistant } from '../home-assistant/home-assistant.js';
import type { Message as MqttMessage } from '../home-assistant/message.js';
import { loadFlow, type Message, nodeOf, statusOf } from '../support/node-red.js';
import { bench, CONNECTION, flowOf, type Properties, RunningFlow } from './kit/flow.js';
import { bankOf, HA, homeAssistant, readers, SERIAL } from './kit/home-assistant.js';

const { listen, run, load, connect, redeploy } = bench();

const PACKS = [{ current: -1234, remaining: 7001, full: 9900 }, { current: 250 }];

/** What Home Assistant makes of what the node has sent. */
function heard(messages: readonly Message[]): SimulatedHomeAssistant {
  const homeAssistantBehind = new SimulatedHomeAssistant();
  homeAssistantBehind.receive(...(messages as unknown as MqttMessage[]));
  return homeAssistantBehind;
}

const isStateOf = (topic: string) => (message: Message) => message.topic === topic;
const config = (pack: number) => `homeassistant/device/pace_${SERIAL}_pack_${pack}/config`;

/** Waits until the states are told a second time, when Home Assistant is sure to listen. */
async function told(flow: RunningFlow, topic: string): Promise<Message[]> {
  const out = flow.out(HA);
  await out.find(isStateOf(topic));
  const first = out.messages.findIndex(isStateOf(topic));
  await out.find((message) => message.topic === topic && out.messages.indexOf(message) > first);
  return out.messages;
}

describe('a bank in Home Assistant', () => {
  for (const output of ['pack', 'bank']) {
    it(`has its packs and their states, from ${output} messages`, async () => {
      const { flow } = await run(bankOf(PACKS), {}, ...readers({ output }), homeAssistant());
      const messages = await told(flow, 'pace/pack_2/status/state');
      const homeAssistantBehind = heard(messages);
      assert.deepEqual(homeAssistantBehind.errors, []);
      assert.deepEqual(
        homeAssistantBehind.devices().map(({ name }) => name),
        ['Shed', 'Shed Pack 1', 'Shed Pack 2'],
      );
      const states = Object.entries({
        pack_1_current: '-12.34',
        pack_1_soc: '70.72',
        pack_2_current: '2.5',
        pack_2_cell_16: '3.3',
        pack_2_problem: 'off',
        bank_current: '-9.84',
        bank_packs_online: '2',
        bank_discharge_mosfet: 'on',
      });
      for (const [id, value] of states) assert.equal(homeAssistantBehind.state(`${SERIAL}_${id}`), value, id);
      for (const { _msgid, retain, qos } of messages) assert.ok(_msgid && retain === false && [0, 1].includes(qos));
      const shown = await statusOf(HA, ({ fill }) => fill === 'green');
      assert.deepEqual(shown, { fill: 'green', shape: 'dot', text: '2 packs told' });
      assert.deepEqual(flow.errors.messages, []);
    });
  }

  it('knows a battery that died', async () => {
    const settings = { staleAfter: 0.3 };
    const { flow, server } = await run(bankOf(PACKS), {}, ...readers(settings), homeAssistant());
    await told(flow, 'pace/pack_2/status/state');
    await server.close();
    await flow.out(HA).find(({ topic, payload }) => topic === 'pace/availability' && payload === 'offline');
    await statusOf(HA, ({ text }) => text === '2 of 2 packs offline');
    const homeAssistantBehind = heard(flow.out(HA).messages);
    assert.equal(homeAssistantBehind.state(`${SERIAL}_pack_1_soc`), 'unavailable');
    assert.equal(homeAssistantBehind.state(`${SERIAL}_bank_soc`), 'unavailable');
  });

  it('knows a battery that died, from queries that only inputs make', async () => {
    const queries = readers({ interval: 0 });
    const { flow, server } = await run(bankOf(PACKS), {}, ...queries, homeAssistant({ expireAfter: 2 }));
    for (const id of ['info', 'analog', 'warning', 'status', 'analog']) await flow.ask(id);
    await told(flow, 'pace/pack_2/status/state');
    await server.close();
    await flow.out(HA).find(({ topic, payload }) => topic === 'pace/availability' && payload === 'offline');
  });

  it('is kept while a query sends only changes', async () => {
    const queries = readers().map((node) => ({ ...node, onlyChanges: node.query !== 'analog' }));
    const { flow } = await run(bankOf(PACKS), {}, ...queries, homeAssistant({ expireAfter: 1 }));
    const topic = 'pace/pack_2/status/state';
    const isRepeated = () => flow.out(HA).messages.filter(isStateOf(topic)).length >= 6;
    await flow.out(HA).find(isRepeated);
    assert.equal(flow.out('status').messages.length, 2);
    assert.ok(!flow.out(HA).messages.some(({ payload }) => payload === 'offline'));
  });

  it('is told again when Home Assistant starts', async () => {
    const { flow } = await run(bankOf(PACKS), {}, ...readers(), homeAssistant());
    await told(flow, 'pace/pack_2/status/state');
    const before = flow.out(HA).messages.length;
    flow.input(HA, { topic: 'homeassistant/status', payload: 'online' });
    await flow.completed.find(({ topic }) => topic === 'homeassistant/status');
    const again = flow.out(HA).messages.slice(before);
    const sent = again.map(({ topic }) => topic);
    for (const topic of [config(1), config(2), 'pace/availability', 'pace/pack_1/analog/state']) {
      assert.ok(sent.includes(topic), topic);
    }
  });

  it('can be wished over from bmspace', async () => {
    const { flow } = await run(bankOf(PACKS), {}, ...readers(), homeAssistant({ padPacks: 2, padCells: 2 }));
    await flow.out(HA).find(isStateOf('pace/pack_02/status/state'));
    flow.input(HA, { migrate: true });
    const topic = 'homeassistant/sensor/BMS-705350371133334/Pack_02_Cell_16_Voltage/config';
    const { payload } = await flow.out(HA).find(isStateOf(topic));
    assert.deepEqual(payload, { migrate_discovery: true });
    await flow.out(HA).find((message) => message.topic === topic && message.payload === '' && message.retain === true);
    const carried = flow.out(HA).messages.findLast(isStateOf(config(2)));
    assert.equal(carried?.payload.cmps.Pack_02_Cell_16_Voltage.uniq_id, 'bmspace_705350371133334_pack_02_v_cell_16');
    assert.deepEqual(flow.errors.messages, []);
  });

  it('begins anew with a deploy of the node', async () => {
    const { flow, server } = await run(bankOf(PACKS), {}, ...readers(), homeAssistant());
    await flow.out(HA).find(isStateOf(config(2)));
    const changed = [...readers(), homeAssistant({ topic: 'energy' })];
    await redeploy(flowOf(connect(server), changed), 'nodes');
    flow.input('info');
    await flow.out(HA).find(isStateOf('energy/pack_2/analog/state'));
    assert.equal(server.connections, 1);
    assert.deepEqual(flow.errors.messages, []);
  });
});

describe('a message that the node cannot use', () => {
  const pace = { connection: CONNECTION, query: 'analog' };
  const cases: [what: string, message: Properties, code: string, text: RegExp][] = [
    ['a single value', { topic: 'pace/pack_1/soc', payload: 70, pace }, 'SHAPE', /Send/],
    ['another payload', { payload: { soc: 70 }, pace }, 'SHAPE', /pack/],
    ['no message of ours', { topic: 'x', payload: 'online' }, 'SHAPE', /msg\.pace\.query/],
    ['nothing', {}, 'SHAPE', /msg\.pace\.query/],
    ['another bank', { payload: {}, pace: { ...pace, connection: 'cellar' } }, 'CONFIG', /Shed/],
  ];
  for (const [what, message, code, text] of cases) {
    it(`${what}: one error, and the next one is used`, async () => {
      const { flow } = await run(bankOf(PACKS), {}, ...readers(), homeAssistant());
      flow.input(HA, { ...message, mine: what });
      const error = await flow.errors.find(({ mine }) => mine === what);
      assert.equal(error.pace.error.code, code);
      assert.match(error.error.message, text);
      await flow.out(HA).find(isStateOf(config(2)));
      // On a busy machine a reader may tell of an answer that came late; that is none of this node's.
      const ownErrors = flow.errors.messages.filter(({ error: { source } }) => source.id === HA);
      assert.equal(ownErrors.length, 1);
    });
  }

  it('a single value of each query: an error of the node’s own, once each', async () => {
    const { flow } = await run(bankOf(PACKS), {}, { query: 'analog', output: 'value', wires: [[HA]] }, homeAssistant());
    flow.input('analog');
    const errors = await flow.errors.has(3);
    assert.ok(errors.every(({ pace: { error } }) => error.code === 'SHAPE'));
    assert.deepEqual(flow.out(HA).messages, []);
  });
});

describe('a setting that cannot be', () => {
  const cases: [property: string, value: unknown][] = [
    ['topic', 'pace/#'],
    ['topic', 'pa\u0007ce'],
    ['discoveryPrefix', 'home assistant'],
    ['discoveryPrefix', 'home+'],
    ['discoveryPrefix', '/'],
    ['layout', 'cards'],
    ['padPacks', 'x'],
    ['padCells', -1],
    ['expireAfter', 'soon'],
    ['expireAfter', 1.5],
    ['perCellEntities', 'some'],
    ['retainDiscovery', 7],
    ['deviceName', { name: 'x' }],
  ];
  for (const [property, value] of cases) {
    it(`${property} ${JSON.stringify(value)}: is told once, and to every input`, async () => {
      const flow = await load({ transport: 'simulator' }, homeAssistant({ [property]: value }));
      const [error] = await flow.errors.has(1);
      assert.equal(error?.pace.error.code, 'CONFIG');
      assert.match(error?.error.message, new RegExp(`^${property}: `));
      await statusOf(HA, ({ fill, text }) => fill === 'red' && text === `check ${property}`);
      flow.input(HA, { payload: {} });
      assert.equal((await flow.errors.has(2))[1]?.pace.error.code, 'CONFIG');
      assert.deepEqual(flow.out(HA).messages, []);
    });
  }

  it('the topic of another bank: is told, and the other goes on', async () => {
    const server = await listen(bankOf(PACKS));
    const other = { id: 'cellar', type: 'pace-bms-connection', name: 'Cellar', transport: 'simulator' };
    const queries = [
      ...readers(),
      homeAssistant(),
      homeAssistant({ id: 'ha2', connection: 'cellar', wires: [['ha2-out'], []] }),
    ];
    await loadFlow(flowOf(connect(server), queries, [other]));
    const flow = new RunningFlow(queries);
    const [error] = await flow.errors.has(1);
    assert.equal(error?.pace.error.code, 'CONFIG');
    assert.match(error?.error.message, /^topic: "pace" is that of another bank/);
    await flow.out(HA).find(isStateOf(config(2)));
    await redeploy(flowOf(connect(server), [...readers(), ...queries.slice(-1)], [other]), 'nodes');
    flow.input('ha2', { payload: {} });
    const next = await flow.errors.find(({ pace }) => pace?.error?.code === 'SHAPE');
    assert.match(next.error.message, /msg\.pace\.query/);
  });

  it('no connection: is told', async () => {
    const flow = await load(null, homeAssistant());
    const [error] = await flow.errors.has(1);
    assert.equal(error?.pace.error.code, 'CONFIG');
    assert.match(error?.error.message, /no connection/);
  });

  it('has the defaults of the contract where nothing is set', async () => {
    const flow = await load({ transport: 'simulator' }, homeAssistant());
    assert.ok(nodeOf(HA));
    await statusOf(HA, ({ text }) => text === 'waiting for two readings');
    assert.deepEqual(flow.errors.messages, []);
  });
});
