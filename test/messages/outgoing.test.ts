import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { analogShape } from '../../src/messages/analog.js';
import {
  availabilityMessage,
  bankMessage,
  type OutputSettings,
  offlineMessage,
  type PackView,
  pollMessages,
} from '../../src/messages/outgoing.js';
import type { QueryShape } from '../../src/messages/shape.js';
import { statusShape } from '../../src/messages/status.js';
import { warningShape } from '../../src/messages/warning.js';
import { analog, status, warning } from '../battery/readings.js';

const SETTINGS: OutputSettings = { output: 'pack', topic: 'pace', naming: { padPacks: 2, padCells: 2 } };

const fresh = <Reading>(pack: number, reading: Reading): PackView<Reading> => {
  return { pack, reading, lastSeen: 1000 + pack, online: true, fresh: true };
};
const remembered = <Reading>(pack: number, reading: Reading): PackView<Reading> => {
  return { ...fresh(pack, reading), fresh: false };
};
const stale = <Reading>(pack: number, reading: Reading): PackView<Reading> => {
  return { ...remembered(pack, reading), online: false };
};
const emptySlot = (pack: number) => ({ pack, reading: null, lastSeen: null, online: false, fresh: false });

type Bank = { packs: Record<string, Record<string, unknown>>; bank: Record<string, unknown> };
const bankOf = <Reading>(shape: QueryShape<Reading>, views: readonly PackView<Reading>[]) =>
  bankMessage(shape, views, SETTINGS).payload as Bank;

const VIEWS = [fresh(1, analog()), remembered(2, analog()), stale(3, analog()), emptySlot(4)];

describe('the messages of a poll', () => {
  it('pack shape: a message a pack that has just been read', () => {
    const messages = pollMessages(analogShape, VIEWS, SETTINGS);
    assert.deepEqual(
      messages.map(({ topic, pack, part }) => ({ topic, pack, part })),
      [{ topic: 'pace/pack_01/analog', pack: 1, part: { group: 'packs', key: 'pack_01' } }],
    );
  });

  it('value shape: the values of a pack that has just been read', () => {
    const messages = pollMessages(statusShape, [fresh(1, status()), remembered(2, status())], {
      ...SETTINGS,
      output: 'value',
    });
    assert.ok(messages.length > 0);
    for (const { topic, part } of messages) {
      assert.equal(topic, `pace/pack_01/${part?.key}`);
      assert.equal(part?.group, 'pack_01');
    }
  });

  it('bank shape: one message of all packs', () => {
    const messages = pollMessages(analogShape, VIEWS, { ...SETTINGS, output: 'bank' });
    assert.deepEqual(
      messages.map(({ topic, pack, part }) => ({ topic, pack, part })),
      [{ topic: 'pace/bank/analog', pack: undefined, part: undefined }],
    );
  });
});

