import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it, mock } from 'node:test';
import { alarm, type BenchPack, bankMessages, cells, celsius, wellPacks } from './bank-messages.js';
import { ControlBench } from './control-bench.js';
import { load, withConnection, withConstants, withQueries } from './example-flows.js';
import { NodeRedProcess, type Received } from './node-red-process.js';
import { ProjectCopy } from './project-copy.js';
import { SettableBattery } from './settable-battery.js';

const FILE = '06-inverter-control.json';
const QUIET_SECONDS = 60;
type Amps = { charge: number; discharge: number };
const ALL: Amps = { charge: 100, discharge: 100 };
const NOTHING: Amps = { charge: 0, discharge: 0 };
/** What one pack has, and what may flow then. */
const CASES: [what: string, pack: BenchPack, amps: Amps][] = [
  ['is well', {}, { charge: 100, discharge: 100 }],
  ['warns of cell over-voltage', alarm('cellOverVoltageWarning'), { charge: 0, discharge: 100 }],
  ['shows a cell above its limit', alarm('cellAboveLimit'), { charge: 0, discharge: 100 }],
  ['protects from cell over-voltage', alarm('cellOverVoltageProtection', 'protection'), { charge: 0, discharge: 100 }],
  ['is too cold to charge', alarm('chargeUnderTemperatureProtection', 'protection'), { charge: 0, discharge: 100 }],
  ['warns of low cells', alarm('cellUnderVoltageWarning'), { charge: 100, discharge: 0 }],
  ['protects from low cells', alarm('cellUnderVoltageProtection', 'protection'), { charge: 100, discharge: 0 }],
  ['is nearly empty', alarm('lowCapacityWarning'), { charge: 100, discharge: 0 }],
  ['is too hot to discharge', alarm('dischargeOverTemperatureWarning'), { charge: 0, discharge: 0 }],
  ['has a short circuit', alarm('shortCircuitProtection', 'protection'), { charge: 0, discharge: 0 }],
  ['has a charge MOSFET fault', alarm('chargeMosfetFault', 'fault'), { charge: 0, discharge: 0 }],
  ['has a discharge MOSFET fault', alarm('dischargeMosfetFault', 'fault'), { charge: 0, discharge: 0 }],
  ['is connected the wrong way round', alarm('chargerReversed', 'fault'), { charge: 0, discharge: 0 }],
  ['has an alarm nobody knows', alarm('somethingNew'), { charge: 0, discharge: 0 }],
  ['has a cell at 3.55 V', cells(3550), { charge: 0, discharge: 100 }],
  ['has a cell at 2.95 V', cells(2950), { charge: 100, discharge: 0 }],
  ['has a cell at 3 °C', celsius(30), { charge: 0, discharge: 100 }],
  ['has no sensors', { analog: { temperatureTenths: [null, null] } }, { charge: 0, discharge: 100 }],
  ['does not answer', { is: 'offline', age: 30_000 }, { charge: 0, discharge: 0 }],
];

