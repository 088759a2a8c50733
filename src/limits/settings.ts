import type { Curve } from '../battery/curve.js';

/** The way a current flows. */
export type Direction = 'charge' | 'discharge';

/** The share of the pack's maximum that is allowed, 0 to 1, by what is measured; an empty curve is off. */
export interface LimitCurves {
  /** By the highest cell, V. */
  chargeByCell: Curve | readonly [];
  /** By the lowest cell, V. */
  dischargeByCell: Curve | readonly [];
  /** By the coldest and the hottest cell sensor, °C; the worse counts. */
  chargeByTemperature: Curve | readonly [];
  dischargeByTemperature: Curve | readonly [];
  /** By the MOSFETs' sensor, °C, both ways. */
  byMosfetTemperature: Curve | readonly [];
  /** By state of charge, %, as two curves of one table. */
  bySoc: Readonly<Record<Direction, Curve | readonly []>>;
}

/** How the limits are found; A, V a cell, and ms. */
export interface LimitSettings {
  /** Cells in series; null: as the readings have it. */
  cellsInSeries: number | null;
  /** A a pack. */
  maxCurrent: Readonly<Record<Direction, number>>;
  /** A of the bank; null: what its packs add up to. */
  bankMaxCurrent: Readonly<Record<Direction, number | null>>;
  absorptionVoltage: number;
  floatVoltage: number;
  minVoltage: number;
  /** Nothing is ever published above this. */
  ceilingVoltage: number;
  absorptionMs: number;
  /** % below which float ends. */
  rebulkSoc: number;
  /** V between the lowest and the highest cell of a pack that counts as balanced. */
  balanceDelta: number;
  curves: LimitCurves;
  /** What a rise waits. */
  holdMs: number;
  /** A/s. */
  rampCurrent: number;
  /** V/s of a pack. */
  rampVoltage: number;
  staleAfterMs: number;
  /** What is allowed without readings: nothing, or for 30 minutes what was allowed before. */
  onStale: 'zero' | 'hold30min';
}

const TEMPERATURES: Curve = [
  [5, 0.5],
  [10, 1],
  [40, 1],
  [45, 0.5],
  [50, 0.25],
  [55, 0],
];

/** Curves that suit LiFePO4 cells; off by state of charge. */
export const USUAL_CURVES: LimitCurves = {
  chargeByCell: [
    [3.375, 1],
    [3.4, 0.25],
    [3.425, 0.05],
    [3.45, 0.005],
    [3.5, 0],
  ],
  dischargeByCell: [
    [2.8, 0],
    [2.9, 0.005],
    [3, 0.05],
    [3.1, 0.25],
    [3.19, 1],
  ],
  chargeByTemperature: [[0, 0], [2, 0.25], ...TEMPERATURES],
  dischargeByTemperature: [[-10, 0], [0, 0.25], ...TEMPERATURES],
  byMosfetTemperature: [
    [70, 1],
    [80, 0.25],
    [90, 0],
  ],
  bySoc: { charge: [], discharge: [] },
};
