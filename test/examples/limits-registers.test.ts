import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it, mock } from 'node:test';
import fc from 'fast-check';
import { alarm, cells, wellPacks } from './bank-messages.js';
import { load, withConnection, withConstants, withNode, withQueries } from './example-flows.js';
import type { Message } from './flow-bench.js';
import { LimitsBench, RISE_SECONDS } from './limits-bench.js';
import { NodeRedProcess } from './node-red-process.js';
import { ProjectCopy } from './project-copy.js';
import { SettableBattery } from './settable-battery.js';

const FILE = '10-limits-register-write.json';
const STEP_SECONDS = 5;
/** Two writes of a register are so far apart, unless the second is a 0. */
const LEAST_SECONDS = 60;
/** Limits come so often, however little changes. */
const REPETITION_SECONDS = 10;
type Write = [seconds: number, value: number];

/** What comes back from a write, on the first output of modbus-flex-write. */
type Reply = (write: Message) => Message | null;
const answer: Reply = ({ topic, payload }) => ({
  ...{ topic, payload: { ...payload, messageId: 'm' } },
  responseBuffer: {},
});
const failure: Reply = ({ topic }) => ({ topic, payload: '', error: { message: 'Timed out' } });
const silence: Reply = () => null;

/** What limits may be told in what order, and what becomes of the writes. */
const stories = fc.array(
  fc.record({
    milliseconds: fc.oneof(fc.integer({ min: 1, max: 10_000 }), fc.constant(REPETITION_SECONDS * 1000)),
    amps: fc.oneof(
      { weight: 3, arbitrary: fc.integer({ min: 0, max: 2000 }).map((tenths) => tenths / 10) },
      { weight: 1, arbitrary: fc.constantFrom(0, 0.9, 1, 49.9, 50, 50.1) },
    ),
    reply: fc.constantFrom(answer, answer, failure, silence),
  }),
  { minLength: 20, maxLength: 120 },
);

