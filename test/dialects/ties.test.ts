import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Target } from '../../src/dialects/dialect.js';
import { encodeAlarmInfo, encodeAnalogInfo } from '../../src/dialects/pace25/encode.js';
import { pace25 } from '../../src/dialects/pace25/index.js';
import type { AlarmRecord, AnalogRecord } from '../../src/dialects/pace25/records.js';
import { fieldCapture } from '../support/captures.js';
import { analogReplies, infoOf } from './replies.js';

const ALL: Target = { address: 1, pack: 'all' };

const alarms = (cells: number, sensors: number): AlarmRecord => ({
  cellStates: Array(cells).fill('normal'),
  temperatureStates: Array(sensors).fill('normal'),
  chargeCurrentState: 'normal',
  packVoltageState: 'normal',
  dischargeCurrentState: 'normal',
  protection1: [],
  protection2: [],
  system: ['chargeMosfetOn'],
  control: [],
  fault: [],
  balancingCells: [],
  warning1: [],
  warning2: [],
});

/** Two packs whose 44 reply reads with tails of 0 and of 2. */
const TIED_ALARMS = Buffer.from('00020100000000000000000000000000000600020000000000000000000000000000000000', 'hex');

const pack = (cells: number[], packMillivolts: number): AnalogRecord => ({
  cellMillivolts: cells,
  temperatureTenths: [200],
  currentMilliamps: 0,
  packMillivolts,
  remainingMilliampHours: 50_000,
  userItemCount: 3,
  fullMilliampHours: 100_000,
  cycles: 1,
  designMilliampHours: 100_000,
});

describe('a reply that can be read with several tails', () => {
  it('is refused without anything that decides', () => {
    assert.throws(() => pace25.decode('alarms', TIED_ALARMS, ALL), { code: 'SHAPE' });
  });

  it('44: does not send the user to a setting that only the analog node has', () => {
    assert.throws(
      () => pace25.decode('alarms', TIED_ALARMS, ALL),
      ({ message }: Error) => !message.includes('pack offset'),
    );
  });

  it('is read with the tail last seen', () => {
    for (const lastTailBytes of [0, 2]) {
      assert.equal(pace25.decode('alarms', TIED_ALARMS, ALL, { lastTailBytes }).tailBytes, lastTailBytes);
    }
  });

  it('is refused where the tail last seen is none of them', () => {
    assert.throws(() => pace25.decode('alarms', TIED_ALARMS, ALL, { lastTailBytes: 1 }), { code: 'SHAPE' });
  });

  it('is read with the counts of the first record where nothing else decides', () => {
    // a tail of 16 and 0 may also begin a second pack of 16 cells
    const records = [alarms(8, 4), alarms(8, 4)].map((fields) => ({ fields, tail: Uint8Array.of(16, 0) }));
    const info = encodeAlarmInfo(2, records);
    const cellsRead = (lastTailBytes?: number) =>
      pace25
        .decode('alarms', info, ALL, { lastTailBytes })
        .slots.map(({ reading }) => reading?.warning.cellStates.length);
    assert.deepEqual(cellsRead(), [8, 8]);
    assert.deepEqual(cellsRead(0), [8, 16], 'the tail last seen goes before');
  });

  it('42: the cells’ sum outweighs the tail last seen', () => {
    const records = [pack([3300, 3300], 6600), pack([3300, 3300], 6600)].map((fields) => ({
      fields,
      tail: Uint8Array.of(1, 2, 3, 4),
    }));
    const info = encodeAnalogInfo(2, records);
    for (let lastTailBytes = 0; lastTailBytes <= 40; lastTailBytes++) {
      assert.equal(pace25.decode('analog', info, ALL, { lastTailBytes }).tailBytes, 4);
    }
  });
});

describe('a tail that the user set', () => {
  for (const { id, text, target, packs } of analogReplies.filter((reply) => reply.packs.length > 1)) {
    it(`${id}: the right one reads as without it, any other is refused and the right one named`, () => {
      const info = infoOf(text);
      const found = pace25.decode('analog', info, target);
      for (let forcedTailBytes = 0; forcedTailBytes <= 40; forcedTailBytes++) {
        const read = () => pace25.decode('analog', info, target, { forcedTailBytes });
        if (forcedTailBytes * 2 === packs[0]?.tailHex.length) assert.deepEqual(read(), found);
        else assert.throws(read, { code: 'SHAPE', message: new RegExp(`set ${found.tailBytes * 2}\\b`) });
      }
    });
  }
});

describe('INFO that reads as 42', () => {
  it('is no 44 reply whatever else it fits', () => {
    // one pack of 1 cell at 0x0D00 mV and no sensor, and also a 44 record of 1 cell, no sensor and a tail of 2
    const fields = { ...pack([0x0d00], 0x0d00), temperatureTenths: [] };
    const info = encodeAnalogInfo(1, [{ fields, tail: new Uint8Array() }]);
    assert.equal(pace25.fits('analog', info, ALL), true);
    assert.equal(pace25.fits('alarms', info, ALL), false);
    info[2 + 3 + 1 + 2] = 1; // another pack voltage: no 42 reply that adds up any more
    assert.equal(pace25.fits('alarms', info, ALL), true);
  });

  it('is no 44 reply of an empty bank either', () => {
    const empty = infoOf(`${fieldCapture('wild-060').frame}`).map((byte, i) => (i < 3 ? byte : 0));
    assert.equal(pace25.fits('alarms', empty, ALL), false);
  });
});
