import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { alarm, analogMessage, analogMessages, analogOffline, Bench, cellsBut, QUICK } from './bench.js';

describe('before the first reading', () => {
  it('nothing is allowed, and nothing is known', () => {
    assert.deepEqual(new Bench({}, 4).limits.at(7), {
      chargeVoltage: null,
      chargeCurrent: 0,
      dischargeCurrent: 0,
      lowVoltage: null,
      allowCharge: false,
      allowDischarge: false,
      chargeRequest: false,
      mode: 'starting',
      reasons: {
        chargeVoltage: ['the number of cells is not known yet'],
        chargeCurrent: ['no analog reading yet'],
        dischargeCurrent: ['no analog reading yet'],
      },
      onlineCount: 0,
      packCount: 4,
      age: null,
    });
  });

  it('goes on however long it takes, whatever warning and status tell', () => {
    const bench = new Bench(QUICK);
    bench.warning([]);
    bench.status({});
    assert.equal(bench.limits.changesAt(bench.now), Number.POSITIVE_INFINITY);
    const { mode, chargeCurrent, dischargeCurrent, age } = bench.wait(100_000);
    assert.deepEqual([mode, chargeCurrent, dischargeCurrent, age], ['starting', 0, 0, null]);
  });

  it('a pack that is offline is no reading', () => {
    assert.equal(new Bench().take(analogOffline(1, 1)).mode, 'starting');
    assert.equal(new Bench().take({ pace: { query: 'analog' }, payload: { packs: {}, bank: {} } }).mode, 'starting');
  });

  it('ends with the first reading', () => {
    const { mode, age, onlineCount } = new Bench().analog({});
    assert.deepEqual([mode, age, onlineCount], ['bulk', 0, 1]);
  });
});

