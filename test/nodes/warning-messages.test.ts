import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bench } from './kit/flow.js';
import { type AlarmPack, alarmReply } from './kit/replies.js';

const { run } = bench();

const warningOf = async (packs: AlarmPack[], properties: object = {}) => {
  const { flow } = await run(() => alarmReply(packs), {}, { query: 'warning', ...properties });
  return flow.ask('warning');
};
const activeOf = async (pack: AlarmPack) => (await warningOf([pack]))[0]?.payload.active;

type FlagByte = 'protection1' | 'protection2' | 'system' | 'fault' | 'warning1' | 'warning2' | 'control' | 'balance1';

/** Every bit that is an alarm: code, level and label by byte, bit 0 first; null for one that is none. */
const FLAGS: Record<FlagByte, { level: string; bits: ([code: string, label: string] | null)[] }> = {
  protection1: {
    level: 'protection',
    bits: [
      ['cellOverVoltageProtection', 'Cell over-voltage protection'],
      ['cellUnderVoltageProtection', 'Cell under-voltage protection'],
      ['packOverVoltageProtection', 'Pack over-voltage protection'],
      ['packUnderVoltageProtection', 'Pack under-voltage protection'],
      ['chargeOverCurrentProtection', 'Charge over-current protection'],
      ['dischargeOverCurrentProtection', 'Discharge over-current protection'],
      ['shortCircuitProtection', 'Short-circuit protection'],
      ['chargerOverVoltageProtection', 'Charger voltage too high'],
    ],
  },
  protection2: {
    level: 'protection',
    bits: [
      ['chargeOverTemperatureProtection', 'Cells too hot to charge'],
      ['dischargeOverTemperatureProtection', 'Cells too hot to discharge'],
      ['chargeUnderTemperatureProtection', 'Cells too cold to charge'],
      ['dischargeUnderTemperatureProtection', 'Cells too cold to discharge'],
      ['mosfetOverTemperatureProtection', 'MOSFET too hot'],
      ['environmentOverTemperatureProtection', 'Environment too hot'],
      ['environmentUnderTemperatureProtection', 'Environment too cold'],
      null,
    ],
  },
  system: {
    level: 'fault',
    bits: [null, null, null, null, ['chargerReversed', 'Charger/terminals connected reversed'], null, null, null],
  },
  fault: {
    level: 'fault',
    bits: [
      ['chargeMosfetFault', 'Charge MOSFET fault'],
      ['dischargeMosfetFault', 'Discharge MOSFET fault'],
      ['temperatureSensorFault', 'Temperature sensor (NTC) fault'],
      ['communicationFault', 'Communication fault'],
      ['cellFault', 'Cell fault'],
      ['samplingFault', 'Sampling chip fault'],
      ['currentLimiterFault', 'Current limiter fault'],
      ['heaterFault', 'Heating film fault'],
    ],
  },
  warning1: {
    level: 'warning',
    bits: [
      ['cellOverVoltageWarning', 'Cell voltage high'],
      ['cellUnderVoltageWarning', 'Cell voltage low'],
      ['packOverVoltageWarning', 'Pack voltage high'],
      ['packUnderVoltageWarning', 'Pack voltage low'],
      ['chargeOverCurrentWarning', 'Charge current high'],
      ['dischargeOverCurrentWarning', 'Discharge current high'],
      null,
      null,
    ],
  },
  warning2: {
    level: 'warning',
    bits: [
      ['chargeOverTemperatureWarning', 'Cells hot while charging'],
      ['dischargeOverTemperatureWarning', 'Cells hot while discharging'],
      ['chargeUnderTemperatureWarning', 'Cells cold while charging'],
      ['dischargeUnderTemperatureWarning', 'Cells cold while discharging'],
      ['environmentOverTemperatureWarning', 'Environment hot'],
      ['environmentUnderTemperatureWarning', 'Environment cold'],
      ['mosfetOverTemperatureWarning', 'MOSFET hot'],
      ['lowCapacityWarning', 'Battery low'],
    ],
  },
  control: { level: '', bits: Array(8).fill(null) },
  balance1: { level: '', bits: Array(8).fill(null) },
};

