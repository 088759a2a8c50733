import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { SimulatedHomeAssistant } from '../home-assistant/home-assistant.js';
import { publishedOf } from '../mqtt/bmspace-table.js';
import type { MqttInbox, Received as MqttMessage } from '../support/mqtt-broker.js';
import { withBroker } from './broker-run.js';
import { ProjectCopy, root } from './project-copy.js';

const PACKS = ['pack_1', 'pack_2', 'pack_3', 'pack_4'];
/** Where 03 tells availability and states. */
const DEVICE_TOPICS = [
  ...['', ...PACKS.map((pack) => `${pack}/`)].map((device) => `pace/${device}availability`),
  ...['bank', ...PACKS].flatMap((device) =>
    ['analog', 'warning', 'status'].map((query) => `pace/${device}/${query}/state`),
  ),
];
/** All topics of bmspace; its first pack tells all that a pack can. */
const BMSPACE_TOPICS = [
  'bmspace/availability',
  ...publishedOf({ slots: 1 }, 0).flatMap(([topic]) =>
    topic.includes('/pack_1/') ? PACKS.map((pack) => topic.replace('pack_1', pack)) : [topic],
  ),
];

const load = (file: string): { type: string }[] => JSON.parse(readFileSync(join(root, 'examples', file), 'utf8'));

/**
 * Waits until all is told twice, since what came before Home Assistant listened is told again. Checks what it makes of
 * that, from the `from`-th message on: devices for the bank and its packs, and a state of every entity.
 */
async function tellsDevices(inbox: MqttInbox, from = 0): Promise<void> {
  await inbox.covers(DEVICE_TOPICS, from);
  await inbox.covers(DEVICE_TOPICS, inbox.messages.length);
  const homeAssistant = new SimulatedHomeAssistant();
  homeAssistant.receive(...inbox.messages.slice(from));
  assert.deepEqual(homeAssistant.errors, []);
  const devices = homeAssistant.devices();
  assert.deepEqual(devices.map(({ name }) => name).sort(), [
    'simulated bank',
    ...PACKS.map((pack) => pack.replace('pack_', 'simulated bank Pack ')),
  ]);
  for (const { name, via_device, entities } of devices) {
    const cells = entities.filter(({ uniqueId }) => /_cell_\d+$/.test(uniqueId));
    assert.equal(cells.length, via_device === undefined ? 0 : 16, name);
    const withoutState = entities.filter(({ state }) => !state || ['unknown', 'unavailable'].includes(state));
    assert.deepEqual(
      withoutState.map(({ uniqueId }) => uniqueId),
      [],
    );
  }
}

describe('the examples with a broker', { timeout: 120_000 }, () => {
  let project: ProjectCopy;

  before(async () => {
    project = await ProjectCopy.make();
    await project.run('build.mjs');
  });
  after(() => project.remove());

  it('03-home-assistant gives Home Assistant every device and state, again when it or the broker has restarted', async () => {
    await withBroker(project, load('03-home-assistant.json'), async ({ nodeRed, broker, inbox, openInbox }) => {
      await nodeRed.receives(({ type, topic }) => type === 'mqtt out' && topic === DEVICE_TOPICS.at(-1));
      await tellsDevices(inbox);

      const from = inbox.messages.length;
      await inbox.publish('homeassistant/status', 'online');
      await tellsDevices(inbox, from);

      const received = nodeRed.received.length;
      await broker.restart();
      const inboxAfter = await openInbox();
      await nodeRed.receives((message) => {
        const isRequest = message.type === 'pace-bms-homeassistant' && message.topic === 'homeassistant/status';
        return isRequest && nodeRed.received.indexOf(message) >= received;
      });
      await tellsDevices(inboxAfter);

      await nodeRed.stop();
      await inboxAfter.find(({ topic, payload }) => topic === 'pace/availability' && payload === 'offline');
      assert.deepEqual(nodeRed.errors, []);
    });
  });

  it('04-mqtt-like-bmspace publishes as bmspace does, its availability too when the broker has restarted', async () => {
    await withBroker(project, load('04-mqtt-like-bmspace.json'), async ({ nodeRed, broker, inbox, openInbox }) => {
      const tells = (availability: string) => (message: MqttMessage) =>
        message.topic === 'bmspace/availability' && message.payload === availability;
      await inbox.covers(BMSPACE_TOPICS);
      // it is said again and again
      await inbox.find(tells('online'), inbox.messages.findIndex(tells('online')) + 1);
      const topics = new Set(inbox.messages.map(({ topic }) => topic));
      assert.deepEqual([...topics].sort(), BMSPACE_TOPICS.toSorted());
      for (const { topic, payload, retain, qos } of inbox.messages) {
        assert.deepEqual({ retain, qos }, { retain: false, qos: 0 }, topic);
        if (topic === 'bmspace/availability') assert.equal(payload, 'online');
        if (topic.includes('/v_cells/')) assert.ok(Number(payload) > 2500 && Number(payload) < 3650, topic);
      }

      await broker.restart();
      const inboxAfter = await openInbox();
      // Node-RED takes 5 s to find the broker again, and it may be 5 s more until the availability is said
      await inboxAfter.find(tells('online')).catch(() => inboxAfter.find(tells('online')));
      await inboxAfter.covers(BMSPACE_TOPICS);

      await nodeRed.stop();
      await inboxAfter.find(tells('offline'));
      assert.deepEqual(nodeRed.errors, []);
    });
  });
});
