import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Message } from '../support/node-red.js';
import { bench } from './kit/flow.js';
import { type AlarmPack, alarmReply, analogReply, EMPTY_SLOT } from './kit/replies.js';

const { run } = bench();

const asTable = (messages: readonly Message[]) => messages.map(({ topic, payload }) => [topic, payload]);

describe('value shape', () => {
  it('analog: topics and units of bmspace', async () => {
    const pack = { cells: [3300, 3312], current: -1234, remaining: 7001, full: 9900, cycles: 22 };
    const reply = analogReply([{ ...pack, temperatures: [2941, 0x8000, 2730, 2720] }]);
    const { flow } = await run(() => reply, {}, { output: 'value', padPacks: 2, padCells: 2 });
    assert.deepEqual(asTable(await flow.ask('analog')), [
      ['pace/availability', 'online'],
      ['pace/pack_01/v_cells/cell_01', 3300],
      ['pace/pack_01/v_cells/cell_02', 3312],
      ['pace/pack_01/cells_max_diff_calc', 12],
      ['pace/pack_01/temps/temp_1', 21.1],
      ['pace/pack_01/temps/temp_3', 0],
      ['pace/pack_01/temps/temp_4', -1],
      ['pace/pack_01/i_pack', -12.34],
      ['pace/pack_01/v_pack', 6.612],
      ['pace/pack_01/i_remain_cap', 70_010],
      ['pace/pack_01/i_full_cap', 99_000],
      ['pace/pack_01/i_design_cap', 100_000],
      ['pace/pack_01/cycles', 22],
      ['pace/pack_01/soc', 70.72],
      ['pace/pack_01/soh', 99],
    ]);
  });

  it('analog: nothing for an empty slot or a null', async () => {
    const reply = analogReply([{ full: 0, design: 0 }, EMPTY_SLOT]);
    const { flow } = await run(() => reply, {}, { output: 'value' });
    const topics = (await flow.ask('analog')).map(({ topic }) => topic);
    assert.ok(topics.includes('pace/pack_1/i_full_cap'));
    assert.ok(!topics.includes('pace/pack_1/soc') && !topics.includes('pace/pack_1/soh'));
    assert.ok(!topics.some((topic) => topic.includes('pack_2')));
  });

  it('analog: availability is told once', async () => {
    const { flow } = await run(() => analogReply([{}]), {}, { output: 'value' });
    await flow.ask('analog');
    const second = await flow.ask('analog');
    assert.ok(!second.some(({ topic }) => topic === 'pace/availability'));
  });

  const warnings: [what: string, pack: AlarmPack, expected: (string | number)[]][] = [
    ['nothing', {}, ['', 0, 0, 0]],
    ['a short circuit', { protection1: 0x40 }, ['Short-circuit protection', 1, 0, 0]],
    ['too much discharge', { protection1: 0x20 }, ['Discharge over-current protection', 0, 1, 0]],
    ['too much charge', { protection1: 0x10 }, ['Charge over-current protection', 0, 0, 1]],
    ['only warnings of them', { warning1: 0x20 }, ['Discharge current high', 0, 0, 0]],
  ];
  for (const [what, pack, [text, short, discharge, charge]] of warnings) {
    it(`warning: ${what}`, async () => {
      const { flow } = await run(() => alarmReply([pack]), {}, { query: 'warning', output: 'value' });
      assert.deepEqual(asTable(await flow.ask('warning')), [
        ['pace/pack_1/warnings', text],
        ['pace/pack_1/prot_short_circuit', short],
        ['pace/pack_1/prot_discharge_current', discharge],
        ['pace/pack_1/prot_charge_current', charge],
      ]);
    });
  }

  const LEAVES = [
    'fully',
    'current_limit',
    'charge_fet',
    'discharge_fet',
    'pack_indicate',
    'reverse',
    'ac_in',
    'heart',
  ];
  const statuses: [leaf: string, pack: AlarmPack][] = [
    ['fully', { protection2: 0x80 }],
    ['current_limit', { system: 0x01 }],
    ['charge_fet', { system: 0x02 }],
    ['discharge_fet', { system: 0x04 }],
    ['pack_indicate', { system: 0x08 }],
    ['reverse', { system: 0x10 }],
    ['ac_in', { system: 0x20 }],
    ['heart', { system: 0x80 }],
  ];
  for (const [leaf, pack] of statuses) {
    it(`status: ${leaf}`, async () => {
      const reply = alarmReply([{ system: 0, balance1: 0x08, balance2: 0x81, ...pack }]);
      const { flow } = await run(() => reply, {}, { query: 'status', output: 'value' });
      assert.deepEqual(asTable(await flow.ask('status')), [
        ['pace/pack_1/balancing1', '00001000'],
        ['pace/pack_1/balancing2', '10000001'],
        ...LEAVES.map((name) => [`pace/pack_1/${name}`, name === leaf ? 1 : 0]),
      ]);
    });
  }
});
