import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  type AnalogReading,
  cellSumAgrees,
  cellSumRatio,
  extremes,
  isEmptySlot,
  percentage,
  powerMilliwatts,
  temperaturesByPlace,
} from '../../src/battery/analog.js';
import { analog } from './readings.js';

describe('extremes', () => {
  const cases: [values: number[], lowest: number, highest: number][] = [
    [[5], 1, 1],
    [[3, 1, 2], 2, 1],
    [[7, 7, 7], 1, 1],
    [[2, 9, 2, 9], 1, 2],
    [[-5, 0, -7], 3, 2],
  ];
  for (const [values, lowest, highest] of cases) {
    it(`of ${values.join(', ')}: the first of equals, counted from 1`, () => {
      assert.deepEqual(extremes(values), {
        lowest: { number: lowest, value: Math.min(...values) },
        highest: { number: highest, value: Math.max(...values) },
      });
    });
  }

  it('of nothing are none', () => assert.equal(extremes([]), null));
});

describe('percentage', () => {
  const cases: [part: number, whole: number, percent: number | null][] = [
    [70_010, 99_000, (70_010 / 99_000) * 100],
    [0, 100, 0],
    [100, 100, 100],
    [113, 100, 100],
    [-1, 100, 0],
    [0, 0, null],
    [5, 0, null],
  ];
  for (const [part, whole, percent] of cases) {
    it(`${part} of ${whole} is ${percent}`, () => assert.equal(percentage(part, whole), percent));
  }
});

describe('powerMilliwatts', () => {
  it('has the sign of the current', () => {
    assert.equal(powerMilliwatts(analog({ packMillivolts: 52_000, currentMilliamps: -10_000 })), -520_000);
    assert.equal(powerMilliwatts(analog({ packMillivolts: 52_000, currentMilliamps: 10_000 })), 520_000);
  });
});

describe('temperaturesByPlace', () => {
  const cases: [what: string, tenths: (number | null)[], cells: number[], mosfet: number | null, env: number | null][] =
    [
      ['none fitted', [], [], null, null],
      ['two', [1, 2], [1, 2], null, null],
      ['five are all cell sensors', [1, 2, 3, 4, 5], [1, 2, 3, 4, 5], null, null],
      ['six', [1, 2, 3, 4, 5, 6], [1, 2, 3, 4], 5, 6],
      ['six places with gaps', [null, 2, null, 4, null, 6], [2, 4], null, 6],
      ['six places without a sensor', Array(6).fill(null), [], null, null],
      ['eight are all cell sensors', [1, 2, 3, 4, 5, 6, 7, 8], [1, 2, 3, 4, 5, 6, 7, 8], null, null],
      ['frost, and 0 °C is a temperature', [-100, 0, null], [-100, 0], null, null],
    ];
  for (const [what, temperatureTenths, cells, mosfet, environment] of cases) {
    it(what, () =>
      assert.deepEqual(temperaturesByPlace(analog({ temperatureTenths })), { cells, mosfet, environment }),
    );
  }
});

describe('the cells’ sum and the pack’s voltage', () => {
  const cases: [packMillivolts: number, agrees: boolean][] = [
    [13_200, true],
    [13_331, true],
    [13_070, true],
    [13_340, false],
    [13_060, false],
    [0, false],
  ];
  for (const [packMillivolts, agrees] of cases) {
    it(`${packMillivolts} mV of 13200: ${agrees ? 'agrees' : 'is off by more than 1 %'}`, () => {
      assert.equal(cellSumAgrees(analog({ packMillivolts })), agrees);
    });
  }

  it('agrees with what it usually is', () => {
    const reading = analog({ packMillivolts: 14_000 });
    assert.equal(cellSumAgrees(reading), false);
    assert.equal(cellSumAgrees(reading, cellSumRatio(reading)), true);
  });

  it('both 0 agree', () => {
    assert.equal(cellSumAgrees(analog({ cellMillivolts: [0, 0], packMillivolts: 0 })), true);
  });
});

describe('isEmptySlot', () => {
  const cases: [what: string, changes: Partial<AnalogReading>, empty: boolean][] = [
    ['a pack', {}, false],
    ['all cells and the pack at 0', { cellMillivolts: [0, 0], packMillivolts: 0 }, true],
    ['no cells and the pack at 0', { cellMillivolts: [], packMillivolts: 0 }, true],
    ['only the pack at 0', { packMillivolts: 0 }, false],
    ['only the cells at 0', { cellMillivolts: [0, 0, 0, 0] }, false],
    ['one live cell', { cellMillivolts: [0, 1], packMillivolts: 0 }, false],
  ];
  for (const [what, changes, empty] of cases) {
    it(`${what}: ${empty ? 'empty' : 'not empty'}`, () => assert.equal(isEmptySlot(analog(changes)), empty));
  }
});
