import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it, mock } from 'node:test';
import type { Alarm } from '../../src/battery/alarms.js';
import { FAULT, PROTECTION_1, PROTECTION_2, SYSTEM, WARNING_1, WARNING_2 } from '../../src/dialects/pace25/flags.js';
import { celsius, wellPacks } from './bank-messages.js';
import { ControlBench } from './control-bench.js';
import { load, withConnection, withConstants, withQueries } from './example-flows.js';
import type { Message } from './flow-bench.js';
import { NodeRedProcess } from './node-red-process.js';
import { ProjectCopy } from './project-copy.js';
import { SettableBattery } from './settable-battery.js';
import { checkTaken } from './victron-paths.js';

const FILE = '07-victron-virtual-battery.json';

/** What each alarm of the battery becomes. */
const FOLDED: Record<string, string> = {
  cellOverVoltageWarning: 'HighCellVoltage',
  cellAboveLimit: 'HighCellVoltage',
  cellUnderVoltageProtection: 'LowCellVoltage',
  cellBelowLimit: 'LowCellVoltage',
  packOverVoltageWarning: 'HighVoltage',
  chargerOverVoltageProtection: 'HighVoltage',
  packVoltageAboveLimit: 'HighVoltage',
  packUnderVoltageWarning: 'LowVoltage',
  packVoltageBelowLimit: 'LowVoltage',
  chargeOverCurrentWarning: 'HighChargeCurrent',
  chargeCurrentAboveLimit: 'HighChargeCurrent',
  dischargeOverCurrentProtection: 'HighDischargeCurrent',
  dischargeCurrentAboveLimit: 'HighDischargeCurrent',
  chargeOverTemperatureWarning: 'HighTemperature',
  mosfetOverTemperatureWarning: 'HighTemperature',
  temperatureAboveLimit: 'HighTemperature',
  dischargeUnderTemperatureWarning: 'LowTemperature',
  temperatureBelowLimit: 'LowTemperature',
  lowCapacityWarning: 'LowSoc',
  shortCircuitProtection: 'InternalFailure',
  chargeMosfetFault: 'InternalFailure',
  cellFault: 'InternalFailure',
  temperatureSensorFault: 'InternalFailure',
  chargerReversed: 'InternalFailure',
  cellOtherFault: 'InternalFailure',
  somethingNew: 'InternalFailure',
};

