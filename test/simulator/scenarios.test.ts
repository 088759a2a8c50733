import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { extremes, isEmptySlot, sum } from '../../src/battery/analog.js';
import { pace25 } from '../../src/dialects/pace25/index.js';
import type { AlarmRecord } from '../../src/dialects/pace25/records.js';
import { PaceError } from '../../src/errors.js';
import { BankModel } from '../../src/simulator/bank-model.js';
import {
  CELL_COUNTS,
  isScenario,
  SCENARIO_NAMES,
  SCENARIOS,
  type ScenarioName,
} from '../../src/simulator/scenarios.js';
import { SimulatedBms } from '../../src/simulator/simulated-bms.js';
import type { Frame } from '../../src/wire/frame.js';
import { theFrame } from '../support/split.js';
import { request } from './bms-client.js';

const ALL = { address: 1, pack: 'all' } as const;

/** The reply of a bank's BMS to a 42 or 44 request for all packs; its clock stands still. */
function askAll(bank: BankModel, code: number, options = {}): Frame {
  const bms = new SimulatedBms(bank, { now: () => 0, ...options });
  const answer = bms.answer(theFrame(request({ code })));
  assert.ok(answer);
  return theFrame(answer);
}

function flagsOf({ protection1, protection2, warning1, warning2, fault }: AlarmRecord): string[] {
  return [...protection1, ...protection2, ...fault, ...warning1, ...warning2].filter((id) => id !== 'fullyCharged');
}

/** Asserts that what a client decodes is what the model holds. */
function assertDecodesToModel(bank: BankModel): void {
  const analog = pace25.decode('analog', askAll(bank, 0x42).info, ALL);
  const records = bank.analogRecords();
  assert.deepEqual(
    analog.slots,
    records.map((record, i) => ({ pack: i + 1, reading: isEmptySlot(record) ? null : record })),
  );
  assert.equal(analog.tailBytes, 14);
  for (const { cellMillivolts, packMillivolts } of records) assert.equal(packMillivolts, sum(cellMillivolts));

  const alarms = pace25.decode('alarms', askAll(bank, 0x44).info, ALL, { lastTailBytes: 1 });
  for (const [i, record] of bank.alarmRecords().entries()) {
    const reading = alarms.slots[i]?.reading;
    if (isEmptySlot(records[i] as (typeof records)[number])) {
      assert.equal(reading, null);
      continue;
    }
    assert.ok(reading);
    assert.deepEqual(reading.warning.cellStates, record.cellStates);
    assert.deepEqual(reading.warning.temperatureStates, record.temperatureStates);
    assert.deepEqual(reading.status.balancingCells, record.balancingCells);
    assert.equal(reading.status.chargeMosfet, record.system.includes('chargeMosfetOn'));
    assert.equal(reading.status.dischargeMosfet, record.system.includes('dischargeMosfetOn'));
    const codes = reading.warning.alarms.map(({ code }) => code);
    for (const id of flagsOf(record)) assert.ok(codes.includes(id), id);
  }
}

/** Lets `seconds` of model time pass, looking at the bank every `every` seconds. */
function live(bank: BankModel, name: ScenarioName, seconds: number, every: number, look: () => void): void {
  for (let passed = 0; passed < seconds; passed += every) {
    look();
    bank.advance((every / SCENARIOS[name].speed) * 1000);
  }
}

const HOUR = 3600;