describe('06-inverter-control: what may flow', () => {
  let bench: ControlBench;
  let told: Partial<Amps>;

  beforeEach(() => {
    mock.timers.enable({ apis: ['Date'], now: Date.UTC(2026, 0, 1) });
    bench = new ControlBench(FILE);
    told = {};
  });
  afterEach(() => mock.timers.reset());

  /** What was told last of each direction. */
  function amps(): Partial<Amps> {
    for (const { topic, payload } of bench.news('tell a topic')) {
      told[topic === 'inverter/charge_amps' ? 'charge' : 'discharge'] = payload;
    }
    return { ...told };
  }

  const why = (): string[] => bench.at('tell a topic').at(-1)?.why;

  /** Until all is allowed, with packs that are well. */
  function start(): void {
    bench.tick();
    bench.pass(QUIET_SECONDS + 5);
    assert.deepEqual(amps(), ALL);
  }

  it('is nothing after a deploy, and all once it has been well for a while', () => {
    bench.tick();
    assert.deepEqual(amps(), NOTHING);
    bench.pass(QUIET_SECONDS);
    assert.deepEqual(amps(), NOTHING);
    bench.pass(5);
    assert.deepEqual(amps(), ALL);
    bench.deploy();
    bench.tick();
    assert.deepEqual(amps(), NOTHING);
  });

  for (const [what, pack, expected] of CASES) {
    it(`follows at once when a pack ${what}`, () => {
      start();
      bench.packs = wellPacks(pack);
      bench.poll();
      assert.deepEqual(amps(), expected);
    });
  }

  it('counts no temperature at all as cold', () => {
    start();
    bench.packs = Array(4).fill({ analog: { temperatureTenths: [] } });
    bench.poll();
    assert.deepEqual(amps(), { charge: 0, discharge: 100 });
  });

  it('says which pack has no temperature', () => {
    start();
    bench.packs = [{}, { analog: { temperatureTenths: [null, null] } }, {}, {}];
    bench.poll();
    assert.deepEqual(why(), ['pack_2: no temperature']);
  });

  it('stays off when the sensors of a cold pack fail', () => {
    start();
    bench.packs = wellPacks(celsius(10));
    bench.pass(600);
    bench.packs = wellPacks({ analog: { temperatureTenths: [null, null] } });
    bench.pass(600);
    assert.equal(amps().charge, 0);
  });

  const RETURNS: [what: string, stop: BenchPack, better: BenchPack, good: BenchPack, direction: keyof Amps][] = [
    ['a high cell', cells(3560), cells(3400), cells(3390), 'charge'],
    ['a pack without temperatures', { analog: { temperatureTenths: [] } }, cells(3450), {}, 'charge'],
    ['a cold cell', celsius(20), celsius(60), celsius(61), 'charge'],
    ['an alarm', alarm('cellOverVoltageWarning'), cells(3450), {}, 'charge'],
    ['a low cell', cells(2900), cells(3150), cells(3160), 'discharge'],
  ];
  for (const [what, stop, better, good, direction] of RETURNS) {
    it(`comes back after ${what} with hysteresis, and only when it has been quiet for a while`, () => {
      start();
      for (const pack of [stop, better]) {
        bench.packs = wellPacks(pack);
        bench.pass(600);
        assert.equal(amps()[direction], 0);
      }
      bench.packs = wellPacks(good);
      bench.pass(QUIET_SECONDS - 5);
      assert.equal(amps()[direction], 0);
      bench.pass(5);
      assert.equal(amps()[direction], 100);
    });
  }

  it('waits anew when an alarm comes again', () => {
    start();
    for (const pack of [alarm('cellAboveLimit'), {}, alarm('cellAboveLimit'), {}]) {
      bench.packs = wellPacks(pack);
      bench.pass(QUIET_SECONDS - 5);
      assert.equal(amps().charge, 0);
    }
    bench.pass(15);
    assert.equal(amps().charge, 100);
  });

  it('is nothing when the query nodes fall silent, both or one of them', () => {
    start();
    bench.passInSilence(20);
    assert.deepEqual(amps(), ALL);
    bench.passInSilence(5);
    assert.deepEqual(amps(), NOTHING);
    assert.deepEqual(why(), ['no new analog reading for 25 s']);

    bench.pass(QUIET_SECONDS + 10);
    assert.deepEqual(amps(), ALL);
    for (let passed = 0; passed < 25; passed += 5) {
      mock.timers.tick(5000);
      bench.send('measurements', bankMessages.analog(bench.packs));
    }
    assert.deepEqual(amps(), NOTHING);
  });

  it('is nothing with another number of packs than expected, or none', () => {
    for (const packs of [wellPacks().slice(1), [...wellPacks(), {}], [], Array(4).fill({ is: 'offline', age: 1 })]) {
      start();
      bench.packs = packs;
      bench.poll();
      assert.deepEqual(amps(), NOTHING);
      bench.packs = wellPacks();
    }
  });

  it('says how many packs there are, and what to do when one was taken out', () => {
    const gone: BenchPack = { is: 'offline', age: 60_000 };
    const SAID: [packs: BenchPack[], why: string][] = [
      [wellPacks(gone), '3 of 4 packs answer, 4 are expected'],
      [[...wellPacks(), {}], '5 of 5 packs answer, 4 are expected'],
      [[...wellPacks(), gone], '4 of 5 packs answer, 4 are expected. Was one taken out? Then deploy in full'],
    ];
    for (const [packs, said] of SAID) {
      start();
      bench.packs = packs;
      bench.poll();
      assert.deepEqual(why(), [said]);
      bench.packs = wellPacks();
    }
  });

  it('minds no place without a pack', () => {
    bench.packs = [{ is: 'empty' }, ...wellPacks()];
    start();
  });

  it('is nothing when the clock was set back', () => {
    start();
    const ahead = bankMessages.analog(wellPacks(), Date.now() + 3_600_000);
    bench.send('measurements', ahead);
    assert.deepEqual(amps(), NOTHING);
  });

  it('is back as soon as ever after the clock was set back', () => {
    bench.tick();
    mock.timers.reset();
    mock.timers.enable({ apis: ['Date'], now: Date.UTC(2025, 0, 1) });
    bench.pass(QUIET_SECONDS + 5);
    assert.deepEqual(amps(), ALL);
  });
});

