import assert from 'node:assert/strict';

/** The paths that the virtual battery of node-red-contrib-victron 1.7.20 knows, and nothing else. */
const PATHS = new Set(
  `Dc/0/Voltage Dc/0/Current Dc/0/Power Soc Soh TimeToGo Capacity
  Info/BatteryLowVoltage Info/MaxChargeVoltage Info/MaxChargeCurrent Info/MaxDischargeCurrent Info/ChargeRequest
  Connected ErrorCode NrOfDistributors
  System/NrOfBatteries System/BatteriesParallel System/BatteriesSeries System/NrOfCellsPerBattery
  System/MinCellVoltage System/MaxCellVoltage System/MinVoltageCellId System/MaxVoltageCellId
  System/MinCellTemperature System/MaxCellTemperature System/MinTemperatureCellId System/MaxTemperatureCellId
  History/ChargedEnergy History/DischargedEnergy
  Alarms/CellImbalance Alarms/HighCellVoltage Alarms/HighChargeCurrent Alarms/HighCurrent Alarms/HighDischargeCurrent
  Alarms/HighTemperature Alarms/HighVoltage Alarms/InternalFailure Alarms/LowCellVoltage Alarms/LowSoc
  Alarms/LowTemperature Alarms/LowVoltage Alarms/StateOfHealth`.split(/\s+/),
);

/** Asserts that the virtual battery takes `payload`: numbers, and null for what is not known. */
export function checkTaken(payload: Record<string, unknown>): void {
  assert.ok(Object.keys(payload).length > 0);
  for (const [path, value] of Object.entries(payload)) {
    assert.ok(PATHS.has(path), path);
    if (value === null) continue;
    assert.ok(typeof value === 'number' && Number.isFinite(value), `${path} is ${value}`);
    if (path === 'Soc' || path === 'Soh') assert.ok(value >= 0 && value <= 100, `${path} is ${value}`);
    if (path.startsWith('Alarms/')) assert.ok([0, 1, 2].includes(value), `${path} is ${value}`);
    if (path.endsWith('CellId')) assert.ok(Number.isInteger(value), `${path} is ${value}`);
  }
}
