import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Alarm } from '../../src/battery/alarms.js';
import type { ReadKind, Target } from '../../src/dialects/dialect.js';
import { encodeAlarmInfo, encodeAnalogInfo } from '../../src/dialects/pace25/encode.js';
import { pace25 } from '../../src/dialects/pace25/index.js';
import { alarmRecord, analogRecord } from '../../src/dialects/pace25/records.js';
import { type Codec, Cursor } from '../../src/wire/field-codec.js';
import { fieldCapture, referenceVectors } from '../support/captures.js';
import { split } from '../support/split.js';
import { alarmIdsOf, balancingOf, FLAG_BYTES, idsOf, stateOf, statusOf } from './documented-bits.js';
import { type AlarmReply, type AnalogReply, alarmReplies, analogReplies, infoOf, replyText } from './replies.js';

/** The packs' numbers that a reply must be given to. */
function numbersOf({ target, packs }: AnalogReply | AlarmReply): number[] {
  return packs.map((_, i) => (target.pack === 'all' ? i + 1 : target.pack));
}

/** The records of a reply as the codec cuts them, each with its tail. */
function cut<Fields>(info: Uint8Array, codec: Codec<Fields>, tailHexes: readonly string[]) {
  const cursor = new Cursor(info, 2);
  return tailHexes.map((tailHex) => {
    const fields = codec.read(cursor);
    const start = cursor.position;
    cursor.position += tailHex.length / 2;
    return { fields, tail: info.subarray(start, cursor.position) };
  });
}

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex').toUpperCase();
const tailsOf = ({ packs }: AnalogReply | AlarmReply) => packs.map(({ tailHex }) => tailHex);

describe('42 replies of real batteries', () => {
  for (const reply of analogReplies) {
    it(`${reply.id} decodes to what the battery said`, () => {
      const info = infoOf(reply.text);
      assert.equal(pace25.fits('analog', info, reply.target), true);
      const decoded = pace25.decode('analog', info, reply.target);
      const keys = Object.keys(reply.packs[0] ?? {}).filter((key) => key !== 'tailHex');
      const got = decoded.slots.map(({ reading }) => reading && keys.map((key) => Object(reading)[key]));
      const expected = reply.packs.map((pack) =>
        pack.packMillivolts === 0 ? null : keys.map((key) => Object(pack)[key]),
      );
      assert.deepEqual(got, expected);
      assert.deepEqual(
        decoded.slots.map(({ pack }) => pack),
        numbersOf(reply),
      );
      assert.equal(decoded.packField, reply.packField);
      assert.deepEqual(
        reply.packs.map(() => decoded.tailBytes * 2),
        tailsOf(reply).map(({ length }) => length),
      );
    });

    it(`${reply.id} is written again to the same characters`, () => {
      const records = cut(infoOf(reply.text), analogRecord, tailsOf(reply));
      assert.deepEqual(
        records.map(({ tail }) => hex(tail)),
        tailsOf(reply),
      );
      const address = split(reply.text).frames[0]?.address as number;
      assert.equal(replyText(address, encodeAnalogInfo(reply.packField, records)), reply.text);
    });
  }
});

describe('44 replies of real batteries', () => {
  for (const reply of alarmReplies) {
    it(`${reply.id} decodes to what the battery said`, () => {
      const info = infoOf(reply.text);
      assert.equal(pace25.fits('alarms', info, reply.target), true);
      const decoded = pace25.decode('alarms', info, reply.target);
      assert.deepEqual(
        decoded.slots.map(({ pack }) => pack),
        numbersOf(reply),
      );
      assert.equal(decoded.packField, reply.packField);
      assert.deepEqual(
        reply.packs.map(() => decoded.tailBytes * 2),
        tailsOf(reply).map(({ length }) => length),
      );
      for (const [i, raw] of reply.packs.entries()) {
        const { warning, status } = decoded.slots[i]?.reading ?? assert.fail('no reading');
        assert.deepEqual(status, statusOf(raw));
        assert.deepEqual(warning.cellStates, raw.cellStates.map(stateOf));
        assert.deepEqual(warning.temperatureStates, raw.temperatureStates.map(stateOf));
        assert.equal(warning.chargeCurrentState, stateOf(raw.chargeCurrentState));
        assert.equal(warning.packVoltageState, stateOf(raw.packVoltageState));
        assert.equal(warning.dischargeCurrentState, stateOf(raw.dischargeCurrentState));
        const flagAlarms = warning.alarms.filter(({ code }: Alarm) => !/(Limit|OtherFault|State)$/.test(code));
        assert.deepEqual(flagAlarms.map(({ code }) => code).sort(), alarmIdsOf(raw).sort());
      }
    });

    it(`${reply.id} is written again to the same characters`, () => {
      const records = cut(infoOf(reply.text), alarmRecord, tailsOf(reply));
      assert.deepEqual(
        records.map(({ tail }) => hex(tail)),
        tailsOf(reply),
      );
      const address = split(reply.text).frames[0]?.address as number;
      assert.equal(replyText(address, encodeAlarmInfo(reply.packField, records)), reply.text);
    });
  }

  for (const { id, expected } of referenceVectors.filter(({ kind }) => kind === 'status')) {
    it(`${id}: the documented bits are those that the vector names`, () => {
      const raws = alarmReplies.find((reply) => reply.id === id)?.packs ?? [];
      const flags = raws.map((raw) => FLAG_BYTES.flatMap((name) => idsOf(name, raw[name])));
      assert.deepEqual(
        flags,
        expected.packs?.map((pack) => pack.flags),
      );
      assert.deepEqual(
        raws.map(balancingOf),
        expected.packs?.map((pack) => pack.balancingCells),
      );
    });
  }
});

describe('a 44 reply that could end in two places', () => {
  // pace-v25.md 5.3: wild-061 fits tails of 1 and of 10 bytes; a 44 tail has at most 8
  it('wild-061 is read with the tail of 1', () => {
    const info = infoOf(fieldCapture('wild-061').frame as string);
    assert.equal(pace25.decode('alarms', info, { address: 1, pack: 'all' }).tailBytes, 1);
  });
});

describe('the number of a pack', () => {
  const info = infoOf(fieldCapture('wild-075').frame as string); // count 0, one record
  const cases: { target: Target; pack: number }[] = [
    { target: { address: 5, pack: 'all' }, pack: 5 },
    { target: { address: 5, pack: 3 }, pack: 3 },
  ];
  for (const { target, pack } of cases) {
    it(`is ${pack} where ${target.pack} was asked of address ${target.address} and the count is 0`, () => {
      assert.deepEqual(
        pace25.decode('analog', info, target).slots.map((slot) => slot.pack),
        [pack],
      );
    });
  }
});

describe('the right reply to the wrong question', () => {
  const other: Record<ReadKind, ReadKind> = { analog: 'alarms', alarms: 'analog' };
  for (const { id, kind, text, target } of [...analogReplies, ...alarmReplies]) {
    it(`${id}, ${kind}, is no reply to a read of ${other[kind]}`, () => {
      assert.equal(pace25.fits(other[kind], infoOf(text), target), false);
      assert.throws(() => pace25.decode(other[kind], infoOf(text), target), { code: 'SHAPE' });
    });
  }
});
