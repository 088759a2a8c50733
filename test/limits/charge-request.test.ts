import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Bench, cellsBut, type PackWords } from './bench.js';

/** The lowest cell of each pack one after the other, and whether the bank then asks to be charged. */
const CASES: Record<string, [packs: (PackWords | null)[], asks: boolean][]> = {
  'from the lowest voltage to 0.1 V above': [
    [[{ cells: cellsBut(2.901) }], false],
    [[{ cells: cellsBut(2.9) }], true],
    [[{ cells: cellsBut(2.95) }], true],
    [[{ cells: cellsBut(2.999) }], true],
    [[{ cells: cellsBut(3) }], false],
    [[{ cells: cellsBut(2.95) }], false],
  ],
  'for one pack of several': [
    [[{}, { cells: cellsBut(2.85) }], true],
    [[{ cells: cellsBut(2.95) }, {}], true],
    [[{}, {}], false],
  ],
  'not for a cell that no wire reaches': [[[{ cells: cellsBut(0) }], false]],
};

describe('the wish to be charged', () => {
  for (const [what, steps] of Object.entries(CASES)) {
    it(what, () => {
      const bench = new Bench();
      for (const [packs, asks] of steps) assert.equal(bench.analog(...packs).chargeRequest, asks);
    });
  }

  it('is not told without readings', () => {
    const bench = new Bench();
    assert.equal(bench.analog({ cells: 2.8 }).chargeRequest, true);
    assert.equal(bench.wait(31).chargeRequest, false);
    assert.equal(bench.analog({ cells: 2.95 }).chargeRequest, true);
  });

  it('does not depend on whether charging is allowed', () => {
    const { chargeRequest, allowCharge } = new Bench().analog({ cells: 2.8, temperatures: [-5, -5] });
    assert.deepEqual([chargeRequest, allowCharge], [true, false]);
  });
});
