import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { BmsIdentity } from '../../src/battery/identity.js';
import { type InfoOutput, type InfoView, infoGlance, infoMessages } from '../../src/messages/info.js';

const IDENTITY: BmsIdentity = {
  softwareVersion: 'P16S100A-1812-1.00',
  bmsSerial: '0907030493436D',
  packSerial: 'GPSR7PC733YW79370036',
  packCount: 4,
  remainingMilliampHours: 62_040,
  fullMilliampHours: 103_460,
  designMilliampHours: 110_000,
  clock: '2024-08-21T05:29:31',
};
const NOTHING = Object.fromEntries(Object.keys(IDENTITY).map((key) => [key, null])) as unknown as BmsIdentity;

const tell = (view: Partial<InfoView>, output: Partial<InfoOutput> = {}) =>
  infoMessages(
    { identity: IDENTITY, packs: null, ...view },
    { output: 'bank', topic: 'pace', naming: { padPacks: 0, padCells: 0 }, ...output },
  );
const payloadOf = (view: Partial<InfoView>, output: Partial<InfoOutput> = {}) =>
  tell(view, output)[0]?.payload as Record<string, unknown>;
const withCapacity = (remaining: number | null, full: number | null, design: number | null): BmsIdentity => ({
  ...IDENTITY,
  remainingMilliampHours: remaining,
  fullMilliampHours: full,
  designMilliampHours: design,
});

describe('what a BMS tells about itself, in one message', () => {
  it('is in Ah and %, and texts', () => {
    assert.deepEqual(tell({}), [
      {
        topic: 'pace/bank/info',
        payload: {
          softwareVersion: 'P16S100A-1812-1.00',
          bmsSerial: '0907030493436D',
          packSerial: 'GPSR7PC733YW79370036',
          packCount: 4,
          remainingCapacity: 62.04,
          fullCapacity: 103.46,
          designCapacity: 110,
          soc: 59.97,
          soh: 94.05,
          clock: '2024-08-21T05:29:31',
        },
      },
    ]);
  });

  const cases: [capacity: [number | null, number | null, number | null], soc: number | null, soh: number | null][] = [
    [[0, 100_000, 100_000], 0, 100],
    [[110_000, 100_000, 90_000], 100, 100],
    [[50_000, 0, 100_000], null, 0],
    [[50_000, 100_000, 0], 50, null],
    [[0, 0, 0], null, null],
    [[null, null, null], null, null],
    [[null, 100_000, 100_000], null, 100],
    [[50_000, 100_000, null], 50, null],
  ];
  for (const [capacity, soc, soh] of cases) {
    it(`of ${capacity.join(', ')} mAh has the states ${soc} and ${soh}`, () => {
      const payload = payloadOf({ identity: withCapacity(...capacity) });
      assert.deepEqual([payload.soc, payload.soh], [soc, soh]);
    });
  }

  it('holds its states to 0-100 with two decimals, whatever the capacities are', () => {
    const capacity = fc.option(fc.integer({ min: 0, max: 655_350 }));
    fc.assert(
      fc.property(capacity, capacity, capacity, (...capacities) => {
        const { soc, soh } = payloadOf({ identity: withCapacity(...capacities) });
        for (const share of [soc, soh]) {
          if (share === null) continue;
          assert.ok(typeof share === 'number' && share >= 0 && share <= 100, String(share));
          assert.equal(share, Number(share.toFixed(2)));
        }
      }),
    );
  });

  it('of which nothing is known has every member, all null', () => {
    const payload = payloadOf({ identity: null });
    assert.deepEqual(Object.keys(payload), Object.keys(payloadOf({})));
    assert.deepEqual(new Set(Object.values(payload)), new Set([null]));
    assert.deepEqual(payloadOf({ identity: NOTHING }), payload);
  });

  it('has packs by padded names where each is asked for itself, and the first beside them', () => {
    const second = { ...IDENTITY, packSerial: null, packCount: null };
    const packs = new Map([
      [2, IDENTITY],
      [11, second],
    ]);
    const payload = payloadOf({ packs }, { naming: { padPacks: 2, padCells: 0 } });
    assert.deepEqual(payload, {
      ...payloadOf({}),
      packs: { pack_02: payloadOf({}), pack_11: payloadOf({ identity: second }) },
    });
  });

  it('tells the packs that answered where the first did not', () => {
    const payload = payloadOf({ identity: null, packs: new Map([[2, IDENTITY]]) });
    assert.deepEqual(payload, { ...payloadOf({ identity: null }), packs: { pack_2: payloadOf({}) } });
  });

  for (const [topic, whole] of [
    ['', 'bank/info'],
    ['home/battery', 'home/battery/bank/info'],
  ] as const) {
    it(`has the topic ${whole}`, () => {
      assert.equal(tell({}, { topic })[0]?.topic, whole);
    });
  }
});

