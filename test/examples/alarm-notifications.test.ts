import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { bankMessages, wellPacks } from './bank-messages.js';
import { load, press, withConnection, withConstants, withNode, withQueries } from './example-flows.js';
import { FlowBench } from './flow-bench.js';
import { NodeRedProcess, type Received } from './node-red-process.js';
import { ProjectCopy } from './project-copy.js';
import { SettableBattery } from './settable-battery.js';

const FILE = '05-alarm-notifications.json';
/** Bits of the flag bytes (`pace-v25.md` 4). */
const CELL_VOLTAGE_HIGH = { warning1: 0b1 };
const CELL_VOLTAGE_LOW = { warning1: 0b10 };
const CELL_OVER_VOLTAGE_PROTECTION = { protection1: 0b1 };

describe('05-alarm-notifications: the words', () => {
  const since = Date.UTC(2026, 0, 1);
  const event = (changes: object) => ({
    payload: {
      pack: 2,
      name: 'pack_2',
      code: 'cellAboveLimit',
      level: 'warning',
      label: 'cell_6 above limit',
      ...changes,
    },
  });

  it('tell the alarm, its pack and how long it lasted', () => {
    const bench = new FlowBench(load(FILE));
    const ends: [at: number, duration: string][] = [
      [since + 45_000, '45 s'],
      [since + 200_000, '3 min'],
    ];
    for (const [at, duration] of ends) {
      bench.send('alarms', event({ state: 'raised', since, at: since }), 1);
      bench.send('alarms', event({ state: 'cleared', since, at }), 1);
      // "no longer" goes on to what it resets; here it passes
      const told = bench.at('notification').map(({ topic, payload }) => `${topic}: ${payload}`);
      assert.ok(told.includes('Battery: warning: pack_2: cell_6 above limit'));
      assert.ok(told.includes(`Battery: alarm is over: pack_2: cell_6 above limit is over, it lasted ${duration}`));
    }
  });

  it('leave out the levels that are not wanted', () => {
    const bench = new FlowBench(withConstants(load(FILE), 'which levels?', { LEVELS: ['protection', 'fault'] }));
    bench.send('alarms', event({ state: 'raised', since, at: since }), 1);
    bench.send('alarms', event({ state: 'raised', since, at: since, level: 'fault', code: 'cellFault' }), 1);
    assert.deepEqual(
      bench.at('notification').map(({ level }) => level),
      ['fault'],
    );
  });

  it('name the packs that do not answer, once, and say when all answer again', () => {
    const bench = new FlowBench(load(FILE));
    const banks = [
      [...wellPacks(), { is: 'empty' }],
      wellPacks({ is: 'offline' }),
      wellPacks({ is: 'offline' }),
      Array(4).fill({ is: 'offline' }),
      [],
      wellPacks(),
      wellPacks(),
    ] as const;
    for (const packs of banks) bench.send('alarms', bankMessages.warning(packs));
    assert.deepEqual(
      bench.at('notification').map(({ topic, payload }) => `${topic}: ${payload}`),
      [
        'Battery: no answer: Does not answer: pack_1.',
        'Battery: no answer: No pack answers.',
        'Battery: back: All packs answer again.',
      ],
    );
  });
});

