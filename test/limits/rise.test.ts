import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Rise } from '../../src/limits/rise.js';
import { alarm, Bench, cellsBut } from './bench.js';

/** What is due when, s, and what the limit is then. */
type Step = [seconds: number, due: number, value: number];

const CASES: Record<string, Step[]> = {
  'waits, then ramps': [
    [100, 50, 0],
    [129.9, 50, 0],
    [130, 50, 0],
    [131, 50, 5],
    [132.5, 50, 12.5],
    [139, 50, 45],
    [140, 50, 50],
    [200, 50, 50],
  ],
  'however seldom it is asked': [
    [100, 50, 0],
    [135, 50, 25],
    [500, 50, 50],
  ],
  'falls at once, and a rise waits anew': [
    [0, 50, 0],
    [100, 50, 50],
    [101, 20, 20],
    [102, 50, 20],
    [131, 50, 20],
    [133, 50, 25],
  ],
  'a fall within the ramp begins the wait anew': [
    [0, 50, 0],
    [34, 50, 20],
    [35, 10, 10],
    [36, 50, 10],
    [65, 50, 10],
    [67, 50, 15],
  ],
  'a fall of what is due that is still above ends at it': [
    [0, 50, 0],
    [34, 50, 20],
    [35, 22, 22],
    [36, 50, 22],
    [65, 50, 22],
    [67, 50, 27],
  ],
  'more due while it waits does not begin the wait anew': [
    [0, 10, 0],
    [20, 50, 0],
    [32, 50, 10],
  ],
  'less due while it waits, but more than it has, neither': [
    [0, 50, 0],
    [20, 10, 0],
    [31, 10, 5],
    [33, 10, 10],
  ],
  'each rise waits': [
    [0, 10, 0],
    [40, 10, 10],
    [50, 11, 10],
    [79, 11, 10],
    [81, 11, 11],
    [82, 12, 11],
    [111, 12, 11],
  ],
  'to nothing at once': [
    [0, 50, 0],
    [100, 50, 50],
    [100, 0, 0],
  ],
};

describe('a limit that falls at once and rises slowly', () => {
  for (const [what, steps] of Object.entries(CASES)) {
    it(what, () => {
      const rise = new Rise({ holdMs: 30_000, perSecond: 5 }, 0);
      for (const [seconds, due, value] of steps) {
        assert.equal(rise.update(due, seconds * 1000), value, `at ${seconds} s`);
        assert.equal(rise.isRising, value < due, `at ${seconds} s`);
      }
    });
  }

  it('without a wait it ramps from when more is due', () => {
    const rise = new Rise({ holdMs: 0, perSecond: 5 }, 10);
    assert.deepEqual(
      [1000, 2000, 2500].map((now) => rise.update(20, now)),
      [10, 15, 17.5],
    );
  });

  it('begins where it is told', () => assert.equal(new Rise({ holdMs: 0, perSecond: 1 }, 54).update(60, 7), 54));
});

