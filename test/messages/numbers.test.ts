import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { ampHours, amps, degrees, glanceAmps, orNull, percent, volts, watts } from '../../src/messages/numbers.js';

/** The shortest text of a number of so many 10^-decimals: what a reader expects to see. */
const exact = (units: number, decimals: number) => Number(`${units}e-${decimals}`);
const signed = (raw: number) => (raw >= 0x8000 ? raw - 0x1_0000 : raw);

/** How each 16-bit field of the wire becomes a number of a message. */
const FIELDS: [what: string, convert: (raw: number) => number, expected: (raw: number) => number][] = [
  ['mV as V', volts, (raw) => exact(raw, 3)],
  ['10 mA, signed, as A', (raw) => amps(signed(raw) * 10), (raw) => exact(signed(raw), 2)],
  ['10 mAh as Ah', (raw) => ampHours(raw * 10), (raw) => exact(raw, 2)],
  ['0.1 K as °C', (raw) => degrees(raw - 2730), (raw) => exact(raw - 2730, 1)],
];

describe('every 16-bit value of the wire', () => {
  for (const [what, convert, expected] of FIELDS) {
    it(`${what}: to the last digit, and never -0`, () => {
      for (let raw = 0; raw <= 0xffff; raw++) {
        const number = convert(raw);
        if (!Object.is(number, expected(raw))) assert.fail(`raw ${raw} gives ${number}, not ${expected(raw)}`);
      }
    });
  }

  it('10 mA at a glance: one decimal, and no minus before 0.0', () => {
    for (let raw = 0; raw <= 0xffff; raw++) {
      const text = glanceAmps(signed(raw) * 10);
      if (!/^−?\d+\.\d$/.test(text) || text === '−0.0') assert.fail(`raw ${raw} gives ${text}`);
    }
  });
});

describe('rounding', () => {
  const cases: [what: string, got: number, expected: number][] = [
    ['a mean voltage', volts(52_975.5), 52.976],
    ['a cell average', volts(3311.25), 3.311],
    ['a negative half', watts(-653_750), -653.8],
    ['a positive half', watts(653_750), 653.8],
    ['the contract’s power', watts((52_975 * -12_340) / 1000), -653.7],
    ['a third', percent(100 / 3), 33.33],
    ['two thirds', percent(200 / 3), 66.67],
    ['almost full', percent(99.999), 100],
    ['less than can be shown', watts(-49), 0],
    ['nothing', watts(-0), 0],
    ['milliamps', amps(-4), 0],
    ['frost', degrees(-100), -10],
  ];
  for (const [what, got, expected] of cases) {
    it(`${what}: ${expected}`, () => assert.ok(Object.is(got, expected), `${got}`));
  }

  const CONVERSIONS: [name: string, convert: (value: number) => number, divisor: number, decimals: number][] = [
    ['volts', volts, 1000, 3],
    ['amps', amps, 1000, 2],
    ['watts', watts, 1000, 1],
    ['ampHours', ampHours, 1000, 2],
    ['degrees', degrees, 10, 1],
    ['percent', percent, 1, 2],
  ];
  for (const [name, convert, divisor, decimals] of CONVERSIONS) {
    it(`${name}: never more than ${decimals} decimals, never -0, never off by more than half a digit, odd`, () => {
      fc.assert(
        fc.property(fc.double({ min: -4e9, max: 4e9, noNaN: true }), (value) => {
          const number = convert(value);
          assert.ok(!Object.is(number, -0));
          assert.equal(number, Number(number.toFixed(decimals)));
          const off = Math.abs(number - value / divisor);
          assert.ok(off <= 0.5 / 10 ** decimals + 1e-5, `${value} gives ${number}`);
          assert.equal(convert(-value), 0 - number);
        }),
      );
    });
  }

  it('of nothing is nothing', () => {
    assert.equal(orNull(null, volts), null);
    assert.equal(orNull(0, volts), 0);
  });
});