describe('07-victron-virtual-battery', () => {
  let bench: ControlBench;

  beforeEach(() => {
    mock.timers.enable({ apis: ['Date'], now: Date.UTC(2026, 0, 1) });
    bench = new ControlBench(FILE);
  });
  afterEach(() => mock.timers.reset());

  const news = () => bench.news('virtual battery');
  /** The paths told last; all messages are checked. */
  function paths(): Record<string, number | null> {
    const payloads = news().flatMap(({ payload }: Message) => (payload === undefined ? [] : [payload]));
    for (const payload of payloads) checkTaken(payload);
    return payloads.at(-1) ?? {};
  }

  it('is gone until the readings are good, then there, and says so without a payload', () => {
    bench.tick();
    bench.tick();
    bench.poll();
    bench.poll();
    assert.deepEqual(
      news().map((msg) => Object.keys(msg).join()),
      ['connected', 'connected', 'payload', 'payload', 'payload'],
    );
    assert.deepEqual(
      bench.at('virtual battery').flatMap(({ connected }) => connected ?? []),
      [false, true],
    );
  });

  it('tells the readings of the bank by the paths', () => {
    bench.packs = wellPacks({
      analog: { cellMillivolts: [3300, 3290, 3300, 3310], currentMilliamps: 12_300, temperatureTenths: [205, 220] },
    });
    bench.poll();
    const told = paths();
    assert.equal(told['Dc/0/Voltage'], 13.2);
    assert.equal(told['Dc/0/Current'], 12.3);
    assert.equal(told.Soc, 50);
    assert.deepEqual([told['System/MinCellVoltage'], told['System/MinVoltageCellId']], [3.29, 102]);
    assert.deepEqual([told['System/MaxCellVoltage'], told['System/MaxVoltageCellId']], [3.31, 104]);
    assert.deepEqual([told['System/MinCellTemperature'], told['System/MaxCellTemperature']], [20.5, 22]);
    assert.deepEqual([told['Info/MaxChargeVoltage'], told['Info/BatteryLowVoltage']], [13.8, 12]);
  });

  it('takes from the bus what is not known any more', () => {
    bench.packs = wellPacks(celsius(100));
    bench.poll();
    assert.equal(paths()['System/MinCellTemperature'], 10);
    bench.packs = Array(4).fill({
      analog: { temperatureTenths: [null, null], fullMilliampHours: 0, designMilliampHours: 0 },
    });
    bench.poll();
    const told = paths();
    for (const path of ['Soc', 'Soh', 'System/MinCellTemperature', 'System/MaxCellTemperature']) {
      assert.equal(told[path], null, path);
    }
    assert.equal(told['Dc/0/Voltage'], 13.2);
  });

  it('takes from the bus what is not sent any more', () => {
    bench.poll();
    assert.equal(paths()['Info/MaxChargeVoltage'], 13.8);
    bench.change('limits for DVCC', { func: 'return msg;' });
    bench.tick();
    assert.equal(paths()['Info/MaxChargeVoltage'], null);
    bench.tick();
    assert.ok(!('Info/MaxChargeVoltage' in paths()));
  });

  it('allows no charging while a pack has no temperature', () => {
    bench.packs = wellPacks({ analog: { temperatureTenths: [null, null] } });
    bench.pass(120);
    assert.equal(paths()['Info/MaxChargeCurrent'], 0);
  });

  it('allows no current at first, then both, and no charging when a pack warns', () => {
    const currents = () => {
      const told = paths();
      return [told['Info/MaxChargeCurrent'], told['Info/MaxDischargeCurrent']];
    };
    bench.poll();
    assert.deepEqual(currents(), [0, 0]);
    bench.pass(60);
    assert.deepEqual(currents(), [100, 100]);
    bench.packs = wellPacks({ warning: { alarms: [{ code: 'cellAboveLimit', level: 'warning', label: '' }] } });
    bench.poll();
    assert.deepEqual(currents(), [0, 100]);
  });

  for (const level of ['warning', 'protection', 'fault'] as const) {
    it(`folds every alarm of level ${level}, and ends it`, () => {
      for (const [code, folded] of Object.entries(FOLDED)) {
        bench.packs = wellPacks({ warning: { alarms: [{ code, level, label: '' }] } });
        bench.poll();
        const raised = Object.entries(paths()).filter(([path, value]) => path.startsWith('Alarms/') && value !== 0);
        assert.deepEqual(raised, [[`Alarms/${folded}`, level === 'warning' ? 1 : 2]], code);
      }
      bench.packs = wellPacks();
      bench.poll();
      const left = Object.entries(paths()).filter(([path, value]) => path.startsWith('Alarms/') && value !== 0);
      assert.deepEqual(left, []);
    });
  }

  it('loses no alarm of a PACE BMS', () => {
    const flags = [PROTECTION_1, PROTECTION_2, SYSTEM, FAULT, WARNING_1, WARNING_2].flat();
    const isAlarm = ({ category }: { category: string }) => ['warning', 'protection', 'fault'].includes(category);
    const alarms = flags.filter(isAlarm).map(({ id, category, label }) => ({ code: id, level: category, label }));
    assert.ok(alarms.length > 30);
    for (const alarm of alarms as Alarm[]) {
      bench.packs = wellPacks({ warning: { alarms: [alarm] } });
      bench.poll();
      assert.ok(
        Object.entries(paths()).some(([path, value]) => path.startsWith('Alarms/') && Number(value) > 0),
        alarm.code,
      );
    }
  });

  it('is gone, once, when a pack does not answer or the nodes fall silent, and comes back', () => {
    bench.poll();
    news();
    bench.packs = wellPacks({ is: 'offline', age: 20_000 });
    bench.pass(10);
    assert.deepEqual(news(), [{ connected: false }]);
    bench.packs = wellPacks();
    bench.poll();
    assert.deepEqual(news()[0], { connected: true });
    bench.passInSilence(60);
    assert.deepEqual(
      news().filter(({ connected }) => connected !== undefined),
      [{ connected: false }],
    );
  });

  it('says each minute that it is there, in case the Victron node alone was deployed', () => {
    bench.poll();
    news();
    bench.pass(600);
    const said = news().flatMap(({ connected }) => connected ?? []);
    assert.deepEqual(said, Array(10).fill(true));
  });

  it('says it anew after a deploy', () => {
    bench.poll();
    news();
    bench.deploy();
    bench.poll();
    assert.deepEqual(news()[0], { connected: true });
  });
});

describe('07-victron-virtual-battery in Node-RED', { timeout: 120_000 }, () => {
  let project: ProjectCopy;

  before(async () => {
    project = await ProjectCopy.make();
    await project.run('build.mjs');
  });
  after(() => project.remove());

  it('runs as it is on the simulated bank', async () => {
    const nodeRed = await NodeRedProcess.start(project, load(FILE));
    try {
      await nodeRed.receives(({ name, connected }) => name === 'virtual battery' && connected === false);
      await nodeRed.receives(({ name, connected }) => name === 'virtual battery' && connected === true);
      const { payload } = await nodeRed.receives(({ name, payload }) => name === 'virtual battery' && payload);
      checkTaken(payload);
      assert.equal(payload['Info/MaxChargeVoltage'], 55.2);
      assert.deepEqual(nodeRed.errors, []);
    } finally {
      await nodeRed.stop();
    }
  });

  it('is gone when the battery is', async () => {
    const battery = new SettableBattery();
    await battery.open();
    let flow = withConnection(withQueries(load(FILE), { interval: 0.1, staleAfter: 0.5 }), battery.connection);
    flow = withConstants(flow, 'complete and fresh?', { EXPECTED_PACKS: 2, OLDEST_SECONDS: 2 });
    const nodeRed = await NodeRedProcess.start(project, flow);
    try {
      const { payload } = await nodeRed.receives(({ name, payload }) => name === 'virtual battery' && payload);
      checkTaken(payload);
      const from = nodeRed.received.length;
      await battery.close();
      const gone = await nodeRed.receives(
        ({ name, connected }) => name === 'virtual battery' && connected === false,
        from,
      );
      assert.equal(gone.payload, undefined);
    } finally {
      await nodeRed.stop();
      await battery.close();
    }
  });
});
