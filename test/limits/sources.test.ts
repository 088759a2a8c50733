import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { StatusReading } from '../../src/battery/status.js';
import { packCurrent } from '../../src/limits/pack-current.js';
import type { Direction } from '../../src/limits/settings.js';
import { status } from '../battery/readings.js';
import { alarm, analogMessage, Bench, cellsBut, packState, QUICK, SETTINGS, SWITCHES } from './bench.js';

const allows = (pack: ReturnType<typeof packState>, direction: Direction) => {
  const least = packCurrent(pack, direction, SETTINGS);
  return { amps: least[0]?.amps, reasons: least.map(({ reason }) => reason) };
};
const FREE = { amps: 100, reasons: ['at most 100 A a pack'] };

describe('a pack of which nothing but its measurements is known', () => {
  it('may have the maximum both ways', () => {
    assert.deepEqual(allows(packState(), 'charge'), FREE);
    assert.deepEqual(allows(packState(), 'discharge'), FREE);
  });

  it('has the maximum of each direction', () => {
    const settings = { ...SETTINGS, maxCurrent: { charge: 50, discharge: 60 } };
    assert.equal(packCurrent(packState(), 'charge', settings)[0]?.amps, 50);
    assert.equal(packCurrent(packState(), 'discharge', settings)[0]?.amps, 60);
  });
});

describe('the least of several sources', () => {
  it('decides, whatever its place', () => {
    const pack = packState({ cells: cellsBut(3.4), temperatures: [7.5, 21], mosfet: 85 });
    assert.deepEqual(allows(pack, 'charge'), { amps: 12.5, reasons: ['MOSFETs of pack_01 at 85 °C'] });
    const colder = packState({ cells: cellsBut(3.4), temperatures: [0.5, 21], mosfet: 85 });
    assert.deepEqual(allows(colder, 'charge'), { amps: 6.25, reasons: ['cells of pack_01 at 0.5 °C'] });
  });

  it('and all that allow no more are named', () => {
    const pack = packState({ cells: cellsBut(3.4), temperatures: [2, 50], mosfet: 80 });
    assert.deepEqual(allows(pack, 'charge'), {
      amps: 25,
      reasons: [
        'cell pack_01/cell_16 at 3.4 V',
        'cells of pack_01 at 2 °C',
        'cells of pack_01 at 50 °C',
        'MOSFETs of pack_01 at 80 °C',
      ],
    });
  });

  it('as are several that forbid', () => {
    const pack = packState(
      { cells: cellsBut(3.5), temperatures: [-3, 20] },
      {
        alarms: [{ code: 'cellOverVoltageProtection', level: 'protection', label: 'too high' }],
        switches: { ...SWITCHES, chargeMosfet: false, fullyCharged: true },
      },
    );
    assert.deepEqual(allows(pack, 'charge'), {
      amps: 0,
      reasons: [
        'cell pack_01/cell_16 at 3.5 V',
        'cells of pack_01 at -3 °C',
        'pack_01: too high',
        'pack_01 is full and takes no more charge',
      ],
    });
  });
});