describe('every scenario', () => {
  for (const scenario of SCENARIO_NAMES) {
    for (const [packs, cells] of [
      [2, 16],
      [1, 8],
    ] as const) {
      it(`${scenario}, ${packs} x ${cells}: three days decode to the model's own values`, () => {
        const bank = new BankModel({ packs, cells, scenario });
        live(bank, scenario, 72 * HOUR, 600, () => assertDecodesToModel(bank));
      });
    }
  }

  for (const cells of CELL_COUNTS) {
    it(`has packs of ${cells} cells, 1 to 16 of them, at every common tail`, () => {
      for (const packs of [1, 2, 5, 16]) {
        const bank = new BankModel({ packs, cells, scenario: 'solar-day' });
        for (const tailBytes of [0, 1, 10, 14, 22]) {
          const { slots } = pace25.decode('analog', askAll(bank, 0x42, { tailBytes }).info, ALL);
          assert.deepEqual(
            slots.map(({ reading }) => reading),
            bank.analogRecords(),
          );
        }
        for (const alarmTailBytes of [0, 1]) {
          assert.equal(pace25.decode('alarms', askAll(bank, 0x44, { alarmTailBytes }).info, ALL).slots.length, packs);
        }
      }
    });
  }

  it('is found by its name only', () => {
    assert.ok(isScenario('solar-day'));
    assert.ok(!isScenario('toString'));
  });

  it('refuses a bank that cannot be', () => {
    const isConfigError = (error: unknown) => error instanceof PaceError && error.code === 'CONFIG';
    for (const packs of [0, 17, 1.5, Number.NaN]) {
      assert.throws(() => new BankModel({ packs, cells: 16, scenario: 'idle' }), isConfigError);
    }
    assert.throws(() => new BankModel({ packs: 1, cells: 12, scenario: 'idle' }), isConfigError);
    assert.throws(() => new BankModel({ packs: 1, cells: 16, scenario: 'x' as ScenarioName }), isConfigError);
  });

  it('goes the same way for the same seed, however often it is asked', () => {
    const [often, rarely, other] = [1, 1, 2].map(
      (seed) => new BankModel({ packs: 2, cells: 16, scenario: 'solar-day', seed }),
    ) as [BankModel, BankModel, BankModel];
    for (let i = 0; i < 600; i++) often.advance(100);
    for (const bank of [rarely, other]) bank.advance(60_000);
    assert.deepEqual(often.analogRecords(), rarely.analogRecords());
    assert.notDeepEqual(often.analogRecords(), other.analogRecords());
  });

  it('lets at most six hours pass at once', () => {
    const bank = new BankModel({ packs: 1, cells: 16, scenario: 'solar-day' });
    const before = bank.clock.getTime();
    bank.advance(1e9);
    assert.equal(bank.clock.getTime() - before, 6 * HOUR * 1000);
  });
});

describe('solar-day', () => {
  const scenario = 'solar-day';
  const start = () => new BankModel({ packs: 4, cells: 16, scenario });

  it('starts in the morning with every pack charging', () => {
    const bank = start();
    assert.equal(bank.clock.toISOString(), '2025-06-21T09:01:00.000Z');
    for (const { currentMilliamps } of bank.analogRecords()) assert.ok(currentMilliamps > 5000);
    for (const { system } of bank.alarmRecords()) assert.ok(system.includes('acIn'));
  });

  it('charges to full and balances, discharges in the evening, and raises no alarm', () => {
    const bank = start();
    const stateOfCharge = () => {
      const records = bank.analogRecords();
      return sum(records.map((r) => r.remainingMilliampHours)) / sum(records.map((r) => r.fullMilliampHours));
    };
    const atHour = new Map<number, number>();
    const spreads: number[] = [];
    let balancedAt: number | null = null;
    live(bank, scenario, 24 * HOUR, 300, () => {
      const hour = bank.clock.getUTCHours();
      atHour.set(hour, stateOfCharge());
      for (const record of bank.alarmRecords()) assert.deepEqual(flagsOf(record), []);
      const [first] = bank.alarmRecords();
      if (first?.balancingCells.length) balancedAt ??= hour;
      const found = extremes(bank.analogRecords()[0]?.cellMillivolts ?? []);
      if (first?.protection2.includes('fullyCharged') && found && hour < 17) {
        spreads.push(found.highest.value - found.lowest.value);
      }
    });
    const chargeAt = (hour: number) => atHour.get(hour) ?? Number.NaN;
    assert.ok(chargeAt(11) > chargeAt(9) + 0.1);
    assert.ok(chargeAt(15) > 0.99);
    assert.ok(chargeAt(22) < 0.7);
    assert.ok(chargeAt(6) < chargeAt(0));
    assert.ok(chargeAt(6) > 0.1);
    assert.ok(balancedAt !== null && balancedAt >= 12);
    assert.ok((spreads.at(-1) as number) < (spreads[0] as number), `${spreads[0]} -> ${spreads.at(-1)} mV`);
  });
});

