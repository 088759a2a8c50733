import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type AnalogReading, sum } from '../../src/battery/analog.js';
import { PROTECTION_1, PROTECTION_2, WARNING_1, WARNING_2 } from '../../src/dialects/pace25/flags.js';
import { LIMITS } from '../../src/simulator/limits.js';
import { Protections } from '../../src/simulator/protections.js';

function reading(changes: Partial<AnalogReading> = {}): AnalogReading {
  const cellMillivolts = changes.cellMillivolts ?? new Array<number>(16).fill(3300);
  return {
    cellMillivolts,
    temperatureTenths: [200, 200, 200, 200, 200, 200],
    currentMilliamps: 0,
    packMillivolts: sum(cellMillivolts),
    remainingMilliampHours: 50_000,
    fullMilliampHours: 100_000,
    designMilliampHours: 100_000,
    cycles: 1,
    ...changes,
  };
}

/** One cell at `millivolts`, the others in the middle. */
const withCell = (millivolts: number) =>
  reading({ cellMillivolts: Array.from({ length: 16 }, (_, i) => (i === 3 ? millivolts : 3300)) });
const withCells = (millivolts: number) => reading({ cellMillivolts: new Array<number>(16).fill(millivolts) });
const withSensor = (number: number, celsius: number, currentMilliamps = 0) =>
  reading({
    temperatureTenths: Array.from({ length: 6 }, (_, i) => (i === number - 1 ? celsius * 10 : 200)),
    currentMilliamps,
  });
const withAmps = (amps: number) => reading({ currentMilliamps: amps * 1000 });
const withCharge = (percent: number) => reading({ remainingMilliampHours: percent * 1000 });

/** The readings in turn, each with the flags that are active after it. */
type Course = readonly (readonly [AnalogReading, ...string[]])[];

const OVER = ['cellOverVoltageWarning', 'cellOverVoltageProtection'] as const;
const UNDER = ['cellUnderVoltageWarning', 'cellUnderVoltageProtection'] as const;
const PACK_OVER = ['packOverVoltageWarning', 'packOverVoltageProtection'] as const;
const HOT = ['chargeOverTemperatureWarning', 'chargeOverTemperatureProtection'] as const;

const COURSES: Record<string, Course> = {
  'cell over-voltage': [
    [withCell(3599)],
    [withCell(3600), OVER[0]],
    [withCell(3590), OVER[0]],
    [withCell(3580)],
    [withCell(3700), ...OVER],
    [withCell(3570), OVER[1]],
    [withCell(3381), OVER[1]],
    [withCell(3380)],
  ],
  'cell under-voltage': [
    [withCell(2801)],
    [withCell(2800), UNDER[0]],
    [withCell(2500), ...UNDER],
    [withCell(2899), UNDER[1]],
    [withCell(2900)],
  ],
  'pack over-voltage, per cell': [
    [withCells(3599)],
    [withCells(3600), OVER[0], PACK_OVER[0]],
    [withCells(3700), ...OVER, ...PACK_OVER],
    [withCells(3378), PACK_OVER[1]],
    [withCells(3375)],
  ],
  'a hot cell, charging or at rest': [
    [withSensor(2, 50.9)],
    [withSensor(2, 51), HOT[0]],
    [withSensor(2, 50.5), HOT[0]],
    [withSensor(2, 55, 9000), ...HOT],
    [withSensor(2, 50.5, -9000), HOT[1]],
    [withSensor(2, 50)],
  ],
  'a hot cell, discharging': [
    [withSensor(2, 55, -9000)],
    [withSensor(2, 56, -9000), 'dischargeOverTemperatureWarning'],
    [withSensor(2, 60, -9000), 'dischargeOverTemperatureWarning', 'dischargeOverTemperatureProtection'],
    [withSensor(2, 40, -9000)],
  ],
  'a cold cell': [
    [withSensor(1, 0), 'chargeUnderTemperatureWarning'],
    [withSensor(1, -5), 'chargeUnderTemperatureWarning', 'chargeUnderTemperatureProtection'],
    [withSensor(1, 2)],
  ],
  'hot MOSFETs': [
    [withSensor(5, 90), 'mosfetOverTemperatureWarning'],
    [withSensor(5, 110), 'mosfetOverTemperatureWarning', 'mosfetOverTemperatureProtection'],
    [withSensor(5, 85)],
  ],
  'a hot environment': [
    [withSensor(6, 65), 'environmentOverTemperatureWarning'],
    [withSensor(6, 70), 'environmentOverTemperatureWarning', 'environmentOverTemperatureProtection'],
    [withSensor(6, 64)],
  ],
  'over-current, which is tried again after a minute': [
    [withAmps(-105), 'dischargeOverCurrentWarning'],
    [withAmps(-110), 'dischargeOverCurrentWarning', 'dischargeOverCurrentProtection'],
    [withAmps(0), 'dischargeOverCurrentProtection'],
    [withAmps(0)],
    [withAmps(104), 'chargeOverCurrentWarning'],
  ],
  'low capacity': [
    [withCharge(5.1)],
    [withCharge(5), 'lowCapacityWarning'],
    [withCharge(5.9), 'lowCapacityWarning'],
    [withCharge(6)],
  ],
};

describe('protections', () => {
  for (const [name, course] of Object.entries(COURSES)) {
    it(`${name}: rise and clear with hysteresis`, () => {
      const protections = new Protections();
      for (const [step, [now, ...active]] of course.entries()) {
        protections.update(now, 30);
        assert.deepEqual(protections.activeFlags(), active, `step ${step + 1}`);
      }
    });
  }

  it('open the MOSFET of their direction', () => {
    const blockedAfter = (now: AnalogReading) => {
      const protections = new Protections();
      protections.update(now, 1);
      return (['charging', 'discharging'] as const).filter((direction) => protections.blocks(direction));
    };
    assert.deepEqual(blockedAfter(withCell(3650)), []);
    assert.deepEqual(blockedAfter(withCell(3700)), ['charging']);
    assert.deepEqual(blockedAfter(withCell(2400)), ['discharging']);
    assert.deepEqual(blockedAfter(withSensor(5, 120)), ['charging', 'discharging']);
  });

  it('name the cell and the sensor', () => {
    const protections = new Protections();
    protections.update(withCell(3650), 1);
    assert.equal(protections.stateOf('cell', 4), 'high');
    assert.equal(protections.stateOf('cell', 5), 'normal');
    protections.update(withSensor(2, -10), 1);
    assert.equal(protections.stateOf('cell', 4), 'normal');
    assert.equal(protections.stateOf('cellTemperature', 2), 'low');
  });

  it('have a flag on the wire for every limit', () => {
    const flags = new Set<string>([...PROTECTION_1, ...PROTECTION_2, ...WARNING_1, ...WARNING_2].map(({ id }) => id));
    for (const { name, protect } of LIMITS) {
      assert.ok(flags.has(`${name}Warning`), name);
      if (protect) assert.ok(flags.has(`${name}Protection`), name);
    }
  });
});
