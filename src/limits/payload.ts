import type { FieldTable, Payload } from '../messages/field-table.js';

/** What the limits are at. */
export const MODES = ['bulk', 'absorption', 'float', 'stale', 'starting'] as const;

/** The payload of a message of limits. */
export const LIMITS = {
  chargeVoltage: {
    ...{ is: 'number', unit: 'V', about: 'what the bank may be charged to' },
    nullWhen: 'the number of cells is not known yet',
  },
  chargeCurrent: { is: 'number', unit: 'A', about: 'what the bank may be charged with' },
  dischargeCurrent: { is: 'number', unit: 'A', about: 'what may be drawn from the bank' },
  lowVoltage: {
    ...{ is: 'number', unit: 'V', about: 'what the bank may be discharged to' },
    nullWhen: 'the number of cells is not known yet',
  },
  allowCharge: { is: 'boolean', about: 'more than 0 A may flow in' },
  allowDischarge: { is: 'boolean', about: 'more than 0 A may flow out' },
  chargeRequest: { is: 'boolean', about: 'a cell is so low that the bank wants to be charged' },
  mode: { is: 'string', oneOf: MODES, about: 'how far the bank is charged, or why nothing is allowed' },
  reasons: {
    is: 'object',
    of: {
      chargeVoltage: { is: 'list', of: 'string', about: 'what decides the charge voltage' },
      chargeCurrent: { is: 'list', of: 'string', about: 'what decides the charge current' },
      dischargeCurrent: { is: 'list', of: 'string', about: 'what decides the discharge current' },
    },
    about: 'in words; where several allow the same, all of them',
  },
  onlineCount: { is: 'number', about: 'packs whose analog reading counts' },
  packCount: { is: 'number', about: 'packs that belong to the bank, as far as is known' },
  age: {
    ...{ is: 'number', unit: 's', about: 'since the latest analog reading came' },
    nullWhen: 'none has come yet',
  },
} as const satisfies FieldTable;

/** Limits as they are sent. */
export type LimitsPayload = Payload<typeof LIMITS>;

/** What an edge can be, and what it can have become. */
export const EDGES = {
  charge: ['blocked', 'allowed'],
  discharge: ['blocked', 'allowed'],
  readings: ['stale', 'back'],
  mode: ['bulk', 'absorption', 'float'],
} as const;

/** The payload of an edge. */
export const EDGE = {
  event: { is: 'string', oneOf: Object.keys(EDGES), about: 'what has changed' },
  state: { is: 'string', oneOf: [...new Set(Object.values(EDGES).flat())], about: 'what it has changed to' },
  reasons: { is: 'list', of: 'string', about: 'why, in words' },
  at: { is: 'number', unit: 'epoch ms', about: 'when' },
} as const satisfies FieldTable;

/** A multiple of 0.01, 0.1 or 1, so that what is published has as many digits as is agreed: A below 1, below 100, above. */
const stepsIn = (value: number, finest: number) => (value >= 100 ? 1 : Math.min(finest, value < 1 ? 100 : 10));
/** Sums of decimal fractions are off by less. */
const ROUNDING = 1e-6;

/** Rounds down, since no limit may become more by rounding; to `finest` parts of one at the most. */
export function roundDown(value: number, finest: 10 | 100): number {
  const steps = stepsIn(value, finest);
  return Math.floor(value * steps + ROUNDING) / steps;
}

/** V, rounded up: what must not be fallen below. */
export const roundUpVolts = (value: number): number => Math.ceil(value * 10 - ROUNDING) / 10;
