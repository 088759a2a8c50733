import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ChargeStage, type Stage } from '../../src/limits/charge-stage.js';
import { alarm, Bench, CELLS, cellsBut, type PackWords, SETTINGS } from './bench.js';

/** At s: V of the pack, mV between its cells, % that it holds, and the stage then. */
type Step = [seconds: number, cellSum: number, spread: number, soc: number | null, stage: Stage];

const FULL = 55.2; // 16 cells at 3.45 V

const CASES: Record<string, Step[]> = {
  'absorption begins when the cells are full and balanced': [
    [0, 55.199, 0, 90, 'bulk'],
    [1, 55.2, 11, 90, 'bulk'],
    [2, 55.2, 10, 90, 'absorption'],
  ],
  'an inverter that stays a little below what it is told: absorption begins after ten minutes': [
    [0, 54.999, 0, 95, 'bulk'],
    [10, 55, 11, 95, 'bulk'],
    [20, 55, 10, 95, 'bulk'],
    [619, 55.1, 10, 95, 'bulk'],
    [620, 55, 10, 95, 'absorption'],
  ],
  'ten minutes in one go': [
    [0, 55.1, 5, 95, 'bulk'],
    [300, 54.9, 5, 95, 'bulk'],
    [600, 55.1, 5, 95, 'bulk'],
    [1199, 55.1, 5, 95, 'bulk'],
    [1200, 55.1, 5, 95, 'absorption'],
  ],
  'absorption ends after its time': [
    [0, FULL, 5, 95, 'absorption'],
    [899.9, FULL, 5, 95, 'absorption'],
    [900, FULL, 5, 95, 'float'],
  ],
  'its time counts though the voltage sags a little': [
    [0, FULL, 5, 95, 'absorption'],
    [450, 54.7, 5, 95, 'absorption'],
    [900, 54.7, 5, 95, 'float'],
  ],
  'it is given up when the voltage is 0.5 V down': [
    [0, FULL, 5, 95, 'absorption'],
    [800, 54.699, 5, 95, 'bulk'],
    [801, FULL, 5, 95, 'absorption'],
    [1700, FULL, 5, 95, 'absorption'],
    [1701, FULL, 5, 95, 'float'],
  ],
  'its time begins anew when the cells drift apart': [
    [0, FULL, 5, 95, 'absorption'],
    [500, FULL, 13, 95, 'absorption'],
    [600, FULL, 14, 95, 'absorption'],
    [900, FULL, 5, 95, 'absorption'],
    [1499, FULL, 5, 95, 'absorption'],
    [1500, FULL, 5, 95, 'float'],
  ],
  'it lasts as long as they are apart': [
    [0, FULL, 5, 95, 'absorption'],
    [3000, FULL, 20, 95, 'absorption'],
    [6000, FULL, 13.1, 95, 'absorption'],
    [6900, FULL, 13, 95, 'float'],
  ],
  'cells that never get balanced are not kept high for longer than two hours': [
    [0, 55, 20, 95, 'bulk'],
    [3600, 54.7, 30, 95, 'bulk'],
    [7199, 55.1, 20, 95, 'bulk'],
    [7200, 55.1, 20, 95, 'float'],
    [7201, 54, 20, 95, 'float'],
    [9000, 54, 20, 79, 'bulk'],
  ],
  'two hours in one go': [
    [0, FULL, 20, 95, 'bulk'],
    [3600, 54.69, 20, 95, 'bulk'],
    [3700, FULL, 20, 95, 'bulk'],
    [10_899, FULL, 20, 95, 'bulk'],
    [10_900, FULL, 20, 95, 'float'],
  ],
  'float ends below the state of charge for it': [
    [0, FULL, 5, 100, 'absorption'],
    [900, FULL, 5, 100, 'float'],
    [5000, 53, 5, 80, 'float'],
    [5001, 53, 5, 79.99, 'bulk'],
  ],
  'float ends when the cells are far apart': [
    [0, FULL, 5, 100, 'absorption'],
    [900, FULL, 5, 100, 'float'],
    [901, 54, 79, 100, 'float'],
    [902, 54, 80, 100, 'bulk'],
  ],
  'float goes on at any voltage': [
    [0, FULL, 5, 100, 'absorption'],
    [900, FULL, 5, 100, 'float'],
    [901, 50, 5, 90, 'float'],
    [902, 60, 5, 90, 'float'],
  ],
  'float that a wrong count began lasts until 5 % are gone': [
    [0, FULL, 5, 60, 'absorption'],
    [900, FULL, 5, 60, 'float'],
    [901, 54, 5, 60, 'float'],
    [902, 54, 5, 55, 'float'],
    [903, 54, 5, 54.9, 'bulk'],
  ],
  'float without a state of charge ends by the cells alone': [
    [0, FULL, 5, null, 'absorption'],
    [900, FULL, 5, null, 'float'],
    [901, 52, 5, null, 'float'],
    [902, 52, 5, 79, 'bulk'],
  ],
};

