import type { LimitState } from '../../src/battery/alarms.js';

/** The ids of `pace-v25.md` 4.1 to 4.7, bit 0 first; what no document names is empty. */
export const DOCUMENTED_BITS = {
  protection1:
    'cellOverVoltageProtection cellUnderVoltageProtection packOverVoltageProtection packUnderVoltageProtection chargeOverCurrentProtection dischargeOverCurrentProtection shortCircuitProtection chargerOverVoltageProtection',
  protection2:
    'chargeOverTemperatureProtection dischargeOverTemperatureProtection chargeUnderTemperatureProtection dischargeUnderTemperatureProtection mosfetOverTemperatureProtection environmentOverTemperatureProtection environmentUnderTemperatureProtection fullyCharged',
  system:
    'chargeCurrentLimiterActive chargeMosfetOn dischargeMosfetOn packSupplying chargerReversed acIn shutdownState heaterOn',
  control:
    'buzzerAlarmEnabled chargeMosfetForcedOff dischargeMosfetForcedOff chargeLimiterLowGear chargeLimiterDisabled ledAlarmDisabled systemLockEnabled testMode',
  fault:
    'chargeMosfetFault dischargeMosfetFault temperatureSensorFault communicationFault cellFault samplingFault currentLimiterFault heaterFault',
  warning1:
    'cellOverVoltageWarning cellUnderVoltageWarning packOverVoltageWarning packUnderVoltageWarning chargeOverCurrentWarning dischargeOverCurrentWarning',
  warning2:
    'chargeOverTemperatureWarning dischargeOverTemperatureWarning chargeUnderTemperatureWarning dischargeUnderTemperatureWarning environmentOverTemperatureWarning environmentUnderTemperatureWarning mosfetOverTemperatureWarning lowCapacityWarning',
} as const;

export type FlagByte = keyof typeof DOCUMENTED_BITS;
export const FLAG_BYTES = Object.keys(DOCUMENTED_BITS) as FlagByte[];

/** A pack's 44 record as the wire has it. */
export interface RawAlarmRecord extends Record<FlagByte, number> {
  cellStates: number[];
  temperatureStates: number[];
  chargeCurrentState: number;
  packVoltageState: number;
  dischargeCurrentState: number;
  balance1: number;
  balance2: number;
}

/** The documented ids of the bits set in a flag byte. */
export function idsOf(name: FlagByte, byte: number): string[] {
  return DOCUMENTED_BITS[name].split(' ').filter((_, bit) => byte & (1 << bit));
}

export function stateOf(code: number): LimitState {
  const named: Record<number, LimitState> = { 0: 'normal', 1: 'low', 2: 'high', 240: 'other' };
  return named[code] ?? `unknown-${code.toString(16).toUpperCase().padStart(2, '0')}`;
}

/** Which ids are alarms: all protections, faults and warnings, and `chargerReversed`. */
export function alarmIdsOf(raw: RawAlarmRecord): string[] {
  return [
    ...idsOf('protection1', raw.protection1),
    ...idsOf('protection2', raw.protection2).filter((id) => id !== 'fullyCharged'),
    ...idsOf('system', raw.system).filter((id) => id === 'chargerReversed'),
    ...idsOf('fault', raw.fault),
    ...idsOf('warning1', raw.warning1),
    ...idsOf('warning2', raw.warning2),
  ];
}

/** The cells whose balance bit is set. */
export function balancingOf({ balance1, balance2 }: RawAlarmRecord): number[] {
  const bits = balance1 | (balance2 << 8);
  return Array.from({ length: 16 }, (_, i) => i + 1).filter((cell) => bits & (1 << (cell - 1)));
}

/** What the status of such a record is (design, section 4). */
export function statusOf(raw: RawAlarmRecord) {
  const system = new Set(idsOf('system', raw.system));
  const control = new Set(idsOf('control', raw.control));
  return {
    mode: system.has('packSupplying') ? 'discharging' : system.has('acIn') ? 'charging' : 'idle',
    fullyCharged: idsOf('protection2', raw.protection2).includes('fullyCharged'),
    chargeMosfet: system.has('chargeMosfetOn'),
    dischargeMosfet: system.has('dischargeMosfetOn'),
    chargeCurrentLimiter: system.has('chargeCurrentLimiterActive'),
    chargerReversed: system.has('chargerReversed'),
    packSupplying: system.has('packSupplying'),
    acIn: system.has('acIn'),
    heater: system.has('heaterOn'),
    shutdown: system.has('shutdownState'),
    balancingCells: balancingOf(raw),
    settings: {
      buzzerAlarm: control.has('buzzerAlarmEnabled'),
      ledAlarm: !control.has('ledAlarmDisabled'),
      chargeLimiter: !control.has('chargeLimiterDisabled'),
      chargeLimiterGear: control.has('chargeLimiterLowGear') ? 'low' : 'high',
      chargeMosfetForcedOff: control.has('chargeMosfetForcedOff'),
      dischargeMosfetForcedOff: control.has('dischargeMosfetForcedOff'),
      systemLock: control.has('systemLockEnabled'),
      testMode: control.has('testMode'),
    },
  };
}