describe('a bank', () => {
  it('counts packs that were ever read, and sums those that count', () => {
    const { packs, bank } = bankOf(analogShape, VIEWS);
    assert.deepEqual(Object.keys(packs), ['pack_01', 'pack_02', 'pack_03', 'pack_04']);
    assert.deepEqual(
      Object.values(packs).map(({ online, lastSeen }) => [online, lastSeen]),
      [
        [true, 1001],
        [true, 1002],
        [false, 1003],
        [false, null],
      ],
    );
    assert.deepEqual([bank.packCount, bank.onlineCount, bank.remainingCapacity], [3, 2, 100]);
  });

  it('shows of an offline pack or an empty slot nothing but when it was seen', () => {
    const { packs } = bankOf(analogShape, VIEWS);
    assert.deepEqual(packs.pack_03, { pack: 3, name: 'pack_03', online: false, lastSeen: 1003 });
    assert.deepEqual(packs.pack_04, { pack: 4, name: 'pack_04', online: false, lastSeen: null });
  });

  it('of packs that have no cells and no sensors has nulls there', () => {
    const bare = analog({ cellMillivolts: [], temperatureTenths: [] });
    const { packs, bank } = bankOf(analogShape, [fresh(1, bare)]);
    const pack = packs.pack_01 as Record<string, unknown>;
    for (const key of ['cellMin', 'cellMax', 'cellDelta', 'temperatureMin', 'temperatureMax']) {
      assert.deepEqual([pack[key], bank[key]], [null, null], key);
    }
    assert.deepEqual([pack.cellCount, pack.cellAverage, pack.cells, pack.cellVoltages], [0, null, [], {}]);
  });

  const dead: [what: string, bank: Bank['bank'], alive: Bank['bank']][] = [
    [
      'analog',
      bankOf(analogShape, [stale(1, analog())]).bank,
      bankOf(analogShape, [fresh(1, analog()), emptySlot(2)]).bank,
    ],
    ['warning', bankOf(warningShape, [stale(1, warning())]).bank, bankOf(warningShape, [fresh(1, warning())]).bank],
    ['status', bankOf(statusShape, [stale(1, status())]).bank, bankOf(statusShape, [fresh(1, status())]).bank],
  ];
  for (const [query, bank, alive] of dead) {
    it(`${query}: without a pack online has the same members, and nothing that looks healthy`, () => {
      assert.deepEqual(Object.keys(bank), Object.keys(alive));
      const { packCount, onlineCount, ...rest } = bank;
      assert.deepEqual([packCount, onlineCount], [1, 0]);
      for (const [member, value] of Object.entries(rest)) {
        assert.deepEqual(value, Array.isArray(alive[member]) ? [] : null, member);
      }
    });
  }
});

describe('messages that no poll brings', () => {
  it('a pack that has gone stale', () => {
    assert.deepEqual(offlineMessage(warningShape, 2, 1002, { ...SETTINGS, topic: '' }), {
      topic: 'pack_02/warning',
      payload: { pack: 2, name: 'pack_02', online: false, lastSeen: 1002 },
      pack: 2,
      part: { group: 'packs', key: 'pack_02' },
    });
  });

  for (const [online, payload] of [
    [true, 'online'],
    [false, 'offline'],
  ] as const) {
    it(`availability: ${payload}`, () => {
      const message = availabilityMessage(online, SETTINGS);
      assert.deepEqual([message.topic, message.payload, message.pack], ['pace/availability', payload, undefined]);
    });
  }
});

/** Changes everything in a payload, as a careless function node might. */
function spoil(payload: object): void {
  for (const [key, value] of Object.entries(payload)) {
    if (typeof value === 'object' && value !== null) spoil(value);
    if (Array.isArray(value)) value.push('spoiled');
    (payload as Record<string, unknown>)[key] = 'spoiled';
  }
}

describe('a payload that a flow has changed', () => {
  const shapes: [string, QueryShape<never>, object][] = [
    ['analog', analogShape as QueryShape<never>, analog()],
    [
      'warning',
      warningShape as QueryShape<never>,
      warning({ alarms: [{ code: 'cellAboveLimit', level: 'warning', label: 'above limit', cell: 1 }] }),
    ],
    ['status', statusShape as QueryShape<never>, status({ balancingCells: [1] })],
  ];
  for (const [query, shape, reading] of shapes) {
    it(`leaves the reading of ${query} as it is, for the messages to come`, () => {
      const before = bankMessage(shape, [fresh(1, reading as never)], SETTINGS);
      const expected = structuredClone(before);
      spoil(before);
      assert.deepEqual(bankMessage(shape, [fresh(1, reading as never)], SETTINGS), expected);
    });

    it(`leaves a dead bank of ${query} as it is`, () => {
      const before = bankMessage(shape, [], SETTINGS);
      const expected = structuredClone(before);
      spoil(before);
      assert.deepEqual(bankMessage(shape, [], SETTINGS), expected);
    });
  }
});