describe('what a BMS tells about itself, a message a value', () => {
  const valuesOf = (view: Partial<InfoView>, topic = 'pace') =>
    tell(view, { output: 'value', topic }).map((message) => [message.topic, message.payload]);

  it('has the topics and units of bmspace', () => {
    assert.deepEqual(valuesOf({}), [
      ['pace/bms_version', 'P16S100A-1812-1.00'],
      ['pace/bms_sn', '0907030493436D'],
      ['pace/pack_sn', 'GPSR7PC733YW79370036'],
      ['pace/pack_remain_cap', 62_040],
      ['pace/pack_full_cap', 103_460],
      ['pace/pack_design_cap', 110_000],
      ['pace/pack_soc', 59.97],
      ['pace/pack_soh', 94.05],
    ]);
    assert.equal(valuesOf({}, '')[0]?.[0], 'bms_version');
  });

  it('has nothing for what is not known', () => {
    assert.deepEqual(valuesOf({ identity: NOTHING }), []);
    assert.deepEqual(valuesOf({ identity: null }), []);
    assert.deepEqual(valuesOf({ identity: { ...withCapacity(50_000, 0, 0), packSerial: null } }), [
      ['pace/bms_version', 'P16S100A-1812-1.00'],
      ['pace/bms_sn', '0907030493436D'],
      ['pace/pack_remain_cap', 50_000],
      ['pace/pack_full_cap', 0],
      ['pace/pack_design_cap', 0],
    ]);
  });

  it('is of the first where each pack is asked for itself', () => {
    const packs = new Map([
      [1, IDENTITY],
      [2, NOTHING],
    ]);
    assert.deepEqual(valuesOf({ packs }), valuesOf({}));
  });

  it('joins to one object by leaf', () => {
    const parts = tell({}, { output: 'value' }).map(({ part }) => part);
    assert.equal(new Set(parts.map((part) => part?.group)).size, 1);
    assert.deepEqual(parts[3]?.key, 'pack_remain_cap');
  });
});

describe('the glance', () => {
  const cases: [view: Partial<InfoView>, text: string][] = [
    [{}, 'P16S100A-1812-1.00 · 4 packs'],
    [{ identity: { ...IDENTITY, packCount: 1 } }, 'P16S100A-1812-1.00 · 1 pack'],
    [{ identity: { ...IDENTITY, packCount: null } }, 'P16S100A-1812-1.00'],
    [{ identity: { ...IDENTITY, softwareVersion: null } }, 'version not known · 4 packs'],
    [{ identity: NOTHING }, 'version not known'],
    [
      {
        packs: new Map([
          [1, IDENTITY],
          [5, NOTHING],
        ]),
      },
      'P16S100A-1812-1.00 · 2 packs',
    ],
  ];
  for (const [view, text] of cases) {
    it(text, () => assert.equal(infoGlance({ identity: IDENTITY, packs: null, ...view }), text));
  }
});
