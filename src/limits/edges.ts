import type { Payload } from '../messages/field-table.js';
import type { EDGE, LimitsPayload } from './payload.js';

/** What has changed for good from one message of limits to the next. */
export type Edge = Omit<Payload<typeof EDGE>, 'at'>;

type Change = (now: LimitsPayload, before: LimitsPayload) => Edge | null;

/** Everything that is told as an edge, in the order it is told. */
const CHANGES: readonly Change[] = [
  (now, before) => {
    const { chargeCurrent: reasons } = now.reasons;
    if (now.mode === 'stale') return before.mode === 'stale' ? null : { event: 'readings', state: 'stale', reasons };
    return before.mode === 'stale' ? { event: 'readings', state: 'back', reasons } : null;
  },
  (now, before) => {
    if (now.allowCharge === before.allowCharge) return null;
    return { event: 'charge', state: now.allowCharge ? 'allowed' : 'blocked', reasons: now.reasons.chargeCurrent };
  },
  (now, before) => {
    if (now.allowDischarge === before.allowDischarge) return null;
    const { dischargeCurrent: reasons } = now.reasons;
    return { event: 'discharge', state: now.allowDischarge ? 'allowed' : 'blocked', reasons };
  },
  (now, before) => {
    const { mode } = now;
    if (mode === before.mode || mode === 'stale' || mode === 'starting') return null;
    return { event: 'mode', state: mode, reasons: now.reasons.chargeVoltage };
  },
];

/** The edges between two messages of limits. */
export function edgesBetween(before: LimitsPayload, now: LimitsPayload): Edge[] {
  return CHANGES.map((change) => change(now, before)).filter((edge) => edge !== null);
}
