import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { summariseAnalog, summariseStatus } from '../../src/battery/bank-summary.js';
import type { PackMode, StatusReading } from '../../src/battery/status.js';
import { analog, packs, status } from './readings.js';

describe('summariseAnalog', () => {
  it('of one pack is that pack', () => {
    const summary = summariseAnalog(packs(analog({ currentMilliamps: -1500 })));
    assert.equal(summary.millivolts, 13_200);
    assert.equal(summary.currentMilliamps, -1500);
    assert.equal(summary.powerMilliwatts, -19_800);
  });

  it('takes the mean of the voltages and sums the rest', () => {
    const first = analog({ packMillivolts: 13_000, currentMilliamps: 2000, remainingMilliampHours: 10_000 });
    const second = analog({ packMillivolts: 13_401, currentMilliamps: -3500, fullMilliampHours: 50_000 });
    const third = analog({ packMillivolts: 13_202, designMilliampHours: 0 });
    const { cells, temperatures, ...sums } = summariseAnalog(packs(first, second, third));
    assert.deepEqual(sums, {
      millivolts: 13_201,
      currentMilliamps: -1500,
      powerMilliwatts: 26_000 - 46_903.5,
      remainingMilliampHours: 110_000,
      fullMilliampHours: 250_000,
      designMilliampHours: 200_000,
    });
  });

  it('finds the lowest and highest cell of all packs, the first of equals', () => {
    const bank = [
      { pack: 2, reading: analog({ cellMillivolts: [3301, 3300] }) },
      { pack: 5, reading: analog({ cellMillivolts: [3300, 3400, 3310] }) },
      { pack: 7, reading: analog({ cellMillivolts: [3400] }) },
    ];
    assert.deepEqual(summariseAnalog(bank).cells, {
      lowest: { pack: 2, number: 2, value: 3300 },
      highest: { pack: 5, number: 2, value: 3400 },
    });
  });

  it('counts as cell temperatures the first four of six, else all', () => {
    const six = analog({ temperatureTenths: [200, 210, null, 205, 600, -300] });
    const four = analog({ temperatureTenths: [190, 195, 250, null] });
    const range = (...readings: ReturnType<typeof analog>[]) => {
      const { temperatures } = summariseAnalog(packs(...readings));
      return temperatures && [temperatures.lowest.value, temperatures.highest.value];
    };
    assert.deepEqual(range(six), [200, 210]);
    assert.deepEqual(range(six, four), [190, 250]);
    assert.deepEqual(range(analog({ temperatureTenths: [200, 210, 205, 600, -300] })), [-300, 600]);
  });

  it('of packs without cells or sensors knows no extremes', () => {
    const bare = analog({ cellMillivolts: [], temperatureTenths: [null, null] });
    const { cells, temperatures } = summariseAnalog(packs(bare, bare));
    assert.deepEqual([cells, temperatures], [null, null]);
  });

  it('takes extremes from the packs that have them', () => {
    const bare = analog({ cellMillivolts: [], temperatureTenths: [] });
    const { cells, temperatures } = summariseAnalog(packs(bare, analog()));
    assert.deepEqual(cells?.lowest, { pack: 2, number: 1, value: 3300 });
    assert.equal(temperatures?.highest.value, 220);
  });
});

describe('summariseStatus', () => {
  const modes: [modes: PackMode[], mode: string][] = [
    [['idle'], 'idle'],
    [['charging', 'charging'], 'charging'],
    [['charging', 'idle'], 'mixed'],
    [['discharging', 'charging', 'idle'], 'mixed'],
  ];
  for (const [of, mode] of modes) {
    it(`packs that are ${of.join(', ')} make a bank that is ${mode}`, () => {
      assert.equal(summariseStatus(packs(...of.map((each) => status({ mode: each })))).mode, mode);
    });
  }

  for (const flag of ['fullyCharged', 'chargeMosfet', 'dischargeMosfet'] as const satisfies (keyof StatusReading)[]) {
    it(`${flag} when true of every pack`, () => {
      const ofBank = (...flags: boolean[]) =>
        summariseStatus(packs(...flags.map((is) => status({ [flag]: is }))))[flag];
      assert.deepEqual([ofBank(true, true), ofBank(true, false), ofBank(false)], [true, false, false]);
    });
  }

  it('lists balancing cells with their packs', () => {
    const { balancingCells } = summariseStatus([
      { pack: 1, reading: status() },
      { pack: 3, reading: status({ balancingCells: [4, 16] }) },
      { pack: 4, reading: status({ balancingCells: [1] }) },
    ]);
    assert.deepEqual(balancingCells, [
      { pack: 3, cell: 4 },
      { pack: 3, cell: 16 },
      { pack: 4, cell: 1 },
    ]);
  });
});
