import { type Curve, interpolate } from '../battery/curve.js';

/**
 * Volts of a LiFePO4 cell without current, by state of charge (0 empty, 1 full).
 * Our own round numbers after the shape that cell makers publish: a cliff below 10 %, a plateau of a tenth of a volt
 * from 20 % to 95 %, and a steep end. Full is where a charge is ended, 3.52 V; the points beyond let the protections work.
 */
const OPEN_CIRCUIT_CURVE: Curve = [
  [-0.02, 2.0],
  [0, 2.5],
  [0.01, 2.75],
  [0.02, 2.88],
  [0.03, 2.95],
  [0.05, 3.05],
  [0.08, 3.15],
  [0.1, 3.2],
  [0.15, 3.225],
  [0.2, 3.25],
  [0.3, 3.28],
  [0.4, 3.295],
  [0.5, 3.305],
  [0.6, 3.315],
  [0.7, 3.325],
  [0.8, 3.335],
  [0.9, 3.345],
  [0.95, 3.355],
  [0.97, 3.37],
  [0.985, 3.4],
  [0.995, 3.47],
  [1, 3.52],
  [1.01, 3.61],
  [1.02, 3.7],
  [1.05, 3.95],
];

/** The state of charge below which a cell's voltage falls no further. */
export const LOWEST_STATE_OF_CHARGE = -0.02;

/** Volts of a LiFePO4 cell at rest, at a state of charge from 0 (empty) to 1 (full). */
export function openCircuitVolts(stateOfCharge: number): number {
  return interpolate(OPEN_CIRCUIT_CURVE, stateOfCharge);
}
