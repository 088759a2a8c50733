import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PaceError } from '../../src/errors.js';
import { readPackMessage } from '../../src/limits/incoming.js';
import {
  alarm,
  analogMessages,
  analogOffline,
  cellsBut,
  type Message,
  SWITCHES,
  statusMessages,
  warningMessages,
} from './bench.js';

const read = (message: object) => readPackMessage({ ...message });
const only = (messages: readonly Message[]) => read(messages[0] as Message);

describe('the messages that tell of packs', () => {
  it('analog, a pack', () => {
    const cells = cellsBut(3.4);
    const message = only(analogMessages([{ cells, temperatures: [-1.5, 22], mosfet: 31.5, soc: 55 }], 77, 'pack'));
    assert.equal(message.query, 'analog');
    const [pack, ...others] = message.packs;
    assert.deepEqual(others, []);
    const { cells: told, ...measured } = (pack as { told: object }).told as { cells: { sum: number } };
    const { sum, ...rest } = told;
    assert.deepEqual([pack?.pack, pack?.name, pack?.lastSeen], [1, 'pack_01', 77]);
    assert.ok(Math.abs(sum - 52.9) < 1e-9);
    assert.deepEqual(rest, {
      count: 16,
      lowest: { name: 'cell_01', volts: 3.3 },
      highest: { name: 'cell_16', volts: 3.4 },
      highestSound: { name: 'cell_16', volts: 3.4 },
      unsound: [],
    });
    assert.deepEqual(measured, {
      ...{ temperatureMin: -1.5, temperatureMax: 22, mosfetTemperature: 31.5 },
      ...{ soc: 55, remainingCapacity: 55, fullCapacity: 100 },
    });
  });

  it('analog, a bank with packs that are not there', () => {
    const { packs } = only(analogMessages([{}, null, {}], 77));
    assert.deepEqual(
      packs.map(({ pack, told }) => [pack, told !== null]),
      [
        [1, true],
        [2, false],
        [3, true],
      ],
    );
  });

  it('analog, a pack that has gone stale', () => {
    const { packs } = read(analogOffline(2, 5));
    assert.deepEqual(packs, [{ pack: 2, name: 'pack_02', lastSeen: 5, told: null }]);
  });

  it('a bank of which nothing was ever read', () => {
    const payload = { packs: {}, bank: { packCount: 0, onlineCount: 0 } };
    assert.deepEqual(read({ topic: 'pace/bank/analog', payload }), { query: 'analog', packs: [] });
  });

  for (const shape of ['pack', 'bank'] as const) {
    it(`warning, ${shape} shape`, () => {
      const alarms = [alarm('cellFault', 'fault'), { ...alarm('cellAboveLimit'), cell: 4 }];
      const { query, packs } = only(warningMessages([alarms], 77, shape));
      assert.equal(query, 'warning');
      assert.deepEqual(packs[0]?.told, [
        { code: 'cellFault', level: 'fault', label: 'the cellFault' },
        { code: 'cellAboveLimit', level: 'warning', label: 'cell_04 the cellAboveLimit' },
      ]);
      assert.deepEqual(only(warningMessages([[]], 77, shape)).packs[0]?.told, []);
    });

    it(`status, ${shape} shape`, () => {
      const { query, packs } = only(statusMessages([{}], 77, shape));
      assert.deepEqual([query, packs[0]?.told], ['status', SWITCHES]);
      const [off] = only(statusMessages([{ chargeMosfet: false, fullyCharged: true }], 77, shape)).packs;
      assert.deepEqual(off?.told, { ...SWITCHES, chargeMosfet: false, fullyCharged: true });
    });
  }

  it('by MQTT, where nothing but the topic says what they are', () => {
    const [analog] = analogMessages([{}], 77, 'pack');
    for (const topic of ['analog', 'pace/pack_01/analog', 'a/b/c/bank/analog']) {
      assert.equal(read({ topic, payload: analog?.payload }).query, 'analog');
    }
  });

  it('where both say it, what the node has written counts', () => {
    const [status] = statusMessages([{}], 77);
    assert.equal(read({ ...status, topic: 'pace/bank/analog' }).query, 'status');
  });
});

const PACK = { pack: 1, name: 'pack_01', online: true, lastSeen: 1 };
const ANALOG = { query: 'analog' };

