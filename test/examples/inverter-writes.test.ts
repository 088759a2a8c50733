import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import { alarm, cells, wellPacks } from './bank-messages.js';
import { ControlBench } from './control-bench.js';

const QUIET_SECONDS = 60;

describe('06-inverter-control: what is written', () => {
  let bench: ControlBench;

  beforeEach(() => {
    mock.timers.enable({ apis: ['Date'], now: Date.UTC(2026, 0, 1) });
    bench = new ControlBench('06-inverter-control.json');
    bench.tick();
    bench.pass(QUIET_SECONDS + 5);
  });
  afterEach(() => mock.timers.reset());

  const charges = () => bench.news('tell a topic').filter(({ topic }) => topic === 'inverter/charge_amps');
  const chargeAmps = () => charges().map(({ payload }) => payload);

  it('is what modbus-flex-write takes, where there is a register', () => {
    assert.deepEqual(bench.at('write a register'), [
      { topic: 'inverter/charge_amps', payload: { value: 0, fc: 6, unitid: 1, address: 34, quantity: 1 } },
      { topic: 'inverter/charge_amps', payload: { value: 100, fc: 6, unitid: 1, address: 34, quantity: 1 } },
    ]);
    assert.deepEqual(chargeAmps(), [0, 100]);
  });

  it('falls with the highest cell, once a minute at most', () => {
    charges();
    const amps: number[] = [];
    for (const millivolts of [3460, 3470, 3480, 3490, 3500, 3510]) {
      bench.packs = wellPacks(cells(millivolts));
      bench.pass(30);
      amps.push(...chargeAmps());
    }
    assert.deepEqual(amps, [80, 60, 40]);
  });

  it('is 0 at once, whatever was written a moment ago', () => {
    charges();
    for (const pack of [cells(3500), alarm('cellOverVoltageWarning')]) {
      bench.packs = wellPacks(pack);
      bench.pass(5);
    }
    assert.deepEqual(chargeAmps(), [0]);
  });

  it('is nothing new while nothing changes, but for once an hour', () => {
    charges();
    bench.pass(3590);
    assert.deepEqual(chargeAmps(), []);
    bench.pass(10);
    assert.deepEqual(chargeAmps(), [100]);
  });

  it('comes again after a write that failed: 0 at once, more after a minute', () => {
    charges();
    bench.send('a write has failed', { error: { message: 'timed out' }, payload: { value: 100 } });
    bench.pass(50);
    assert.deepEqual(chargeAmps(), []);
    bench.pass(10);
    assert.deepEqual(chargeAmps(), [100]);

    bench.packs = wellPacks(alarm('cellAboveLimit'));
    bench.poll();
    bench.send('a write has failed', { error: { message: 'timed out' } });
    bench.tick();
    assert.deepEqual(chargeAmps(), [0, 0]);
  });
});