describe('warning, pack shape', () => {
  it('a pack without alarms', async () => {
    const [message] = await warningOf([{}], { padPacks: 2, padCells: 2 });
    assert.equal(message?.topic, 'pace/pack_01/warning');
    const states = (name: (i: number) => string, count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, i) => [name(i + 1), 'normal']));
    const expected = {
      pack: 1,
      name: 'pack_01',
      online: true,
      lastSeen: message?.pace.receivedAt,
      level: 'normal',
      text: '',
      active: [],
      cellStates: states((i) => `cell_${String(i).padStart(2, '0')}`, 16),
      temperatureStates: states((i) => `temp_${i}`, 6),
      chargeCurrentState: 'normal',
      packVoltageState: 'normal',
      dischargeCurrentState: 'normal',
    };
    assert.equal(JSON.stringify(message?.payload), JSON.stringify(expected));
  });

  for (const [byte, { level, bits }] of Object.entries(FLAGS)) {
    it(`${byte}: bit by bit`, async () => {
      let raw = 0;
      const { flow } = await run(() => alarmReply([{ system: 0, control: 1, [byte]: raw }]), {}, { query: 'warning' });
      for (const [bit, alarm] of bits.entries()) {
        raw = 1 << bit;
        const { payload } = (await flow.ask('warning'))[0] ?? {};
        const active = alarm ? [{ code: alarm[0], level, label: alarm[1] }] : [];
        assert.deepEqual(payload.active, active, `bit ${bit}`);
        assert.deepEqual([payload.level, payload.text], alarm ? [level, alarm[1]] : ['normal', ''], `bit ${bit}`);
      }
    });
  }

  const states: [code: number, state: string, suffix: string, level: string, words: string][] = [
    [0x01, 'low', 'BelowLimit', 'warning', 'below limit'],
    [0x02, 'high', 'AboveLimit', 'warning', 'above limit'],
    [0xf0, 'other', 'OtherFault', 'fault', 'other fault'],
    [0x80, 'unknown-80', 'State', 'warning', '80'],
    [0xef, 'unknown-EF', 'State', 'warning', 'EF'],
    [0x03, 'unknown-03', 'State', 'warning', '03'],
  ];
  for (const [raw, state, suffix, level, words] of states) {
    it(`the state byte ${raw.toString(16)}`, async () => {
      const cells = Array(16).fill(0).with(3, raw);
      const temperatures = Array(6).fill(0).with(1, raw);
      const values = { cells, temperatures, chargeCurrent: raw, packVoltage: raw, dischargeCurrent: raw };
      const { payload } = (await warningOf([values], { padCells: 2 }))[0] ?? {};
      assert.equal(payload.cellStates.cell_04, state);
      assert.equal(payload.cellStates.cell_05, 'normal');
      assert.equal(payload.temperatureStates.temp_2, state);
      assert.deepEqual(
        [payload.chargeCurrentState, payload.packVoltageState, payload.dischargeCurrentState],
        [state, state, state],
      );
      const subjects = ['cell', 'temperature', 'chargeCurrent', 'packVoltage', 'dischargeCurrent'];
      assert.deepEqual(
        payload.active.map(({ label, ...rest }: { label: string }) => rest),
        subjects.map((subject, i) => ({
          code: `${subject}${suffix}`,
          level,
          ...(i === 0 ? { cell: 'cell_04' } : {}),
          ...(i === 1 ? { temperature: 'temp_2' } : {}),
        })),
      );
      for (const { label } of payload.active) assert.ok(label.includes(words), label);
      assert.match(payload.active[0].label, /^cell_04 /);
      assert.match(payload.active[1].label, /^temp_2 /);
      assert.equal(payload.level, level);
    });
  }

  it("the contract's example", async () => {
    const { payload } =
      (await warningOf([{ protection1: 1, cells: Array(16).fill(0).with(3, 2) }], { padCells: 2 }))[0] ?? {};
    assert.equal(payload.text, 'Cell over-voltage protection; cell_04 above limit');
    assert.equal(payload.level, 'protection');
  });

  it('the tail is no alarm', async () => {
    assert.deepEqual(await activeOf({ tail: [0xff, 0xff, 0, 0, 0xff] }), []);
  });

  it('an unknown code does not stop the rest', async () => {
    const active = await activeOf({ cells: Array(16).fill(0).with(0, 0x55), fault: 0x80, warning1: 0xc0 });
    assert.deepEqual(active.map(({ code }: { code: string }) => code).sort(), ['cellState', 'heaterFault']);
  });
});

describe('warning, bank shape', () => {
  it('tells the worst of all packs', async () => {
    const [message] = await warningOf([{ warning2: 0x80 }, {}, { fault: 1 }], { output: 'bank', padPacks: 2 });
    assert.equal(message?.topic, 'pace/bank/warning');
    const { packs, bank } = message?.payload ?? {};
    assert.deepEqual(Object.keys(packs), ['pack_01', 'pack_02', 'pack_03']);
    assert.deepEqual(Object.keys(bank), ['packCount', 'onlineCount', 'level', 'text', 'active']);
    assert.deepEqual([bank.packCount, bank.onlineCount, bank.level], [3, 3, 'fault']);
    assert.deepEqual(bank.active, [
      { pack: 'pack_01', code: 'lowCapacityWarning', level: 'warning', label: 'Battery low' },
      { pack: 'pack_03', code: 'chargeMosfetFault', level: 'fault', label: 'Charge MOSFET fault' },
    ]);
    for (const { label } of bank.active) assert.ok(bank.text.includes(label));
  });

  it('is normal without alarms', async () => {
    const { bank } = (await warningOf([{}, {}], { output: 'bank' }))[0]?.payload ?? {};
    assert.deepEqual(bank, { packCount: 2, onlineCount: 2, level: 'normal', text: '', active: [] });
  });
});