describe('idle, full and low', () => {
  it('idle: no current worth the name, no alarm', () => {
    const bank = new BankModel({ packs: 3, cells: 16, scenario: 'idle' });
    live(bank, 'idle', HOUR, 60, () => {
      for (const { currentMilliamps } of bank.analogRecords()) assert.ok(Math.abs(currentMilliamps) <= 200);
      for (const record of bank.alarmRecords()) {
        assert.deepEqual(record.system, ['chargeMosfetOn', 'dischargeMosfetOn']);
        assert.deepEqual(flagsOf(record), []);
      }
    });
  });

  it('full: 100 %, fully charged, balancing', () => {
    const bank = new BankModel({ packs: 2, cells: 16, scenario: 'full' });
    bank.advance(10_000);
    for (const { remainingMilliampHours, fullMilliampHours } of bank.analogRecords()) {
      assert.ok(remainingMilliampHours / fullMilliampHours > 0.99);
    }
    for (const { protection2, balancingCells } of bank.alarmRecords()) {
      assert.deepEqual(protection2, ['fullyCharged']);
      assert.ok(balancingCells.length > 0);
    }
  });

  it('low: battery low at once, then under-voltage opens the discharge MOSFET, then a charge clears it all', () => {
    const bank = new BankModel({ packs: 2, cells: 16, scenario: 'low' });
    const seen: string[] = [];
    live(bank, 'low', 3 * HOUR, 60, () => {
      const record = bank.alarmRecords()[0] as AlarmRecord;
      const flags = flagsOf(record);
      const state = flags.includes('cellUnderVoltageProtection') ? 'protected' : (flags.at(-1) ?? 'well');
      assert.equal(record.system.includes('dischargeMosfetOn'), state !== 'protected');
      if (seen.at(-1) !== state) seen.push(state);
    });
    assert.deepEqual(seen, ['lowCapacityWarning', 'protected', 'lowCapacityWarning', 'well']);
  });
});

describe('alarms', () => {
  it('each level rises and clears within two minutes of real time, again and again', () => {
    const bank = new BankModel({ packs: 2, cells: 16, scenario: 'alarms' });
    for (let round = 1; round <= 3; round++) {
      const edges: string[] = [];
      let active: string[] = [];
      live(bank, 'alarms', HOUR, 10, () => {
        const record = bank.alarmRecords()[0] as AlarmRecord;
        const now = flagsOf(record);
        for (const id of now) if (!active.includes(id)) edges.push(`+${id}`);
        for (const id of active) if (!now.includes(id)) edges.push(`-${id}`);
        active = now;
        assert.equal(record.system.includes('chargeMosfetOn'), !now.includes('cellOverVoltageProtection'));
        assert.equal(record.cellStates.includes('high'), now.includes('cellOverVoltageWarning'));
      });
      assert.deepEqual(
        edges.filter((edge) => !edge.includes('pack')),
        [
          '+cellOverVoltageWarning',
          '+cellOverVoltageProtection',
          '-cellOverVoltageWarning',
          '-cellOverVoltageProtection',
          '+chargeOverTemperatureWarning',
          '-chargeOverTemperatureWarning',
          '+temperatureSensorFault',
          '-temperatureSensorFault',
        ],
        `round ${round}`,
      );
    }
  });
});

describe('missing-pack', () => {
  for (const [asked, places] of [
    [1, 3],
    [2, 2],
    [4, 4],
  ] as const) {
    it(`${asked} asked for: ${places} places, the second empty`, () => {
      const bank = new BankModel({ packs: asked, cells: 16, scenario: 'missing-pack' });
      const analog = pace25.decode('analog', askAll(bank, 0x42).info, ALL);
      const alarms = pace25.decode('alarms', askAll(bank, 0x44).info, ALL);
      const empty = (slots: readonly { pack: number; reading: unknown }[]) =>
        slots.filter(({ reading }) => reading === null).map(({ pack }) => pack);
      assert.equal(analog.slots.length, places);
      assert.deepEqual(empty(analog.slots), [2]);
      assert.deepEqual(empty(alarms.slots), [2]);
    });
  }

  it('spells the empty place as a real bank does', () => {
    const bank = new BankModel({ packs: 2, cells: 16, scenario: 'missing-pack' });
    const recordBytes = 15 + 2 * 16 + 2 * 6 + 14;
    const { info } = askAll(bank, 0x42);
    // Slot 2 of 10 in the field capture wild-017, but for the item count 9.
    const captured = `10${'0000'.repeat(16)}06${'0AAA'.repeat(6)}0000000000000300000000000062000000000000000064000000${'00'}`;
    const second = Buffer.from(info.subarray(2 + recordBytes));
    assert.equal(second.length, recordBytes);
    assert.equal(second.toString('hex').toUpperCase(), captured);
    const alarmRecordBytes = 14 + 16 + 6 + 1;
    const { info: alarms } = askAll(bank, 0x44);
    assert.equal(
      Buffer.from(alarms.subarray(2 + alarmRecordBytes)).toString('hex'),
      `10${'00'.repeat(16)}06${'00'.repeat(19)}`,
    );
  });
});
