import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { cellName, packName, temperatureName, topicOf } from '../../src/messages/names.js';

describe('names', () => {
  const cases: [number: number, digits: number, padded: string][] = [
    [1, 0, '1'],
    [1, 1, '1'],
    [1, 2, '01'],
    [16, 2, '16'],
    [123, 2, '123'],
    [0, 3, '000'],
  ];
  for (const [number, digits, padded] of cases) {
    it(`${number} with ${digits} digits is ${padded}`, () => {
      assert.equal(packName(number, { padPacks: digits, padCells: 5 }), `pack_${padded}`);
      assert.equal(cellName(number, { padPacks: 5, padCells: digits }), `cell_${padded}`);
    });
  }

  it('of sensors are never padded', () => assert.equal(temperatureName(1), 'temp_1'));
});

describe('topics', () => {
  it('join their parts', () => assert.equal(topicOf('home/pace', 'pack_1', 'analog'), 'home/pace/pack_1/analog'));
  it('of an empty base begin without a slash', () => assert.equal(topicOf('', 'bank', 'status'), 'bank/status'));
});
