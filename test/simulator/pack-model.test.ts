import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { extremes, sum } from '../../src/battery/analog.js';
import { openCircuitVolts } from '../../src/simulator/cell-curve.js';
import { shareAmps } from '../../src/simulator/current-sharing.js';
import { PackModel, type Surroundings } from '../../src/simulator/pack-model.js';
import { seededRandom } from '../../src/simulator/random.js';

const ROOM: Surroundings = { ambientCelsius: 20, sensorReading: (_, celsius) => celsius };
const STEP_SECONDS = 10;

function newPack(stateOfCharge: number, { cells = 16, seed = 7 } = {}): PackModel {
  return new PackModel({ cells, stateOfCharge, random: seededRandom(seed), surroundings: ROOM });
}

function run(pack: PackModel, seconds: number, amps: number, surroundings = ROOM): void {
  for (let passed = 0; passed < seconds; passed += STEP_SECONDS) pack.step(STEP_SECONDS, amps, surroundings);
}

function spread(pack: PackModel): number {
  const found = extremes(pack.analogRecord().cellMillivolts);
  assert.ok(found);
  return found.highest.value - found.lowest.value;
}

describe('cell curve', () => {
  it('rises with the state of charge, flat in the middle and steep at both ends', () => {
    const volts = Array.from({ length: 101 }, (_, percent) => openCircuitVolts(percent / 100));
    for (let i = 1; i < volts.length; i++) assert.ok((volts[i] as number) > (volts[i - 1] as number));
    const rise = (from: number, to: number) => (volts[to] as number) - (volts[from] as number);
    assert.ok(rise(30, 90) < 0.1);
    assert.ok(rise(0, 5) > 0.3);
    assert.ok(rise(97, 100) > 0.1);
  });

  it('stays at its ends beyond them', () => {
    assert.equal(openCircuitVolts(-1), openCircuitVolts(-0.02));
    assert.equal(openCircuitVolts(2), openCircuitVolts(1.05));
  });
});

describe('a worn cell', () => {
  const newOrWorn = (wear = {}) =>
    new PackModel({ cells: 16, stateOfCharge: 1, random: seededRandom(7), surroundings: ROOM, wear });
  const cellsAfter = (pack: PackModel, seconds: number, amps: number) => {
    run(pack, seconds, amps);
    return pack.analogRecord().cellMillivolts;
  };

  it('holds less and gives way more, and no other cell does', () => {
    const wear = { 5: { capacity: 0.9, resistance: 2 } };
    const [all, worn] = [cellsAfter(newOrWorn(), 3.2 * 3600, -28), cellsAfter(newOrWorn(wear), 3.2 * 3600, -28)];
    assert.deepEqual(
      worn.filter((millivolts, i) => millivolts !== all[i]),
      [worn[4]],
    );
    assert.ok((worn[4] as number) < (all[4] as number) - 100, `${worn[4]} mV instead of ${all[4]} mV`);
  });
});

