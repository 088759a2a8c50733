import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { PaceError } from '../../src/errors.js';
import { Limits } from '../../src/limits/limits.js';
import { settings } from './any-bank.js';
import { analogMessages, CELLS, type Message, SETTINGS, statusMessages, warningMessages } from './bench.js';
import { CURRENTS, checkShape, DIRECTIONS, RiseWatch } from './watched-bank.js';

const RUNS = 200;

/** Anything that a flow could send. */
const anything = fc.anything({ withNullPrototype: true, withSparseArray: true, withDate: true, withBigInt: true });
const odd = fc.oneof(
  anything,
  fc.constantFrom(null, undefined, '', '3.3', Number.NaN, Number.POSITIVE_INFINITY, -1, 0, 1e308, -1e308, [], {}),
  fc.constantFrom(...['constructor', '__proto__', 'toString', 'protection', 'normal', 'fault']),
);

const good = (lastSeen: number): Message[] => [
  ...analogMessages([{}, { cells: 3.45, soc: 99 }], lastSeen),
  ...analogMessages([{}], lastSeen, 'pack'),
  ...warningMessages([[{ code: 'cellAboveLimit', level: 'warning', label: 'above limit', cell: 3 }], []], lastSeen),
  ...statusMessages([{}, { chargeMosfet: false }], lastSeen, 'pack'),
];

/** Every way from the payload to a member of it, at any depth. */
function waysInto(value: unknown): string[][] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => [[name], ...waysInto(inner).map((way) => [name, ...way])]);
}

/** A good message of which one or more members are something else. */
const damaged = fc
  .tuple(fc.nat(100), fc.nat(), fc.array(fc.tuple(fc.nat(), odd), { minLength: 1, maxLength: 3 }))
  .map(([lastSeen, which, changes]) => {
    const messages = good(lastSeen);
    const message = messages[which % messages.length] as Message;
    for (const [where, value] of changes) {
      const ways = waysInto(message.payload);
      const way = ways[where % ways.length] as string[];
      const last = way.pop() as string;
      const inner = way.reduce<unknown>((object, name) => (object as Record<string, unknown>)[name], message.payload);
      if (typeof inner === 'object' && inner !== null) (inner as Record<string, unknown>)[last] = value;
    }
    return message as Record<string, unknown>;
  });

const garbage: fc.Arbitrary<Record<string, unknown>> = fc.oneof(
  fc.record({ payload: anything, topic: anything, pace: anything }, { requiredKeys: [] }),
  fc.record({
    payload: fc.oneof(anything, fc.dictionary(fc.string(), anything)),
    pace: fc.record({ query: fc.constantFrom('analog', 'warning', 'status') }),
  }),
);

describe('whatever comes in', () => {
  const isShape = (error: unknown) => error instanceof PaceError && error.code === 'SHAPE';

  it('is taken or refused, and the limits stay what limits can be', () => {
    const step = fc.record({
      message: fc.oneof(
        { weight: 4, arbitrary: damaged },
        { weight: 2, arbitrary: fc.nat().map((which) => good(which)[which % 5] as Record<string, unknown>) },
        { weight: 1, arbitrary: garbage },
      ),
      after: fc.integer({ min: 0, max: 40_000 }),
    });
    fc.assert(
      fc.property(settings, fc.array(step, { maxLength: 30, size: 'max' }), (any, steps) => {
        const chosen = { ...any, cellsInSeries: CELLS };
        const limits = new Limits(chosen, null);
        const watch = () => new RiseWatch(chosen.holdMs, chosen.rampCurrent);
        const watches = { charge: watch(), discharge: watch() };
        let now = 0;
        for (const { message, after } of steps) {
          now += after;
          limits.at(now);
          try {
            limits.take({ ...message }, now);
          } catch (error) {
            assert.ok(isShape(error), String(error));
          }
          const told = limits.at(now);
          checkShape(told, chosen);
          assert.ok(limits.changesAt(now) > now);
          for (const direction of DIRECTIONS) watches[direction].check(told[CURRENTS[direction]], now);
        }
      }),
      { numRuns: RUNS },
    );
  });

  it('leaves no trace where it is refused', () => {
    fc.assert(
      fc.property(fc.oneof(damaged, garbage), (message) => {
        const limits = new Limits(SETTINGS, null);
        for (const one of good(1_000)) limits.take({ ...one }, 0);
        const before = limits.at(0);
        try {
          limits.take({ ...message }, 0);
        } catch {
          assert.deepEqual(limits.at(0), before);
        }
      }),
      { numRuns: RUNS },
    );
  });
});
