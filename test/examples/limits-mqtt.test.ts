import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it, mock } from 'node:test';
import { cells, wellPacks } from './bank-messages.js';
import { withBroker } from './broker-run.js';
import { load, nodeOf, withNode } from './example-flows.js';
import type { Message } from './flow-bench.js';
import { LimitsBench, RISE_SECONDS } from './limits-bench.js';
import { ProjectCopy } from './project-copy.js';

const FILE = '11-limits-mqtt.json';
const TOPIC = 'pace/bank/limits';
/** What the broker gets of limits that are known. */
const TOPICS = [
  ...['chargeCurrent', 'dischargeCurrent', 'chargeVoltage', 'lowVoltage', 'allowCharge', 'allowDischarge'],
  ...['chargeRequest', 'mode', 'onlineCount', 'packCount', 'age'],
].map((part) => `${TOPIC}/${part}`);

describe('11-limits-mqtt', () => {
  let bench: LimitsBench;

  beforeEach(() => {
    mock.timers.enable({ apis: ['Date'], now: Date.UTC(2026, 0, 1) });
    bench = new LimitsBench(FILE);
  });
  afterEach(() => mock.timers.reset());

  const news = () => bench.news('tell a topic');
  /** What has come last, by topic. */
  const told = (): Message => Object.fromEntries(news().map(({ topic, payload }) => [topic, payload]));

  it('publishes a number or word for each topic and all as an object, none of them retained', () => {
    bench.poll();
    news();
    bench.tell();
    const messages = news();
    assert.deepEqual(
      messages.map(({ topic }) => topic),
      [...TOPICS, TOPIC],
    );
    for (const { topic, payload, retain, qos } of messages) {
      assert.deepEqual({ retain, qos }, { retain: false, qos: 0 }, topic);
      const type = topic === TOPIC ? 'object' : topic.endsWith('/mode') ? 'string' : 'number';
      assert.equal(typeof payload, type, topic);
    }
  });

  it('tells in the parts what is in the whole', () => {
    bench.say({ chargeCurrent: 12.3, allowDischarge: false, chargeRequest: true });
    const { [TOPIC]: whole, ...parts } = told();
    for (const [topic, value] of Object.entries(parts)) {
      assert.equal(
        value,
        Number.isNaN(Number(value)) ? whole.mode : Number(whole[topic.slice(TOPIC.length + 1)]),
        topic,
      );
    }
  });

  it('leaves out what is not known', () => {
    bench.say({ chargeVoltage: null, lowVoltage: null, age: null });
    const unknown = ['chargeVoltage', 'lowVoltage', 'age'].map((part) => `${TOPIC}/${part}`);
    assert.deepEqual(Object.keys(told()), [...TOPICS.filter((topic) => !unknown.includes(topic)), TOPIC]);
  });

  it('tells nothing at first, then what the bank allows, and less at once', () => {
    const currents = () => {
      const all = told();
      return [all[`${TOPIC}/chargeCurrent`], all[`${TOPIC}/dischargeCurrent`], all[`${TOPIC}/allowCharge`]];
    };
    bench.tell();
    assert.deepEqual(currents(), [0, 0, 0]);
    bench.pass(RISE_SECONDS + 5);
    assert.deepEqual(currents(), [200, 240, 1]);
    bench.packs = Array(4).fill(cells(3500));
    bench.poll();
    assert.deepEqual(currents(), [0, 240, 0]);
    bench.packs = wellPacks({ is: 'offline', age: 60_000 });
    bench.poll();
    assert.deepEqual(currents(), [0, 180, 0]);
  });

  it('tells 0 A and stale again and again when the limits fall silent, and what they say when they are back', () => {
    bench.say({});
    bench.passInSilence(25);
    assert.equal(told()[`${TOPIC}/chargeCurrent`], 200);
    for (let round = 0; round < 3; round++) {
      bench.passInSilence(5);
      const all = told();
      const { mode, chargeCurrent, dischargeCurrent, allowCharge, allowDischarge, chargeVoltage } = all[TOPIC];
      assert.deepEqual([mode, chargeCurrent, dischargeCurrent], ['stale', 0, 0]);
      assert.deepEqual([allowCharge, allowDischarge, chargeVoltage], [false, false, 55.2]);
      assert.equal(all[`${TOPIC}/chargeCurrent`], 0);
      assert.equal(all[`${TOPIC}/mode`], 'stale');
    }
    bench.say({});
    assert.equal(told()[`${TOPIC}/chargeCurrent`], 200);
  });

  it('tells 0 A when limits never came', () => {
    bench.tick();
    const all = told();
    assert.deepEqual([all[`${TOPIC}/chargeCurrent`], all[`${TOPIC}/mode`]], [0, 'stale']);
  });

  it('lets the broker say that limits are stale when Node-RED is gone', () => {
    const broker = nodeOf(load(FILE), 'broker');
    for (const when of ['will', 'close']) {
      assert.deepEqual(
        ['Topic', 'Payload', 'Retain'].map((what) => broker[when + what]),
        [`${TOPIC}/mode`, 'stale', 'false'],
      );
    }
  });
});

describe('11-limits-mqtt in Node-RED', { timeout: 120_000 }, () => {
  let project: ProjectCopy;

  before(async () => {
    project = await ProjectCopy.make();
    await project.run('build.mjs');
  });
  after(() => project.remove());

  it('publishes what the simulated bank allows, goes on when the broker was away, and says stale at its end', async () => {
    const flow = withNode(load(FILE), 'limits', { holdTime: 1 });
    await withBroker(project, flow, async ({ nodeRed, broker, inbox, openInbox }) => {
      await inbox.covers([...TOPICS, TOPIC]);
      const first = await inbox.find(({ topic }) => topic === `${TOPIC}/chargeCurrent`);
      assert.equal(Number(first.payload), 0);
      const whole = await inbox.find(({ topic, payload }) => topic === TOPIC && JSON.parse(payload).mode === 'bulk');
      assert.equal(JSON.parse(whole.payload).packCount, 4);
      assert.deepEqual(new Set(inbox.messages.map(({ topic }) => topic)), new Set([...TOPICS, TOPIC]));
      assert.ok(inbox.messages.every(({ retain }) => !retain));
      await inbox.find(({ topic, payload }) => topic === `${TOPIC}/chargeCurrent` && Number(payload) > 0);

      await broker.restart();
      const inboxAfter = await openInbox();
      await inboxAfter.covers([...TOPICS, TOPIC]);
      await nodeRed.stop();
      await inboxAfter.find(({ topic, payload }) => topic === `${TOPIC}/mode` && payload === 'stale');
      assert.deepEqual(nodeRed.errors, []);
    });
  });
});
