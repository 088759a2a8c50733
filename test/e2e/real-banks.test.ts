import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { encodeAlarmInfo, encodeReply } from '../../src/dialects/pace25/encode.js';
import { alarmRecord } from '../../src/dialects/pace25/records.js';
import { Cursor } from '../../src/wire/field-codec.js';
import { type CapturedPack, type CapturedWarning, fieldCapture, frameOf } from '../support/captures.js';
import { Inbox, loadFlow, type Message, startRuntime, stopRuntime, unloadFlow } from '../support/node-red.js';
import { layPtyCable, ptyMissing } from '../support/pty.js';
import { type Answer, byCommand, ReplayServer, replay } from '../support/replay-bms.js';

/** Real banks, each with the 44 reply of a bank of as many packs. */
const BANKS = [
  { what: 'ten packs with an absent slot and 14-byte tails', analog: 'wild-017', warning: null },
  { what: 'two packs with 10-byte tails', analog: 'wild-004', warning: 'wild-062' },
  { what: 'two packs without tails', analog: 'wild-019', warning: 'wild-061' },
];

/** No 44 reply of ten packs was captured: one is made of a captured pack. */
function tenTimes(id: string): string {
  const info = Buffer.from(fieldCapture(id).info ?? '', 'hex');
  const fields = alarmRecord.read(new Cursor(info, 2));
  const records = Array.from({ length: 10 }, () => ({ fields, tail: Uint8Array.of(0) }));
  return encodeReply(1, encodeAlarmInfo(10, records)).toString('latin1');
}

const warningFrame = (id: string | null) => (id ? frameOf(fieldCapture(id)) : tenTimes('wild-061'));

function warningsOf(id: string | null): CapturedWarning[] {
  if (id) return fieldCapture(id).expected?.packs as CapturedWarning[];
  const [pack] = fieldCapture('wild-061').expected?.packs ?? [];
  return Array.from({ length: 10 }, () => pack as CapturedWarning);
}

function checkAnalog({ payload }: Message, packs: CapturedPack[]): void {
  assert.deepEqual(
    Object.keys(payload.packs),
    packs.map((_, i) => `pack_${String(i + 1).padStart(2, '0')}`),
  );
  for (const [i, pack] of Object.values<Message['payload']>(payload.packs).entries()) {
    const expected = packs[i] as CapturedPack;
    if (expected.voltage_V === 0) {
      assert.deepEqual(pack, { pack: i + 1, name: `pack_0${i + 1}`, online: false, lastSeen: null });
      continue;
    }
    const cells = expected.cells_mV.map((millivolts) => millivolts / 1000);
    assert.deepEqual(Object.values(pack.cellVoltages), cells);
    assert.deepEqual(
      pack.cells.map((cell: { voltage: number }) => cell.voltage),
      cells,
    );
    assert.deepEqual(Object.values(pack.temperatures), expected.temps_C_2730);
    assert.equal(pack.voltage, expected.voltage_V);
    assert.equal(pack.current, expected.current_A_x10mA);
    assert.equal(pack.remainingCapacity, expected.remaining_Ah);
    assert.equal(pack.fullCapacity, expected.full_Ah);
    assert.equal(pack.designCapacity, expected.design_Ah);
    assert.equal(pack.cycles, expected.cycles);
    assert.equal(pack.cellMin.voltage, Math.min(...cells));
    assert.equal(pack.cellMax.voltage, Math.max(...cells));
    assert.equal(pack.soc, Math.round((expected.remaining_Ah / expected.full_Ah) * 10_000) / 100);
  }
  const present = packs.filter(({ voltage_V }) => voltage_V > 0);
  const { bank } = payload;
  assert.equal(bank.packCount, present.length);
  assert.equal(bank.onlineCount, present.length);
  const close = (got: number, wanted: number, by: number) =>
    assert.ok(Math.abs(got - wanted) <= by, `${got} ${wanted}`);
  const total = (value: (pack: CapturedPack) => number) => present.reduce((sum, pack) => sum + value(pack), 0);
  close(bank.voltage, total(({ voltage_V }) => voltage_V) / present.length, 0.00051);
  close(
    bank.current,
    total(({ current_A_x10mA }) => current_A_x10mA),
    0.001,
  );
  close(
    bank.remainingCapacity,
    total(({ remaining_Ah }) => remaining_Ah),
    0.001,
  );
  close(
    bank.fullCapacity,
    total(({ full_Ah }) => full_Ah),
    0.001,
  );
}