describe('switches', () => {
  type Row = [what: string, says: Partial<StatusReading>, charge: string | null, discharge: string | null];
  const forced = (name: 'chargeMosfetForcedOff' | 'dischargeMosfetForcedOff') => {
    return { settings: { ...status().settings, [name]: true } };
  };
  const rows: Row[] = [
    ['all on', {}, null, null],
    ['charge MOSFET off', { chargeMosfet: false }, 'pack_01: charge MOSFET is off', null],
    ['discharge MOSFET off', { dischargeMosfet: false }, null, 'pack_01: discharge MOSFET is off'],
    [
      'charge MOSFET forced off',
      forced('chargeMosfetForcedOff'),
      'pack_01: charge MOSFET is switched off by command',
      null,
    ],
    [
      'discharge MOSFET forced off',
      forced('dischargeMosfetForcedOff'),
      null,
      'pack_01: discharge MOSFET is switched off by command',
    ],
    [
      'full, and charging stopped',
      { fullyCharged: true, chargeMosfet: false },
      'pack_01 is full and takes no more charge',
      null,
    ],
    ['full, and still charging', { fullyCharged: true }, null, null],
    ['shut down', { shutdown: true }, 'pack_01 is shut down', 'pack_01 is shut down'],
    [
      'charger reversed',
      { chargerReversed: true },
      'pack_01: charger or terminals are connected the wrong way round',
      'pack_01: charger or terminals are connected the wrong way round',
    ],
    ['what is no switch', { heater: true, acIn: true, packSupplying: true, chargeCurrentLimiter: true }, null, null],
  ];
  for (const [what, says, charge, discharge] of rows) {
    it(what, () => {
      const bench = new Bench(QUICK);
      bench.settle({});
      const { chargeCurrent, dischargeCurrent, allowCharge, allowDischarge, reasons } = bench.status(says);
      assert.deepEqual([chargeCurrent, dischargeCurrent], [charge ? 0 : 100, discharge ? 0 : 100]);
      assert.deepEqual([allowCharge, allowDischarge], [!charge, !discharge]);
      assert.deepEqual(reasons.chargeCurrent, [charge ?? 'at most 100 A a pack']);
      assert.deepEqual(reasons.dischargeCurrent, [discharge ?? 'at most 100 A a pack']);
    });
  }

  it('hold until the next status message says otherwise', () => {
    const bench = new Bench(QUICK);
    bench.settle({});
    bench.status({ chargeMosfet: false });
    assert.equal(bench.poll(600).chargeCurrent, 0);
    bench.status({});
    assert.equal(bench.poll(3, 1).chargeCurrent, 100);
  });

  it('hold too where a later message tells the pack as offline', () => {
    const bench = new Bench(QUICK);
    bench.settle({});
    bench.status({ chargeMosfet: false });
    bench.warning([alarm('cellUnderVoltageProtection', 'protection')]);
    const payload = { pack: 1, name: 'pack_01', online: false, lastSeen: 1 };
    bench.take({ pace: { query: 'status' }, payload }, { pace: { query: 'warning' }, payload });
    const { chargeCurrent, dischargeCurrent } = bench.poll(5, 1);
    assert.deepEqual([chargeCurrent, dischargeCurrent], [0, 0]);
  });

  it('a status message without a switch says it is off', () => {
    const bench = new Bench(QUICK);
    bench.settle({});
    const payload = { pack: 1, name: 'pack_01', online: true, lastSeen: 1, dischargeMosfet: true };
    const { chargeCurrent, dischargeCurrent } = bench.take({ pace: { query: 'status' }, payload });
    assert.deepEqual([chargeCurrent, dischargeCurrent], [0, 100]);
  });
});

describe('alarms', () => {
  it('a warning allows half of the maximum, not half of what else is allowed', () => {
    const bench = new Bench(QUICK);
    bench.settle({ temperatures: [7.5, 20] });
    const { chargeCurrent, dischargeCurrent, reasons } = bench.warning([alarm('chargeUnderTemperatureWarning')]);
    assert.deepEqual([chargeCurrent, dischargeCurrent], [50, 75]);
    assert.deepEqual(reasons.chargeCurrent, ['pack_01: the chargeUnderTemperatureWarning']);
  });

  it('several warnings halve once', () => {
    const bench = new Bench(QUICK);
    bench.settle({});
    const { chargeCurrent, reasons } = bench.warning([alarm('cellAboveLimit'), alarm('cellOverVoltageWarning')]);
    assert.equal(chargeCurrent, 50);
    assert.deepEqual(reasons.chargeCurrent, ['pack_01: the cellAboveLimit', 'pack_01: the cellOverVoltageWarning']);
  });

  for (const level of ['protection', 'fault'] as const) {
    it(`a ${level} allows nothing, beside any warning`, () => {
      const bench = new Bench(QUICK);
      bench.settle({});
      const alarms = [alarm('packOverVoltageWarning'), alarm('packOverVoltageProtection', level)];
      const { chargeCurrent, dischargeCurrent } = bench.warning(alarms);
      assert.deepEqual([chargeCurrent, dischargeCurrent], [0, 100]);
    });
  }

  it('hold until the next warning message is without them', () => {
    const bench = new Bench(QUICK);
    bench.settle({});
    bench.warning([alarm('shortCircuitProtection', 'protection')]);
    assert.deepEqual(bench.poll(600).reasons.dischargeCurrent, ['pack_01: the shortCircuitProtection']);
    bench.warning([]);
    assert.equal(bench.poll(3, 1).dischargeCurrent, 100);
  });

  type Unreadable = [what: string, says: Record<string, unknown>];
  const unreadable: Unreadable[] = [
    ['no list', { level: 'protection' }],
    ['null', { level: 'warning', active: null }],
    ['another list', { level: 'normal', active: [null, 5, 'x'] }],
    ['an empty list beside a level', { level: 'fault', active: [] }],
    ['nothing at all', {}],
    ['another level', { level: 'odd', active: [{ code: 'cellUnderVoltageWarning', level: 'odd', label: 'x' }] }],
    ['a level that is no text', { level: 'fault', active: [{ code: 'x', level: { toString: 1 }, label: [] }] }],
    ['a code with a name of its own', { level: 'fault', active: [{ code: 'constructor', level: 'fault' }] }],
    ['such a code as an object', { level: 'fault', active: [{ code: '__proto__', level: 'fault' }] }],
  ];
  for (const [what, says] of unreadable) {
    it(`what cannot be read is no all-clear: ${what}`, () => {
      const bench = new Bench(QUICK);
      bench.settle({});
      const payload = { pack: 1, name: 'pack_01', online: true, lastSeen: 1, ...says };
      const { dischargeCurrent } = bench.take({ pace: { query: 'warning' }, payload });
      assert.equal(dischargeCurrent, 0);
    });
  }
});

