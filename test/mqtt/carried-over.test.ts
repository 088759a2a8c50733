import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { bankOf, HA, homeAssistant, readers, SERIAL } from '../nodes/kit/home-assistant.js';
import { type MqttBroker, MqttInbox, type Received, startBroker } from '../support/mqtt-broker.js';
import { RealNodeRed } from '../support/real-node-red.js';
import { ReplayServer } from '../support/replay-bms.js';
import { BASE, MQTT_OUT, mqttNodes } from './kit.js';

const PLACE = { z: 'tab', x: 0, y: 0 };
const CONFIG = `homeassistant/device/pace_${SERIAL}_pack_1/config`;
const WISH = 'wish';

/** A flow as a user has it, with a topic by which entities are wished over from bmspace. */
function flowOf(bms: ReplayServer, broker: MqttBroker): object[] {
  const connection = { host: '127.0.0.1', port: bms.port, timeout: 2000, spacing: 0 };
  const nodes = [...readers({ interval: 0.5 }), homeAssistant({ topic: BASE, wires: [[MQTT_OUT]] })];
  return [
    { id: PLACE.z, type: 'tab', label: 'Bank' },
    { id: 'bank', type: 'pace-bms-connection', name: 'Shed', transport: 'tcp', ...connection },
    ...nodes.map(({ query, id = query, wires = [], ...properties }) => ({
      ...{ id, type: `pace-bms-${query}`, ...PLACE, connection: 'bank', ...properties },
      wires: (wires as string[][]).map((output) => output.filter((to) => [HA, MQTT_OUT].includes(to))),
    })),
    ...mqttNodes(broker),
    { id: 'wish', type: 'mqtt in', ...PLACE, topic: WISH, qos: '0', broker: 'broker', wires: [['to-migrate']] },
    {
      ...{ id: 'to-migrate', type: 'change', ...PLACE, wires: [[HA]] },
      rules: [{ t: 'set', p: 'migrate', pt: 'msg', to: 'true', tot: 'bool' }],
    },
  ];
}

/** The unique id and key of the charge MOSFET's entity of pack 1. */
function chargeMosfet({ payload }: Received): [key: string, uniqueId: string] | undefined {
  const { cmps = {} } = JSON.parse(payload || '{}') as { cmps?: Record<string, { uniq_id?: string }> };
  const found = Object.entries(cmps).find(([key, { uniq_id }]) => /charge_(mosfet|FET)/i.test(key) && uniq_id);
  return found && [found[0], String(found[1].uniq_id)];
}

describe('entities carried over from bmspace', { timeout: 60_000 }, () => {
  let bms: ReplayServer;
  let broker: MqttBroker;
  let nodeRed: RealNodeRed;
  let inbox: MqttInbox;

  before(async () => {
    bms = await ReplayServer.listen(bankOf([{}]));
    broker = await startBroker('aedes');
    inbox = await MqttInbox.open(broker);
    nodeRed = await RealNodeRed.start(flowOf(bms, broker));
  });
  after(async () => {
    await nodeRed?.stop();
    await inbox.close();
    await broker.stop();
    await bms.close();
  });

  const told = (from: number) =>
    inbox.find((message) => message.topic === CONFIG && chargeMosfet(message) !== undefined, from);

  it('are the same after a restart of Node-RED', async () => {
    assert.deepEqual(chargeMosfet(await told(0)), ['charge_mosfet', `${SERIAL}_pack_1_charge_mosfet`]);
    await inbox.publish(WISH, 'now');
    const from = inbox.messages.length;
    await inbox.find(({ topic, payload }) => topic.endsWith('/Pack_1_Charge_FET/config') && payload === '', from);
    const carried = ['Pack_1_Charge_FET', 'bmspace_705350371133334_pack_1_charge_fet'];
    assert.deepEqual(chargeMosfet(inbox.messages.findLast(({ topic }) => topic === CONFIG) as Received), carried);
    const beforeRestart = inbox.messages.length;
    await nodeRed.restart();
    assert.deepEqual(chargeMosfet(await told(beforeRestart)), carried);
  });
});
