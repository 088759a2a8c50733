import type { WarningReading } from '../../src/battery/alarms.js';
import type { AnalogReading } from '../../src/battery/analog.js';
import type { StatusReading } from '../../src/battery/status.js';

/** A pack of four cells and two sensors, half full and at rest. */
export function analog(changes: Partial<AnalogReading> = {}): AnalogReading {
  return {
    cellMillivolts: [3300, 3300, 3300, 3300],
    temperatureTenths: [210, 220],
    currentMilliamps: 0,
    packMillivolts: 13_200,
    remainingMilliampHours: 50_000,
    fullMilliampHours: 100_000,
    designMilliampHours: 100_000,
    cycles: 7,
    ...changes,
  };
}

/** A pack with nothing wrong. */
export function warning(changes: Partial<WarningReading> = {}): WarningReading {
  return {
    cellStates: ['normal', 'normal'],
    temperatureStates: ['normal'],
    chargeCurrentState: 'normal',
    packVoltageState: 'normal',
    dischargeCurrentState: 'normal',
    alarms: [],
    ...changes,
  };
}

/** A pack at rest, MOSFETs on. */
export function status(changes: Partial<StatusReading> = {}): StatusReading {
  return {
    mode: 'idle',
    fullyCharged: false,
    chargeMosfet: true,
    dischargeMosfet: true,
    chargeCurrentLimiter: false,
    chargerReversed: false,
    packSupplying: false,
    acIn: false,
    heater: false,
    shutdown: false,
    balancingCells: [],
    settings: {
      buzzerAlarm: true,
      ledAlarm: true,
      chargeLimiter: true,
      chargeLimiterGear: 'high',
      chargeMosfetForcedOff: false,
      dischargeMosfetForcedOff: false,
      systemLock: false,
      testMode: false,
    },
    ...changes,
  };
}

/** Readings as the packs 1, 2, … of a bank. */
export const packs = <Reading>(...readings: Reading[]) => readings.map((reading, i) => ({ pack: i + 1, reading }));
