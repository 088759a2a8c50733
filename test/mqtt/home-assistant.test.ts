import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SimulatedHomeAssistant } from '../home-assistant/home-assistant.js';
import { bankOf, HA, homeAssistant, readers, SERIAL } from '../nodes/kit/home-assistant.js';
import { BROKERS, type MqttInbox } from '../support/mqtt-broker.js';
import { BASE, isAskedOn, MQTT_OUT, mqttBench } from './kit.js';

/*
 * A bank in Home Assistant through a broker. What is read while the broker is away is lost, as the core `mqtt out` has
 * it: Home Assistant must know all again once the broker is back.
 */

const { listen, connect, broker: start, line: lineTo, inbox: inboxOf, load, loadOnceReached } = mqttBench();

const PACKS = [{ current: -1234, remaining: 7001, full: 9900 }, { current: 250 }];
const QUERIES = [
  ...readers(),
  homeAssistant({ topic: BASE, expireAfter: 2, wires: [[MQTT_OUT, `${HA}-out`], [`${HA}-events`]] }),
];
const STATES: Record<string, string> = {
  pack_1_soc: '70.72',
  pack_1_current: '-12.34',
  pack_2_cell_16: '3.3',
  pack_2_mode: 'idle',
  pack_2_problem: 'off',
  bank_current: '-9.84',
  bank_alarm_level: 'normal',
  bank_charge_mosfet: 'on',
};
const TOPICS = ['bank', 'pack_1', 'pack_2'].flatMap((device) =>
  ['analog', 'warning', 'status'].map((query) => `${BASE}/${device}/${query}/state`),
);

const bank = () => listen(bankOf(PACKS));

const COMMANDS = ['42', '44'];

/** Waits until every state has come twice, counting from the `from`-th message on: by then Home Assistant listens. */
async function tellsAll(inbox: MqttInbox, from = 0): Promise<void> {
  await inbox.covers(TOPICS, from);
  await inbox.covers([...TOPICS, `${BASE}/availability`], inbox.messages.length);
}

function checkStates(homeAssistantBehind: SimulatedHomeAssistant): void {
  for (const [id, state] of Object.entries(STATES))
    assert.equal(homeAssistantBehind.state(`${SERIAL}_${id}`), state, id);
  assert.deepEqual(homeAssistantBehind.errors, []);
}

for (const { kind, skip } of BROKERS) {
  describe(`a bank in Home Assistant through a broker (${kind})`, { skip }, () => {
    it('has its devices and states, and asks no broker to keep them', async () => {
      const server = await bank();
      const broker = await start(kind);
      const inbox = await inboxOf(broker);
      await loadOnceReached(connect(server), broker, QUERIES);
      await tellsAll(inbox);
      const homeAssistantBehind = new SimulatedHomeAssistant();
      homeAssistantBehind.receive(...inbox.messages);
      checkStates(homeAssistantBehind);
      assert.equal(homeAssistantBehind.devices().length, 3);
      const late = await inboxOf(broker);
      await late.find(({ topic }) => topic.endsWith('/state'));
      assert.ok(!late.messages.some(({ topic }) => topic.startsWith('homeassistant/')));
    });

    it('comes back complete when the broker was away', async () => {
      const server = await bank();
      const broker = await start(kind);
      const before = await inboxOf(broker);
      const flow = await loadOnceReached(connect(server), broker, QUERIES);
      await tellsAll(before);
      const homeAssistantBehind = new SimulatedHomeAssistant();
      homeAssistantBehind.receive(...before.messages);
      await broker.stop();
      await isAskedOn(server, COMMANDS);
      await broker.start();
      const after = await inboxOf(broker);
      await tellsAll(after);
      homeAssistantBehind.advance(60_000);
      homeAssistantBehind.receive(...after.messages);
      checkStates(homeAssistantBehind);
      assert.deepEqual(flow.errors.messages, []);
    });

    it('is found by a Home Assistant that starts later, and says so', async () => {
      const server = await bank();
      const broker = await start(kind);
      const inbox = await inboxOf(broker);
      const flow = await loadOnceReached(connect(server), broker, QUERIES);
      await tellsAll(inbox);
      const from = inbox.messages.length;
      flow.input(HA, { topic: 'homeassistant/status', payload: 'online' });
      await inbox.find(({ topic }) => topic.startsWith('homeassistant/device/'), from);
      await tellsAll(inbox, from);
      const homeAssistantBehind = new SimulatedHomeAssistant();
      homeAssistantBehind.receive(...inbox.messages.slice(from));
      checkStates(homeAssistantBehind);
    });

    it('is unavailable when Node-RED is cut off, by the will of the broker node', async () => {
      const server = await bank();
      const broker = await start(kind);
      const inbox = await inboxOf(broker);
      const line = await lineTo(broker);
      await loadOnceReached(connect(server), line, QUERIES);
      await tellsAll(inbox);
      const from = inbox.messages.length;
      line.hold();
      line.cut();
      await inbox.find(({ topic, payload }) => topic === `${BASE}/availability` && payload === 'offline', from);
      const homeAssistantBehind = new SimulatedHomeAssistant();
      homeAssistantBehind.receive(...inbox.messages);
      assert.equal(homeAssistantBehind.state(`${SERIAL}_pack_1_soc`), 'unavailable');
      line.release();
      await inbox.find(
        ({ topic, payload }) => topic === `${BASE}/availability` && payload === 'online',
        inbox.messages.length,
      );
      await tellsAll(inbox, inbox.messages.length);
      homeAssistantBehind.receive(...inbox.messages);
      checkStates(homeAssistantBehind);
    });

    it('is read on while the broker is slow, deaf or refuses', async () => {
      const server = await bank();
      const broker = await start(kind, { user: 'shed', password: 'sun' });
      const line = await lineTo(broker);
      line.delayMs = 30;
      const flow = await load(connect(server), line, QUERIES, { login: { user: 'shed', password: 'wind' } });
      await line.visited(2);
      await isAskedOn(server, COMMANDS);
      line.hold();
      await isAskedOn(server, COMMANDS);
      broker.login = null;
      line.release();
      await broker.restart();
      const inbox = await inboxOf(broker);
      await tellsAll(inbox);
      assert.deepEqual(flow.errors.messages, []);
    });
  });
}
