import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fieldCapture, frameOf } from '../support/captures.js';
import { bench } from './kit/flow.js';
import { type AlarmPack, alarmReply } from './kit/replies.js';

const { run } = bench();

const statusOf = async (reply: string, properties: object = {}) => {
  const { flow } = await run(() => reply, {}, { query: 'status', ...properties });
  return flow.ask('status');
};

const SETTINGS = {
  buzzerAlarm: false,
  ledAlarm: true,
  chargeLimiter: true,
  chargeLimiterGear: 'high',
  chargeMosfetForcedOff: false,
  dischargeMosfetForcedOff: false,
  systemLock: false,
  testMode: false,
};
/** A pack with every bit 0. */
const QUIET = {
  mode: 'idle',
  fullyCharged: false,
  chargeMosfet: false,
  dischargeMosfet: false,
  chargeCurrentLimiter: false,
  chargerReversed: false,
  packSupplying: false,
  acIn: false,
  heater: false,
  shutdown: false,
  balancing: { active: false, cells: [] as string[] },
  settings: SETTINGS,
};
/** A bit that keeps the record from being an empty slot and shows nowhere. */
const PRESENT: AlarmPack = { system: 0, warning1: 0x80 };

describe('status, pack shape', () => {
  const cases: [what: string, pack: AlarmPack, expected: object][] = [
    ['nothing', {}, {}],
    ['limiter', { system: 0x01 }, { chargeCurrentLimiter: true }],
    ['charge MOSFET', { system: 0x02 }, { chargeMosfet: true }],
    ['discharge MOSFET', { system: 0x04 }, { dischargeMosfet: true }],
    ['supplying', { system: 0x08 }, { packSupplying: true, mode: 'discharging' }],
    ['reversed', { system: 0x10 }, { chargerReversed: true }],
    ['AC in', { system: 0x20 }, { acIn: true, mode: 'charging' }],
    ['supplying with AC in', { system: 0x28 }, { packSupplying: true, acIn: true, mode: 'discharging' }],
    ['shutdown', { system: 0x40 }, { shutdown: true }],
    ['heater', { system: 0x80 }, { heater: true }],
    ['fully charged', { protection2: 0x80 }, { fullyCharged: true }],
    ['buzzer', { control: 0x01 }, { settings: { ...SETTINGS, buzzerAlarm: true } }],
    ['charge off by command', { control: 0x02 }, { settings: { ...SETTINGS, chargeMosfetForcedOff: true } }],
    ['discharge off by command', { control: 0x04 }, { settings: { ...SETTINGS, dischargeMosfetForcedOff: true } }],
    ['low gear', { control: 0x08 }, { settings: { ...SETTINGS, chargeLimiterGear: 'low' } }],
    ['limiter disabled', { control: 0x10 }, { settings: { ...SETTINGS, chargeLimiter: false } }],
    ['LED alarm disabled', { control: 0x20 }, { settings: { ...SETTINGS, ledAlarm: false } }],
    ['system lock', { control: 0x40 }, { settings: { ...SETTINGS, systemLock: true } }],
    ['test mode', { control: 0x80 }, { settings: { ...SETTINGS, testMode: true } }],
    ['balancing cell 4', { balance1: 0x08 }, { balancing: { active: true, cells: ['cell_04'] } }],
    [
      'balancing cells 1, 8, 9, 16',
      { balance1: 0x81, balance2: 0x81 },
      { balancing: { active: true, cells: ['cell_01', 'cell_08', 'cell_09', 'cell_16'] } },
    ],
  ];
  for (const [what, pack, expected] of cases) {
    it(what, async () => {
      const [message] = await statusOf(alarmReply([{ ...PRESENT, ...pack }]), { padPacks: 2, padCells: 2 });
      assert.equal(message?.topic, 'pace/pack_01/status');
      const head = { pack: 1, name: 'pack_01', online: true, lastSeen: message?.pace.receivedAt };
      assert.equal(JSON.stringify(message?.payload), JSON.stringify({ ...head, ...QUIET, ...expected }));
    });
  }

  it('captures: wild-061, two packs that discharge', async () => {
    const messages = await statusOf(frameOf(fieldCapture('wild-061')));
    const on = { mode: 'discharging', chargeMosfet: true, dischargeMosfet: true, packSupplying: true };
    const settings = [SETTINGS, { ...SETTINGS, chargeLimiterGear: 'low', systemLock: true }];
    assert.deepEqual(
      messages.map(({ payload: { pack, name, online, lastSeen, ...rest } }) => rest),
      settings.map((own) => ({ ...QUIET, ...on, settings: own })),
    );
  });

  it('captures: wild-094, eight cells', async () => {
    const [message] = await statusOf(frameOf(fieldCapture('wild-094')));
    const { payload } = message ?? {};
    assert.deepEqual([payload.mode, payload.chargeMosfet, payload.dischargeMosfet], ['idle', true, true]);
    assert.equal(payload.settings.chargeLimiter, false);
  });
});

describe('status, bank shape', () => {
  const cases: [what: string, packs: AlarmPack[], expected: object][] = [
    [
      'all charging',
      [{ system: 0x26 }, { system: 0x26 }],
      { mode: 'charging', chargeMosfet: true, dischargeMosfet: true },
    ],
    ['mixed', [{ system: 0x26 }, { system: 0x06 }], { mode: 'mixed', chargeMosfet: true, dischargeMosfet: true }],
    [
      'one MOSFET off',
      [{ system: 0x06 }, { system: 0x02 }],
      { mode: 'idle', chargeMosfet: true, dischargeMosfet: false },
    ],
    [
      'one full',
      [{ protection2: 0x80 }, {}],
      { mode: 'idle', fullyCharged: false, chargeMosfet: true, dischargeMosfet: true },
    ],
    [
      'all full',
      [{ protection2: 0x80 }, { protection2: 0x80 }],
      { mode: 'idle', fullyCharged: true, chargeMosfet: true, dischargeMosfet: true },
    ],
  ];
  for (const [what, packs, expected] of cases) {
    it(what, async () => {
      const [message] = await statusOf(alarmReply(packs), { output: 'bank' });
      assert.equal(message?.topic, 'pace/bank/status');
      const bank = { packCount: 2, onlineCount: 2, ...QUIET, ...expected, balancing: { active: false, cells: [] } };
      const { packCount, onlineCount, mode, fullyCharged, chargeMosfet, dischargeMosfet, balancing } = bank;
      assert.equal(
        JSON.stringify(message?.payload.bank),
        JSON.stringify({ packCount, onlineCount, mode, fullyCharged, chargeMosfet, dischargeMosfet, balancing }),
      );
    });
  }

  it('names balancing cells with their pack', async () => {
    const reply = alarmReply([{ balance1: 0x08 }, { balance2: 0x80 }]);
    const [message] = await statusOf(reply, { output: 'bank', padPacks: 2, padCells: 2 });
    const cells = ['pack_01/cell_04', 'pack_02/cell_16'];
    assert.deepEqual(message?.payload.bank.balancing, { active: true, cells });
  });
});
