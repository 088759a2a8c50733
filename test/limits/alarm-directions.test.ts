import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { alarmsOfStates, type LimitState } from '../../src/battery/alarms.js';
import * as flags from '../../src/dialects/pace25/flags.js';
import { concerns } from '../../src/limits/alarm-directions.js';

type Way = 'charge' | 'discharge' | 'both';

/** Which way each alarm is about, decided here once more, from what the words mean. */
const WAYS: Record<string, Way> = {
  // Protections: what the BMS has switched off, or will not switch on again by itself.
  cellOverVoltageProtection: 'charge',
  cellUnderVoltageProtection: 'discharge',
  packOverVoltageProtection: 'charge',
  packUnderVoltageProtection: 'discharge',
  chargeOverCurrentProtection: 'charge',
  dischargeOverCurrentProtection: 'discharge',
  shortCircuitProtection: 'both',
  chargerOverVoltageProtection: 'charge',
  chargeOverTemperatureProtection: 'charge',
  dischargeOverTemperatureProtection: 'discharge',
  chargeUnderTemperatureProtection: 'charge',
  dischargeUnderTemperatureProtection: 'discharge',
  mosfetOverTemperatureProtection: 'both',
  environmentOverTemperatureProtection: 'both',
  environmentUnderTemperatureProtection: 'both',
  // Faults: what cannot be trusted any more.
  chargerReversed: 'both',
  chargeMosfetFault: 'charge',
  dischargeMosfetFault: 'discharge',
  temperatureSensorFault: 'both',
  communicationFault: 'both',
  cellFault: 'both',
  samplingFault: 'both',
  currentLimiterFault: 'charge',
  heaterFault: 'charge',
  // Warnings.
  cellOverVoltageWarning: 'charge',
  cellUnderVoltageWarning: 'discharge',
  packOverVoltageWarning: 'charge',
  packUnderVoltageWarning: 'discharge',
  chargeOverCurrentWarning: 'charge',
  dischargeOverCurrentWarning: 'discharge',
  chargeOverTemperatureWarning: 'charge',
  dischargeOverTemperatureWarning: 'discharge',
  chargeUnderTemperatureWarning: 'charge',
  dischargeUnderTemperatureWarning: 'discharge',
  environmentOverTemperatureWarning: 'both',
  environmentUnderTemperatureWarning: 'both',
  mosfetOverTemperatureWarning: 'both',
  lowCapacityWarning: 'discharge',
  // States of quantities against their limits.
  cellBelowLimit: 'discharge',
  cellAboveLimit: 'charge',
  cellOtherFault: 'both',
  cellState: 'both',
  temperatureBelowLimit: 'both',
  temperatureAboveLimit: 'both',
  temperatureOtherFault: 'both',
  temperatureState: 'both',
  chargeCurrentBelowLimit: 'charge',
  chargeCurrentAboveLimit: 'charge',
  chargeCurrentOtherFault: 'charge',
  chargeCurrentState: 'charge',
  packVoltageBelowLimit: 'discharge',
  packVoltageAboveLimit: 'charge',
  packVoltageOtherFault: 'both',
  packVoltageState: 'both',
  dischargeCurrentBelowLimit: 'discharge',
  dischargeCurrentAboveLimit: 'discharge',
  dischargeCurrentOtherFault: 'discharge',
  dischargeCurrentState: 'discharge',
};

const wayOf = (code: string): string => {
  const [charge, discharge] = [concerns(code, 'charge'), concerns(code, 'discharge')];
  if (charge && discharge) return 'both';
  if (charge) return 'charge';
  return discharge ? 'discharge' : 'neither';
};

const ALARM_CATEGORIES: readonly string[] = ['warning', 'protection', 'fault'];
const flagCodes = Object.values(flags)
  .flat()
  .filter(({ category }) => ALARM_CATEGORIES.includes(category))
  .map(({ id }) => id);

const STATES: LimitState[] = ['low', 'high', 'other', 'unknown-F5'];
const stateCodes = STATES.flatMap((state) =>
  alarmsOfStates({
    cellStates: [state],
    temperatureStates: [state],
    chargeCurrentState: state,
    packVoltageState: state,
    dischargeCurrentState: state,
  }).map(({ code }) => code),
);

describe('the way that an alarm is about', () => {
  it('is decided for every alarm that there is, and for no other', () => {
    assert.deepEqual(new Set([...flagCodes, ...stateCodes]), new Set(Object.keys(WAYS)));
  });

  for (const [code, way] of Object.entries(WAYS)) {
    it(`${code}: ${way}`, () => assert.equal(wayOf(code), way));
  }

  for (const code of ['', 'somethingNew', 'constructor', 'toString', '__proto__', 'hasOwnProperty']) {
    it(`"${code}", which nobody knows: both`, () => assert.equal(wayOf(code), 'both'));
  }
});
