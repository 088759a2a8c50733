import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import { alarm, cells, wellPacks } from './bank-messages.js';
import { ControlBench } from './control-bench.js';
import type { Message } from './flow-bench.js';

const FILE = '06-inverter-control.json';
const QUIET_SECONDS = 60;
const STEP_SECONDS = 5;

/** The example when all is allowed, with a clock that the test moves. */
function start(): ControlBench {
  mock.timers.enable({ apis: ['Date'], now: Date.UTC(2026, 0, 1) });
  const bench = new ControlBench(FILE);
  bench.tick();
  bench.pass(QUIET_SECONDS + STEP_SECONDS);
  return bench;
}

describe('06-inverter-control: what topics are told', () => {
  let bench: ControlBench;

  beforeEach(() => {
    bench = start();
  });
  afterEach(() => mock.timers.reset());

  const charges = () => bench.news('tell a topic').filter(({ topic }) => topic === 'inverter/charge_amps');
  const chargeAmps = () => charges().map(({ payload }) => payload);

  it('is every change at once, up and down', () => {
    charges();
    for (const [millivolts, amps] of [
      [3460, 90],
      [3500, 50],
      [3470, 80],
      [3300, 100],
    ] as const) {
      bench.packs = wellPacks(cells(millivolts));
      bench.pass(STEP_SECONDS);
      assert.deepEqual(chargeAmps(), [amps]);
    }
  });

  it('comes again each minute, for a broker that was away', () => {
    for (const [pack, amps] of [
      [{}, 100],
      [alarm('cellOverVoltageProtection', 'protection'), 0],
    ] as const) {
      bench.packs = wellPacks(pack);
      bench.poll();
      charges();
      bench.pass(180);
      assert.deepEqual(chargeAmps(), [amps, amps, amps]);
    }
  });
});

describe('06-inverter-control: what registers are written', () => {
  let bench: ControlBench;

  beforeEach(() => {
    bench = start();
  });
  afterEach(() => mock.timers.reset());

  const written = () => bench.news('write a register');
  const values = () => written().map(({ payload }) => payload.value);
  /** As the first output of modbus-flex-write tells it. */
  const answer = ({ topic, payload }: Message) => {
    bench.send('the write was answered', { topic, payload: { ...payload, messageId: 'm' }, responseBuffer: {} });
  };
  /** As the same output tells a failure. */
  const fail = ({ topic }: Message) => {
    bench.send('the write was answered', { topic, payload: '', error: { name: 'Error', message: 'Timed out' } });
  };

  /** The seconds at which something was written, with what; each write is met with `reply`. */
  function writesDuring(
    seconds: number,
    reply: (write: Message) => void = () => {},
  ): [seconds: number, value: number][] {
    const writes: [number, number][] = [];
    for (let passed = STEP_SECONDS; passed <= seconds; passed += STEP_SECONDS) {
      bench.pass(STEP_SECONDS);
      for (const write of written()) {
        writes.push([passed, write.payload.value]);
        reply(write);
      }
    }
    return writes;
  }

  /** Until 100 A are written and answered. */
  function settle(): void {
    writesDuring(120, answer);
  }

  it('is what modbus-flex-write takes, where there is a register', () => {
    settle();
    for (const [i, value] of [
      [0, 0],
      [-1, 100],
    ] as const) {
      assert.deepEqual(bench.at('write a register').at(i), {
        topic: 'inverter/charge_amps',
        payload: { value, fc: 6, unitid: 1, address: 34, quantity: 1 },
      });
    }
  });

  it('is every lower value at once, and a higher one after a minute', () => {
    settle();
    for (const [millivolts, amps] of [
      [3460, 90],
      [3470, 80],
      [3500, 50],
      [3549, 1],
    ] as const) {
      bench.packs = wellPacks(cells(millivolts));
      assert.deepEqual(writesDuring(STEP_SECONDS, answer), [[STEP_SECONDS, amps]]);
    }
    bench.packs = wellPacks();
    assert.deepEqual(writesDuring(120, answer), [[60, 100]]);
  });

  it('goes up once a minute at most while the voltage wavers', () => {
    settle();
    const rises: number[] = [];
    let last = 100;
    for (let step = 0; step < 240; step++) {
      bench.packs = wellPacks(cells(step % 2 ? 3460 : 3480));
      for (const [, value] of writesDuring(STEP_SECONDS, answer)) {
        if (value > last) rises.push(step * STEP_SECONDS);
        last = value;
      }
    }
    assert.ok(rises.length > 5);
    assert.ok(rises.every((at, i) => i === 0 || at - (rises[i - 1] as number) >= 60));
  });

  it('is nothing new for an hour once it was answered, 0 neither', () => {
    settle();
    assert.deepEqual(
      writesDuring(7000, answer).map(([, value]) => value),
      [100],
    );
    bench.packs = wellPacks(alarm('cellAboveLimit'));
    assert.deepEqual(writesDuring(3600 + STEP_SECONDS, answer), [
      [STEP_SECONDS, 0],
      [3600 + STEP_SECONDS, 0],
    ]);
  });

  for (const [what, reply] of [
    ['nobody answers', () => {}],
    ['every write fails', fail],
  ] as const) {
    it(`comes again after 10 s, 30 s, then each minute while ${what}, 0 too`, () => {
      settle();
      bench.packs = wellPacks(alarm('cellOverVoltageProtection', 'protection'));
      assert.deepEqual(
        writesDuring(300, reply),
        [0, 10, 40, 100, 160, 220, 280].map((seconds) => [STEP_SECONDS + seconds, 0]),
      );
    });
  }

  it('is at rest as soon as a repeated write is answered', () => {
    settle();
    bench.packs = wellPacks(alarm('cellAboveLimit'));
    assert.equal(writesDuring(100).length, 3);
    const [[, value] = []] = writesDuring(10, answer);
    assert.equal(value, 0);
    assert.deepEqual(writesDuring(3500), []);
  });

  it('does not take the answer to another value for its own', () => {
    settle();
    bench.poll();
    const [full] = bench.at('write a register').slice(-1);
    bench.packs = wellPacks(alarm('cellAboveLimit'));
    bench.poll();
    assert.deepEqual(values(), [0]);
    answer(full as Message);
    assert.deepEqual(writesDuring(10), [[10, 0]]);
  });

  it('repeats no higher value before its minute', () => {
    settle();
    bench.packs = wellPacks(cells(3500));
    bench.poll();
    assert.deepEqual(values(), [50]);
    bench.packs = wellPacks();
    assert.deepEqual(writesDuring(100), [
      [10, 50],
      [40, 50],
      [100, 100],
    ]);
  });

  it('goes to another register at once when it is changed', () => {
    settle();
    const { func = '' } = bench.node('as a register');
    bench.change('as a register', { func: func.replace('address: 34', 'address: 38') });
    bench.tick();
    assert.deepEqual(
      written().map(({ payload }) => [payload.address, payload.value]),
      [[38, 100]],
    );
  });

  it('minds no answer of something else', () => {
    settle();
    for (const msg of [{}, { payload: null }, { payload: '' }, { payload: 'x' }, { payload: { value: 5 } }]) {
      bench.send('the write was answered', msg);
    }
    assert.deepEqual(writesDuring(60), []);
  });
});
