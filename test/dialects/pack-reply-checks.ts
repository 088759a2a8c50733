import assert from 'node:assert/strict';
import type { Alarm } from '../../src/battery/alarms.js';
import { percentage } from '../../src/battery/analog.js';
import type { ReadKind } from '../../src/dialects/dialect.js';
import { encodeAlarmInfo, encodeAnalogInfo } from '../../src/dialects/pace25/encode.js';
import { decodeIdentity, IDENTITY, type IdentityKind } from '../../src/dialects/pace25/identity.js';
import { pace25 } from '../../src/dialects/pace25/index.js';
import { alarmRecord, analogRecord } from '../../src/dialects/pace25/records.js';
import { type Codec, Cursor } from '../../src/wire/field-codec.js';
import { split } from '../support/split.js';
import type { CaptureEntry } from './capture-entries.js';
import { alarmIdsOf, balancingOf, FLAG_BYTES, idsOf, stateOf, statusOf } from './documented-bits.js';
import { type AlarmReply, type AnalogReply, alarmReplies, analogReplies, infoOf, replyText } from './replies.js';

const IDENTITY_KINDS = Object.keys(IDENTITY) as IdentityKind[];

/** The content of an entry's reply. */
export const replyInfo = ({ frames }: CaptureEntry) => infoOf(frames.at(-1)?.text as string);

/** Asserts that INFO is refused as a reply to a read of `kind`, whether of one pack or of all. */
export function isNoReplyTo(kind: ReadKind, info: Uint8Array): void {
  for (const pack of ['all', 1] as const) {
    assert.equal(pace25.fits(kind, info, { address: 1, pack }), false);
    assert.throws(() => pace25.decode(kind, info, { address: 1, pack }), { code: 'SHAPE' });
  }
}

/** Asserts that a 42 reply reads as the entry tells, is written again as it came, and answers nothing else. */
export function readsAsAnalog({ id, expected }: CaptureEntry): void {
  const reply = analogReplies.find((one) => one.id === id) ?? assert.fail('no reply');
  const info = infoOf(reply.text);
  const { slots } = decoded('analog', reply, expected);
  const keys = Object.keys(reply.packs[0] ?? {}).filter((key) => key !== 'tailHex');
  assert.deepEqual(
    slots.map(({ reading }) => reading && keys.map((key) => Object(reading)[key])),
    reply.packs.map((pack) => (pack.packMillivolts === 0 ? null : keys.map((key) => Object(pack)[key]))),
  );
  for (const [i, { cellCount, temperatureCount, derivedSocPercent }] of packsTold(expected).entries()) {
    const pack = reply.packs[i] ?? assert.fail('no pack');
    if (cellCount !== undefined) assert.equal(pack.cellMillivolts.length, cellCount);
    if (temperatureCount !== undefined) assert.equal(pack.temperatureTenths.length, temperatureCount);
    const stateOfCharge = percentage(pack.remainingMilliampHours, pack.fullMilliampHours);
    const rounded = stateOfCharge && Number(stateOfCharge.toFixed(2));
    if (derivedSocPercent !== undefined) assert.equal(rounded, derivedSocPercent);
  }
  const records = cut(info, analogRecord, reply);
  assert.equal(replyText(addressIn(reply), encodeAnalogInfo(reply.packField, records)), reply.text);
  answersNothingElse('alarms', reply);
}

/** As `readsAsAnalog`, for a 44 reply. */
export function readsAsAlarms({ id, expected }: CaptureEntry): void {
  const reply = alarmReplies.find((one) => one.id === id) ?? assert.fail('no reply');
  const info = infoOf(reply.text);
  const { slots } = decoded('alarms', reply, expected);
  for (const [i, raw] of reply.packs.entries()) {
    const reading = slots[i]?.reading;
    if (isEmptySlot(raw)) {
      assert.equal(reading, null);
      continue;
    }
    const { warning, status } = reading ?? assert.fail('no reading');
    assert.deepEqual(status, statusOf(raw));
    assert.deepEqual(warning.cellStates, raw.cellStates.map(stateOf));
    assert.deepEqual(warning.temperatureStates, raw.temperatureStates.map(stateOf));
    assert.equal(warning.chargeCurrentState, stateOf(raw.chargeCurrentState));
    assert.equal(warning.packVoltageState, stateOf(raw.packVoltageState));
    assert.equal(warning.dischargeCurrentState, stateOf(raw.dischargeCurrentState));
    const flagAlarms = warning.alarms.filter(({ code }: Alarm) => !/(Limit|OtherFault|State)$/.test(code));
    assert.deepEqual(flagAlarms.map(({ code }) => code).sort(), alarmIdsOf(raw).sort());
  }
  bitsAreNamed(reply, expected);
  const records = cut(info, alarmRecord, reply);
  assert.equal(replyText(addressIn(reply), encodeAlarmInfo(reply.packField, records)), reply.text);
  answersNothingElse('analog', reply);
}

