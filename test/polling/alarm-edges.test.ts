import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Alarm } from '../../src/battery/alarms.js';
import type { AlarmEdge } from '../../src/messages/events.js';
import { AlarmEdges } from '../../src/polling/alarm-edges.js';

const alarm = (code: string, place: { cell?: number; temperature?: number } = {}): Alarm => {
  return { code, level: 'warning', label: code, ...place };
};
const LOW = alarm('packUnderVoltageWarning');
const HOT = alarm('mosfetOverTemperatureWarning');
const CELL_1 = alarm('cellAboveLimit', { cell: 1 });
const CELL_2 = alarm('cellAboveLimit', { cell: 2 });
const SENSOR_1 = alarm('temperatureAboveLimit', { temperature: 1 });
const SENSOR_2 = alarm('temperatureAboveLimit', { temperature: 2 });

const edge = (pack: number, of: Alarm, state: AlarmEdge['state'], since: number, at: number): AlarmEdge => {
  return { pack, alarm: of, state, since, at };
};

/** Readings of packs one after the other, with the edges that each brings. */
const CASES: Record<string, [pack: number, alarms: Alarm[], at: number, edges: AlarmEdge[]][]> = {
  'nothing wrong': [
    [1, [], 10, []],
    [1, [], 20, []],
  ],
  'what the first reading has is raised, once': [
    [1, [LOW, HOT], 10, [edge(1, LOW, 'raised', 10, 10), edge(1, HOT, 'raised', 10, 10)]],
    [1, [LOW, HOT], 20, []],
    [1, [HOT, LOW], 30, []],
  ],
  'cleared once, with when it began': [
    [1, [LOW], 10, [edge(1, LOW, 'raised', 10, 10)]],
    [1, [LOW], 20, []],
    [1, [], 30, [edge(1, LOW, 'cleared', 10, 30)]],
    [1, [], 40, []],
  ],
  'raised again begins anew': [
    [1, [LOW], 10, [edge(1, LOW, 'raised', 10, 10)]],
    [1, [], 20, [edge(1, LOW, 'cleared', 10, 20)]],
    [1, [LOW], 30, [edge(1, LOW, 'raised', 30, 30)]],
    [1, [], 40, [edge(1, LOW, 'cleared', 30, 40)]],
  ],
  'one comes as another goes': [
    [1, [LOW], 10, [edge(1, LOW, 'raised', 10, 10)]],
    [1, [HOT], 20, [edge(1, HOT, 'raised', 20, 20), edge(1, LOW, 'cleared', 10, 20)]],
  ],
  'each pack has its own': [
    [1, [LOW], 10, [edge(1, LOW, 'raised', 10, 10)]],
    [2, [LOW], 20, [edge(2, LOW, 'raised', 20, 20)]],
    [1, [], 30, [edge(1, LOW, 'cleared', 10, 30)]],
    [2, [LOW], 40, []],
  ],
  'each cell has its own': [
    [1, [CELL_1], 10, [edge(1, CELL_1, 'raised', 10, 10)]],
    [1, [CELL_1, CELL_2], 20, [edge(1, CELL_2, 'raised', 20, 20)]],
    [1, [CELL_2], 30, [edge(1, CELL_1, 'cleared', 10, 30)]],
  ],
  'each sensor has its own': [
    [1, [SENSOR_1], 10, [edge(1, SENSOR_1, 'raised', 10, 10)]],
    [1, [SENSOR_2], 20, [edge(1, SENSOR_2, 'raised', 20, 20), edge(1, SENSOR_1, 'cleared', 10, 20)]],
  ],
  'a code is one alarm, however its label changes': [
    [1, [LOW], 10, [edge(1, LOW, 'raised', 10, 10)]],
    [1, [{ ...LOW, label: 'state 0x81' }], 20, []],
  ],
};

describe('AlarmEdges', () => {
  for (const [what, readings] of Object.entries(CASES)) {
    it(what, () => {
      const edges = new AlarmEdges();
      for (const [pack, alarms, at, expected] of readings) {
        assert.deepEqual(edges.update(pack, alarms, at), expected, `at ${at}`);
      }
    });
  }
});
