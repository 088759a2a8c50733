import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { LimitSettings } from '../../src/limits/settings.js';
import { alarm, analogMessages, analogOffline, Bench, cellsBut, type PackWords, QUICK } from './bench.js';

const COLD: PackWords = { temperatures: [-5, 5] };
/** A pack that has nothing, while others go on. */
const TOO_HIGH: PackWords = { cells: cellsBut(3.5) };
const TOO_HIGH_REASON = (pack: number) => `cell pack_0${pack}/cell_16 at 3.5 V`;
/** A pack by which the current is a quarter. */
const HIGH: PackWords = { cells: cellsBut(3.4) };

describe('the current of a bank', () => {
  type Row = [
    what: string,
    settings: Partial<LimitSettings>,
    packs: (PackWords | null)[],
    charge: number,
    reasons: string[],
  ];
  const ceiling = (charge: number) => ({ bankMaxCurrent: { charge, discharge: null } });
  const MAXIMUM = 'at most 100 A a pack';
  const rows: Row[] = [
    ['one pack', {}, [{}], 100, [MAXIMUM]],
    ['four packs', {}, [{}, {}, {}, {}], 400, [MAXIMUM]],
    ['sixteen packs', {}, Array(16).fill({}), 1600, [MAXIMUM]],
    ['one of two is blocked', {}, [{}, TOO_HIGH], 100, [TOO_HIGH_REASON(2)]],
    ['both are blocked', {}, [TOO_HIGH, TOO_HIGH], 0, [TOO_HIGH_REASON(1), TOO_HIGH_REASON(2)]],
    ['one is frozen, and would be charged with the others', {}, [{}, COLD, HIGH], 0, ['cells of pack_02 at -5 °C']],
    ['one of two has a quarter', {}, [HIGH, {}], 125, ['cell pack_01/cell_16 at 3.4 V']],
    ['the worst reason first', {}, [HIGH, TOO_HIGH, {}], 125, [TOO_HIGH_REASON(2), 'cell pack_01/cell_16 at 3.4 V']],
    ['a ceiling for the bank', ceiling(120), [{}, {}], 120, ['at most 120 A for the bank']],
    ['a ceiling above all', ceiling(500), [{}, {}], 200, [MAXIMUM]],
    ['a ceiling that is as much', ceiling(200), [{}, {}], 200, ['at most 200 A for the bank', MAXIMUM]],
    ['a ceiling of nothing', ceiling(0), [{}, {}], 0, ['at most 0 A for the bank']],
    ['a ceiling below one pack', ceiling(30), [{}, TOO_HIGH], 30, ['at most 30 A for the bank']],
    ['no current for a pack', { maxCurrent: { charge: 0, discharge: 60 } }, [{}, {}], 0, ['at most 0 A a pack']],
  ];
  for (const [what, settings, packs, charge, reasons] of rows) {
    it(`${what}: ${charge} A`, () => {
      const limits = new Bench({ ...QUICK, ...settings }).settle(...packs);
      assert.equal(limits.chargeCurrent, charge);
      assert.deepEqual(limits.reasons.chargeCurrent, reasons);
    });
  }

  it('a reason that holds for several sensors of a pack is told once', () => {
    const limits = new Bench(QUICK).settle({ temperatures: [-5, -5] });
    assert.deepEqual(limits.reasons.chargeCurrent, ['cells of pack_01 at -5 °C']);
  });

  it('a frozen pack that its BMS keeps out leaves charging to the others, and discharging to all', () => {
    const bench = new Bench(QUICK);
    bench.settle({}, COLD);
    bench.status({}, { chargeMosfet: false });
    const { chargeCurrent, dischargeCurrent } = bench.settle({}, COLD);
    assert.equal(chargeCurrent, 100);
    assert.ok(dischargeCurrent > 100, `${dischargeCurrent} A`);
  });

  it('the ways are apart', () => {
    const bench = new Bench({ ...QUICK, bankMaxCurrent: { charge: 150, discharge: 30 } });
    bench.settle({}, {});
    const { chargeCurrent, dischargeCurrent } = bench.warning([], [alarm('cellOverVoltageProtection', 'protection')]);
    assert.deepEqual([chargeCurrent, dischargeCurrent], [100, 30]);
  });
});

describe('packs that are not there', () => {
  it('one pack online of four gives a quarter, at once', () => {
    const bench = new Bench(QUICK);
    assert.equal(bench.settle({}, {}, {}, {}).chargeCurrent, 400);
    const { chargeCurrent, dischargeCurrent, onlineCount, packCount, reasons } = bench.analog({}, null, null, null);
    assert.deepEqual([chargeCurrent, dischargeCurrent, onlineCount, packCount], [100, 100, 1, 4]);
    const offline = ['pack_02', 'pack_03', 'pack_04'].map((name) => `${name} is offline`);
    assert.deepEqual(reasons.chargeCurrent, ['at most 100 A a pack', ...offline]);
  });

  it('a pack that its query node tells as offline is out at once', () => {
    const bench = new Bench(QUICK);
    bench.settle({}, {});
    bench.take(analogOffline(2, bench.lastSeen));
    assert.equal(bench.limits.at(bench.now).chargeCurrent, 100);
  });

  it('packs of a connection with addresses that were never read are told', () => {
    const limits = new Bench(QUICK, 4).settle({}, {});
    assert.deepEqual([limits.onlineCount, limits.packCount, limits.chargeCurrent], [2, 4, 200]);
    assert.deepEqual(limits.reasons.chargeCurrent, ['at most 100 A a pack', '2 of 4 packs never read']);
  });

  it('an empty slot is no pack', () => {
    const limits = new Bench(QUICK).settle({}, {});
    assert.equal(limits.packCount, 2);
    const bench = new Bench(QUICK);
    const [offline] = [analogOffline(3, 0)];
    bench.take({ ...offline, payload: { ...offline?.payload, lastSeen: null } });
    assert.equal(bench.settle({}, {}).packCount, 2);
  });

  it('alarms of a pack that was never measured add no pack', () => {
    const bench = new Bench(QUICK);
    bench.warning([], [], [alarm('cellFault', 'fault')]);
    const { packCount, chargeCurrent, reasons } = bench.settle({}, {});
    assert.deepEqual([packCount, chargeCurrent], [2, 200]);
    assert.deepEqual(reasons.chargeCurrent, ['at most 100 A a pack']);
    assert.equal(bench.settle({}, {}, {}).chargeCurrent, 200, 'and hold once it is measured');
  });

  it('the packs come by number, whatever comes first', () => {
    const bench = new Bench(QUICK);
    bench.take(...analogMessages([COLD, COLD, COLD], 1, 'pack').reverse());
    const names = bench.limits.at(bench.now).reasons.chargeCurrent.map((reason) => reason.slice(9, 16));
    assert.deepEqual(names, ['pack_01', 'pack_02', 'pack_03']);
  });

  it('each pack is known by its number, whatever it is called', () => {
    const bench = new Bench(QUICK);
    bench.settle({}, {});
    bench.take({
      pace: { query: 'status' },
      payload: { pack: 2, name: 'Cellar', online: true, lastSeen: 1, chargeMosfet: false, dischargeMosfet: true },
    });
    assert.deepEqual(bench.limits.at(bench.now).reasons.chargeCurrent, ['Cellar: charge MOSFET is off']);
  });
});