describe('05-alarm-notifications in Node-RED', { timeout: 120_000 }, () => {
  let project: ProjectCopy;
  let battery: SettableBattery;
  let nodeRed: NodeRedProcess | undefined;

  before(async () => {
    project = await ProjectCopy.make();
    await project.run('build.mjs');
  });
  beforeEach(async () => {
    battery = new SettableBattery();
    await battery.open();
  });
  afterEach(async () => {
    await nodeRed?.stop();
    await battery.close();
  });
  after(() => project.remove());

  /** Runs the example with short times and its readings from a battery of two packs. */
  async function run(lastsSeconds: number, changes: { interval?: number; silenceSeconds?: number } = {}) {
    const { interval = 0.1, silenceSeconds = 60 } = changes;
    let flow = withConnection(withQueries(load(FILE), { interval, staleAfter: 0.5 }), battery.connection);
    flow = withNode(flow, 'lasts 10 s?', { duration: String(lastsSeconds) });
    flow = withNode(flow, '60 s of silence?', { duration: String(silenceSeconds) });
    flow = withNode(flow, 'all of 5 s', { timeout: '0.2' });
    nodeRed = await NodeRedProcess.start(project, flow);
    return { nodeRed, flow };
  }

  const notification =
    (text: RegExp) =>
    ({ name, payload }: Received) =>
      name === 'notification' && text.test(payload);

  it('tells an alarm that lasts, and its end', async () => {
    const { nodeRed } = await run(0.3);
    battery.alarms = [{}, CELL_OVER_VOLTAGE_PROTECTION];
    const begin = await nodeRed.receives(notification(/^pack_2: Cell over-voltage protection$/));
    assert.deepEqual([begin.topic, begin.level, begin.state], ['Battery: protection', 'protection', 'raised']);
    battery.alarms = [{}, {}];
    const end = await nodeRed.receives(notification(/^pack_2: Cell over-voltage protection is over, it lasted \d+ s$/));
    assert.deepEqual([end.topic, end.state], ['Battery: alarm is over', 'cleared']);
    assert.deepEqual(nodeRed.errors, []);
  });

  it('tells no alarm that is over too soon, not its end either', async () => {
    const { nodeRed } = await run(3);
    const seen = (name: string, state: string) =>
      nodeRed.receives(({ name: of, payload }) => of === name && payload.state === state);
    battery.alarms = [CELL_VOLTAGE_HIGH, {}];
    await seen('lasts 10 s?', 'raised');
    battery.alarms = [{}, CELL_VOLTAGE_LOW];
    await seen('was it told?', 'cleared');
    await nodeRed.receives(notification(/^pack_2: Cell voltage low$/));
    assert.deepEqual(
      nodeRed.received.filter(({ name }) => name === 'notification').map(({ payload }) => payload),
      ['pack_2: Cell voltage low'],
    );
  });

  it('makes one message of what comes at once, the worst first', async () => {
    const { nodeRed } = await run(0.3);
    battery.alarms = Array(2).fill({ ...CELL_VOLTAGE_HIGH, ...CELL_OVER_VOLTAGE_PROTECTION, cells: Array(16).fill(2) });
    const { payload, level } = await nodeRed.receives(notification(/over-voltage protection/));
    const lines = payload.split('\n');
    assert.deepEqual(lines.slice(0, 3), [
      'pack_1: Cell over-voltage protection',
      'pack_2: Cell over-voltage protection',
      'pack_1: Cell voltage high',
    ]);
    assert.equal(level, 'protection');
    assert.deepEqual([lines.length, lines.at(-1)], [21, 'and 16 more']);
  });

  it('tells that a pack or the battery does not answer, and that it is back', async () => {
    const { nodeRed } = await run(0.3);
    await nodeRed.receives(({ name, payload }) => name === 'who is silent?' && payload.bank.onlineCount === 2);
    battery.alarms = [{}];
    await nodeRed.receives(notification(/^Does not answer: pack_2\.$/));
    battery.alarms = [{}, {}];
    await nodeRed.receives(notification(/^All packs answer again\.$/));
    const from = nodeRed.received.length;
    await battery.close();
    await nodeRed.receives(notification(/^No pack answers\.$/));
    await battery.open();
    await nodeRed.receives(notification(/^All packs answer again\.$/), from);
  });

  it('tells when no message comes at all', async () => {
    const { nodeRed } = await run(0.3, { interval: 0, silenceSeconds: 0.3 });
    await nodeRed.receives(notification(/^No pack answers\.$/));
  });

  it('sends a test, and runs as it is on the simulated bank', async () => {
    const flow = load(FILE);
    nodeRed = await NodeRedProcess.start(project, flow);
    await nodeRed.receives(({ name, payload }) => name === 'who is silent?' && payload.bank.onlineCount === 4);
    await press(nodeRed, flow, 'send a test');
    await nodeRed.receives(notification(/This is how a notification comes/));
    assert.deepEqual(nodeRed.errors, []);
  });
});
