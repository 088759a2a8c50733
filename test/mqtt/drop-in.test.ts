import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { BROKERS, type MqttInbox, type Received } from '../support/mqtt-broker.js';
import { nodeOf } from '../support/node-red.js';
import { byCommand } from '../support/replay-bms.js';
import { answersOf, type Bank, type Published, publishedOf } from './bmspace-table.js';
import { AVAILABILITY, MQTT_OUT, mqttBench, valueQueries } from './kit.js';

const { listen, connect, broker: start, line: lineTo, inbox: inboxOf, load, loadOnceReached } = mqttBench();

const BANKS: readonly (Bank & { what: string })[] = [
  { what: '1 pack', slots: 1 },
  { what: '4 packs', slots: 4 },
  { what: '10 packs', slots: 10 },
  { what: '10 slots, one without a pack', slots: 10, absent: [8] },
];
const PADDINGS = [
  { what: 'not padded', digits: 0 },
  { what: 'padded', digits: 2 },
];
const ONLINE: Published = [AVAILABILITY, 'online'];
const OFTEN = { interval: 0.05 };

/** All that the broker got from the `mqtt out` node before now. */
async function allOf(inbox: MqttInbox): Promise<Received[]> {
  nodeOf(MQTT_OUT).receive({ topic: 'the end', payload: '' });
  const end = await inbox.find(({ topic }) => topic === 'the end');
  return inbox.messages.slice(0, inbox.messages.indexOf(end));
}

const told = ({ messages }: MqttInbox) => messages.filter(({ topic }) => topic === AVAILABILITY);
const tells = (availability: string) => (message: Received) =>
  message.topic === AVAILABILITY && message.payload === availability;
const sorted = (published: readonly Published[]) => published.map((entry) => entry.join(' = ')).sort();

for (const { kind, skip } of BROKERS) {
  describe(`bmspace's topics and payloads, through ${kind}`, { skip }, () => {
    for (const { what: packs, ...bank } of BANKS) {
      for (const { what: padding, digits } of PADDINGS) {
        it(`${packs}, ${padding}: all of them, and nothing else`, async () => {
          const server = await listen(byCommand(answersOf(bank)));
          const broker = await start(kind);
          const inbox = await inboxOf(broker);
          const queries = valueQueries({ interval: 60, padPacks: digits, padCells: digits });
          const flow = await loadOnceReached(connect(server), broker, queries);

          const expected = publishedOf(bank, digits);
          await inbox.has(expected.length + 1);
          for (const { query = '' } of queries) await flow.ask(query);

          const messages = await allOf(inbox);
          const published = messages.map(({ topic, payload }): Published => [topic, payload]);
          assert.deepEqual(sorted(published), sorted([ONLINE, ...expected, ...expected]));
          assert.ok(messages.every(({ qos, retain }) => qos === 0 && !retain));
          assert.deepEqual(flow.errors.messages, []);
        });
      }
    }
  });

  describe(`availability, through ${kind}`, { skip }, () => {
    const bank = { slots: 2 };

    it('is online with the first pack, offline when the battery dies, and online again with it', async () => {
      const bms = { isAlive: true };
      const answer = byCommand(answersOf(bank));
      const server = await listen((request, count) => (bms.isAlive ? answer(request, count) : null));
      const broker = await start(kind);
      const inbox = await inboxOf(broker);
      const connection = connect(server, { timeout: 200 });
      await loadOnceReached(connection, broker, valueQueries({ ...OFTEN, staleAfter: 1 }));

      await inbox.find(tells('online'));
      bms.isAlive = false;
      await inbox.find(tells('offline'));
      bms.isAlive = true;
      await inbox.find(tells('online'), inbox.messages.length);
      assert.deepEqual(
        told(inbox).map(({ payload }) => payload),
        ['online', 'offline', 'online'],
      );
    });

    it('is offline when Node-RED is cut off from the broker: the will of the broker node', async () => {
      const server = await listen(byCommand(answersOf(bank)));
      const broker = await start(kind);
      const inbox = await inboxOf(broker);
      const line = await lineTo(broker);
      await load(connect(server), line, valueQueries(OFTEN));
      await inbox.covers(publishedOf(bank, 0).flatMap(([topic]) => (topic.includes('/pack_') ? [topic] : [])));
      assert.ok(told(inbox).every(({ payload }) => payload === 'online'));
      line.cut();
      await inbox.find(tells('offline'));
    });
  });
}
