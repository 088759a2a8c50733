import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { packCurrent } from '../../src/limits/pack-current.js';
import type { Direction } from '../../src/limits/settings.js';
import { Bench, CELLS, cellsBut, type PackWords, packState, QUICK, SETTINGS } from './bench.js';

type Point = [at: number, amps: number];
interface Source {
  direction: Direction;
  /** A pack of which nothing but this is out of the ordinary. */
  pack: (at: number) => PackWords;
  reason: RegExp;
  /** A of 100 A. */
  points: Point[];
}

const HIGHEST: Source['pack'] = (volts) => ({ cells: cellsBut(volts) });
const COLDEST: Source['pack'] = (degrees) => ({ temperatures: [degrees, 25] });
const HOTTEST: Source['pack'] = (degrees) => ({ temperatures: [20, degrees] });
const MOSFET: Source['pack'] = (mosfet) => ({ mosfet });
/** Both ways. */
const HOT: Point[] = [
  [40, 100],
  [41, 90],
  [42.5, 75],
  [45, 50],
  [47.5, 37.5],
  [50, 25],
  [52.5, 12.5],
  [55, 0],
  [80, 0],
];
const HOT_MOSFET: Point[] = [
  [-20, 100],
  [70, 100],
  [75, 62.5],
  [80, 25],
  [85, 12.5],
  [90, 0],
  [120, 0],
];

const SOURCES: Record<string, Source> = {
  'charge by the highest cell': {
    direction: 'charge',
    pack: HIGHEST,
    reason: /^cell pack_01\/cell_16 at 3\.\d+ V$/,
    points: [
      [3.35, 100],
      [3.375, 100],
      [3.385, 70],
      [3.4, 25],
      [3.41, 17],
      [3.425, 5],
      [3.45, 0.5],
      [3.475, 0.25],
      [3.5, 0],
      [3.7, 0],
    ],
  },
  'discharge by the lowest cell': {
    direction: 'discharge',
    pack: HIGHEST,
    reason: /^cell pack_01\/cell_16 at \d(\.\d+)? V$/,
    points: [
      [3.19, 100],
      [3.145, 62.5],
      [3.1, 25],
      [3.05, 15],
      [3, 5],
      [2.95, 2.75],
      [2.9, 0.5],
      [2.85, 0.25],
      [2.8, 0],
      [2.5, 0],
    ],
  },
  'charge by the coldest sensor': {
    direction: 'charge',
    pack: COLDEST,
    reason: /^cells of pack_01 at -?\d+(\.\d)? °C$/,
    points: [
      [-20, 0],
      [0, 0],
      [1, 12.5],
      [2, 25],
      [3.5, 37.5],
      [5, 50],
      [7.5, 75],
      [10, 100],
    ],
  },
  'discharge by the coldest sensor': {
    direction: 'discharge',
    pack: COLDEST,
    reason: /^cells of pack_01 at -?\d+(\.\d)? °C$/,
    points: [
      [-20, 0],
      [-10, 0],
      [-5, 12.5],
      [0, 25],
      [2.5, 37.5],
      [5, 50],
      [7.5, 75],
      [10, 100],
    ],
  },
  'charge by the hottest sensor': { direction: 'charge', pack: HOTTEST, reason: /^cells of pack_01 at/, points: HOT },
  'discharge by the hottest sensor': {
    ...{ direction: 'discharge', pack: HOTTEST, reason: /^cells of pack_01 at/, points: HOT },
  },
  'charge by the MOSFETs': { direction: 'charge', pack: MOSFET, reason: /^MOSFETs of pack_01 at/, points: HOT_MOSFET },
  'discharge by the MOSFETs': {
    ...{ direction: 'discharge', pack: MOSFET, reason: /^MOSFETs of pack_01 at/, points: HOT_MOSFET },
  },
};

const near = (actual: number | undefined, wanted: number) =>
  assert.ok(actual !== undefined && Math.abs(actual - wanted) < 1e-9, `${actual} A instead of ${wanted} A`);

describe('the usual curves, of 100 A', () => {
  for (const [name, { direction, pack, reason, points }] of Object.entries(SOURCES)) {
    for (const [at, amps] of points) {
      it(`${name}: ${at} gives ${amps} A`, () => {
        const [least, ...others] = packCurrent(packState(pack(at)), direction, SETTINGS);
        near(least?.amps, amps);
        assert.match(least?.reason ?? '', amps < 100 ? reason : /^at most 100 A a pack$/);
        assert.deepEqual(others, []);
      });
    }
  }

  it('3.4125 V gives 15 A, though the wire has whole millivolts', () => {
    const pack = packState({ cells: 3.3 });
    const highest = { name: 'cell_04', volts: 3.4125 };
    const cells = { count: CELLS, sum: 53, lowest: highest, highest, highestSound: highest, unsound: [] };
    const [least] = packCurrent({ ...pack, measurements: { ...pack.measurements, cells } }, 'charge', SETTINGS);
    near(least?.amps, 15);
    assert.equal(least?.reason, 'cell pack_01/cell_04 at 3.413 V');
  });

  it('cold and hot sensors in one pack: the worse counts', () => {
    const pack = packState({ temperatures: [7.5, 47.5] });
    assert.deepEqual(packCurrent(pack, 'charge', SETTINGS), [{ amps: 37.5, reason: 'cells of pack_01 at 47.5 °C' }]);
  });
});

