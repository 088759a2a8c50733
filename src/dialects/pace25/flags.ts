import type { FlagTable } from '../../wire/field-codec.js';

/*
 * Every bit of the 44 reply's flag bytes, bit 0 first: `pace-v25.md` 4.1 to 4.7.
 * A reserved bit has a name too, so that a re-encoded record loses nothing.
 */

/** `pace-v25.md` 4.1 */
export const PROTECTION_1 = [
  { id: 'cellOverVoltageProtection', category: 'protection', label: 'Cell over-voltage protection' },
  { id: 'cellUnderVoltageProtection', category: 'protection', label: 'Cell under-voltage protection' },
  { id: 'packOverVoltageProtection', category: 'protection', label: 'Pack over-voltage protection' },
  { id: 'packUnderVoltageProtection', category: 'protection', label: 'Pack under-voltage protection' },
  { id: 'chargeOverCurrentProtection', category: 'protection', label: 'Charge over-current protection' },
  { id: 'dischargeOverCurrentProtection', category: 'protection', label: 'Discharge over-current protection' },
  { id: 'shortCircuitProtection', category: 'protection', label: 'Short-circuit protection' },
  { id: 'chargerOverVoltageProtection', category: 'protection', label: 'Charger voltage too high' },
] as const satisfies FlagTable;

/** `pace-v25.md` 4.2; bit 7 is a state, not a protection */
export const PROTECTION_2 = [
  { id: 'chargeOverTemperatureProtection', category: 'protection', label: 'Cells too hot to charge' },
  { id: 'dischargeOverTemperatureProtection', category: 'protection', label: 'Cells too hot to discharge' },
  { id: 'chargeUnderTemperatureProtection', category: 'protection', label: 'Cells too cold to charge' },
  { id: 'dischargeUnderTemperatureProtection', category: 'protection', label: 'Cells too cold to discharge' },
  { id: 'mosfetOverTemperatureProtection', category: 'protection', label: 'MOSFET too hot' },
  { id: 'environmentOverTemperatureProtection', category: 'protection', label: 'Environment too hot' },
  { id: 'environmentUnderTemperatureProtection', category: 'protection', label: 'Environment too cold' },
  { id: 'fullyCharged', category: 'system', label: 'Fully charged' },
] as const satisfies FlagTable;

/** `pace-v25.md` 4.3, also called indication or state 3 */
export const SYSTEM = [
  { id: 'chargeCurrentLimiterActive', category: 'system', label: 'Charge current limiter working' },
  { id: 'chargeMosfetOn', category: 'system', label: 'Charge MOSFET on' },
  { id: 'dischargeMosfetOn', category: 'system', label: 'Discharge MOSFET on' },
  { id: 'packSupplying', category: 'system', label: 'Pack supplies the load' },
  { id: 'chargerReversed', category: 'fault', label: 'Charger/terminals connected reversed' },
  { id: 'acIn', category: 'system', label: 'Charger or AC present' },
  { id: 'shutdownState', category: 'system', label: 'Shutdown' },
  { id: 'heaterOn', category: 'system', label: 'Heating film on' },
] as const satisfies FlagTable;

/** `pace-v25.md` 4.4, also called configuration or state 4 */
export const CONTROL = [
  { id: 'buzzerAlarmEnabled', category: 'configuration', label: 'Buzzer alarm enabled' },
  { id: 'chargeMosfetForcedOff', category: 'configuration', label: 'Charge MOSFET switched off by command' },
  { id: 'dischargeMosfetForcedOff', category: 'configuration', label: 'Discharge MOSFET switched off by command' },
  { id: 'chargeLimiterLowGear', category: 'configuration', label: 'Charge limiter gear low' },
  { id: 'chargeLimiterDisabled', category: 'configuration', label: 'Charge limiter disabled' },
  { id: 'ledAlarmDisabled', category: 'configuration', label: 'LED alarm disabled' },
  { id: 'systemLockEnabled', category: 'configuration', label: 'System lock enabled' },
  { id: 'testMode', category: 'configuration', label: 'Test mode' },
] as const satisfies FlagTable;

/** `pace-v25.md` 4.5, also called state 5 */
export const FAULT = [
  { id: 'chargeMosfetFault', category: 'fault', label: 'Charge MOSFET fault' },
  { id: 'dischargeMosfetFault', category: 'fault', label: 'Discharge MOSFET fault' },
  { id: 'temperatureSensorFault', category: 'fault', label: 'Temperature sensor (NTC) fault' },
  { id: 'communicationFault', category: 'fault', label: 'Communication fault' },
  { id: 'cellFault', category: 'fault', label: 'Cell fault' },
  { id: 'samplingFault', category: 'fault', label: 'Sampling chip fault' },
  { id: 'currentLimiterFault', category: 'fault', label: 'Current limiter fault' },
  { id: 'heaterFault', category: 'fault', label: 'Heating film fault' },
] as const satisfies FlagTable;

/** `pace-v25.md` 4.6 */
export const WARNING_1 = [
  { id: 'cellOverVoltageWarning', category: 'warning', label: 'Cell voltage high' },
  { id: 'cellUnderVoltageWarning', category: 'warning', label: 'Cell voltage low' },
  { id: 'packOverVoltageWarning', category: 'warning', label: 'Pack voltage high' },
  { id: 'packUnderVoltageWarning', category: 'warning', label: 'Pack voltage low' },
  { id: 'chargeOverCurrentWarning', category: 'warning', label: 'Charge current high' },
  { id: 'dischargeOverCurrentWarning', category: 'warning', label: 'Discharge current high' },
  { id: 'reservedWarning1Bit6', category: 'reserved', label: 'Reserved bit 6 of warning 1' },
  { id: 'reservedWarning1Bit7', category: 'reserved', label: 'Reserved bit 7 of warning 1' },
] as const satisfies FlagTable;

/** `pace-v25.md` 4.7; the order differs from protection 2 */
export const WARNING_2 = [
  { id: 'chargeOverTemperatureWarning', category: 'warning', label: 'Cells hot while charging' },
  { id: 'dischargeOverTemperatureWarning', category: 'warning', label: 'Cells hot while discharging' },
  { id: 'chargeUnderTemperatureWarning', category: 'warning', label: 'Cells cold while charging' },
  { id: 'dischargeUnderTemperatureWarning', category: 'warning', label: 'Cells cold while discharging' },
  { id: 'environmentOverTemperatureWarning', category: 'warning', label: 'Environment hot' },
  { id: 'environmentUnderTemperatureWarning', category: 'warning', label: 'Environment cold' },
  { id: 'mosfetOverTemperatureWarning', category: 'warning', label: 'MOSFET hot' },
  { id: 'lowCapacityWarning', category: 'warning', label: 'Battery low' },
] as const satisfies FlagTable;
