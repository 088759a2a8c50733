import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { encodeAlarmInfo } from '../../src/dialects/pace25/encode.js';
import * as flags from '../../src/dialects/pace25/flags.js';
import { pace25 } from '../../src/dialects/pace25/index.js';
import { type AlarmRecord, alarmRecord } from '../../src/dialects/pace25/records.js';
import { Cursor, type FlagTable } from '../../src/wire/field-codec.js';
import {
  DOCUMENTED_BITS,
  FLAG_BYTES,
  type FlagByte,
  idsOf,
  type RawAlarmRecord,
  stateOf,
  statusOf,
} from './documented-bits.js';

const TABLES: Record<FlagByte, FlagTable> = {
  protection1: flags.PROTECTION_1,
  protection2: flags.PROTECTION_2,
  system: flags.SYSTEM,
  control: flags.CONTROL,
  fault: flags.FAULT,
  warning1: flags.WARNING_1,
  warning2: flags.WARNING_2,
};

/** INFO of a 44 reply of one pack, from the document's order of bytes. */
function alarmInfo(raw: Partial<RawAlarmRecord>): Uint8Array {
  const { cellStates = [0, 0, 0, 0], temperatureStates = [0, 0] } = raw;
  const after = [
    raw.chargeCurrentState,
    raw.packVoltageState,
    raw.dischargeCurrentState,
    raw.protection1,
    raw.protection2,
    raw.system,
    raw.control,
    raw.fault,
    raw.balance1,
    raw.balance2,
    raw.warning1,
    raw.warning2,
  ].map((byte) => byte ?? 0);
  return Uint8Array.of(
    0,
    1,
    cellStates.length,
    ...cellStates,
    temperatureStates.length,
    ...temperatureStates,
    ...after,
  );
}

function decoded(raw: Partial<RawAlarmRecord>) {
  const { slots } = pace25.decode('alarms', alarmInfo(raw), { address: 1, pack: 1 });
  return slots[0]?.reading ?? assert.fail('an empty slot');
}

const QUIET: RawAlarmRecord = {
  cellStates: [0, 0, 0, 0],
  temperatureStates: [0, 0],
  chargeCurrentState: 0,
  packVoltageState: 0,
  dischargeCurrentState: 0,
  protection1: 0,
  protection2: 0,
  system: 0,
  control: 0,
  fault: 0,
  balance1: 0,
  balance2: 0,
  warning1: 0,
  warning2: 0,
};

describe('the flag tables', () => {
  it('are all here', () => {
    assert.deepEqual(new Set<FlagTable>(Object.values(flags)), new Set(Object.values(TABLES)));
  });

  for (const name of FLAG_BYTES) {
    it(`${name}: eight bits, named as documented`, () => {
      assert.equal(TABLES[name].length, 8);
      const documented = DOCUMENTED_BITS[name].split(' ');
      assert.deepEqual(
        TABLES[name].slice(0, documented.length).map(({ id }) => id),
        documented,
      );
      for (const { category } of TABLES[name].slice(documented.length)) assert.equal(category, 'reserved');
    });
  }

  it('name every bit once, and in words', () => {
    const ids = Object.values(TABLES).flatMap((table) => table.map(({ id }) => id));
    assert.equal(new Set(ids).size, 56);
    for (const { label } of Object.values(TABLES).flat()) assert.match(label, /^[A-Z].*[^.]$/);
  });
});

describe('the field tables', () => {
  it('every flag byte is one of the record’s fields', () => {
    const fields = Object.keys(alarmRecord.read(new Cursor(alarmInfo(QUIET), 2)));
    for (const name of FLAG_BYTES) assert.ok(fields.includes(name), name);
  });
});