describe('06-inverter-control in Node-RED', { timeout: 120_000 }, () => {
  let project: ProjectCopy;

  before(async () => {
    project = await ProjectCopy.make();
    await project.run('build.mjs');
  });
  after(() => project.remove());

  /** The example with short times and its readings from a battery of two packs. */
  function quick(battery: SettableBattery) {
    let flow = withConnection(withQueries(load(FILE), { interval: 0.1, staleAfter: 0.5 }), battery.connection);
    flow = withConstants(flow, 'complete and fresh?', { EXPECTED_PACKS: 2, OLDEST_SECONDS: 2 });
    flow = withConstants(flow, 'off at once, on after a while', { QUIET_MINUTES: 0.005 });
    return withConstants(flow, 'not too often, until answered', { LEAST_SECONDS: 0 });
  }

  it('follows a battery that warns, and one that is gone', async () => {
    const battery = new SettableBattery();
    await battery.open();
    const nodeRed = await NodeRedProcess.start(project, quick(battery));
    let from = 0;
    const told = async (topic: string, payload: number) => {
      const fits = (message: Received) =>
        message.name === 'tell a topic' && message.topic === topic && message.payload === payload;
      const received = await nodeRed.receives(fits, from);
      from = nodeRed.received.indexOf(received) + 1;
      return received;
    };
    try {
      await told('inverter/charge_amps', 0);
      await told('inverter/charge_amps', 100);
      await nodeRed.receives(({ name, payload }) => name === 'write a register' && payload.value === 100);

      battery.alarms = [{}, { warning1: 1 }];
      const { why } = await told('inverter/charge_amps', 0);
      assert.deepEqual(why, ['pack_2: Cell voltage high']);
      battery.alarms = [{}, {}];
      await told('inverter/charge_amps', 100);

      await battery.close();
      await told('inverter/charge_amps', 0);
      await told('inverter/discharge_amps', 0);
      await battery.open();
      await told('inverter/charge_amps', 100);
      assert.deepEqual(
        nodeRed.errors.filter(({ type }) => !type?.startsWith('pace-bms-')),
        [],
      );
    } finally {
      await nodeRed.stop();
      await battery.close();
    }
  });

  it('runs as it is on the simulated bank, beginning with nothing', async () => {
    const nodeRed = await NodeRedProcess.start(project, load(FILE));
    try {
      for (const topic of ['inverter/charge_amps', 'inverter/discharge_amps']) {
        const { payload } = await nodeRed.receives(({ name, topic: of }) => name === 'tell a topic' && of === topic);
        assert.equal(payload, 0);
      }
      await nodeRed.receives(({ name, warning }) => name === 'against charging?' && warning !== null);
      assert.deepEqual(nodeRed.errors, []);
    } finally {
      await nodeRed.stop();
    }
  });
});
