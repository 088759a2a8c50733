import fc from 'fast-check';
import type { Alarm } from '../../src/battery/alarms.js';
import type { StatusReading } from '../../src/battery/status.js';
import type { Direction, LimitSettings } from '../../src/limits/settings.js';
import { status } from '../battery/readings.js';
import { alarm, CELLS, type PackWords, SETTINGS, type Shape } from './bench.js';

const BY_SOC = {
  charge: [
    [85, 1],
    [95, 0.2],
    [98, 0.1],
  ],
  discharge: [
    [5, 0.1],
    [20, 1],
  ],
} as const;
const NO_SOC = { charge: [], discharge: [] } as const;

/** Settings of all kinds; the cells in series are those of the packs, or fewer. */
export const settings: fc.Arbitrary<LimitSettings> = fc
  .record({
    cellsInSeries: fc.constantFrom(null, CELLS, CELLS - 1),
    maxCurrent: fc.record({ charge: fc.constantFrom(0, 7.5, 50, 100), discharge: fc.constantFrom(5, 60, 133.3) }),
    bankMaxCurrent: fc.record({
      charge: fc.constantFrom(null, 0, 33, 120),
      discharge: fc.constantFrom(null, 12.34, 1000),
    }),
    absorptionVoltage: fc.constantFrom(3.4, 3.45, 3.55),
    ceilingVoltage: fc.constantFrom(3.55, 3.65),
    absorptionMs: fc.constantFrom(0, 20_000, 900_000),
    holdMs: fc.constantFrom(0, 1000, 30_000),
    rampCurrent: fc.constantFrom(0.5, 5, 1000),
    rampVoltage: fc.constantFrom(0.001, 0.05),
    staleAfterMs: fc.constantFrom(5000, 30_000, 120_000),
    onStale: fc.constantFrom('zero', 'hold30min'),
    bySoc: fc.constantFrom(NO_SOC, BY_SOC),
  })
  .map(({ bySoc, ...others }) => ({ ...SETTINGS, ...others, curves: { ...SETTINGS.curves, bySoc } }));

const around = (least: number, most: number, parts: number) =>
  fc.integer({ min: least * parts, max: most * parts }).map((value) => value / parts);

const ordinaryCell = fc.oneof(
  { weight: 3, arbitrary: around(3.2, 3.375, 1000) },
  { weight: 3, arbitrary: around(3.375, 3.7, 1000) },
  { weight: 1, arbitrary: around(2.7, 3.2, 1000) },
);
const oddCell = fc.oneof(
  { weight: 6, arbitrary: ordinaryCell },
  { weight: 1, arbitrary: fc.constantFrom(0, 6, 0.999, 1, 5, 5.001) },
);

/** A pack in any state; one cell may be unlike the others. */
const pack: fc.Arbitrary<PackWords> = fc
  .record({
    volts: ordinaryCell,
    odd: fc.option(fc.tuple(fc.nat(CELLS - 1), oddCell), { freq: 2 }),
    coldest: fc.oneof({ weight: 3, arbitrary: around(10, 40, 10) }, { weight: 1, arbitrary: around(-20, 60, 10) }),
    warmer: around(0, 5, 10),
    mosfet: fc.oneof({ weight: 4, arbitrary: around(20, 60, 10) }, { weight: 1, arbitrary: around(60, 100, 10) }),
    soc: fc.integer({ min: 0, max: 100 }),
  })
  .map(({ volts, odd, coldest, warmer, mosfet, soc }) => {
    const cells = Array<number>(CELLS).fill(volts);
    if (odd) cells[odd[0]] = odd[1];
    return { cells, temperatures: [coldest, Math.round((coldest + warmer) * 10) / 10], mosfet, soc };
  });

/** Alarms with the way that each is about. */
export const ALARMS: readonly (readonly [alarm: Alarm, way: Direction | 'both'])[] = [
  [alarm('cellOverVoltageWarning'), 'charge'],
  [alarm('cellOverVoltageProtection', 'protection'), 'charge'],
  [alarm('cellUnderVoltageWarning'), 'discharge'],
  [alarm('packUnderVoltageProtection', 'protection'), 'discharge'],
  [alarm('shortCircuitProtection', 'protection'), 'both'],
  [alarm('mosfetOverTemperatureWarning'), 'both'],
  [alarm('samplingFault', 'fault'), 'both'],
  [alarm('whatNobodyKnows'), 'both'],
];

const { settings: noneForced } = status();
const switches: fc.Arbitrary<Partial<StatusReading>> = fc.oneof(
  { weight: 4, arbitrary: fc.constant({}) },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      { chargeMosfet: false },
      { dischargeMosfet: false },
      { chargeMosfet: false, fullyCharged: true },
      { fullyCharged: true },
      { shutdown: true },
      { chargerReversed: true },
      { settings: { ...noneForced, chargeMosfetForcedOff: true } },
      { settings: { ...noneForced, dischargeMosfetForcedOff: true } },
    ),
  },
);

const PACKS = 3;
const packs = <T>(one: fc.Arbitrary<T>) => fc.array(one, { minLength: 1, maxLength: PACKS });

/** Something that comes to pass in a bank, and the messages that tell of it. */
export type Happening =
  | { what: 'analog'; packs: readonly (PackWords | null)[]; shape: Shape }
  | { what: 'same' }
  | { what: 'repeat' }
  | { what: 'warning'; packs: readonly (readonly Alarm[])[]; shape: Shape }
  | { what: 'status'; packs: readonly Partial<StatusReading>[]; shape: Shape }
  | { what: 'nothing' };

/** A happening, and how long after the one before. */
export interface Step {
  happening: Happening;
  /** ms. */
  after: number;
  /** What the clock of the wall has jumped by, ms. */
  jump: number;
}

const shape = fc.constantFrom<Shape>('pack', 'bank');
const someAlarms = fc.subarray(
  ALARMS.map(([one]) => one),
  { maxLength: 2 },
);
const happening: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ what: fc.constant('analog'), packs: packs(fc.option(pack, { freq: 8 })), shape }),
  },
  { weight: 6, arbitrary: fc.constant({ what: 'same' as const }) },
  { weight: 1, arbitrary: fc.constant({ what: 'repeat' as const }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('warning'), packs: packs(someAlarms), shape }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('warning'), packs: packs(fc.constant([])), shape }) },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('status'), packs: packs(switches), shape }) },
  { weight: 1, arbitrary: fc.constant({ what: 'nothing' as const }) },
);

const after = fc.oneof(
  { weight: 2, arbitrary: fc.constant(0) },
  { weight: 8, arbitrary: fc.integer({ min: 1, max: 20_000 }) },
  { weight: 1, arbitrary: fc.integer({ min: 20_000, max: 200_000 }) },
);
const jump = fc.oneof(
  { weight: 6, arbitrary: fc.constant(0) },
  { weight: 1, arbitrary: fc.integer({ min: -1e11, max: 1e11 }) },
);

/** What comes to pass, one after the other. */
export const story: fc.Arbitrary<Step[]> = fc.array(fc.record({ happening, after, jump }), {
  minLength: 1,
  maxLength: 40,
  size: 'max',
});