describe('cells that show what no cell can have', () => {
  const values: [shown: unknown, said: string][] = [
    [0, '0 V'],
    [6, '6 V'],
    [0.999, '0.999 V'],
    [5.001, '5.001 V'],
    [-3.3, '-3.3 V'],
    [null, 'an unknown voltage'],
    ['3.3', 'an unknown voltage'],
    [undefined, 'an unknown voltage'],
    [Number.NaN, 'an unknown voltage'],
    [Number.POSITIVE_INFINITY, 'an unknown voltage'],
    [{ voltage: 3.3 }, 'an unknown voltage'],
  ];
  for (const [shown, said] of values) {
    for (const cell of ['cell_01', 'cell_07']) {
      it(`${cell} at ${String(shown)}: nothing either way, for that reason`, () => {
        const bench = new Bench(QUICK);
        bench.settle({});
        const message = analogMessage([{}], bench.lastSeen + 1, 'pack');
        (message.payload.cellVoltages as Record<string, unknown>)[cell] = shown;
        const { chargeCurrent, dischargeCurrent, reasons } = bench.take(message);
        assert.deepEqual([chargeCurrent, dischargeCurrent], [0, 0]);
        const reason = `cell pack_01/${cell} at ${said}: check its sense wire`;
        assert.deepEqual([reasons.chargeCurrent, reasons.dischargeCurrent], [[reason], [reason]]);
      });
    }
  }

  for (const volts of [1, 5]) {
    it(`${volts} V is still a cell's`, () => {
      const reasons = packCurrent(packState({ cells: cellsBut(volts) }), 'charge', SETTINGS);
      assert.ok(reasons.every(({ reason }) => !reason.includes('sense wire')));
    });
  }

  for (const [what, cellVoltages] of Object.entries({ none: {}, null: null, 'no table': 3.3, missing: undefined })) {
    it(`no cell voltages (${what}): nothing either way`, () => {
      const bench = new Bench(QUICK);
      bench.settle({});
      const message = analogMessage([{}], bench.lastSeen + 1, 'pack');
      const payload = { ...message.payload, cellVoltages };
      const { chargeCurrent, dischargeCurrent, reasons } = bench.take({ ...message, payload });
      assert.deepEqual([chargeCurrent, dischargeCurrent], [0, 0]);
      assert.deepEqual(reasons.chargeCurrent, ['pack_01 has no cell voltages']);
    });
  }

  it('the other packs go on', () => {
    const { chargeCurrent, dischargeCurrent } = new Bench(QUICK).settle({ cells: cellsBut(0) }, {}, {});
    assert.deepEqual([chargeCurrent, dischargeCurrent], [200, 200]);
  });
});

describe('temperatures that are not known', () => {
  const unknown = (changes: object) => {
    const pack = packState();
    return { ...pack, measurements: { ...pack.measurements, ...changes } };
  };
  it('of the cells: no charging, since they may be frozen', () => {
    const pack = unknown({ temperatureMin: null, temperatureMax: null });
    assert.deepEqual(allows(pack, 'charge'), { amps: 0, reasons: ['pack_01 tells no temperature of its cells'] });
    assert.deepEqual(allows(pack, 'discharge'), FREE);
  });
  for (const [what, changes] of Object.entries({
    coldest: { temperatureMin: null, temperatureMax: 50 },
    hottest: { temperatureMin: 50, temperatureMax: null },
  })) {
    it(`of the ${what} cell: no charging, and the other one counts for discharging`, () => {
      assert.equal(allows(unknown(changes), 'charge').amps, 0);
      assert.equal(allows(unknown(changes), 'discharge').amps, 25);
    });
  }
  it('of the cells, where no curve asks for them: charging goes on', () => {
    const pack = unknown({ temperatureMin: null, temperatureMax: null });
    const settings = { ...SETTINGS, curves: { ...SETTINGS.curves, chargeByTemperature: [] } as const };
    assert.deepEqual(packCurrent(pack, 'charge', settings), [{ amps: 100, reason: 'at most 100 A a pack' }]);
  });
  it('of the MOSFETs: they are left aside', () => {
    assert.deepEqual(allows(unknown({ mosfetTemperature: null }), 'charge'), FREE);
  });
});