describe('10-limits-register-write', () => {
  let bench: LimitsBench;

  beforeEach(() => {
    mock.timers.enable({ apis: ['Date'], now: Date.UTC(2026, 0, 1, 6) });
    bench = new LimitsBench(FILE);
  });
  afterEach(() => mock.timers.reset());

  /** What is written now, each met with `reply`. */
  function writes(reply: Reply = answer): number[] {
    return bench.news('write a register').map((write) => {
      const back = reply(write);
      if (back) bench.send('the write was answered', back);
      return write.payload.value;
    });
  }

  /** The seconds at which something is written, and what, while the limit of charging is `ampsAt` each second. */
  function writesWhile(seconds: number, ampsAt: (second: number) => number, reply = answer) {
    const found: Write[] = [];
    for (let second = 1; second <= seconds; second++) {
      mock.timers.tick(1000);
      bench.say({ chargeCurrent: ampsAt(second) });
      found.push(...writes(reply).map((value): Write => [second, value]));
    }
    return found;
  }

  /** Until so many amperes are written and answered, with the minute gone in which only a 0 may follow. */
  function settle(amps: number): void {
    bench.say({ chargeCurrent: amps });
    writes();
    mock.timers.tick(LEAST_SECONDS * 1000);
  }

  it('writes what modbus-flex-write takes, and nothing else', () => {
    bench.tell();
    assert.deepEqual(bench.at('write a register'), [
      { topic: 'inverter/chargeCurrent', payload: { value: 0, fc: 6, unitid: 1, address: 34, quantity: 1 } },
    ]);
  });

  it('writes 0 after a deploy, and then what the bank allows, a minute after the last write', () => {
    bench.tell();
    assert.deepEqual(writes(), [0]);
    const found: Write[] = [];
    for (let passed = STEP_SECONDS; passed <= 200; passed += STEP_SECONDS) {
      bench.pass(STEP_SECONDS);
      found.push(...writes().map((value): Write => [passed, value]));
    }
    assert.deepEqual(
      found.map(([seconds]) => seconds),
      [60, 120],
    );
    assert.equal(found.at(-1)?.[1], 200);
  });

  it('writes less when a pack must not be charged, and 0 at once when none may, or nothing is read any more', () => {
    const REASONS: [packs: ReturnType<typeof wellPacks>, value: number, withinSeconds: number][] = [
      [wellPacks(cells(3425)), 152, LEAST_SECONDS],
      [wellPacks(alarm('cellOverVoltageProtection', 'protection')), 150, LEAST_SECONDS],
      [Array(4).fill(alarm('chargeUnderTemperatureProtection', 'protection')), 0, 0],
      [Array(4).fill({ is: 'offline', age: 60_000 }), 0, 0],
    ];
    for (const [packs, value, withinSeconds] of REASONS) {
      bench.packs = wellPacks();
      bench.pass(RISE_SECONDS + 200);
      writes();
      bench.packs = packs;
      bench.poll();
      bench.pass(withinSeconds);
      assert.deepEqual(writes().at(-1), value);
    }
  });

  it('writes a reduction once a minute at most, and the newest value then', () => {
    settle(200);
    assert.deepEqual(
      writesWhile(140, (second) => 150.5 - second),
      [
        [1, 149],
        [61, 89],
        [121, 29],
      ],
    );
  });

  it('writes a rise once a minute at most, and the newest value then', () => {
    settle(0);
    assert.deepEqual(
      writesWhile(180, (second) => second),
      [
        [1, 1],
        [61, 61],
        [121, 121],
      ],
    );
  });

  it('writes what had to wait when the minute is over, though limits only come again as they were', () => {
    settle(100);
    writesWhile(1, () => 90);
    writesWhile(1, () => 40);
    for (let passed = REPETITION_SECONDS; passed <= 180; passed += REPETITION_SECONDS) {
      mock.timers.tick(REPETITION_SECONDS * 1000);
      bench.say({ chargeCurrent: 40 });
      assert.deepEqual(writes(), passed === LEAST_SECONDS ? [40] : []);
    }
  });

  it('writes nothing when what had to wait is over before the minute', () => {
    settle(100);
    assert.deepEqual(
      writesWhile(300, (second) => (second > 1 && second < 60 ? 40 : 90)),
      [[1, 90]],
    );
  });

  it('writes 0 at once, however soon after the last, and goes up a minute after it', () => {
    settle(100);
    assert.deepEqual(
      writesWhile(140, (second) => [90, 80, 0.9, 20][second - 1] ?? (second < 66 ? 70 : 0)),
      [
        [1, 90],
        [3, 0],
        [63, 70],
        [66, 0],
      ],
    );
  });

  it('writes the first limits after a deploy at once', () => {
    bench.say({ chargeCurrent: 100 });
    assert.deepEqual(writes(), [100]);
    mock.timers.tick(1000);
    bench.deploy();
    bench.say({ chargeCurrent: 90 });
    assert.deepEqual(writes(), [90]);
  });

  it('holds to a minute, 0 and the newest value whatever limits come and whoever answers', () => {
    fc.assert(
      fc.property(stories, (story) => {
        const told = new LimitsBench(FILE);
        let value = Number.NaN;
        let writtenAt = Number.NEGATIVE_INFINITY;
        for (const { milliseconds, amps, reply } of story) {
          mock.timers.tick(milliseconds);
          told.say({ chargeCurrent: amps });
          const isMinuteOver = Date.now() - writtenAt >= LEAST_SECONDS * 1000;
          for (const write of told.news('write a register')) {
            value = write.payload.value;
            if (value !== 0) assert.ok(isMinuteOver, `${value} A ${Date.now() - writtenAt} ms after the last write`);
            writtenAt = Date.now();
            const back = reply(write);
            if (back) told.send('the write was answered', back);
          }
          if (amps < 1) assert.equal(value, 0, '0 at once');
          if (isMinuteOver) assert.equal(value, Math.floor(amps), 'the newest value when the minute is over');
        }
      }),
      { numRuns: 100 },
    );
  });

  it('writes no change of less than 1 A, and never more than is allowed', () => {
    settle(50.4);
    assert.deepEqual(
      writesWhile(300, (second) => 50 + (second % 10) / 10),
      [],
    );
  });

  for (const [what, reply] of [
    ['nobody answers', silence],
    ['every write fails', failure],
  ] as const) {
    it(`repeats a 0 after 10 s, 30 s, then each minute while ${what}`, () => {
      settle(100);
      const found = writesWhile(200, () => 0, reply);
      assert.deepEqual(
        found,
        [1, 11, 41, 101, 161].map((second) => [second, 0]),
      );
    });

    it(`repeats any other value each minute while ${what}`, () => {
      for (const amps of [20, 10]) {
        settle(amps === 20 ? 10 : 20);
        const found = writesWhile(130, () => amps, reply);
        assert.deepEqual(
          found,
          [1, 61, 121].map((second) => [second, amps]),
        );
        mock.timers.tick(LEAST_SECONDS * 1000);
      }
    });

    it(`writes what is newest when the minute is over while ${what}`, () => {
      settle(100);
      const found = writesWhile(130, (second) => 90 - second / 2, reply);
      assert.deepEqual(found, [
        [1, 89],
        [61, 59],
        [121, 29],
      ]);
    });
  }

  it('does not take the answer to another value for its own', () => {
    settle(100);
    const [full] = bench.at('write a register').slice(-1);
    bench.say({ chargeCurrent: 0 });
    assert.deepEqual(writes(silence), [0]);
    bench.send('the write was answered', answer(full as Message) as Message);
    assert.deepEqual(
      writesWhile(12, () => 0, silence),
      [[10, 0]],
    );
  });

  it('repeats what was answered each hour only, 0 as well', () => {
    for (const amps of [100, 0]) {
      settle(amps);
      assert.deepEqual(
        writesWhile(7200, () => amps).map(([, value]) => value),
        [amps, amps],
      );
    }
  });

  it('writes 0 when the limits fall silent', () => {
    settle(100);
    bench.say({ chargeCurrent: 100 });
    bench.passInSilence(25);
    assert.deepEqual(writes(), []);
    bench.passInSilence(5);
    assert.deepEqual(writes(), [0]);
  });

  it('writes 0 when the clock is set back and no limits come', () => {
    settle(100);
    mock.timers.reset();
    mock.timers.enable({ apis: ['Date'], now: Date.UTC(2025, 0, 1) });
    bench.tick();
    assert.deepEqual(writes(), [0]);
  });

  it('counts what is written each day, and tells', () => {
    const counts = () => bench.news('writes of the day').map(({ payload }) => payload);
    settle(100);
    assert.deepEqual(counts(), [{ day: 'Thu Jan 01 2026', today: 1, yesterday: 0, isMany: false }]);
    writesWhile(600, (second) => (second % 90 ? 50 + second / 10 : 0));
    const told = counts();
    assert.ok(told.length > 10);
    assert.deepEqual(
      told.map(({ today }) => today),
      told.map((_, i) => i + 2),
    );
    assert.equal(told.length, bench.at('write a register').length - 1);
    bench.say({ chargeCurrent: 0 });
    const { today } = counts()[0] as { today: number };
    mock.timers.tick(86_400_000);
    bench.say({ chargeCurrent: 100 });
    assert.deepEqual(counts(), [{ day: 'Fri Jan 02 2026', today: 1, yesterday: today, isMany: false }]);
  });

  it('says when there are many', () => {
    const { func = '' } = bench.node('count of the day');
    bench.change('count of the day', { func: func.replace('MANY_A_DAY = 200', 'MANY_A_DAY = 3') });
    writesWhile(250, (second) => 100 + second);
    assert.deepEqual(
      bench.at('writes of the day').map(({ payload }) => payload.isMany),
      [false, false, false, true, true],
    );
  });

  it('writes all limits that have a register, in its steps and units', () => {
    const { func = '' } = bench.node('as registers');
    const withAll = func
      .replaceAll(/^ {2}\/\/ (?=dischargeCurrent|chargeVoltage)/gm, '  ')
      .replace('address: 0, perUnit: 10', 'address: 7, perUnit: 10');
    bench.change('as registers', { func: withAll });
    bench.say({ chargeCurrent: 51.9, dischargeCurrent: 0.4, chargeVoltage: 55.2 });
    assert.deepEqual(
      bench.at('write a register').map(({ topic, payload }) => [topic, payload.address, payload.value]),
      [
        ['inverter/chargeCurrent', 34, 51],
        ['inverter/dischargeCurrent', 0, 0],
        ['inverter/chargeVoltage', 7, 552],
      ],
    );
    writes();
    mock.timers.tick(LEAST_SECONDS * 1000);
    bench.say({ chargeCurrent: 51.2, dischargeCurrent: 0, chargeVoltage: null });
    bench.say({ chargeCurrent: 51.2, dischargeCurrent: 0, chargeVoltage: 54.9 });
    assert.deepEqual(writes(), [549]);
  });
});

