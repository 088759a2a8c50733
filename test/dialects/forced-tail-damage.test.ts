import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Target } from '../../src/dialects/dialect.js';
import { encodeAnalogInfo } from '../../src/dialects/pace25/encode.js';
import { pace25 } from '../../src/dialects/pace25/index.js';

const ALL: Target = { address: 1, pack: 'all' };

const packOf = (cellMillivolts: number[], packMillivolts: number) => ({
  cellMillivolts,
  temperatureTenths: [200],
  currentMilliamps: 0,
  packMillivolts,
  remainingMilliampHours: 50_000,
  userItemCount: 3,
  fullMilliampHours: 100_000,
  cycles: 1,
  designMilliampHours: 100_000,
});

/** Two packs of two cells; their tail of one byte, 4, may also begin a second pack of four cells and have no tail. */
function replyOf(packMillivolts: number, cells = [3300, 3300]): Uint8Array {
  const record = { fields: packOf(cells, packMillivolts), tail: Uint8Array.of(4) };
  return encodeAnalogInfo(2, [record, record]);
}

const millivolts = (info: Uint8Array, forcedTailBytes: number) =>
  pace25.decode('analog', info, ALL, { forcedTailBytes }).slots.map(({ reading }) => reading?.cellMillivolts);

describe('a tail that the user set, where two tails fit', () => {
  const truth = [
    [3300, 3300],
    [3300, 3300],
  ];

  it('the right one is read', () => assert.deepEqual(millivolts(replyOf(6600), 1), truth));

  it('the wrong one is refused, and the right one named', () => {
    assert.throws(() => millivolts(replyOf(6600), 0), { code: 'SHAPE', message: /pack offset 0 .*, or set 2$/ });
  });

  it('the right one is read where the cells of neither add up', () => {
    assert.deepEqual(millivolts(replyOf(6800), 1), truth);
  });

  it('the wrong one is refused where the cells of neither add up', () => {
    assert.throws(() => millivolts(replyOf(6800), 0), { code: 'SHAPE', message: /pack offset 0 .*, or set 2$/ });
  });

  it('is refused where it gives cells or voltages that no pack has', () => {
    for (const info of [replyOf(7200), replyOf(1800, [900, 920])]) {
      for (const tailBytes of [0, 1]) {
        assert.throws(() => millivolts(info, tailBytes), { code: 'SHAPE', message: /leave it empty$/ });
      }
    }
  });
});

describe('a tail that the user set, where one tail fits', () => {
  const odd = { fields: packOf([3300, 3300], 7200), tail: Uint8Array.of(1) };
  const info = encodeAnalogInfo(2, [odd, odd]);

  it('is read as without it, also where the cells do not add up', () => {
    const { slots } = pace25.decode('analog', info, ALL);
    assert.deepEqual(pace25.decode('analog', info, ALL, { forcedTailBytes: 1 }).slots, slots);
  });

  it('any other is refused, and the right one named', () => {
    for (const tailBytes of [0, 2, 10, 40]) {
      assert.throws(() => millivolts(info, tailBytes), { code: 'SHAPE', message: /, or set 2$/ });
    }
  });
});
