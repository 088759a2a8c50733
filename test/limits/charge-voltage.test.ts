import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Stage } from '../../src/limits/charge-stage.js';
import { ChargeVoltage } from '../../src/limits/charge-voltage.js';
import { Bench, CELLS, cellsBut, QUICK, SETTINGS } from './bench.js';

/** At s: the stage, V that the highest cell is above absorption, and the limit then. */
type Step = [seconds: number, stage: Stage, over: number, volts: number];

const CASES: Record<string, Step[]> = {
  'begins at float, waits and rises by 1 mV/s': [
    [0, 'bulk', 0, 54],
    [30, 'bulk', 0, 54],
    [31, 'bulk', 0, 54.001],
    [630, 'bulk', 0, 54.6],
    [1230, 'bulk', 0, 55.2],
    [5000, 'absorption', 0, 55.2],
  ],
  'an overshoot is taken off at once, and given back slowly': [
    [0, 'bulk', 0, 54],
    [2000, 'bulk', 0, 55.2],
    [2001, 'bulk', 0.05, 55.15],
    [2002, 'bulk', 0.02, 55.15],
    [2003, 'bulk', 0.2, 55],
    [2004, 'bulk', 0, 55],
    [2034, 'bulk', 0, 55],
    [2044, 'bulk', 0, 55.01],
    [2234, 'bulk', 0, 55.2],
  ],
  'steps down to float by 1 mV/s': [
    [0, 'bulk', 0, 54],
    [2000, 'absorption', 0, 55.2],
    [2001, 'float', 0, 55.199],
    [2011, 'float', 0, 55.189],
    [2600, 'float', 0, 54.6],
    [3200, 'float', 0, 54],
    [9000, 'float', 0, 54],
  ],
  'an overshoot on the way down is taken off at once, and the way goes on from there': [
    [0, 'bulk', 0, 54],
    [2000, 'absorption', 0, 55.2],
    [2100, 'float', 0, 55.1],
    [2101, 'float', 0.3, 54.799],
    [2201, 'float', 0, 54.699],
    [2300, 'float', 0, 54.6],
  ],
  'an overshoot in float goes below it': [
    [0, 'float', 0, 54],
    [10, 'float', 0.4, 53.6],
    [20, 'float', 0, 53.6],
    [50, 'float', 0, 53.6],
    [60, 'float', 0, 53.61],
  ],
  'back in bulk it rises slowly from where it is': [
    [0, 'bulk', 0, 54],
    [2000, 'absorption', 0, 55.2],
    [2600, 'float', 0, 54.6],
    [2601, 'bulk', 0, 54.6],
    [2631, 'bulk', 0, 54.6],
    [2731, 'bulk', 0, 54.7],
  ],
  'float before it has risen leaves it where it is': [
    [0, 'bulk', 0, 54],
    [100, 'float', 0, 54],
  ],
};

const overshoot = (volts: number) => (volts > 0 ? { volts, reason: 'a cell is too high' } : null);

describe('the charge voltage', () => {
  for (const [what, steps] of Object.entries(CASES)) {
    it(what, () => {
      const voltage = new ChargeVoltage(SETTINGS);
      for (const [seconds, stage, over, volts] of steps) {
        const limit = voltage.update(stage, CELLS, overshoot(over), seconds * 1000);
        assert.ok(Math.abs(limit.volts - volts) < 1e-9, `${limit.volts} V instead of ${volts} V at ${seconds} s`);
        assert.ok(limit.reasons.length > 0);
      }
    });
  }

  it('tells when it changes by itself', () => {
    const voltage = new ChargeVoltage(SETTINGS);
    const moves: boolean[] = [];
    for (const [stage, seconds] of [
      ['bulk', 0],
      ['bulk', 40],
      ['bulk', 2000],
      ['float', 2001],
      ['float', 3100],
      ['float', 3300],
    ] as const) {
      voltage.update(stage, CELLS, null, seconds * 1000);
      moves.push(voltage.isMoving);
    }
    assert.deepEqual(moves, [true, true, false, true, true, false]);
  });

  it('says why', () => {
    const voltage = new ChargeVoltage(SETTINGS);
    const reason = (stage: Stage, over: number, seconds: number) =>
      voltage.update(stage, CELLS, overshoot(over), seconds * 1000).reasons.join();
    assert.match(reason('bulk', 0, 0), /^rises to 55\.2 V, by 1 mV\/s after 30 s$/);
    assert.match(reason('bulk', 0, 2000), /^absorption at 3\.45 V a cell$/);
    assert.match(reason('bulk', 0.1, 2001), /^a cell is too high$/);
    assert.match(reason('float', 0, 2002), /^on the way down to float$/);
    assert.match(reason('float', 0, 5000), /^float at 3\.375 V a cell$/);
    assert.match(
      voltage.withoutReadings(CELLS, 'float, as they are missing', 6_000_000).reasons.join(),
      /^float, as they are missing$/,
    );
  });

  it('is never above the ceiling', () => {
    const voltage = new ChargeVoltage({ ...SETTINGS, absorptionVoltage: 3.7, floatVoltage: 3.6, ceilingVoltage: 3.65 });
    for (let seconds = 0; seconds < 10_000; seconds += 100) {
      assert.ok(voltage.update('bulk', CELLS, null, seconds * 1000).volts <= 3.65 * CELLS);
    }
  });

  it('without readings is float, or less where it was less', () => {
    const voltage = new ChargeVoltage(SETTINGS);
    voltage.update('bulk', CELLS, null, 0);
    voltage.update('bulk', CELLS, null, 2_000_000);
    assert.equal(voltage.withoutReadings(CELLS, '', 2_000_001).volts, 54);
    assert.equal(voltage.isMoving, false);
    voltage.update('bulk', CELLS, overshoot(1.5), 2_000_002);
    for (const now of [2_000_003, 9_000_000, 9_999_999]) {
      assert.ok(Math.abs(voltage.withoutReadings(CELLS, '', now).volts - 53.7) < 1e-9);
    }
  });

  it('falls at once where a pack of fewer cells comes', () => {
    const voltage = new ChargeVoltage(SETTINGS);
    voltage.update('bulk', 16, null, 0);
    assert.equal(voltage.update('bulk', 15, null, 2_000_000).volts, 15 * 3.45);
    assert.equal(voltage.update('bulk', 16, null, 2_000_001).volts, 15 * 3.45);
  });
});

