import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type CapturedPack, fieldCapture, frameOf } from '../support/captures.js';
import type { Message } from '../support/node-red.js';
import { bench, type QueryDefinition } from './kit/flow.js';
import { type AnalogPack, analogReply } from './kit/replies.js';

const { run } = bench();

/** The one message a pack gives, asked by an input. */
async function packMessages(reply: string, properties: QueryDefinition = {}): Promise<Message[]> {
  const { flow } = await run(() => reply, {}, properties);
  return flow.ask('analog');
}

const payloadOf = async (pack: AnalogPack) => (await packMessages(analogReply([pack])))[0]?.payload;

const numbered = <T>(name: string, values: readonly T[]) =>
  Object.fromEntries(values.map((value, i) => [`${name}_${i + 1}`, value]));

/** What the contract wants of a captured pack, computed from the decode beside the capture. */
function wanted(captured: CapturedPack, pack: number, lastSeen: number) {
  const { cells_mV: cells, temps_raw_dK, temps_C_2730, voltage_V, current_A_x10mA } = captured;
  const { remaining_Ah, full_Ah, design_Ah, cycles } = captured;
  const volts = cells.map((millivolts) => millivolts / 1000);
  const temperatures = temps_C_2730.map((degrees, i) => (temps_raw_dK[i] === 0x8000 ? null : degrees));
  const six = temperatures.length === 6;
  const ofCells = temperatures.slice(0, six ? 4 : undefined).filter((degrees) => degrees !== null);
  const located = (voltage: number) => ({ name: `cell_${volts.indexOf(voltage) + 1}`, voltage });
  const rounded = (value: number, decimals: number) => Number(value.toFixed(decimals));
  const percent = (part: number, whole: number) =>
    whole === 0 ? null : rounded(Math.min(100, (part / whole) * 100), 2);
  return {
    pack,
    name: `pack_${pack}`,
    online: true,
    lastSeen,
    voltage: voltage_V,
    current: current_A_x10mA,
    power: rounded(voltage_V * current_A_x10mA, 1),
    soc: percent(remaining_Ah, full_Ah),
    soh: percent(full_Ah, design_Ah),
    remainingCapacity: remaining_Ah,
    fullCapacity: full_Ah,
    designCapacity: design_Ah,
    cycles,
    cellCount: cells.length,
    cellVoltages: numbered('cell', volts),
    cells: volts.map((voltage, i) => ({ cell: i + 1, name: `cell_${i + 1}`, voltage })),
    cellMin: located(Math.min(...volts)),
    cellMax: located(Math.max(...volts)),
    cellAverage: rounded(cells.reduce((sum, cell) => sum + cell, 0) / cells.length / 1000, 3),
    cellDelta: rounded(Math.max(...volts) - Math.min(...volts), 3),
    temperatures: numbered('temp', temperatures),
    temperatureMin: Math.min(...ofCells),
    temperatureMax: Math.max(...ofCells),
    mosfetTemperature: six ? temperatures[4] : null,
    environmentTemperature: six ? temperatures[5] : null,
  };
}

describe('analog, pack shape: captures', () => {
  const banks: [id: string, packs: number[], note: string][] = [
    ['wild-060', [1, 2], 'two packs with a tail of 1 byte'],
    ['wild-081', [1, 2], 'two packs with different item counts'],
    ['wild-004', [1, 2], 'two packs with 10-byte tails'],
    ['wild-019', [1, 2], 'two packs without tails'],
    ['wild-017', [1, 3, 4, 5, 6, 7, 8, 9, 10], 'ten slots, the second empty'],
    ['wild-053', [1], 'eight sensors'],
    ['wild-093', [1], 'eight cells, four sensors'],
    ['wild-075', [1], 'count 0: one record, the pack is the address asked'],
  ];
  for (const [id, packs, note] of banks) {
    it(`${id}: ${note}`, async () => {
      const capture = fieldCapture(id);
      const messages = await packMessages(frameOf(capture));
      assert.deepEqual(
        messages.map(({ topic }) => topic),
        packs.map((pack) => `pace/pack_${pack}/analog`),
      );
      messages.forEach(({ payload, pace }, i) => {
        const pack = packs[i] as number;
        const captured = capture.expected?.packs[packs.length === 1 ? 0 : pack - 1] as CapturedPack;
        // As text: the order of the members is part of what people see.
        assert.equal(JSON.stringify(payload), JSON.stringify(wanted(captured, pack, pace.receivedAt)));
      });
    });
  }
});

