import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Alarm } from '../../src/battery/alarms.js';
import type { AnalogReading } from '../../src/battery/analog.js';
import type { StatusReading } from '../../src/battery/status.js';
import { analogShape } from '../../src/messages/analog.js';
import { statusShape } from '../../src/messages/status.js';
import { warningShape } from '../../src/messages/warning.js';
import { analog, packs, status, warning } from '../battery/readings.js';

const NAMING = { padPacks: 0, padCells: 2 };

describe('analog at a glance', () => {
  const cases: [text: string, ...packs: Partial<AnalogReading>[]][] = [
    ['81 % · 52.98 V · −12.3 A', { remainingMilliampHours: 81_100, packMillivolts: 52_980, currentMilliamps: -12_300 }],
    ['50 % · 13.20 V · 0.0 A', { currentMilliamps: -40 }],
    ['13.20 V · 0.0 A', { fullMilliampHours: 0 }],
    [
      '25 % · 13.30 V · −1.0 A',
      { remainingMilliampHours: 0, currentMilliamps: 2000 },
      { packMillivolts: 13_400, currentMilliamps: -3000 },
    ],
  ];
  for (const [text, ...changes] of cases) {
    it(text, () => assert.equal(analogShape.glance(packs(...changes.map(analog)), NAMING), text));
  }
});

describe('warning at a glance', () => {
  const high: Alarm = { code: 'cellAboveLimit', level: 'warning', label: 'above limit', cell: 4 };
  const fault: Alarm = { code: 'cellFault', level: 'fault', label: 'Cell fault' };
  const cases: [text: string, ...alarms: Alarm[][]][] = [
    ['no alarms', []],
    ['no alarms', [], []],
    ['cell_04 above limit', [high], []],
    ['2 alarms, worst: fault', [high], [fault]],
  ];
  for (const [text, ...alarms] of cases) {
    it(text, () => {
      assert.equal(warningShape.glance(packs(...alarms.map((each) => warning({ alarms: each }))), NAMING), text);
    });
  }
});

describe('status at a glance', () => {
  const cases: [text: string, ...packs: Partial<StatusReading>[]][] = [
    ['idle · MOSFETs on', {}],
    ['charging · balancing 3', { mode: 'charging', balancingCells: [1, 2] }, { mode: 'charging', balancingCells: [9] }],
    ['mixed · MOSFETs on', {}, { mode: 'charging' }],
    ['idle · discharge off', { dischargeMosfet: false, balancingCells: [1] }, {}],
    ['mixed · charge, discharge off', { chargeMosfet: false }, { mode: 'charging', dischargeMosfet: false }],
  ];
  for (const [text, ...changes] of cases) {
    it(text, () => assert.equal(statusShape.glance(packs(...changes.map(status)), NAMING), text));
  }
});
