import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { ReadKind, Target } from '../../src/dialects/dialect.js';
import { alarmReading } from '../../src/dialects/pace25/alarm-reading.js';
import { encodeAlarmInfo, encodeAnalogInfo } from '../../src/dialects/pace25/encode.js';
import { pace25 } from '../../src/dialects/pace25/index.js';
import type { AlarmRecord } from '../../src/dialects/pace25/records.js';
import { PaceError } from '../../src/errors.js';
import { alarmBank, analogBank } from './banks.js';

const ALL: Target = { address: 1, pack: 'all' };

/** With which tails the records of INFO end where INFO ends (`pace-v25.md` 5.3). */
function tailsThatFit(info: Uint8Array, bytesPerItem: number, bytesAfterLists: number, longestTail: number): number[] {
  const fits = (tail: number) => {
    let position = 2;
    for (let i = 0; i < (info[1] as number); i++) {
      const cells = info[position] ?? 0;
      const sensors = info[position + 1 + cells * bytesPerItem] ?? 99;
      if (cells < 1 || cells > 32 || sensors > 16) return false;
      position += 2 + (cells + sensors) * bytesPerItem + bytesAfterLists + tail;
    }
    return position === info.length;
  };
  return Array.from({ length: longestTail + 1 }, (_, tail) => tail).filter(fits);
}

/** The readings of INFO; null where it is refused. */
function readings(kind: ReadKind, info: Uint8Array, lastTailBytes?: number): unknown[] | null {
  try {
    return pace25.decode(kind, info, ALL, { lastTailBytes }).slots.map(({ reading }) => reading);
  } catch (thrown) {
    assert.ok(thrown instanceof PaceError && thrown.code === 'SHAPE', String(thrown));
    return null;
  }
}

const hasStates = ({ cellStates, temperatureStates }: AlarmRecord) =>
  [...cellStates, ...temperatureStates].some((state) => state !== 'normal');

describe('any bank', () => {
  it('42: reads as it was written, or is refused where it can be read in several ways', () => {
    fc.assert(
      fc.property(analogBank, (records) => {
        const info = encodeAnalogInfo(records.length, records);
        const got = readings('analog', info);
        const written = records.map(({ fields }) => (fields.packMillivolts === 0 ? null : fields));
        if (got) assert.deepEqual(got, written);
        else assert.ok(tailsThatFit(info, 2, 13, 40).length > 1);
        assert.deepEqual(readings('analog', info, records[0]?.tail.length), written);
      }),
    );
  });

  it('44: reads as it was written where only one tail fits, or the tail is known', () => {
    fc.assert(
      fc.property(alarmBank, (records) => {
        const info = encodeAlarmInfo(records.length, records);
        if (tailsThatFit(info, 2, 13, 40).length > 0) return; // it may be a 42 reply
        const written = records.map(({ fields, tail }) => {
          const rest = encodeAlarmInfo(0, [{ fields: { ...fields, cellStates: [], temperatureStates: [] }, tail }]);
          return rest.some((byte) => byte !== 0) || hasStates(fields) ? alarmReading(fields) : null;
        });
        if (tailsThatFit(info, 1, 12, 8).length === 1) assert.deepEqual(readings('alarms', info), written);
        assert.deepEqual(readings('alarms', info, records[0]?.tail.length), written);
      }),
    );
  });
});
