import type { Direction } from './settings.js';

const CHARGE: readonly Direction[] = ['charge'];
const DISCHARGE: readonly Direction[] = ['discharge'];
const BOTH: readonly Direction[] = ['charge', 'discharge'];

/** Which way each alarm forbids or halves the current; those that are not here do both ways. */
const DIRECTIONS: Readonly<Record<string, readonly Direction[]>> = {
  cellOverVoltageProtection: CHARGE,
  packOverVoltageProtection: CHARGE,
  chargeOverCurrentProtection: CHARGE,
  chargerOverVoltageProtection: CHARGE,
  chargeOverTemperatureProtection: CHARGE,
  chargeUnderTemperatureProtection: CHARGE,
  cellUnderVoltageProtection: DISCHARGE,
  packUnderVoltageProtection: DISCHARGE,
  dischargeOverCurrentProtection: DISCHARGE,
  dischargeOverTemperatureProtection: DISCHARGE,
  dischargeUnderTemperatureProtection: DISCHARGE,
  chargeMosfetFault: CHARGE,
  dischargeMosfetFault: DISCHARGE,
  currentLimiterFault: CHARGE,
  heaterFault: CHARGE,
  cellOverVoltageWarning: CHARGE,
  packOverVoltageWarning: CHARGE,
  chargeOverCurrentWarning: CHARGE,
  chargeOverTemperatureWarning: CHARGE,
  chargeUnderTemperatureWarning: CHARGE,
  cellUnderVoltageWarning: DISCHARGE,
  packUnderVoltageWarning: DISCHARGE,
  dischargeOverCurrentWarning: DISCHARGE,
  dischargeOverTemperatureWarning: DISCHARGE,
  dischargeUnderTemperatureWarning: DISCHARGE,
  lowCapacityWarning: DISCHARGE,
  cellAboveLimit: CHARGE,
  cellBelowLimit: DISCHARGE,
  packVoltageAboveLimit: CHARGE,
  packVoltageBelowLimit: DISCHARGE,
  chargeCurrentAboveLimit: CHARGE,
  chargeCurrentBelowLimit: CHARGE,
  chargeCurrentOtherFault: CHARGE,
  chargeCurrentState: CHARGE,
  dischargeCurrentAboveLimit: DISCHARGE,
  dischargeCurrentBelowLimit: DISCHARGE,
  dischargeCurrentOtherFault: DISCHARGE,
  dischargeCurrentState: DISCHARGE,
};

/** Whether an alarm of that code is about currents in `direction`. */
export const concerns = (code: string, direction: Direction): boolean =>
  (Object.hasOwn(DIRECTIONS, code) ? (DIRECTIONS[code] as readonly Direction[]) : BOTH).includes(direction);