describe('messages that tell of no pack', () => {
  const NO_QUERY = /only messages of PACE analog, warning and status nodes/;
  const SINGLE = /single values .* set Send of the analog node/;
  const cases: [what: string, message: object, text: RegExp][] = [
    ['an empty one', {}, NO_QUERY],
    ['another topic', { topic: 'pace/bank/limits', payload: PACK }, NO_QUERY],
    ['no topic', { payload: PACK }, NO_QUERY],
    ['a topic that is no text', { topic: { toString: 1 }, payload: PACK }, NO_QUERY],
    ['a topic with a name of its own', { topic: 'pace/constructor', payload: PACK }, NO_QUERY],
    ['info', { pace: { query: 'info' }, payload: {} }, NO_QUERY],
    ['limits of its own', { pace: { query: 'limits' }, payload: PACK }, NO_QUERY],
    ['a query that is none', { pace: { query: '__proto__' }, payload: PACK }, NO_QUERY],
    ['a query that is no text', { pace: { query: { toString: 1 } }, payload: PACK }, NO_QUERY],
    ['a query that is null', { pace: { query: null }, topic: 'analog', payload: PACK }, NO_QUERY],
    ['an event', { pace: { query: 'warning' }, payload: { pack: 1, name: 'pack_01', code: 'x' } }, /online/],
    ['a single value', { pace: ANALOG, payload: 70 }, SINGLE],
    ['a text', { pace: ANALOG, payload: 'online' }, SINGLE],
    ['no payload', { pace: ANALOG }, SINGLE],
    ['null', { pace: ANALOG, payload: null }, SINGLE],
    ['a function', { pace: ANALOG, payload: () => PACK }, SINGLE],
    ['a list', { pace: ANALOG, payload: [PACK] }, /payload is not an object/],
    ['bytes', { pace: ANALOG, payload: Buffer.from('{}') }, /payload\.pack/],
    ['no pack', { pace: ANALOG, payload: { ...PACK, pack: undefined } }, /payload\.pack/],
    ['a pack as text', { pace: ANALOG, payload: { ...PACK, pack: '1' } }, /payload\.pack/],
    ['a pack that cannot be', { pace: ANALOG, payload: { ...PACK, pack: 256 } }, /payload\.pack/],
    ['part of a pack', { pace: ANALOG, payload: { ...PACK, pack: 1.5 } }, /payload\.pack/],
    ['no name', { pace: ANALOG, payload: { ...PACK, name: null } }, /payload\.name/],
    ['online as a number', { pace: ANALOG, payload: { ...PACK, online: 1 } }, /payload\.online/],
    ['packs that are none', { pace: ANALOG, payload: { packs: null } }, /payload\.packs/],
    ['packs as a list', { pace: ANALOG, payload: { packs: [PACK] } }, /payload\.packs/],
    ['a pack of a bank that is none', { pace: ANALOG, payload: { packs: { pack_01: 7 } } }, /payload\.packs\.pack_01/],
    [
      'one bad pack among good ones',
      { pace: ANALOG, payload: { packs: { a: PACK, b: { ...PACK, pack: -1 } } } },
      /payload\.packs\.b\.pack/,
    ],
  ];
  for (const [what, message, text] of cases) {
    it(`${what}: SHAPE, and why`, () => {
      assert.throws(
        () => read(message),
        (error) => error instanceof PaceError && error.code === 'SHAPE' && text.test(error.message),
      );
    });
  }
});

describe('numbers that are none', () => {
  for (const value of [null, undefined, '20', Number.NaN, Number.NEGATIVE_INFINITY, {}, true]) {
    it(`${String(value)} is not known`, () => {
      const unknown = { temperatureMin: value, temperatureMax: value, mosfetTemperature: value, soc: value };
      const payload = { ...PACK, ...unknown, lastSeen: value, remainingCapacity: value, fullCapacity: value };
      const [pack] = read({ pace: ANALOG, payload }).packs;
      assert.equal(pack?.lastSeen, null);
      assert.deepEqual(pack?.told, {
        ...{ cells: null, temperatureMin: null, temperatureMax: null, mosfetTemperature: null },
        ...{ soc: null, remainingCapacity: null, fullCapacity: null },
      });
    });
  }
});
