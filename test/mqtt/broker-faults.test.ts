import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { BROKERS, type MqttInbox } from '../support/mqtt-broker.js';
import { statusesOf, statusOf } from '../support/node-red.js';
import { byCommand } from '../support/replay-bms.js';
import { answersOf, publishedOf } from './bmspace-table.js';
import { AVAILABILITY, isAskedOn, MQTT_OUT, mqttBench, valueQueries } from './kit.js';

/*
 * A broker that is away must not be felt on the line to the battery. What is read meanwhile is lost, as the core
 * `mqtt out` has it; the runner fails a test in which a rejection goes unhandled or something is thrown.
 */

const { listen, connect, broker: start, line: lineTo, inbox: inboxOf, load } = mqttBench();

const BANK = { slots: 4 };
const EXPECTED = new Map(publishedOf(BANK, 2));
const QUERIES = valueQueries({ interval: 0.05, padPacks: 2, padCells: 2 });
const OWNER = { user: 'shed', password: 'sun & wind' };
const STRANGER = { user: 'shed', password: 'guess' };

const bank = () => listen(byCommand(answersOf(BANK)));

const COMMANDS = ['42', '44', 'A6'];

/** Waits until all values have come, counting from the `from`-th message on, and checks that none is a wrong one. */
async function bringsAll(inbox: MqttInbox, from = 0): Promise<void> {
  await inbox.covers(EXPECTED.keys(), from);
  for (const { topic, payload } of inbox.messages) {
    if (topic !== AVAILABILITY) assert.equal(payload, EXPECTED.get(topic), topic);
  }
}

for (const { kind, skip } of BROKERS) {
  describe(`a broker (${kind}) that`, { skip }, () => {
    it('is down at the start: the battery is read, and its values come once the broker is there', async () => {
      const server = await bank();
      const broker = await start(kind);
      await broker.stop();
      const flow = await load(connect(server), broker, QUERIES);
      await isAskedOn(server, COMMANDS);
      await broker.start();
      await bringsAll(await inboxOf(broker));
      assert.deepEqual(flow.errors.messages, []);
    });

    it('goes down and comes back, twice: the battery is read on, and its values come again', async () => {
      const server = await bank();
      const broker = await start(kind);
      const flow = await load(connect(server), broker, QUERIES);
      await bringsAll(await inboxOf(broker));
      for (const _ of ['once', 'twice']) {
        await broker.stop();
        await isAskedOn(server, COMMANDS);
        await broker.start();
        await bringsAll(await inboxOf(broker));
      }
      assert.deepEqual(flow.errors.messages, []);
    });

    it('restarts at once: the values come again', async () => {
      const server = await bank();
      const broker = await start(kind);
      const flow = await load(connect(server), broker, QUERIES);
      await statusOf(MQTT_OUT, ({ fill }) => fill === 'green');
      await broker.restart();
      await bringsAll(await inboxOf(broker));
      assert.deepEqual(flow.errors.messages, []);
    });

    it('is slow: the battery is read on, and every value comes', async () => {
      const server = await bank();
      const broker = await start(kind);
      const inbox = await inboxOf(broker);
      const line = await lineTo(broker);
      line.delayMs = 30;
      const flow = await load(connect(server), line, QUERIES);
      await isAskedOn(server, COMMANDS);
      await bringsAll(inbox);
      assert.deepEqual(flow.errors.messages, []);
    });

    it('takes nothing for a while: the battery is read on, and values come when it does', async () => {
      const server = await bank();
      const broker = await start(kind);
      const inbox = await inboxOf(broker);
      const line = await lineTo(broker);
      const flow = await load(connect(server), line, QUERIES);
      await bringsAll(inbox);
      line.hold();
      await isAskedOn(server, COMMANDS);
      const from = inbox.messages.length;
      line.release();
      await bringsAll(inbox, from);
      assert.deepEqual(flow.errors.messages, []);
    });

    it('does not answer who connects: the battery is read, and values come when it does', async () => {
      const server = await bank();
      const broker = await start(kind);
      const inbox = await inboxOf(broker);
      const line = await lineTo(broker);
      line.hold();
      const flow = await load(connect(server), line, QUERIES);
      await line.visited(1);
      await isAskedOn(server, COMMANDS);
      assert.deepEqual(inbox.messages, []);
      line.release();
      await bringsAll(inbox);
      assert.deepEqual(flow.errors.messages, []);
    });

    it('refuses the credentials: the battery is read, and values come once they are let in', async () => {
      const server = await bank();
      const broker = await start(kind, OWNER);
      const inbox = await inboxOf(broker);
      const line = await lineTo(broker);
      const flow = await load(connect(server), line, QUERIES, { login: STRANGER });
      // the second visit is after the refusal of the first
      await line.visited(2);
      await isAskedOn(server, COMMANDS);
      assert.deepEqual(inbox.messages, []);
      assert.ok(!statusesOf(MQTT_OUT).some(({ fill }) => fill === 'green'));
      broker.login = STRANGER;
      await broker.restart();
      await bringsAll(await inboxOf(broker));
      assert.deepEqual(flow.errors.messages, []);
    });

    it('asks for credentials and gets the right ones: values come', async () => {
      const server = await bank();
      const broker = await start(kind, OWNER);
      const inbox = await inboxOf(broker);
      await load(connect(server), broker, QUERIES, { login: OWNER });
      await bringsAll(inbox);
    });
  });
}
