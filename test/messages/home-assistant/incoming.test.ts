import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { alarmsOfStates, type LimitState, worstFirst } from '../../../src/battery/alarms.js';
import { analogShape } from '../../../src/messages/analog.js';
import { type PackReport, readMessage } from '../../../src/messages/home-assistant/incoming.js';
import { type PackView, pollMessages } from '../../../src/messages/outgoing.js';
import type { QueryShape } from '../../../src/messages/shape.js';
import { statusShape } from '../../../src/messages/status.js';
import { warningShape } from '../../../src/messages/warning.js';
import { analog, status, warning } from '../../battery/readings.js';

const naming = fc.record({ padPacks: fc.nat(9), padCells: fc.nat(9) });
const output = fc.constantFrom('pack' as const, 'bank' as const);

/** Whether a reading comes back from the messages made of it as it was. */
function comesBack<Reading>(shape: QueryShape<Reading>, readings: fc.Arbitrary<Reading>): void {
  fc.assert(
    fc.property(fc.array(readings, { minLength: 1, maxLength: 16 }), naming, output, (packs, names, outputShape) => {
      const views = packs.map(
        (reading, i): PackView<Reading> => ({
          pack: i + 1,
          reading,
          lastSeen: 1_790_000_000_000,
          online: true,
          fresh: true,
        }),
      );
      const messages = pollMessages(shape, views, { output: outputShape, topic: 'pace', naming: names });
      const told = messages.map(({ payload }) =>
        readMessage({ payload: JSON.parse(JSON.stringify(payload)), pace: { query: shape.query } }),
      );
      const reports = told.flatMap((message): readonly PackReport[] => (message.query === 'info' ? [] : message.packs));
      assert.deepEqual(
        reports.map(({ pack, reading }) => ({ pack, reading })),
        packs.map((reading, i) => ({ pack: i + 1, reading: { ...reading } })),
      );
    }),
    { numRuns: 200 },
  );
}

const word = fc.nat(65_535);
const states = fc.array(fc.constantFrom<LimitState>('normal', 'low', 'high', 'other', 'unknown-8A'), { maxLength: 32 });
const state = fc.constantFrom<LimitState>('normal', 'low', 'high', 'other', 'unknown-FF');

describe('a message of a query node, read back', () => {
  it('has the measurements it was made from', () => {
    const signed = fc.integer({ min: -32_768, max: 32_767 });
    comesBack(
      analogShape,
      fc.record({
        cellMillivolts: fc.array(word, { maxLength: 32 }),
        temperatureTenths: fc.array(fc.option(fc.integer({ min: -2730, max: 62_805 })), { maxLength: 16 }),
        currentMilliamps: signed.map((value) => value * 10 + 0),
        packMillivolts: word,
        remainingMilliampHours: word.map((value) => value * 10),
        fullMilliampHours: word.map((value) => value * 10),
        designMilliampHours: word.map((value) => value * 10),
        cycles: word,
      }),
    );
  });

  it('has the alarms it was made from', () => {
    const flags = fc.constantFrom({
      code: 'cellOverVoltageProtection',
      level: 'protection',
      label: 'Cell over-voltage',
    } as const);
    comesBack(
      warningShape,
      fc
        .record({
          cellStates: states,
          temperatureStates: states,
          chargeCurrentState: state,
          packVoltageState: state,
          dischargeCurrentState: state,
          flags: fc.array(flags, { maxLength: 1 }),
        })
        .map(({ flags: more, ...limits }) => ({ ...limits, alarms: worstFirst([...alarmsOfStates(limits), ...more]) })),
    );
  });

  it('has the states it was made from', () => {
    const flag = fc.boolean();
    comesBack(
      statusShape,
      fc.record({
        ...{ fullyCharged: flag, chargeMosfet: flag, dischargeMosfet: flag, chargeCurrentLimiter: flag },
        ...{ chargerReversed: flag, packSupplying: flag, acIn: flag, heater: flag, shutdown: flag },
        mode: fc.constantFrom('charging' as const, 'discharging' as const, 'idle' as const),
        balancingCells: fc.uniqueArray(fc.integer({ min: 1, max: 16 })),
        settings: fc.record(
          {
            ...{ buzzerAlarm: flag, ledAlarm: flag, chargeLimiter: flag, chargeMosfetForcedOff: flag },
            ...{ dischargeMosfetForcedOff: flag, systemLock: flag, testMode: flag },
            chargeLimiterGear: fc.constantFrom('high' as const, 'low' as const),
          },
          { noNullPrototype: true },
        ),
      }),
    );
  });
});