describe('each bit of a 44 reply', () => {
  const LEVELS: Partial<Record<FlagByte, string>> = {
    protection1: 'protection',
    protection2: 'protection',
    fault: 'fault',
    warning1: 'warning',
    warning2: 'warning',
  };
  for (const name of FLAG_BYTES) {
    it(`${name}: alone shows as its own alarm or state`, () => {
      for (let bit = 0; bit < 8; bit++) {
        const raw = { ...QUIET, [name]: 1 << bit };
        const [id] = idsOf(name, 1 << bit);
        const { warning, status } = decoded(raw);
        const level = id === 'fullyCharged' ? undefined : id === 'chargerReversed' ? 'fault' : LEVELS[name];
        const expected = id && level ? [{ code: id, level }] : [];
        assert.deepEqual(
          warning.alarms.map(({ code, level: actual }) => ({ code, level: actual })),
          expected,
        );
        assert.deepEqual(status, statusOf(raw));
      }
    });
  }

  it('balance: byte 1 is cells 1 to 8, byte 2 cells 9 to 16', () => {
    for (let bit = 0; bit < 8; bit++) {
      assert.deepEqual(decoded({ ...QUIET, balance1: 1 << bit }).status.balancingCells, [bit + 1]);
      assert.deepEqual(decoded({ ...QUIET, balance2: 1 << bit }).status.balancingCells, [bit + 9]);
    }
  });

  it('every byte of flags is written again as it came, reserved bits too', () => {
    for (const name of FLAG_BYTES) {
      for (let byte = 0; byte < 256; byte++) {
        const info = alarmInfo({ ...QUIET, [name]: byte });
        const fields: AlarmRecord = alarmRecord.read(new Cursor(info, 2));
        assert.deepEqual(encodeAlarmInfo(1, [{ fields, tail: new Uint8Array() }]), info);
      }
    }
  });
});

describe('state codes', () => {
  // contract, section 4: <x>BelowLimit, <x>AboveLimit, <x>OtherFault, <x>State
  const outcomes = [
    { code: 1, suffix: 'BelowLimit', level: 'warning' },
    { code: 2, suffix: 'AboveLimit', level: 'warning' },
    { code: 0xf0, suffix: 'OtherFault', level: 'fault' },
    { code: 0x03, suffix: 'State', level: 'warning' },
    { code: 0x80, suffix: 'State', level: 'warning' },
    { code: 0xef, suffix: 'State', level: 'warning' },
    { code: 0xff, suffix: 'State', level: 'warning' },
  ];
  const places: { what: string; raw(code: number): Partial<RawAlarmRecord>; where?: object }[] = [
    { what: 'cell', raw: (code) => ({ ...QUIET, cellStates: [0, 0, code, 0] }), where: { cell: 3 } },
    { what: 'temperature', raw: (code) => ({ ...QUIET, temperatureStates: [0, code] }), where: { temperature: 2 } },
    { what: 'chargeCurrent', raw: (code) => ({ ...QUIET, chargeCurrentState: code }) },
    { what: 'packVoltage', raw: (code) => ({ ...QUIET, packVoltageState: code }) },
    { what: 'dischargeCurrent', raw: (code) => ({ ...QUIET, dischargeCurrentState: code }) },
  ];
  for (const { what, raw, where = {} } of places) {
    for (const { code, suffix, level } of outcomes) {
      it(`${what} ${stateOf(code)} is ${what}${suffix}`, () => {
        const { alarms } = decoded(raw(code)).warning;
        assert.deepEqual(
          alarms.map(({ label, ...alarm }) => alarm),
          [{ code: `${what}${suffix}`, level, ...where }],
        );
        if (suffix === 'State') assert.match(alarms[0]?.label ?? '', new RegExp(code.toString(16), 'i'));
      });
    }
  }

  it('an unknown code does not stop the rest, and the worst comes first', () => {
    const { alarms } = decoded({ ...QUIET, cellStates: [0x77, 2, 0, 0], protection1: 1, fault: 0x10 }).warning;
    assert.deepEqual(
      alarms.map(({ code }) => code),
      ['cellFault', 'cellOverVoltageProtection', 'cellState', 'cellAboveLimit'],
    );
  });

  it('a record of nothing but counts is an empty slot', () => {
    const { slots } = pace25.decode('alarms', alarmInfo(QUIET), { address: 1, pack: 1 });
    assert.deepEqual(slots, [{ pack: 1, reading: null }]);
  });
});
