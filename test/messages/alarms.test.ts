import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Alarm } from '../../src/battery/alarms.js';
import { eventMessage } from '../../src/messages/events.js';
import { alarmEntry, warningShape } from '../../src/messages/warning.js';
import { packs, warning } from '../battery/readings.js';

const NAMING = { padPacks: 2, padCells: 2 };

const OVER_VOLTAGE: Alarm = { code: 'cellOverVoltageProtection', level: 'protection', label: 'Cell over-voltage' };
const CELL_HIGH: Alarm = { code: 'cellAboveLimit', level: 'warning', label: 'above limit', cell: 4 };
const SENSOR_FAULT: Alarm = { code: 'temperatureOtherFault', level: 'fault', label: 'other fault', temperature: 2 };

describe('an alarm', () => {
  const cases: [alarm: Alarm, entry: object][] = [
    [OVER_VOLTAGE, { ...OVER_VOLTAGE }],
    [CELL_HIGH, { code: 'cellAboveLimit', level: 'warning', label: 'cell_04 above limit', cell: 'cell_04' }],
    [
      SENSOR_FAULT,
      { code: 'temperatureOtherFault', level: 'fault', label: 'temp_2 other fault', temperature: 'temp_2' },
    ],
  ];
  for (const [alarm, entry] of cases) {
    it(`${alarm.code} in a list of active ones`, () => {
      assert.deepEqual(alarmEntry(alarm, NAMING), entry);
    });

    for (const state of ['raised', 'cleared'] as const) {
      it(`${alarm.code} as an event: ${state}`, () => {
        const message = eventMessage(
          { pack: 3, alarm, state, since: 1000, at: 2000 },
          { output: 'value', topic: 'pace', naming: NAMING },
        );
        assert.deepEqual(message, {
          topic: 'pace/pack_03/event',
          payload: { pack: 3, name: 'pack_03', ...entry, state, since: 1000, at: 2000 },
          pack: 3,
        });
      });
    }
  }
});

describe('a bank’s alarms', () => {
  const bank = (...alarms: Alarm[][]) =>
    warningShape.bank(packs(...alarms.map((each) => warning({ alarms: each }))), NAMING) as {
      level: string;
      text: string;
      active: { pack: string; label: string }[];
    };

  it('are told pack by pack, the level is the worst', () => {
    const { level, text, active } = bank([OVER_VOLTAGE, CELL_HIGH], [], [SENSOR_FAULT]);
    assert.equal(level, 'fault');
    assert.deepEqual(
      active.map(({ pack, label }) => [pack, label]),
      [
        ['pack_01', 'Cell over-voltage'],
        ['pack_01', 'cell_04 above limit'],
        ['pack_03', 'temp_2 other fault'],
      ],
    );
    for (const { pack, label } of active) assert.ok(text.includes(pack) && text.includes(label), text);
    assert.ok(!text.includes('pack_02'));
  });

  it('of none are normal', () => assert.deepEqual(bank([], []), { level: 'normal', text: '', active: [] }));
});