describe('without readings for the time until stale', () => {
  it('nothing is allowed both ways, the charge voltage is float, with the reason', () => {
    const bench = new Bench({ ...QUICK, staleAfterMs: 20_000 });
    bench.settle({}, {});
    assert.equal(bench.wait(19.9).chargeCurrent, 200);
    const { reasons, ...limits } = bench.wait(0.1);
    assert.deepEqual(limits, {
      chargeVoltage: 54,
      chargeCurrent: 0,
      dischargeCurrent: 0,
      lowVoltage: 46.4,
      allowCharge: false,
      allowDischarge: false,
      chargeRequest: false,
      mode: 'stale',
      onlineCount: 0,
      packCount: 2,
      age: 20,
    });
    assert.deepEqual(reasons, {
      chargeVoltage: ['float without readings'],
      chargeCurrent: ['no analog reading for 20 s'],
      dischargeCurrent: ['no analog reading for 20 s'],
    });
    assert.equal(bench.wait(3600).age, 3620);
  });

  it('is told at the time it happens', () => {
    const bench = new Bench(QUICK);
    bench.settle({});
    assert.equal(bench.limits.changesAt(bench.now), bench.now + 30_000);
    bench.wait(30);
    assert.equal(bench.limits.changesAt(bench.now), Number.POSITIVE_INFINITY);
  });

  it('a pack of several goes alone', () => {
    const bench = new Bench(QUICK);
    bench.settle({}, {});
    bench.wait(10);
    bench.analog({}, null);
    const { mode, chargeCurrent, onlineCount, reasons } = bench.wait(20);
    assert.deepEqual([mode, chargeCurrent, onlineCount], ['bulk', 100, 1]);
    assert.deepEqual(reasons.chargeCurrent, ['at most 100 A a pack', 'pack_02 is offline']);
  });

  it('packs whose messages come one after the other in a poll go together', () => {
    const bench = new Bench(QUICK);
    bench.settle({}, {}, {});
    bench.wait(5);
    for (const message of analogMessages([{}, {}, {}], bench.lastSeen + 1, 'pack')) {
      bench.now += 100;
      bench.take(message);
    }
    const { mode, age } = bench.wait(29.7);
    assert.deepEqual([mode, age], ['bulk', 29.9]);
    assert.equal(bench.limits.changesAt(bench.now), bench.now + 100);
    assert.equal(bench.wait(0.1).mode, 'stale');
  });

  it('all that are told as offline: at once, whatever the time', () => {
    const bench = new Bench(QUICK);
    bench.settle({}, {});
    bench.take(analogOffline(1, bench.lastSeen), analogOffline(2, bench.lastSeen));
    const { mode, chargeCurrent, dischargeCurrent, reasons } = bench.limits.at(bench.now);
    assert.deepEqual([mode, chargeCurrent, dischargeCurrent], ['stale', 0, 0]);
    assert.deepEqual(reasons.chargeCurrent, ['all packs are offline']);
  });

  it('warning and status make no reading younger', () => {
    const bench = new Bench(QUICK);
    bench.settle({});
    for (let seconds = 0; seconds < 30; seconds += 5) {
      bench.wait(5);
      bench.warning([]);
      bench.status({});
    }
    assert.equal(bench.limits.at(bench.now).mode, 'stale');
  });

  for (const shape of ['pack', 'bank'] as const) {
    it(`a message that is repeated makes no reading younger: ${shape} shape`, () => {
      const bench = new Bench(QUICK);
      bench.settle({});
      const messages = analogMessages([{}], bench.lastSeen, shape);
      for (let seconds = 0; seconds < 30; seconds += 1) {
        bench.wait(1);
        bench.take(...messages);
      }
      assert.equal(bench.limits.at(bench.now).mode, 'stale');
    });
  }

  it('a bank message that repeats one pack of two makes that one no younger', () => {
    const bench = new Bench(QUICK);
    bench.settle({}, {});
    const before = analogMessage([{}, {}], bench.lastSeen);
    for (let seconds = 0; seconds < 30; seconds += 5) {
      bench.wait(5);
      const fresh = analogMessage([{}, {}], bench.lastSeen + 1 + seconds);
      const packs = {
        ...(fresh.payload.packs as object),
        pack_02: (before.payload.packs as Record<string, unknown>).pack_02,
      };
      bench.take({ ...fresh, payload: { ...fresh.payload, packs } });
    }
    assert.deepEqual(bench.limits.at(bench.now).reasons.chargeCurrent, ['at most 100 A a pack', 'pack_02 is offline']);
  });

  it('a clock that jumps back or ahead makes no reading older', () => {
    const bench = new Bench(QUICK);
    bench.settle({});
    for (const jump of [-3_600_000, 7_200_000, -1, 0.5]) {
      bench.wait(29);
      bench.lastSeen += jump;
      assert.equal(bench.analog({}).mode, 'bulk');
    }
  });

  it('readings that do not say when they came count each', () => {
    const bench = new Bench(QUICK);
    const message = analogMessage([{}], 1, 'pack');
    const payload = { ...message.payload, lastSeen: null };
    for (let i = 0; i < 5; i++) {
      bench.wait(29);
      assert.equal(bench.take({ ...message, payload }).mode, 'bulk');
    }
  });
});

describe('readings that come back', () => {
  it('bring the limits back by hold and ramp', () => {
    const bench = new Bench();
    bench.analog({});
    assert.equal(bench.poll(60).chargeCurrent, 100);
    bench.wait(40);
    const { mode, chargeCurrent, dischargeCurrent, chargeVoltage } = bench.analog({});
    assert.deepEqual([mode, chargeCurrent, dischargeCurrent, chargeVoltage], ['bulk', 0, 0, 54]);
    assert.equal(bench.poll(30).chargeCurrent, 0);
    assert.equal(bench.poll(4).dischargeCurrent, 20);
  });

  it('do so though nobody asked for the limits in between', () => {
    const bench = new Bench();
    bench.analog({});
    assert.equal(bench.poll(60).chargeCurrent, 100);
    bench.now += 31_000;
    assert.equal(bench.analog({}).chargeCurrent, 0);
    bench.now += 30_000;
    assert.equal(bench.analog({}).chargeCurrent, 0);
  });

  it('begin absorption anew, but go on with float', () => {
    const full = { cells: 3.45, soc: 99 };
    const bench = new Bench();
    bench.analog(full);
    bench.poll(800);
    bench.wait(31);
    assert.equal(bench.analog(full).mode, 'absorption');
    assert.equal(bench.poll(895).mode, 'absorption');
    assert.equal(bench.poll(5).mode, 'float');
    bench.wait(31);
    assert.equal(bench.analog({ soc: 99 }).mode, 'float');
  });
});