const BY_SOC = {
  charge: [
    [85, 1],
    [90, 0.5],
    [95, 0.2],
    [98, 0.1],
  ],
  discharge: [
    [5, 0.1],
    [10, 0.2],
    [15, 0.5],
    [20, 1],
  ],
} as const;

describe('curves by state of charge', () => {
  const curves = { ...SETTINGS.curves, bySoc: BY_SOC };
  const points: [direction: Direction, soc: number, amps: number][] = [
    ['charge', 50, 100],
    ['charge', 85, 100],
    ['charge', 87.5, 75],
    ['charge', 90, 50],
    ['charge', 95, 20],
    ['charge', 98, 10],
    ['charge', 100, 10],
    ['discharge', 50, 100],
    ['discharge', 20, 100],
    ['discharge', 12.5, 35],
    ['discharge', 10, 20],
    ['discharge', 5, 10],
    ['discharge', 0, 10],
  ];
  for (const [direction, soc, amps] of points) {
    it(`${direction} at ${soc} %: ${amps} A`, () => {
      const [least] = packCurrent(packState({ soc }), direction, { ...SETTINGS, curves });
      near(least?.amps, amps);
      if (amps < 100) assert.equal(least?.reason, `pack_01 at ${soc} %`);
    });
  }

  it('are off as long as nobody sets them', () => {
    for (const direction of ['charge', 'discharge'] as const) {
      for (const soc of [0, 100]) near(packCurrent(packState({ soc }), direction, SETTINGS)[0]?.amps, 100);
    }
  });

  it('say nothing of a pack that does not know its state of charge', () => {
    const pack = packState();
    const unknown = { ...pack, measurements: { ...pack.measurements, soc: null } };
    near(packCurrent(unknown, 'charge', { ...SETTINGS, curves })[0]?.amps, 100);
  });
});

describe('a curve that is switched off', () => {
  const cases: [curve: keyof typeof SETTINGS.curves, pack: PackWords, direction: Direction][] = [
    ['chargeByCell', { cells: 3.49 }, 'charge'],
    ['dischargeByCell', { cells: 2.81 }, 'discharge'],
    ['chargeByTemperature', { temperatures: [-5, -5] }, 'charge'],
    ['dischargeByTemperature', { temperatures: [-15, 60] }, 'discharge'],
    ['byMosfetTemperature', { mosfet: 100 }, 'charge'],
    ['byMosfetTemperature', { mosfet: 100 }, 'discharge'],
  ];
  for (const [curve, pack, direction] of cases) {
    it(`${curve} limits no ${direction}`, () => {
      const curves = { ...SETTINGS.curves, [curve]: [] };
      assert.ok((packCurrent(packState(pack), direction, SETTINGS)[0]?.amps ?? 100) < 100);
      near(packCurrent(packState(pack), direction, { ...SETTINGS, curves })[0]?.amps, 100);
    });
  }
});

describe('the numbers of the bank', () => {
  const cases: [what: string, pack: PackWords, charge: number, discharge: number][] = [
    ['half full and at rest', {}, 100, 100],
    ['a cell at 3.413 V', { cells: cellsBut(3.413) }, 14.6, 100],
    ['a cell at 3.425 V', { cells: cellsBut(3.425) }, 5, 100],
    ['a cell at 3.1 V', { cells: cellsBut(3.1) }, 100, 25],
    ['7.5 °C', { temperatures: [7.5, 7.5] }, 75, 75],
    ['42.5 °C', { temperatures: [42.5, 42.5] }, 75, 75],
    ['MOSFETs at 85 °C', { mosfet: 85 }, 12.5, 12.5],
    ['under 0 °C', { temperatures: [-1, 5] }, 0, 22.5],
  ];
  for (const [what, pack, charge, discharge] of cases) {
    it(`${what}: ${charge} A in, ${discharge} A out`, () => {
      const { chargeCurrent, dischargeCurrent } = new Bench(QUICK).settle(pack);
      assert.deepEqual([chargeCurrent, dischargeCurrent], [charge, discharge]);
    });
  }

  it('a cell that comes to 3.45 V: 0.5 A, and no start from there', () => {
    const bench = new Bench(QUICK);
    bench.settle({});
    assert.equal(bench.analog({ cells: cellsBut(3.45) }).chargeCurrent, 0.5);
    assert.equal(new Bench(QUICK).settle({ cells: cellsBut(3.45) }).chargeCurrent, 0);
  });
});
