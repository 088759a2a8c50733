import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { LimitSettings } from '../../src/limits/settings.js';
import { type Step, settings, story } from './any-bank.js';
import { WatchedBank } from './watched-bank.js';

/** Stories told of each property. */
const RUNS = 100;

function tell(chosen: LimitSettings, steps: readonly Step[], { start = 1000, isAsleep = false, hasClock = true } = {}) {
  const bank = new WatchedBank(chosen, start);
  for (const step of steps) bank.live(step, isAsleep, hasClock);
  return bank.published;
}

describe('any bank', () => {
  it('has limits by the rules, at any time', () => {
    fc.assert(
      fc.property(settings, story, (chosen, steps) => {
        tell(chosen, steps);
      }),
      { numRuns: RUNS },
    );
  });

  it('has them though nobody asks between messages', () => {
    fc.assert(
      fc.property(settings, story, (chosen, steps) => {
        tell(chosen, steps, { isAsleep: true });
      }),
      { numRuns: RUNS },
    );
  });

  it('has the same whatever the clock on the wall does, and whenever it starts', () => {
    fc.assert(
      fc.property(settings, story, fc.integer({ min: 0, max: 1e9 }), (chosen, steps, start) => {
        assert.deepEqual(tell(chosen, steps, { start, hasClock: false }), tell(chosen, steps));
      }),
      { numRuns: RUNS / 2 },
    );
  });

  it('has the same from messages a pack and from one for the bank', () => {
    const in1 = (shape: 'pack' | 'bank') => (step: Step) => {
      const { happening } = step;
      const hasAll = happening.what !== 'analog' || happening.packs.every((pack) => pack !== null);
      if (!('shape' in happening) || !hasAll) return { ...step, happening: { what: 'same' as const } };
      return { ...step, happening: { ...happening, shape } };
    };
    fc.assert(
      fc.property(settings, story, (chosen, steps) => {
        assert.deepEqual(tell(chosen, steps.map(in1('pack'))), tell(chosen, steps.map(in1('bank'))));
      }),
      { numRuns: RUNS / 2 },
    );
  });
});