describe('currents that rise', () => {
  it('wait 30 s and then ramp by 5 A/s, from the start on', () => {
    const bench = new Bench();
    assert.equal(bench.analog({}).chargeCurrent, 0);
    assert.deepEqual(bench.limits.at(bench.now).reasons.chargeCurrent, ['rises to 100 A, by 5 A/s after 30 s']);
    assert.equal(bench.poll(30).chargeCurrent, 0);
    assert.equal(bench.poll(1).chargeCurrent, 5);
    assert.equal(bench.poll(10).chargeCurrent, 55);
    assert.equal(bench.poll(9).chargeCurrent, 100);
    assert.deepEqual(bench.poll(1).reasons.chargeCurrent, ['at most 100 A a pack']);
  });

  it('step every second though no message comes', () => {
    const bench = new Bench();
    bench.analog({});
    bench.poll(30);
    const seen = [1, 2, 3].map(() => bench.wait(1).chargeCurrent);
    assert.deepEqual(seen, [5, 10, 15]);
    assert.equal(bench.limits.changesAt(bench.now), bench.now + 1000);
  });

  it('step though only one way rises', () => {
    for (const code of ['chargeMosfetFault', 'dischargeMosfetFault']) {
      const bench = new Bench({ floatVoltage: 3.45 });
      bench.warning([alarm(code, 'fault')]);
      bench.analog({});
      assert.equal(bench.limits.changesAt(bench.now), bench.now + 1000);
    }
  });

  it('rest until readings go stale once nothing is due', () => {
    const bench = new Bench();
    bench.analog({ cells: 3.375 });
    bench.poll(2000);
    assert.equal(bench.limits.changesAt(bench.now), bench.now + 30_000);
  });

  it('fall at once, even while they rise', () => {
    const bench = new Bench();
    bench.analog({});
    assert.equal(bench.poll(40).chargeCurrent, 50);
    assert.equal(bench.analog({ cells: cellsBut(3.4) }).chargeCurrent, 25);
    bench.analog({});
    assert.equal(bench.poll(30).chargeCurrent, 25);
    assert.equal(bench.poll(2).chargeCurrent, 35);
  });

  it('the ways are apart', () => {
    const bench = new Bench();
    bench.analog({});
    bench.poll(60);
    assert.equal(bench.warning([alarm('cellUnderVoltageProtection', 'protection')]).dischargeCurrent, 0);
    const { chargeCurrent, dischargeCurrent } = bench.poll(20);
    assert.deepEqual([chargeCurrent, dischargeCurrent], [100, 0]);
  });

  it('a pack that comes back brings its share slowly', () => {
    const bench = new Bench();
    bench.analog({}, {});
    assert.equal(bench.poll(100).chargeCurrent, 200);
    assert.equal(bench.analog({}, null).chargeCurrent, 100);
    assert.equal(bench.analog({}, {}).chargeCurrent, 100);
    assert.equal(bench.poll(30).chargeCurrent, 100);
    assert.equal(bench.poll(4).chargeCurrent, 120);
  });
});

/** V of the highest cell at which so many A of 100 are due. */
const AT: Record<number, number> = { 0: 3.5, 0.1: 3.49, 0.5: 3.45, 1.4: 3.445, 1.58: 3.444, 5: 3.425 };

describe('currents that rise from nothing', () => {
  for (const [amps, volts] of Object.entries(AT)) {
    const starts = Number(amps) >= 1.5;
    it(`${starts ? 'begin' : 'do not begin'} for ${amps} % of the maximum`, () => {
      const bench = new Bench();
      bench.analog({ cells: cellsBut(volts) });
      assert.equal(bench.poll(60).allowCharge, starts);
    });
  }

  it('but are not taken away below that', () => {
    const bench = new Bench();
    bench.analog({});
    bench.poll(60);
    assert.equal(bench.analog({ cells: cellsBut(3.49) }).chargeCurrent, 0.1);
    assert.equal(bench.poll(60).chargeCurrent, 0.1);
    assert.equal(bench.analog({ cells: cellsBut(3.48) }).chargeCurrent, 0.1);
    assert.equal(bench.poll(60).chargeCurrent, 0.2);
  });

  it('what is too little to be published is nothing', () => {
    const settings = { maxCurrent: { charge: 10, discharge: 10 } };
    const bench = new Bench(settings);
    bench.analog({});
    bench.poll(60);
    assert.equal(bench.analog({ cells: cellsBut(3.495) }).allowCharge, false, '0.005 A are due');
    bench.analog({ cells: cellsBut(3.45) });
    assert.equal(bench.poll(120).chargeCurrent, 0, '0.05 A are no start');
    bench.analog({ cells: cellsBut(3.444) });
    assert.equal(bench.poll(120).chargeCurrent, 0.15);
  });

  it('of a bank, 1.5 % of what its packs could have, or of its ceiling', () => {
    const packs = [{ cells: cellsBut(3.5) }, { cells: cellsBut(3.5) }, { cells: cellsBut(3.436) }];
    const start = (charge: number | null) => {
      const bench = new Bench({ bankMaxCurrent: { charge, discharge: null } });
      bench.analog(...packs);
      return bench.poll(60).chargeCurrent;
    };
    assert.deepEqual([start(null), start(150)], [0, 3]);
  });
});
