import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { limitsSettings } from '../../nodes/shared/limits-settings.js';
import type { Curve } from '../../src/battery/curve.js';
import { edgesBetween } from '../../src/limits/edges.js';
import { Limits } from '../../src/limits/limits.js';
import type { LimitSettings } from '../../src/limits/settings.js';
import { bankMessages, cells } from '../examples/bank-messages.js';
import { Emissions } from './emissions.js';
import { membersUnder, rowsUnder } from './page.js';
import { tableOf, textOf } from './pages.js';

const PAGE = 'docs/limits.md';
const usual = limitsSettings({});

const rowsOf = (...columns: string[]): number[][] =>
  tableOf(PAGE, ...columns).map((row) => columns.map((column) => Number(row[column])));
const inPercent = (curve: Curve | readonly []) => curve.map(([at, share]) => [at, Math.round(share * 100_000) / 1000]);

describe(`the curves of ${PAGE}`, () => {
  const TABLES: [heading: string, curve: keyof Omit<LimitSettings['curves'], 'bySoc'>][] = [
    ['V of the highest cell', 'chargeByCell'],
    ['V of the lowest cell', 'dischargeByCell'],
    ['°C of cells, charging', 'chargeByTemperature'],
    ['°C of cells, discharging', 'dischargeByTemperature'],
    ['°C of MOSFETs', 'byMosfetTemperature'],
  ];
  for (const [heading, name] of TABLES) {
    it(`${name} is what a new node has`, () => {
      assert.deepEqual(rowsOf(heading, '%'), inPercent(usual.curves[name]));
    });
  }

  it('bySoc is off, and its usual rows are taken', () => {
    assert.deepEqual(usual.curves.bySoc, { charge: [], discharge: [] });
    const bySoc = rowsOf('% of charge', '% charging', '% discharging');
    const { charge, discharge } = limitsSettings({ curves: { bySoc } }).curves.bySoc;
    const column = (i: number) => bySoc.map((row) => [row[0], row[i]]);
    assert.deepEqual([inPercent(charge), inPercent(discharge)], [column(1), column(2)]);
  });
});

describe(`the settings of ${PAGE}`, () => {
  const settings = tableOf(PAGE, 'field', 'property', 'default', 'takes', 'what it is');
  const nameOf = (cell = '') => cell.replaceAll('`', '');

  it('are all there are', () => {
    const documented = settings.map(({ property }) => nameOf(property));
    const refused = documented.filter((name) => {
      assert.doesNotThrow(() => limitsSettings({ [name]: '' }));
      try {
        limitsSettings({ [name]: { no: 'value' } });
        return name === 'curves';
      } catch (thrown) {
        return (thrown as Error).message.startsWith(`${name}: `);
      }
    });
    assert.deepEqual(refused, documented);
  });

  it('have the defaults of a new node', () => {
    for (const row of settings) {
      const given = nameOf(row.default);
      if (given === 'as below') continue;
      const same = limitsSettings({ [nameOf(row.property)]: given === 'empty' ? '' : given });
      assert.deepEqual(same, usual, row.property);
    }
  });

  for (const { property, takes = '' } of settings) {
    const [, from, to] = /^([\d.]+) to ([\d.]+)$/.exec(takes) ?? [];
    if (from === undefined || to === undefined) continue;
    it(`${property} takes ${takes}`, () => {
      const name = nameOf(property);
      const wide = { minVoltage: 1, floatVoltage: 1, absorptionVoltage: 1, ceilingVoltage: 5 };
      const high = { floatVoltage: 5, absorptionVoltage: 5, ceilingVoltage: 5 };
      assert.doesNotThrow(() => limitsSettings({ ...wide, [name]: Number(from) }).curves);
      assert.doesNotThrow(() => limitsSettings({ ...(name.endsWith('Voltage') ? high : {}), [name]: Number(to) }));
      for (const beyond of [Number(from) - 0.00001, Number(to) + 1]) {
        assert.throws(() => limitsSettings({ ...wide, [name]: beyond }), new RegExp(`${name}: `));
      }
    });
  }

  it('have their words in the dialog', () => {
    const labels = JSON.parse(textOf('nodes/locales/en-US/pace-bms-limits.json'))['pace-bms-limits'].label;
    for (const { field, property } of settings) {
      const label = labels[nameOf(property)];
      if (label) assert.equal(field, label);
    }
  });
});

describe('limits as they are sent are on the page of messages', () => {
  const LIMITS = new Emissions(membersUnder('Limits of the bank'));
  const EVENTS = new Emissions(membersUnder('Events of limits'));
  const states = rowsUnder('Events of limits').filter(({ of }) => of);
  const limits = new Limits(usual, null);
  let [now, before] = [0, limits.at(0)];
  LIMITS.take(before);

  function take(): void {
    const after = limits.at(now);
    LIMITS.take(after);
    for (const edge of edgesBetween(before, after)) {
      EVENTS.take({ ...edge, at: now });
      const row = states.find(({ event }) => event === edge.event);
      assert.ok(row?.state?.includes(edge.state), JSON.stringify(edge));
    }
    before = after;
  }

  /** Time passes, with readings of packs that have a cell at that voltage, or without any. */
  function pass(seconds: number, millivolts: number | null): void {
    for (const end = now + seconds * 1000; now < end; now += 5000) {
      if (millivolts !== null) limits.take(bankMessages.analog(Array(4).fill(cells(millivolts)), now), now);
      take();
    }
  }

  it('from the first on, through everything that is told as an event', () => {
    pass(120, 3300);
    pass(10, 3500);
    pass(60, null);
    pass(10, 2700);
    assert.deepEqual([LIMITS.missing, LIMITS.neverNull, EVENTS.missing], [[], [], []]);
  });
});