const good = analogShape.pack(analog(), { padPacks: 0, padCells: 0 });
const pack = { pack: 1, name: 'pack_1', online: true, lastSeen: 1 };
const alarms = { ...pack, ...warningShape.pack(warning(), { padPacks: 0, padCells: 0 }) };
const modes = { ...pack, ...statusShape.pack(status(), { padPacks: 0, padCells: 0 }) };

const BAD: [what: string, message: Record<string, unknown>][] = [
  ['nothing', {}],
  ['no pace', { payload: { ...pack, ...good } }],
  ['an unknown query', { payload: { ...pack, ...good }, pace: { query: 'toString' } }],
  ['pace of another kind', { payload: { ...pack, ...good }, pace: 'analog' }],
  ['a single number', { payload: 52.4, pace: { query: 'analog' } }],
  ['a single text', { payload: 'online', pace: { query: 'warning' } }],
  ['a version alone', { payload: 'V1', pace: { query: 'info' } }],
  ['no payload', { pace: { query: 'analog' } }],
  ['a list', { payload: [pack], pace: { query: 'analog' } }],
  ['another query’s payload', { payload: modes, pace: { query: 'analog' } }],
  ['a pack without a number', { payload: { ...good, online: true, lastSeen: 1 }, pace: { query: 'analog' } }],
  ['pack 1.5', { payload: { ...pack, ...good, pack: 1.5 }, pace: { query: 'analog' } }],
  ['pack 256', { payload: { ...pack, ...good, pack: 256 }, pace: { query: 'analog' } }],
  ['pack "1"', { payload: { ...pack, ...good, pack: '1' }, pace: { query: 'analog' } }],
  ['a voltage that is no number', { payload: { ...pack, ...good, voltage: Number.NaN }, pace: { query: 'analog' } }],
  ['a voltage in words', { payload: { ...pack, ...good, voltage: '52.4' }, pace: { query: 'analog' } }],
  [
    'cells that skip one',
    { payload: { ...pack, ...good, cells: [{ cell: 2, voltage: 3.3 }] }, pace: { query: 'analog' } },
  ],
  ['cells of null', { payload: { ...pack, ...good, cells: [null] }, pace: { query: 'analog' } }],
  [
    'sensors without a number',
    { payload: { ...pack, ...good, temperatures: { roof: 20 } }, pace: { query: 'analog' } },
  ],
  ['sensors that skip one', { payload: { ...pack, ...good, temperatures: { temp_2: 20 } }, pace: { query: 'analog' } }],
  ['packs that are none', { payload: { packs: { pack_1: 7 }, bank: {} }, pace: { query: 'analog' } }],
  ['an alarm event', { payload: { ...pack, code: 'x', state: 'raised' }, pace: { query: 'warning' } }],
  [
    'a level nobody knows',
    { payload: { ...alarms, active: [{ code: 'x', level: 'bad', label: 'x' }] }, pace: { query: 'warning' } },
  ],
  ['a level without its alarm', { payload: { ...alarms, level: 'fault' }, pace: { query: 'warning' } }],
  ['a time that is none', { payload: { ...pack, ...good, lastSeen: 1e30 }, pace: { query: 'analog' } }],
  ['a state nobody knows', { payload: { ...alarms, packVoltageState: 'ok' }, pace: { query: 'warning' } }],
  ['a mode nobody knows', { payload: { ...modes, mode: 'sleeping' }, pace: { query: 'status' } }],
  ['a flag that is none', { payload: { ...modes, acIn: 1 }, pace: { query: 'status' } }],
  ['a serial number that is a number', { payload: { bmsSerial: 7 }, pace: { query: 'info' } }],
];

describe('what is no message of a query node', () => {
  for (const [what, message] of BAD) {
    it(`${what} is an error that says so`, () => {
      assert.throws(
        () => readMessage(message),
        (error: Error & { code?: string }) => {
          assert.equal(error.code, 'SHAPE');
          assert.match(error.message, /\w+ \w+/);
          return true;
        },
      );
    });
  }
});