describe('how far a bank is charged', () => {
  for (const [what, steps] of Object.entries(CASES)) {
    it(what, () => {
      const stage = new ChargeStage(SETTINGS);
      for (const [seconds, cellSum, spread, soc, expected] of steps) {
        const measured = { cellSum, spread: spread / 1000, soc, cellsInSeries: CELLS, reduction: 0 };
        assert.equal(stage.update(measured, seconds * 1000), expected, `at ${seconds} s`);
        assert.equal(stage.stage, expected);
      }
    });
  }

  it('no time for absorption: float with the next reading', () => {
    const stage = new ChargeStage({ ...SETTINGS, absorptionMs: 0 });
    const full = { cellSum: FULL, spread: 0, soc: 100, cellsInSeries: CELLS, reduction: 0 };
    assert.deepEqual([stage.update(full, 5), stage.update(full, 5)], ['absorption', 'float']);
  });
});

const FULL_PACK: PackWords = { cells: 3.45, soc: 99 };

describe('the stage of a bank', () => {
  it('goes from bulk by absorption to float, and back for charge that is missing', () => {
    const bench = new Bench();
    assert.equal(bench.analog({ cells: 3.44, soc: 97 }).mode, 'bulk');
    assert.equal(bench.analog(FULL_PACK).mode, 'absorption');
    assert.equal(bench.poll(899).mode, 'absorption');
    assert.equal(bench.poll(1).mode, 'float');
    assert.equal(bench.analog({ soc: 80 }).mode, 'float');
    assert.equal(bench.analog({ soc: 79 }).mode, 'bulk');
  });

  it('goes by the mean of the packs, the worst spread and the summed capacities', () => {
    const bench = new Bench();
    assert.equal(bench.analog({ cells: 3.46 }, { cells: 3.42 }).mode, 'bulk', 'mean too low');
    assert.equal(bench.analog({ cells: 3.46 }, { cells: 3.44 }).mode, 'absorption');
    assert.equal(bench.analog({ cells: cellsBut(3.462, 3.45), soc: 99 }, FULL_PACK).mode, 'absorption', 'spread 12 mV');
    assert.equal(bench.poll(900).mode, 'float');
    assert.equal(bench.analog({ soc: 99 }, { soc: 62 }).mode, 'float', 'mean 80.5 %');
    assert.equal(bench.analog({ soc: 99 }, { soc: 60 }).mode, 'bulk');
  });

  it('one pack out of balance keeps all from absorption', () => {
    const bench = new Bench();
    assert.equal(bench.analog(FULL_PACK, { cells: cellsBut(3.47, 3.45) }).mode, 'bulk');
    assert.equal(bench.analog(FULL_PACK, FULL_PACK).mode, 'absorption');
  });

  it('a pack that may not be charged is left aside', () => {
    const bench = new Bench();
    assert.equal(bench.analog(FULL_PACK, { cells: 3.36, temperatures: [-5, 0] }).mode, 'absorption');
    assert.equal(bench.analog(FULL_PACK, { cells: 3.4 }).mode, 'absorption', 'the mean is not 0.5 V down');
    assert.equal(bench.analog(FULL_PACK, { cells: 3.36 }).mode, 'bulk');
    const blocked = new Bench();
    blocked.warning([], [alarm('chargeMosfetFault', 'fault')]);
    assert.equal(blocked.analog(FULL_PACK, { cells: 3.3 }).mode, 'absorption');
  });

  it('a bank that may not be charged at all goes by all of its packs', () => {
    const bench = new Bench();
    const cold = { temperatures: [-5, 0] } as const;
    assert.equal(bench.analog({ ...FULL_PACK, ...cold }, { cells: 3.4, ...cold }).mode, 'bulk');
    assert.equal(bench.analog({ ...FULL_PACK, ...cold }, { ...FULL_PACK, ...cold }).mode, 'absorption');
  });

  it('a pack with a broken wire tells nothing of it', () => {
    const bench = new Bench();
    bench.analog(FULL_PACK);
    assert.equal(bench.analog(FULL_PACK, { cells: cellsBut(6, 3.3) }).mode, 'absorption');
    const blind = bench.analog({ cells: cellsBut(0, 3.45) }, { cells: cellsBut(6, 3.3) });
    assert.deepEqual([blind.mode, blind.chargeVoltage], ['bulk', 54]);
    assert.deepEqual(blind.reasons.chargeVoltage, ['float, as no pack has sound cells']);
    assert.equal(bench.poll(1000).mode, 'bulk', 'not float, though the time of absorption is over');
  });

  it('cells in series that are set count where they are fewer', () => {
    const bench = new Bench({ cellsInSeries: 15 });
    assert.equal(bench.analog({ cells: 3.23 }).mode, 'bulk', '51.68 V');
    assert.equal(bench.analog({ cells: 3.235 }).mode, 'absorption', '51.76 V');
  });

  it('absorption ends by itself, with the last reading', () => {
    const bench = new Bench({ staleAfterMs: 3_600_000 });
    bench.analog(FULL_PACK);
    assert.equal(bench.wait(901).mode, 'float');
  });
});