describe('limits that are held for 30 minutes', () => {
  const HELD = { ...QUICK, onStale: 'hold30min' } as const;
  const calm = (cells = 3.3) => {
    const bench = new Bench(HELD);
    bench.settle({ cells }, { cells });
    return bench;
  };

  it('stay after the last reading, but for the charge voltage', () => {
    const bench = calm();
    const { mode, chargeCurrent, dischargeCurrent, chargeVoltage, allowCharge, reasons } = bench.wait(60);
    assert.deepEqual([mode, chargeCurrent, dischargeCurrent, chargeVoltage], ['stale', 200, 200, 54]);
    assert.equal(allowCharge, true);
    assert.deepEqual(reasons.chargeCurrent, [
      'no analog reading for 30 s: held for 30 minutes',
      'at most 100 A a pack',
    ]);
  });

  it('all of them, though messages a pack come one after the other', () => {
    const bench = calm();
    for (const message of analogMessages([{}, {}], bench.lastSeen + 1, 'pack')) {
      bench.now += 50;
      bench.take(message);
    }
    assert.equal(bench.wait(60).chargeCurrent, 200);
  });

  it('and end then', () => {
    const bench = calm();
    assert.equal(bench.wait(1799).dischargeCurrent, 200);
    assert.equal(bench.limits.changesAt(bench.now), bench.now + 1000);
    const { chargeCurrent, dischargeCurrent, reasons } = bench.wait(1);
    assert.deepEqual([chargeCurrent, dischargeCurrent], [0, 0]);
    assert.deepEqual(reasons.dischargeCurrent, ['no analog reading for 30 s']);
    assert.equal(bench.limits.changesAt(bench.now), Number.POSITIVE_INFINITY);
  });

  it('before the first reading there is nothing to hold', () => {
    const bench = new Bench(HELD);
    assert.equal(bench.limits.at(bench.now).chargeCurrent, 0);
    assert.equal(bench.limits.changesAt(bench.now), Number.POSITIVE_INFINITY);
  });

  for (const [cells, held] of [
    [3.225, 200],
    [3.224, 0],
    [3.375, 200],
    [3.376, 0],
  ] as const) {
    it(`all cells at ${cells} V: ${held} A`, () => assert.equal(calm(cells).wait(31).dischargeCurrent, held));
  }

  it('not with a cell that nobody knows', () => {
    const bench = calm();
    bench.analog({}, { cells: cellsBut(0) });
    assert.equal(bench.wait(31).dischargeCurrent, 0);
  });

  it('and do not rise', () => {
    const bench = new Bench({ ...HELD, holdMs: 30_000, rampCurrent: 5 });
    bench.analog({});
    assert.equal(bench.poll(40).chargeCurrent, 50);
    const held = bench.wait(30).chargeCurrent;
    assert.equal(bench.wait(600).chargeCurrent, held);
  });

  it('but fall with what warning and status tell meanwhile', () => {
    const bench = calm();
    bench.wait(60);
    assert.equal(bench.warning([alarm('cellAboveLimit')], []).chargeCurrent, 150);
    assert.equal(bench.status({ dischargeMosfet: false }, { dischargeMosfet: false }).dischargeCurrent, 0);
    const { chargeCurrent, reasons } = bench.warning([alarm('packOverVoltageProtection', 'protection')], []);
    assert.equal(chargeCurrent, 100);
    assert.ok(reasons.chargeCurrent.includes('pack_01: the packOverVoltageProtection'));
    bench.warning([], []);
    bench.status({}, {});
    const { dischargeCurrent, chargeCurrent: later } = bench.wait(300);
    assert.deepEqual([later, dischargeCurrent], [100, 0], 'and do not rise');
  });

  it('are followed by what is due once readings are back', () => {
    const bench = calm();
    bench.wait(60);
    assert.equal(bench.analog({}, { cells: cellsBut(3.4) }).chargeCurrent, 125);
  });
});