describe('analog, pack shape: single values', () => {
  const cases: [what: string, pack: AnalogPack, expected: object][] = [
    ['charging', { current: 1234 }, { current: 12.34, power: 651.6 }],
    ['discharging', { current: -1 }, { current: -0.01, power: -0.5 }],
    ['the strongest discharge', { current: -0x8000 }, { current: -327.68 }],
    ['a state of charge beyond full', { remaining: 12_000 }, { soc: 100 }],
    ['a state of health beyond new', { full: 11_300 }, { soh: 100 }],
    ['a rounded state of charge', { remaining: 1, full: 3, design: 7 }, { soc: 33.33, soh: 42.86 }],
    ['no full capacity', { remaining: 100, full: 0 }, { soc: null, soh: 0 }],
    ['no design capacity', { design: 0 }, { soc: 50, soh: null }],
    [
      'a sensor that is not fitted among six',
      { temperatures: [0x8000, 2931, 2932, 0x8000, 0x8000, 2940] },
      {
        temperatures: { temp_1: null, temp_2: 20.1, temp_3: 20.2, temp_4: null, temp_5: null, temp_6: 21 },
        temperatureMin: 20.1,
        temperatureMax: 20.2,
        mosfetTemperature: null,
        environmentTemperature: 21,
      },
    ],
    [
      'no sensor fitted',
      { temperatures: Array(4).fill(0x8000) },
      {
        temperatures: { temp_1: null, temp_2: null, temp_3: null, temp_4: null },
        temperatureMin: null,
        temperatureMax: null,
        mosfetTemperature: null,
        environmentTemperature: null,
      },
    ],
    ['no sensor at all', { temperatures: [] }, { temperatures: {}, temperatureMin: null, temperatureMax: null }],
    ['frost', { temperatures: [2630, 2729, 2730, 2731] }, { temperatureMin: -10, temperatureMax: 0.1 }],
    [
      'the first of equal cells',
      { cells: [3301, 3300, 3301, 3300] },
      { cellMin: { name: 'cell_2', voltage: 3.3 }, cellMax: { name: 'cell_1', voltage: 3.301 }, cellAverage: 3.301 },
    ],
  ];
  for (const [what, pack, expected] of cases) {
    it(what, async () => {
      const payload = await payloadOf(pack);
      const got = Object.fromEntries(Object.keys(expected).map((key) => [key, payload[key]]));
      assert.deepEqual(got, expected);
    });
  }

  it('no number is -0', async () => {
    const payload = await payloadOf({ current: 0, temperatures: [2730, 2730, 2730, 2730, 2730, 2730] });
    const numbers = [payload.current, payload.power, payload.temperatureMin, ...Object.values(payload.temperatures)];
    for (const number of numbers) assert.ok(Object.is(number, 0), `${number}`);
  });
});

describe('analog, bank shape', () => {
  it('sums two captured packs up', async () => {
    const { flow } = await run(() => frameOf(fieldCapture('wild-060')), {}, { output: 'bank' });
    const messages = await flow.ask('analog');
    assert.equal(messages.length, 1);
    const { topic, payload, parts, pace } = messages[0] as Message;
    assert.equal(topic, 'pace/bank/analog');
    assert.equal(parts, undefined);
    const packs = fieldCapture('wild-060').expected?.packs as CapturedPack[];
    const [first, second] = packs.map((captured, i) => wanted(captured, i + 1, pace.receivedAt));
    const bank = {
      packCount: 2,
      onlineCount: 2,
      voltage: 52.452,
      current: -7.55,
      power: -396,
      soc: 67.36,
      soh: 100,
      remainingCapacity: 133.38,
      fullCapacity: 198,
      designCapacity: 198,
      cellMin: { pack: 'pack_1', name: 'cell_9', voltage: 3.275 },
      cellMax: { pack: 'pack_2', name: 'cell_2', voltage: 3.278 },
      cellDelta: 0.003,
      temperatureMin: 23,
      temperatureMax: 23.9,
    };
    assert.equal(JSON.stringify(payload), JSON.stringify({ packs: { pack_1: first, pack_2: second }, bank }));
  });

  it('shows an empty slot among ten, and counts it not', async () => {
    const { flow } = await run(() => frameOf(fieldCapture('wild-017')), {}, { output: 'bank', padPacks: 2 });
    const { packs, bank } = (await flow.ask('analog'))[0]?.payload ?? {};
    assert.deepEqual(packs.pack_02, { pack: 2, name: 'pack_02', online: false, lastSeen: null });
    assert.equal(Object.keys(packs).join(), Array.from({ length: 10 }, (_, i) => `pack_${pad(i + 1)}`).join());
    assert.deepEqual([bank.packCount, bank.onlineCount], [9, 9]);
  });

  it('says null where nothing can be divided', async () => {
    const { flow } = await run(() => analogReply([{ full: 0, design: 0 }]), {}, { output: 'bank' });
    const { bank } = (await flow.ask('analog'))[0]?.payload ?? {};
    assert.deepEqual([bank.soc, bank.soh], [null, null]);
  });
});

const pad = (number: number) => String(number).padStart(2, '0');