const bit = (byte: string, number: number) => ((Number.parseInt(byte, 16) >> number) & 1) === 1;

function checkWarningAndStatus(warning: Message, status: Message, packs: CapturedWarning[], absent: number[]): void {
  for (const [i, expected] of packs.entries()) {
    const name = `pack_${String(i + 1).padStart(2, '0')}`;
    const got = { warning: warning.payload.packs[name], status: status.payload.packs[name] };
    if (absent.includes(i + 1)) {
      assert.equal(got.warning.online, false);
      assert.equal(got.status.online, false);
      continue;
    }
    const names: Record<string, string> = { '00': 'normal', '01': 'low', '02': 'high', F0: 'other' };
    assert.deepEqual(
      Object.values(got.warning.cellStates),
      expected.cell_states.map((state) => names[state]),
    );
    assert.deepEqual(
      Object.values(got.warning.temperatureStates),
      expected.temp_states.map((state) => names[state]),
    );
    assert.equal(got.status.chargeMosfet, bit(expected.instruction, 1));
    assert.equal(got.status.dischargeMosfet, bit(expected.instruction, 2));
    assert.equal(got.status.packSupplying, bit(expected.instruction, 3));
    assert.equal(got.status.acIn, bit(expected.instruction, 5));
    assert.equal(got.status.fullyCharged, bit(expected.protect2, 7));
    assert.equal(got.status.settings.chargeLimiterGear, bit(expected.control, 3) ? 'low' : 'high');
    assert.equal(got.status.settings.buzzerAlarm, bit(expected.control, 0));
    const raised = [expected.protect1, expected.fault, expected.warn1, expected.warn2].some((byte) => byte !== '00');
    assert.equal(got.warning.level === 'normal', !raised);
  }
}

/** Lets three query nodes read the bank behind `connection`, and compares all they say with the capture. */
async function readBank(connection: object, bank: (typeof BANKS)[number]): Promise<void> {
  const query = { connection: 'connection', output: 'bank', padPacks: 2, padCells: 2, interval: 60 };
  await loadFlow([
    { id: 'connection', type: 'pace-bms-connection', ...connection },
    { id: 'analog', type: 'pace-bms-analog', ...query, wires: [['analogs']] },
    { id: 'warning', type: 'pace-bms-warning', ...query, wires: [['warnings'], []] },
    { id: 'status', type: 'pace-bms-status', ...query, wires: [['states']] },
    ...['analogs', 'warnings', 'states'].map((id) => ({ id, type: 'helper' })),
  ]);
  const inboxes = ['analogs', 'warnings', 'states'].map((id) => new Inbox(id));
  const [analog, warning, status] = await Promise.all(inboxes.map(async (inbox) => (await inbox.has(1))[0] as Message));
  const packs = fieldCapture(bank.analog).expected?.packs as CapturedPack[];
  const absent = packs.flatMap(({ voltage_V }, i) => (voltage_V === 0 ? [i + 1] : []));
  checkAnalog(analog as Message, packs);
  checkWarningAndStatus(warning as Message, status as Message, warningsOf(bank.warning), absent);
}

const answerOf = (bank: (typeof BANKS)[number]): Answer =>
  byCommand({ 42: frameOf(fieldCapture(bank.analog)), 44: warningFrame(bank.warning) });

describe('captures of real banks, through a running Node-RED', () => {
  before(startRuntime);
  after(stopRuntime);
  afterEach(unloadFlow);

  for (const bank of BANKS) {
    it(`${bank.what}: over TCP, in pieces of 7 bytes`, async (t) => {
      const server = await ReplayServer.listen(answerOf(bank), { pieceBytes: 7 });
      t.after(() => server.close());
      await readBank({ transport: 'tcp', host: '127.0.0.1', port: server.port }, bank);
    });

    it(`${bank.what}: over a serial port at 9600 baud`, { skip: ptyMissing }, async (t) => {
      const cable = await layPtyCable();
      t.after(() => cable.close());
      replay(cable.bms, answerOf(bank), [], { baudRate: 9600, pieceBytes: 16 });
      await readBank({ transport: 'serial', serialPort: cable.path, baudRate: 9600 }, bank);
    });
  }
});
