import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it, mock } from 'node:test';
import { alarm, bankMessages, cells, wellPacks } from './bank-messages.js';
import { load, withConnection, withNode, withQueries } from './example-flows.js';
import type { Message } from './flow-bench.js';
import { LimitsBench, RISE_SECONDS } from './limits-bench.js';
import { NodeRedProcess, type Received } from './node-red-process.js';
import { ProjectCopy } from './project-copy.js';
import { SettableBattery } from './settable-battery.js';
import { checkTaken } from './victron-paths.js';

const FILE = '09-limits-victron.json';
const NOTHING = { 'Info/MaxChargeCurrent': 0, 'Info/MaxDischargeCurrent': 0 };
const GONE: Message[] = [{ payload: NOTHING }, { connected: false }];

describe('09-limits-victron', () => {
  let bench: LimitsBench;

  beforeEach(() => {
    mock.timers.enable({ apis: ['Date'], now: Date.UTC(2026, 0, 1) });
    bench = new LimitsBench(FILE);
  });
  afterEach(() => mock.timers.reset());

  /** What has come since the last time; a message has either a payload that is taken, or says whether it is there. */
  function news(): Message[] {
    const all = bench.news('virtual battery');
    for (const msg of all) {
      assert.deepEqual(Object.keys(msg).length, 1, JSON.stringify(msg));
      if (msg.payload) checkTaken(msg.payload);
      else assert.equal(typeof msg.connected, 'boolean');
    }
    return all;
  }
  const paths = (): Message => news().at(-1)?.payload;
  const presence = () => news().flatMap(({ connected }) => connected ?? []);

  /** Until all that is allowed may flow. */
  function start(): void {
    bench.tell();
    bench.pass(RISE_SECONDS + 5);
    news();
  }

  it('is gone until there are limits, and then there, each said without a payload', () => {
    bench.tell();
    bench.poll();
    const [gone, there, ...payloads] = news();
    assert.deepEqual([gone, there], [{ connected: false }, { connected: true }]);
    assert.notEqual(payloads.length, 0);
    assert.ok(payloads.every(({ payload }) => payload['Info/MaxChargeVoltage'] > 0));
  });

  it('tells the limits by the paths: nothing at first, then all, and less at once', () => {
    const limits = () => {
      const told = paths();
      return ['MaxChargeVoltage', 'MaxChargeCurrent', 'MaxDischargeCurrent', 'BatteryLowVoltage', 'ChargeRequest'].map(
        (name) => told[`Info/${name}`],
      );
    };
    bench.tell();
    bench.poll();
    assert.deepEqual(limits(), [13.5, 0, 0, 11.6, 0]);
    bench.pass(RISE_SECONDS + 5);
    assert.deepEqual(limits().slice(1), [200, 240, 11.6, 0]);
    bench.packs = wellPacks(cells(3425));
    bench.poll();
    assert.deepEqual(limits().slice(1, 3), [152, 240]);
    bench.packs = wellPacks(cells(2850));
    bench.poll();
    assert.deepEqual(limits().slice(2), [180, 11.6, 1]);
  });

  it('tells the readings and the alarms with them', () => {
    start();
    bench.packs = wellPacks(alarm('cellOverVoltageWarning'));
    bench.poll();
    const told = paths();
    assert.equal(told['Alarms/HighCellVoltage'], 1);
    assert.equal(told['Info/MaxChargeCurrent'], 175);
    assert.deepEqual([told['Dc/0/Voltage'], told.Soc, told['System/MinVoltageCellId']], [13.2, 50, 101]);
  });

  it('takes from the bus what is not known any more', () => {
    start();
    const unknown = { temperatureTenths: [null, null], fullMilliampHours: 0, designMilliampHours: 0 };
    bench.packs = Array(4).fill({ analog: unknown });
    bench.poll();
    const told = paths();
    assert.deepEqual([told.Soc, told['System/MinCellTemperature'], told['Info/MaxChargeCurrent']], [null, null, 0]);
  });

  for (const mode of ['stale', 'starting'] as const) {
    it(`lets nothing flow and goes when the limits are ${mode}, and is there again before it tells more`, () => {
      start();
      bench.say({ mode, chargeCurrent: 7, dischargeCurrent: 7 });
      assert.deepEqual(news(), GONE);
      bench.poll();
      const [back, first] = news();
      assert.deepEqual(back, { connected: true });
      assert.ok(first?.payload);
    });
  }

  it('goes when no pack answers, and when the charge voltage is not known', () => {
    start();
    bench.packs = Array(4).fill({ is: 'offline', age: 60_000 });
    bench.poll();
    assert.deepEqual(news().slice(-2), GONE);
    bench.packs = wellPacks();
    bench.poll();
    news();
    bench.say({ chargeVoltage: null });
    assert.deepEqual(news(), GONE);
  });

  it('goes when the limits fall silent though the battery is read', () => {
    start();
    bench.change('limits', { d: true });
    const passWithoutLimits = () => {
      mock.timers.tick(5000);
      bench.poll();
      bench.tick();
    };
    for (let passed = 0; passed < 25; passed += 5) passWithoutLimits();
    assert.ok(!presence().includes(false));
    passWithoutLimits();
    assert.deepEqual(news(), GONE);
  });

  it('goes when alarms are not told any more', () => {
    start();
    for (let passed = 0; passed < 30; passed += 5) {
      mock.timers.tick(5000);
      bench.send('measurements', bankMessages.analog(bench.packs));
    }
    assert.deepEqual(news().slice(-2), GONE);
  });

  it('goes once while all is silent, says so each minute, and is back with the first reading', () => {
    start();
    bench.passInSilence(30);
    assert.deepEqual(news().slice(-2), GONE);
    bench.passInSilence(180);
    assert.deepEqual(news(), Array(3).fill({ connected: false }));
    bench.poll();
    assert.deepEqual(presence(), [true]);
  });

  it('says each minute that it is there, in case the Victron node alone was deployed', () => {
    start();
    bench.pass(600);
    assert.deepEqual(presence(), Array(10).fill(true));
  });

  it('knows nothing after a deploy', () => {
    start();
    bench.deploy();
    bench.tick();
    assert.deepEqual(news(), [{ connected: false }]);
  });
});

