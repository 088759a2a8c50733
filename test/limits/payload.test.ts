import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LIMITS, roundDown, roundUpVolts } from '../../src/limits/payload.js';
import { Bench, QUICK } from './bench.js';

const AMPS: [value: number, published: number][] = [
  [0, 0],
  [0.0099, 0],
  [0.01, 0.01],
  [0.0199, 0.01],
  [0.999, 0.99],
  [1, 1],
  [1.09, 1],
  [12.59, 12.5],
  [99.99, 99.9],
  [100, 100],
  [100.9, 100],
  [1599.99, 1599],
  // What sums of fractions come to.
  [0.3 * 3, 0.9],
  [4.35 * 100, 435],
  [12.299999999999999, 12.3],
];

const VOLTS: [value: number, published: number][] = [
  [55.2, 55.2],
  [55.19, 55.1],
  [16 * 3.45, 55.2],
  [15 * 3.45, 51.7],
  [0.95, 0.9],
  [32 * 3.45, 110],
];

describe('what is published', () => {
  for (const [value, published] of AMPS) {
    it(`${value} A as ${published} A`, () => assert.equal(roundDown(value, 100), published));
  }
  for (const [value, published] of VOLTS) {
    it(`${value} V as ${published} V`, () => assert.equal(roundDown(value, 10), published));
  }
  for (const [value, published] of [
    [46.4, 46.4],
    [46.41, 46.5],
    [16 * 2.9, 46.4],
    [15 * 2.95, 44.3],
    [14 * 2.95, 41.3],
    [13 * 2.6, 33.8],
  ] as const) {
    it(`${value} V as the lowest as ${published} V`, () => assert.equal(roundUpVolts(value), published));
  }

  it('has the members of its table, in that order', () => {
    const bench = new Bench(QUICK);
    const [starting, running] = [bench.limits.at(0), bench.settle({})];
    for (const limits of [starting, running, bench.wait(31)]) {
      assert.deepEqual(Object.keys(limits), Object.keys(LIMITS));
      assert.deepEqual(Object.keys(limits.reasons), Object.keys(LIMITS.reasons.of));
    }
  });

  it('can be changed by who gets it', () => {
    const bench = new Bench(QUICK);
    const limits = bench.settle({});
    (limits.reasons.chargeCurrent as string[]).push('mine');
    assert.deepEqual(bench.limits.at(bench.now).reasons.chargeCurrent, ['at most 100 A a pack']);
  });
});
