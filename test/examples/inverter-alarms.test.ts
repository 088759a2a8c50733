import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import { alarmReading } from '../../src/dialects/pace25/alarm-reading.js';
import { BankModel } from '../../src/simulator/bank-model.js';
import { ControlBench } from './control-bench.js';
import { load, nodeOf, withConstants } from './example-flows.js';

const FILE = '06-inverter-control.json';
const STEP_SECONDS = 5;
/** Two rounds of the scenario and a bit. */
const LONG_SECONDS = 300;

/** What the read-me of the example says of the simulator's scenario `alarms`. */
describe('06-inverter-control in the scenario "alarms"', () => {
  beforeEach(() => mock.timers.enable({ apis: ['Date'], now: Date.UTC(2026, 0, 1) }));
  afterEach(() => mock.timers.reset());

  /** The seconds after the deploy at which charging came on. */
  function comesOn(quietMinutes: number): number[] {
    const name = 'off at once, on after a while';
    const bench = new ControlBench(withConstants(load(FILE), name, { QUIET_MINUTES: quietMinutes }));
    const bank = new BankModel({ packs: 4, cells: 16, scenario: 'alarms' });
    const on: number[] = [];
    let before = 0;
    for (let seconds = 0; seconds <= LONG_SECONDS; seconds += STEP_SECONDS) {
      const alarms = bank.alarmRecords().map(alarmReading);
      bench.packs = bank.analogRecords().map((analog, i) => ({ analog, warning: alarms[i]?.warning ?? {} }));
      bench.poll();
      for (const { topic, payload } of bench.news('tell a topic')) {
        if (topic !== 'inverter/charge_amps') continue;
        if (payload > 0 && before === 0) on.push(seconds);
        before = payload;
      }
      mock.timers.tick(STEP_SECONDS * 1000);
      bank.advance(STEP_SECONDS * 1000);
    }
    return on;
  }

  it('charging stays off with a quiet minute, and comes back between the alarms with 0.1', () => {
    assert.deepEqual(comesOn(1), []);
    const [first = 0] = comesOn(0.1);
    assert.ok(first >= 60 && first <= 90, `after ${first} s`);
    const { info = '' } = nodeOf(load(FILE), 'What to see: 0 A after the deploy, then 100 A');
    assert.match(info, /it stays at 0\./);
    assert.match(info, /`QUIET_MINUTES` in \*\*off at once, on after a while\*\* to 0\.1/);
  });
});