describe('09-limits-victron in Node-RED', { timeout: 120_000 }, () => {
  let project: ProjectCopy;

  before(async () => {
    project = await ProjectCopy.make();
    await project.run('build.mjs');
  });
  after(() => project.remove());

  const said = (connected: boolean) => (message: Received) =>
    message.name === 'virtual battery' && message.connected === connected;

  it('runs as it is on the simulated bank, beginning with nothing', async () => {
    const nodeRed = await NodeRedProcess.start(project, load(FILE));
    try {
      await nodeRed.receives(said(false));
      await nodeRed.receives(said(true));
      const { payload } = await nodeRed.receives(({ name, payload }) => name === 'virtual battery' && payload);
      checkTaken(payload);
      assert.equal(payload['Info/MaxChargeVoltage'], 54);
      assert.deepEqual([payload['Info/MaxChargeCurrent'], payload['Info/MaxDischargeCurrent']], [0, 0]);
      await nodeRed.receives(({ name, payload }) => name === 'what has changed' && payload.state === 'bulk');
      assert.deepEqual(nodeRed.errors, []);
    } finally {
      await nodeRed.stop();
    }
  });

  it('is gone when the battery is, with nothing allowed', async () => {
    const battery = new SettableBattery();
    await battery.open();
    const quick = withConnection(withQueries(load(FILE), { interval: 0.1, staleAfter: 0.5 }), battery.connection);
    const flow = withNode(quick, 'limits', { staleAfter: 1, holdTime: 0, rampCurrent: 1000 });
    const nodeRed = await NodeRedProcess.start(project, flow);
    try {
      await nodeRed.receives(
        ({ name, payload }) => name === 'virtual battery' && payload?.['Info/MaxChargeCurrent'] === 100,
      );
      const from = nodeRed.received.length;
      await battery.close();
      const gone = await nodeRed.receives(said(false), from);
      const before = nodeRed.received.slice(0, nodeRed.received.indexOf(gone));
      assert.deepEqual(before.findLast(({ name }) => name === 'virtual battery')?.payload, NOTHING);
      await battery.open();
      await nodeRed.receives(said(true), nodeRed.received.indexOf(gone));
    } finally {
      await nodeRed.stop();
      await battery.close();
    }
  });
});