const packsTold = ({ packs = [] }: CaptureEntry['expected']) => packs as Record<string, unknown>[];

/** Whether a 44 record says nothing but how many cells and sensors it counts (design, section 4). */
function isEmptySlot({ cellStates, temperatureStates, tailHex, ...raw }: AlarmReply['packs'][number]): boolean {
  const { chargeCurrentState, packVoltageState, dischargeCurrentState, balance1, balance2 } = raw;
  const states = [...cellStates, ...temperatureStates, chargeCurrentState, packVoltageState, dischargeCurrentState];
  const flags = [...FLAG_BYTES.map((name) => raw[name]), balance1, balance2, ...Buffer.from(tailHex, 'hex')];
  return [...states, ...flags].every((byte) => byte === 0);
}

/** Asserts that the counts and the documented bits are those that the entry tells, where it does. */
function bitsAreNamed({ packs }: AlarmReply, expected: CaptureEntry['expected']): void {
  for (const [i, named] of packsTold(expected).entries()) {
    const raw = packs[i] ?? assert.fail('no pack');
    if (named.cellCount !== undefined) assert.equal(raw.cellStates.length, named.cellCount);
    if (named.temperatureCount !== undefined) assert.equal(raw.temperatureStates.length, named.temperatureCount);
    const flags = FLAG_BYTES.flatMap((name) => idsOf(name, raw[name]));
    if (named.flags) assert.deepEqual(flags, named.flags);
    if (named.balancingCells) assert.deepEqual(balancingOf(raw), named.balancingCells);
  }
}

/** A reply's decode, its packs' numbers, tails and header bytes compared with what the entry tells. */
function decoded<Kind extends ReadKind>(
  kind: Kind,
  reply: AnalogReply | AlarmReply,
  expected: CaptureEntry['expected'],
) {
  const { target, packs, packField } = reply;
  const info = infoOf(reply.text);
  assert.ok(packs.length > 0, 'the entry tells no packs');
  assert.equal(pace25.fits(kind, info, target), true);
  const result = pace25.decode(kind, info, target);
  assert.deepEqual(
    result.slots.map(({ pack }) => pack),
    packs.map((_, i) => (target.pack === 'all' ? i + 1 : target.pack)),
  );
  assert.equal(info[0], Number(expected.infoFlag ?? expected.infoflag));
  assert.equal(result.packField, packField);
  for (const { tailHex } of packs) assert.equal(result.tailBytes * 2, tailHex.length);
  if (expected.extraBytesPerPack !== undefined) assert.equal(result.tailBytes, expected.extraBytesPerPack);
  return result;
}

/** The records of a reply as the codec cuts them; their tails must be those that the entry tells. */
function cut<Fields>(info: Uint8Array, codec: Codec<Fields>, { packs }: AnalogReply | AlarmReply) {
  const cursor = new Cursor(info, 2);
  return packs.map(({ tailHex }) => {
    const fields = codec.read(cursor);
    const start = cursor.position;
    cursor.position += tailHex.length / 2;
    const tail = info.subarray(start, cursor.position);
    assert.equal(Buffer.from(tail).toString('hex').toUpperCase(), tailHex);
    return { fields, tail };
  });
}

const addressIn = ({ text }: AnalogReply | AlarmReply) => split(text).frames[0]?.address as number;

/** Asserts that a reply is refused as the answer to every other question. */
function answersNothingElse(other: ReadKind, { text, target }: AnalogReply | AlarmReply): void {
  const info = infoOf(text);
  assert.equal(pace25.fits(other, info, target), false);
  assert.throws(() => pace25.decode(other, info, target), { code: 'SHAPE' });
  for (const kind of IDENTITY_KINDS) assert.throws(() => decodeIdentity(kind, info), { code: 'SHAPE' }, kind);
}
