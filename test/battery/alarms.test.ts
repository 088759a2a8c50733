import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  type Alarm,
  type AlarmLevel,
  alarmsOfStates,
  type LimitState,
  worstFirst,
  worstLevel,
} from '../../src/battery/alarms.js';
import { warning } from './readings.js';

const alarm = (code: string, level: Alarm['level']): Alarm => ({ code, level, label: code });
const codesOf = (alarms: readonly Alarm[]) => alarms.map(({ code }) => code);

describe('worstLevel', () => {
  const cases: [levels: AlarmLevel[], worst: AlarmLevel][] = [
    [[], 'normal'],
    [['normal'], 'normal'],
    [['warning'], 'warning'],
    [['warning', 'protection', 'normal'], 'protection'],
    [['fault', 'protection', 'warning'], 'fault'],
  ];
  for (const [levels, worst] of cases) {
    it(`of ${levels.join(', ') || 'nothing'} is ${worst}`, () => {
      assert.equal(worstLevel(levels.map((level) => ({ level }))), worst);
    });
  }
});

describe('worstFirst', () => {
  const cases: [given: [code: string, level: Alarm['level']][], codes: string[]][] = [
    [[], []],
    [[['a', 'warning']], ['a']],
    [
      [
        ['a', 'warning'],
        ['b', 'fault'],
        ['c', 'protection'],
      ],
      ['b', 'c', 'a'],
    ],
    [
      [
        ['a', 'warning'],
        ['b', 'protection'],
        ['c', 'warning'],
        ['d', 'protection'],
      ],
      ['b', 'd', 'a', 'c'],
    ],
  ];
  for (const [given, codes] of cases) {
    it(`${given.map(([code, level]) => `${code}: ${level}`).join(', ') || 'nothing'}`, () => {
      const alarms = given.map(([code, level]) => alarm(code, level));
      assert.deepEqual(codesOf(worstFirst(alarms)), codes);
      assert.deepEqual(
        codesOf(alarms),
        given.map(([code]) => code),
        'the list given stays as it is',
      );
    });
  }
});

describe('alarmsOfStates', () => {
  it('of normal states are none', () => {
    assert.deepEqual(alarmsOfStates(warning()), []);
    assert.deepEqual(alarmsOfStates(warning({ cellStates: [], temperatureStates: [] })), []);
  });

  const states: [state: LimitState, suffix: string, level: Alarm['level'], words: string][] = [
    ['low', 'BelowLimit', 'warning', 'below limit'],
    ['high', 'AboveLimit', 'warning', 'above limit'],
    ['other', 'OtherFault', 'fault', 'other fault'],
    ['unknown-7F', 'State', 'warning', 'state 0x7F'],
  ];
  for (const [state, suffix, level, words] of states) {
    it(`${state}: every quantity, cells and sensors by number`, () => {
      const reading = warning({
        cellStates: ['normal', state, 'normal', state],
        temperatureStates: [state, 'normal'],
        chargeCurrentState: state,
        packVoltageState: state,
        dischargeCurrentState: state,
      });
      assert.deepEqual(alarmsOfStates(reading), [
        { code: `cell${suffix}`, level, label: words, cell: 2 },
        { code: `cell${suffix}`, level, label: words, cell: 4 },
        { code: `temperature${suffix}`, level, label: words, temperature: 1 },
        { code: `chargeCurrent${suffix}`, level, label: `Charge current ${words}` },
        { code: `packVoltage${suffix}`, level, label: `Pack voltage ${words}` },
        { code: `dischargeCurrent${suffix}`, level, label: `Discharge current ${words}` },
      ]);
    });
  }

  it('an unknown state does not stop the rest', () => {
    const alarms = alarmsOfStates(warning({ cellStates: ['unknown-EF', 'low'], dischargeCurrentState: 'other' }));
    assert.deepEqual(codesOf(alarms), ['cellState', 'cellBelowLimit', 'dischargeCurrentOtherFault']);
  });
});