describe('a pack', () => {
  it('is as warm as its cells are, whatever the sensors say', () => {
    const broken = { ambientCelsius: 20, sensorReading: () => null };
    const pack = newPack(0.5);
    run(pack, 3 * 3600, 50, broken);
    assert.ok(pack.cellCelsius > 25, `${pack.cellCelsius} °C`);
    assert.deepEqual(new Set(pack.analogRecord().temperatureTenths), new Set([null]));
  });

  it('gains and loses the charge that flows, but for what its cells leak', () => {
    const pack = newPack(0.4);
    const before = pack.ampHours;
    run(pack, 3600, 20);
    const leakedAmpHours = 0.012;
    assert.ok(Math.abs(pack.ampHours - before - 20) <= leakedAmpHours);
    run(pack, 3600, -20);
    assert.ok(Math.abs(pack.ampHours - before) <= 2 * leakedAmpHours);
  });

  it('gives back less energy than it took, by what its resistance turns into heat', () => {
    const pack = newPack(0.5);
    const energyOf = (amps: number) => {
      let joules = 0;
      for (let passed = 0; passed < 3600; passed += STEP_SECONDS) {
        pack.step(STEP_SECONDS, amps, ROOM);
        joules += (pack.analogRecord().packMillivolts / 1000) * amps * STEP_SECONDS;
      }
      return joules;
    };
    const lost = energyOf(30) + energyOf(-30);
    const cellOhms = pack.resistanceOhms - 0.006;
    const heat = 2 * 30 * 30 * cellOhms * 3600;
    assert.ok(Math.abs(lost / heat - 1) < 0.05, `${lost} J lost, ${heat} J of heat`);
  });

  it('shows the exact sum of its cells as its voltage, higher while charging than while discharging', () => {
    const pack = newPack(0.5);
    const voltsAt = (amps: number) => {
      pack.step(1, amps, ROOM);
      const { packMillivolts, cellMillivolts } = pack.analogRecord();
      assert.equal(packMillivolts, sum(cellMillivolts));
      return packMillivolts;
    };
    assert.ok(voltsAt(40) > voltsAt(0));
    assert.ok(voltsAt(0) > voltsAt(-40));
  });

  it('has cells that differ, always the same for a seed', () => {
    const cellsOf = (seed: number) => newPack(0.99, { seed }).analogRecord().cellMillivolts;
    assert.deepEqual(cellsOf(7), cellsOf(7));
    assert.notDeepEqual(cellsOf(7), cellsOf(8));
    assert.ok(new Set(cellsOf(7)).size > 4);
  });

  it('warms up with current and cools down without', () => {
    const pack = newPack(0.2);
    const temperatures = () => pack.analogRecord().temperatureTenths.map((tenths) => tenths ?? Number.NaN);
    const cold = temperatures();
    run(pack, 3600, 50);
    const warm = temperatures();
    for (const [i, tenths] of warm.entries()) assert.ok(tenths > (cold[i] as number) + 5, `sensor ${i + 1}`);
    assert.ok((warm[4] as number) > (warm[0] as number), 'MOSFETs are warmest');
    run(pack, 3600, 0);
    for (const [i, tenths] of temperatures().entries()) assert.ok(tenths < (warm[i] as number), `sensor ${i + 1}`);
  });

  it('balances high cells near full, which narrows the spread', () => {
    const pack = newPack(0.999);
    run(pack, 60, 1);
    const before = spread(pack);
    const { balancingCells } = pack.alarmRecord();
    const { cellMillivolts } = pack.analogRecord();
    assert.ok(before >= 30);
    assert.ok(balancingCells.includes(cellMillivolts.indexOf(Math.max(...cellMillivolts)) + 1));
    assert.ok(!balancingCells.includes(cellMillivolts.indexOf(Math.min(...cellMillivolts)) + 1));
    run(pack, 2 * 3600, 0.1);
    assert.ok(spread(pack) < before - 5, `${before} mV -> ${spread(pack)} mV`);
  });

  it('does not balance below 3.4 V, nor while it is discharged', () => {
    const middle = newPack(0.5);
    run(middle, 60, 10);
    assert.deepEqual(middle.alarmRecord().balancingCells, []);
    const full = newPack(0.999);
    run(full, 60, 1);
    run(full, 10, -5);
    assert.deepEqual(full.alarmRecord().balancingCells, []);
  });

  it('is fully charged when its voltage is high and its current low, until it has been used', () => {
    const pack = newPack(0.998);
    const isFull = () => pack.alarmRecord().protection2.includes('fullyCharged');
    run(pack, 60, 10);
    assert.equal(isFull(), false, 'current too high');
    while (!isFull() && pack.analogRecord().packMillivolts < 57_000) run(pack, 60, 1);
    assert.equal(isFull(), true);
    run(pack, 600, -6);
    assert.equal(isFull(), true, 'one percent down');
    run(pack, 3600, -6);
    assert.equal(isFull(), false);
  });

  it('tells its mode from its current', () => {
    const pack = newPack(0.5);
    const systemAt = (amps: number) => {
      pack.step(1, amps, ROOM);
      return pack.alarmRecord().system;
    };
    const closed = ['chargeMosfetOn', 'dischargeMosfetOn'];
    assert.deepEqual(systemAt(10), [...closed, 'acIn']);
    assert.deepEqual(systemAt(-10), [...closed, 'packSupplying']);
    assert.deepEqual(systemAt(0.1), closed);
  });

  it('says that a sensor is missing', () => {
    const pack = newPack(0.5);
    const unplugged = { ...ROOM, sensorReading: (number: number, celsius: number) => (number === 3 ? null : celsius) };
    run(pack, 10, 10, unplugged);
    assert.equal(pack.analogRecord().temperatureTenths[2], null);
    const { temperatureStates, fault } = pack.alarmRecord();
    assert.equal(temperatureStates[2], 'other');
    assert.deepEqual(fault, ['temperatureSensorFault']);
    run(pack, 10, 10);
    assert.deepEqual(pack.alarmRecord().fault, []);
  });

  for (const [cells, sensors] of [
    [8, 4],
    [13, 6],
    [14, 6],
    [15, 6],
    [16, 6],
  ] as const) {
    it(`of ${cells} cells has ${sensors} sensors`, () => {
      const { cellMillivolts, temperatureTenths } = newPack(0.5, { cells }).analogRecord();
      assert.deepEqual([cellMillivolts.length, temperatureTenths.length], [cells, sensors]);
    });
  }
});

describe('packs in parallel', () => {
  const both = () => true;
  const pack = (openCircuitVolts: number, resistanceOhms: number, accepts: (direction: string) => boolean = both) => ({
    openCircuitVolts,
    resistanceOhms,
    accepts,
  });

  it('share the current by resistance where their voltages are equal', () => {
    const [low, high] = shareAmps([pack(53, 0.02), pack(53, 0.04)], 30) as [number, number];
    assert.ok(Math.abs(low - 20) < 1e-6 && Math.abs(high - 10) < 1e-6);
  });

  it('level each other out without any current from outside', () => {
    const [fuller, emptier] = shareAmps([pack(53.2, 0.03), pack(53, 0.03)], 0) as [number, number];
    assert.ok(fuller < 0 && Math.abs(fuller + emptier) < 1e-9);
  });

  it('take over what a blocked pack does not take', () => {
    const blocked = pack(53, 0.03, (direction) => direction !== 'charging');
    assert.deepEqual(shareAmps([blocked, pack(53, 0.03), pack(53, 0.03)], 20).map(Math.round), [0, 10, 10]);
    assert.deepEqual(shareAmps([blocked, blocked], 20), [0, 0]);
  });
});
