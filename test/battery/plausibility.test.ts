import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { doubtAboutAlarms } from '../../src/battery/alarm-plausibility.js';
import type { AnalogReading } from '../../src/battery/analog.js';
import { doubtAboutAnalog } from '../../src/battery/analog-plausibility.js';
import { analog, status, warning } from './readings.js';

/** Four cells with the pack's voltage as their sum. */
const cells = (...cellMillivolts: number[]) => ({
  cellMillivolts,
  packMillivolts: cellMillivolts.reduce((total, millivolts) => total + millivolts, 0),
});

const words = (...asked: Parameters<typeof doubtAboutAnalog>) => doubtAboutAnalog(...asked)?.words(2) ?? null;

describe('measurements by themselves', () => {
  const cases: [what: string, changes: Partial<AnalogReading>, doubt: RegExp | null][] = [
    ['a pack at rest', {}, null],
    ['no cell sensors', { temperatureTenths: [] }, null],
    ['cells that add up within 1 %', { packMillivolts: 13_330 }, null],
    ['cells that do not', { packMillivolts: 13_400 }, /^the cells of pack 2 do not add up to its voltage$/],
    ['cells at 1 V and 1.2 V', cells(1000, 1200, 1200, 1200), null],
    ['a cell below 1 V', cells(999, 1100, 1100, 1100), /a cell of pack 2 is outside of 1 to 5 V/],
    ['a cell above 5 V', cells(5001, 4900, 4900, 4900), /outside of 1 to 5 V/],
    ['a cell 200 mV from the others', cells(3300, 3300, 3300, 3500), null],
    ['a cell 201 mV from the others', cells(3300, 3300, 3300, 3099), /a cell of pack 2 is far from the others/],
    ['one sensor at -40 °C', { temperatureTenths: [-400] }, null],
    ['one sensor at 120 °C', { temperatureTenths: [1200] }, null],
    ['colder than -40 °C', { temperatureTenths: [-401] }, /outside of -40 to 120 °C/],
    ['hotter than 120 °C', { temperatureTenths: [1201] }, /outside of -40 to 120 °C/],
    ['sensors 25 °C apart, and one not fitted', { temperatureTenths: [210, null, 460] }, null],
    ['sensors farther apart', { temperatureTenths: [210, 210, 461] }, /a temperature of pack 2 is far from the others/],
    ['a little more left than full', { remainingMilliampHours: 101_000 }, null],
    ['more left than full', { remainingMilliampHours: 101_010 }, /more charge left than it holds/],
    ['cells that hold more than is printed on them', { fullMilliampHours: 125_000 }, null],
    ['full far above design', { fullMilliampHours: 125_010 }, /full capacity of pack 2 is far above/],
    ['full above a design capacity that is not set', { fullMilliampHours: 1000, ...undesigned(500) }, null],
    ['a current of 2 C', { currentMilliamps: -200_000 }, null],
    ['a current above 2 C', { currentMilliamps: -200_010 }, /current of pack 2 is more than twice/],
    ['a current with no design capacity', { currentMilliamps: 300_000, ...undesigned(50_000) }, null],
  ];
  for (const [what, changes, doubt] of cases) {
    it(`${what}: ${doubt ? 'doubted' : 'believed'}`, () => {
      const found = words(analog(changes), null, 0);
      if (doubt) assert.match(found ?? '', doubt);
      else assert.equal(found, null);
    });

    if (!doubt) continue;
    it(`${what}, as the reading before: believed`, () => {
      assert.equal(words(analog(changes), analog(changes), 1000), null);
    });
  }

  function undesigned(remainingMilliampHours: number) {
    return { remainingMilliampHours, designMilliampHours: 0 };
  }

  it('cells that do not add up are believed only when they are off by as much as before', () => {
    const by = (percent: number) => analog({ packMillivolts: 13_200 * (1 + percent / 100) });
    assert.equal(words(by(3), by(3.05), 1000), null);
    assert.match(words(by(5), by(3), 1000) ?? '', /do not add up/);
    assert.match(words(by(3), by(0), 1000) ?? '', /do not add up/);
  });

  it('only cells that do not add up must be said twice', () => {
    assert.equal(doubtAboutAnalog(analog({ packMillivolts: 15_000 }), null, 0)?.mustBeSaidTwice, true);
    assert.equal(doubtAboutAnalog(analog({ remainingMilliampHours: 200_000 }), null, 0)?.mustBeSaidTwice, undefined);
  });
});

/** ms between two readings. */
const SECONDS = 1000;
const HOURS = 3_600_000;