describe('10-limits-register-write in Node-RED', { timeout: 120_000 }, () => {
  let project: ProjectCopy;

  before(async () => {
    project = await ProjectCopy.make();
    await project.run('build.mjs');
  });
  after(() => project.remove());

  it('runs as it is on the simulated bank, beginning with 0', async () => {
    const nodeRed = await NodeRedProcess.start(project, load(FILE));
    try {
      const { payload } = await nodeRed.receives(({ name }) => name === 'write a register');
      assert.equal(payload.value, 0);
      const { payload: count } = await nodeRed.receives(({ name }) => name === 'writes of the day');
      assert.equal(count.today, 1);
      await nodeRed.receives(({ name, payload }) => name === 'as registers' && payload.mode === 'bulk');
      assert.deepEqual(nodeRed.errors, []);
    } finally {
      await nodeRed.stop();
    }
  });

  it('writes what a battery allows, and 0 when it is gone', async () => {
    const battery = new SettableBattery();
    await battery.open();
    let flow = withConnection(withQueries(load(FILE), { interval: 0.1, staleAfter: 0.5 }), battery.connection);
    flow = withNode(flow, 'limits', { staleAfter: 1, holdTime: 0, rampCurrent: 1000 });
    flow = withConstants(flow, 'not too often, until answered', { LEAST_SECONDS: 0.01 });
    const nodeRed = await NodeRedProcess.start(project, flow);
    let from = 0;
    const written = async (value: number) => {
      const fits = ({ name, payload }: { name: string; payload: { value?: number } }) =>
        name === 'write a register' && payload.value === value;
      from = nodeRed.received.indexOf(await nodeRed.receives(fits, from)) + 1;
    };
    try {
      await written(100);
      battery.alarms = [{}, { warning1: 1 }];
      await written(75);
      battery.alarms = [{}, {}];
      await written(100);
      await battery.close();
      await written(0);
      await battery.open();
      await written(100);
    } finally {
      await nodeRed.stop();
      await battery.close();
    }
  });
});
