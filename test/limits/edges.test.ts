import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { edgesBetween } from '../../src/limits/edges.js';
import type { LimitsPayload } from '../../src/limits/payload.js';
import { Bench, cellsBut, QUICK } from './bench.js';

type Facts = Pick<LimitsPayload, 'mode' | 'allowCharge' | 'allowDischarge'>;
const REASONS = { chargeVoltage: ['of voltage'], chargeCurrent: ['of charge'], dischargeCurrent: ['of discharge'] };

function limits(mode: Facts['mode'], allowCharge = true, allowDischarge = true): LimitsPayload {
  const amps = (isAllowed: boolean) => (isAllowed ? 10 : 0);
  return {
    ...{ mode, allowCharge, allowDischarge, reasons: REASONS, chargeRequest: false },
    ...{ chargeCurrent: amps(allowCharge), dischargeCurrent: amps(allowDischarge) },
    ...{ chargeVoltage: 55.2, lowVoltage: 46.4, onlineCount: 1, packCount: 1, age: 0 },
  };
}

const CASES: [what: string, before: LimitsPayload, now: LimitsPayload, edges: string[]][] = [
  ['nothing new', limits('bulk'), limits('bulk'), []],
  ['less current is no edge', limits('bulk'), { ...limits('bulk'), chargeCurrent: 1 }, []],
  ['charge blocked', limits('bulk'), limits('bulk', false), ['charge blocked of charge']],
  ['charge allowed', limits('bulk', false), limits('bulk'), ['charge allowed of charge']],
  ['discharge blocked', limits('float'), limits('float', true, false), ['discharge blocked of discharge']],
  ['discharge allowed', limits('float', true, false), limits('float'), ['discharge allowed of discharge']],
  ['absorption', limits('bulk'), limits('absorption'), ['mode absorption of voltage']],
  ['float', limits('absorption'), limits('float'), ['mode float of voltage']],
  ['bulk', limits('float'), limits('bulk'), ['mode bulk of voltage']],
  ['the first reading', limits('starting', false, false), limits('bulk', false, false), ['mode bulk of voltage']],
  ['still starting', limits('starting', false, false), limits('starting', false, false), []],
  [
    'stale',
    limits('absorption'),
    limits('stale', false, false),
    ['readings stale of charge', 'charge blocked of charge', 'discharge blocked of discharge'],
  ],
  ['stale, and held', limits('bulk'), limits('stale'), ['readings stale of charge']],
  ['held no more', limits('stale'), limits('stale', false, true), ['charge blocked of charge']],
  ['still stale', limits('stale', false, false), limits('stale', false, false), []],
  [
    'back',
    limits('stale', false, false),
    limits('bulk', false, false),
    ['readings back of charge', 'mode bulk of voltage'],
  ],
  [
    'several at once, in this order',
    limits('bulk', true, false),
    limits('absorption', false, true),
    ['charge blocked of charge', 'discharge allowed of discharge', 'mode absorption of voltage'],
  ],
];

describe('edges between limits', () => {
  for (const [what, before, now, expected] of CASES) {
    it(what, () => {
      const told = edgesBetween(before, now).map(({ event, state, reasons }) => `${event} ${state} ${reasons}`);
      assert.deepEqual(told, expected);
    });
  }
});

describe('the edges of a day', () => {
  it('tell all that a flow must know, once', () => {
    const bench = new Bench({ ...QUICK, absorptionMs: 10_000 });
    const told: string[] = [];
    let before = bench.limits.at(bench.now);
    const next = (now: LimitsPayload) => {
      told.push(...edgesBetween(before, now).map(({ event, state }) => `${event} ${state}`));
      before = now;
    };
    next(bench.analog({}));
    next(bench.poll(2, 1));
    next(bench.analog({ cells: 3.45, soc: 99 }));
    next(bench.analog({ cells: 3.45, soc: 99 }));
    next(bench.poll(10, 1));
    next(bench.analog({ cells: cellsBut(3.5, 3.45), soc: 99 }));
    next(bench.wait(31));
    next(bench.analog({ soc: 70 }));
    next(bench.poll(2, 1));
    assert.deepEqual(told, [
      'mode bulk',
      ...['charge allowed', 'discharge allowed'],
      'mode absorption',
      'mode float',
      'charge blocked',
      ...['readings stale', 'discharge blocked'],
      ...['readings back', 'mode bulk'],
      ...['charge allowed', 'discharge allowed'],
    ]);
  });
});