describe('the charge voltage of a bank', () => {
  it('is not known before the number of cells is', () => {
    const { chargeVoltage, lowVoltage, reasons } = new Bench().limits.at(5);
    assert.deepEqual([chargeVoltage, lowVoltage], [null, null]);
    assert.deepEqual(reasons.chargeVoltage, ['the number of cells is not known yet']);
    const set = new Bench({ cellsInSeries: 15 }).limits.at(5);
    assert.deepEqual([set.chargeVoltage, set.lowVoltage], [50.6, 43.5]);
  });

  for (const count of [8, 13, 14, 15, 16]) {
    it(`goes by the readings: ${count} cells`, () => {
      const cells = Array(count).fill(3.3);
      const { chargeVoltage, lowVoltage } = new Bench(QUICK).settle({ cells });
      assert.equal(chargeVoltage, Math.floor(count * 34.5) / 10);
      assert.equal(lowVoltage, Math.round(count * 29) / 10);
    });
  }

  it('goes by the fewest cells, be they set or read', () => {
    const fifteen = { cells: Array(15).fill(3.3) };
    assert.equal(new Bench(QUICK).settle({}, fifteen).chargeVoltage, 51.7);
    assert.equal(new Bench({ ...QUICK, cellsInSeries: 15 }).settle({}).chargeVoltage, 51.7);
    assert.equal(new Bench({ ...QUICK, cellsInSeries: 17 }).settle({}).chargeVoltage, 55.2);
  });

  it('follows the highest cell of any pack, at once', () => {
    const bench = new Bench(QUICK);
    assert.equal(bench.settle({}, {}, {}).chargeVoltage, 55.2);
    const { chargeVoltage, reasons } = bench.analog({ cells: cellsBut(3.5) }, {}, { cells: cellsBut(3.6) });
    assert.equal(chargeVoltage, 55);
    assert.deepEqual(reasons.chargeVoltage, ['cell pack_03/cell_16 at 3.6 V, 0.150 V above absorption']);
    assert.equal(bench.analog({ cells: cellsBut(3.7) }, {}, { cells: cellsBut(3.5) }).chargeVoltage, 54.9);
  });

  it('follows a cell of a pack with a broken wire too, but not what no cell can have', () => {
    const cells = [6, 0, ...Array(13).fill(3.3), 3.65];
    const bench = new Bench(QUICK);
    bench.settle({}, {});
    assert.equal(bench.analog({}, { cells }).chargeVoltage, 55);
    assert.equal(new Bench(QUICK).settle({}, { cells: cellsBut(6) }).chargeVoltage, 55.2);
  });

  it('gives an overshoot back by hold and ramp', () => {
    const bench = new Bench();
    bench.analog({});
    assert.equal(bench.poll(1300).chargeVoltage, 55.2);
    assert.equal(bench.analog({ cells: cellsBut(3.65) }).chargeVoltage, 55);
    bench.analog({});
    assert.equal(bench.poll(30).chargeVoltage, 55);
    assert.equal(bench.poll(99).chargeVoltage, 55);
    assert.equal(bench.poll(2).chargeVoltage, 55.1);
    assert.equal(bench.poll(100).chargeVoltage, 55.2);
  });

  it('steps down to float every second though no message comes', () => {
    const bench = new Bench({ absorptionMs: 0, staleAfterMs: 3_600_000 });
    bench.analog({ cells: 3.4, soc: 95 });
    assert.equal(bench.poll(1300).chargeVoltage, 55.2);
    bench.analog({ cells: 3.45, soc: 99 });
    assert.equal(bench.analog({ cells: 3.45, soc: 99 }).mode, 'float');
    assert.equal(bench.limits.changesAt(bench.now), bench.now + 1000);
    assert.equal(bench.wait(600).chargeVoltage, 54.6);
    assert.equal(bench.wait(600).chargeVoltage, 54);
  });

  it('is never above the ceiling, at any absorption voltage', () => {
    const settings = { ...QUICK, absorptionVoltage: 3.65, floatVoltage: 3.65, ceilingVoltage: 3.65 };
    assert.equal(new Bench(settings).settle({}).chargeVoltage, 58.4);
  });
});

describe('what the bank may be discharged to', () => {
  it('is the lowest of a cell by their number, rounded up', () => {
    assert.equal(new Bench().analog({}).lowVoltage, 46.4);
    assert.equal(new Bench({ minVoltage: 2.95 }).analog({ cells: Array(15).fill(3.3) }).lowVoltage, 44.3);
  });
});
