/** What a pack can do. */
export const PACK_MODES = ['charging', 'discharging', 'idle'] as const;
/** What a pack does. */
export type PackMode = (typeof PACK_MODES)[number];

/** A pack's switches, modes and settings. */
export interface StatusReading {
  mode: PackMode;
  fullyCharged: boolean;
  chargeMosfet: boolean;
  dischargeMosfet: boolean;
  /** Whether the BMS holds the charge current down. */
  chargeCurrentLimiter: boolean;
  chargerReversed: boolean;
  packSupplying: boolean;
  acIn: boolean;
  heater: boolean;
  shutdown: boolean;
  /** The cells being balanced, from 1. */
  balancingCells: readonly number[];
  settings: {
    buzzerAlarm: boolean;
    ledAlarm: boolean;
    chargeLimiter: boolean;
    chargeLimiterGear: 'high' | 'low';
    chargeMosfetForcedOff: boolean;
    dischargeMosfetForcedOff: boolean;
    systemLock: boolean;
    testMode: boolean;
  };
}