describe('measurements and those before', () => {
  const cases: [
    what: string,
    ageMs: number,
    changes: Partial<AnalogReading>,
    doubt: RegExp | null,
    before?: Partial<AnalogReading>,
  ][] = [
    ['the same', 5 * SECONDS, {}, null],
    ['a cell less', 5 * HOURS, cells(3300, 3300, 3300), /another number of cells or sensors/],
    ['a sensor more', 5 * HOURS, { temperatureTenths: [210, 220, 210] }, /another number of cells or sensors/],
    ['a sensor that is gone', 5 * HOURS, { temperatureTenths: [210, null] }, /other sensors fitted/],
    ['another design capacity', 5 * HOURS, { designMilliampHours: 100_010 }, /design capacity of pack 2 changed/],
    ['full by 1 % less', 5 * HOURS, { fullMilliampHours: 99_000 }, null],
    ['full by more than 1 % less', 5 * HOURS, { fullMilliampHours: 98_990 }, /full capacity of pack 2 jumped/],
    ['another full within a minute', 60 * SECONDS, { fullMilliampHours: 99_990 }, /full capacity of pack 2 changed/],
    ['20 cycles more', 5 * HOURS, { cycles: 27 }, null],
    ['21 cycles more', 5 * HOURS, { cycles: 28 }, /cycles of pack 2 jumped/],
    ['a voltage that was the sum of the cells', 5 * HOURS, { packMillivolts: 13_201 }, /not the sum of its cells any/],
    ['a voltage that is the sum now', 5 * HOURS, {}, null, { packMillivolts: 13_250 }],
    ['a voltage beside the cells', 5 * SECONDS, { packMillivolts: 13_270 }, null, { packMillivolts: 13_250 }],
    [
      'a voltage that moved alone',
      5 * SECONDS,
      { packMillivolts: 13_271 },
      /moved otherwise/,
      { packMillivolts: 13_250 },
    ],
    ['cells that a load pulls down', 1 * SECONDS, cells(2900, 2900, 2920, 2900), null],
    ['cells that fall by more', 1 * SECONDS, cells(2899, 2899, 2899, 2899), /a cell of pack 2 jumped/],
    ['a cell 30 mV off at once', 0, cells(3300, 3300, 3300, 3330), null],
    ['a cell 31 mV off at once', 0, cells(3300, 3300, 3300, 3331), /a cell of pack 2 jumped/],
    ['a cell 100 mV off in a minute', 60 * SECONDS, cells(3300, 3300, 3300, 3200), null],
    ['two cells 60 mV off, sum kept', 5 * SECONDS, cells(3360, 3240, 3300, 3300), /a cell of pack 2 jumped/],
    ['a cell 190 mV off in an hour', 1 * HOURS, cells(3300, 3300, 3300, 3490), null],
    ['3 °C more at once', 0, { temperatureTenths: [240, 220] }, null],
    ['3.1 °C more at once', 0, { temperatureTenths: [241, 220] }, /a temperature of pack 2 jumped/],
    ['10 °C less in a minute', 60 * SECONDS, { temperatureTenths: [110, 220] }, null],
    ['4.5 Ah of 100 less in 5 s', 5 * SECONDS, { remainingMilliampHours: 45_500 }, null],
    ['5.1 Ah of 100 less in 5 s', 5 * SECONDS, { remainingMilliampHours: 44_900 }, /charge left in pack 2 jumped/],
    ['half of its charge in an hour', 1 * HOURS, { remainingMilliampHours: 0 }, null],
    ['any current', 0, { currentMilliamps: 150_000 }, null],
  ];
  for (const [what, ageMs, changes, doubt, before = {}] of cases) {
    it(`${what}, after ${ageMs / SECONDS} s: ${doubt ? 'doubted' : 'believed'}`, () => {
      const found = words(analog(changes), analog(before), ageMs);
      if (doubt) assert.match(found ?? '', doubt);
      else assert.equal(found, null);
    });
  }
});

describe('alarms and states', () => {
  const calm = { warning: warning(), status: status() };
  const nameless = { ...calm, warning: warning({ packVoltageState: 'unknown-03' }) };

  it('are never doubted for an alarm or a state that changed', () => {
    const alarm = { code: 'cellAboveLimit', level: 'warning', label: 'above limit', cell: 1 } as const;
    const alarmed = {
      warning: warning({
        cellStates: ['high', 'low'],
        temperatureStates: ['other'],
        chargeCurrentState: 'unknown-80',
        packVoltageState: 'unknown-EF',
        alarms: [alarm],
      }),
      status: status({ mode: 'discharging', chargeMosfet: false, balancingCells: [1, 2], shutdown: true }),
    };
    assert.equal(doubtAboutAlarms(alarmed, calm, null), null);
    assert.equal(doubtAboutAlarms(calm, alarmed, null), null);
  });

  it('a state that no document names is doubted, unless it was there before', () => {
    const other = { ...calm, warning: warning({ packVoltageState: 'unknown-F1' }) };
    assert.match(doubtAboutAlarms(nameless, null, null)?.words(2) ?? '', /pack 2 has a state that no document names/);
    assert.ok(doubtAboutAlarms(nameless, calm, null));
    assert.ok(doubtAboutAlarms(other, nameless, null));
    assert.equal(doubtAboutAlarms(nameless, nameless, null), null);
    assert.equal(doubtAboutAlarms(calm, nameless, null), null);
  });

  it('balancing of a cell that is not there is doubted, unless it was so before', () => {
    const beyond = { ...calm, status: status({ balancingCells: [1, 3] }) };
    assert.match(doubtAboutAlarms(beyond, calm, null)?.words(2) ?? '', /pack 2 balances a cell that it does not have/);
    assert.equal(doubtAboutAlarms(beyond, beyond, null), null);
  });

  it('of another number of cells or sensors than is known are doubted', () => {
    assert.equal(doubtAboutAlarms(calm, null, { cells: 2, sensors: 1 }), null);
    for (const known of [
      { cells: 3, sensors: 1 },
      { cells: 2, sensors: 0 },
    ]) {
      assert.match(doubtAboutAlarms(calm, calm, known)?.words(2) ?? '', /another number of cells or sensors/);
    }
  });
});
