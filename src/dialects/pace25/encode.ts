import type { Codec } from '../../wire/field-codec.js';
import { encodeFrame } from '../../wire/frame.js';
import { CID1, VERSION } from './frames.js';
import { type AlarmRecord, type AnalogRecord, alarmRecord, analogRecord } from './records.js';

/** One pack as a BMS sends it: its fields, then what its firmware adds to them. */
export interface RecordWithTail<Fields> {
  fields: Fields;
  tail: Uint8Array;
}

function encodeInfo<Fields>(
  codec: Codec<Fields>,
  packField: number,
  records: readonly RecordWithTail<Fields>[],
): Uint8Array {
  const bytes = [0, packField];
  for (const { fields, tail } of records) {
    codec.write(fields, bytes);
    bytes.push(...tail);
  }
  return Uint8Array.from(bytes);
}

/** INFO of a 42 reply; `packField` is the count of records, or the pack that was asked for (`pace-v25.md` 3.3). */
export function encodeAnalogInfo(packField: number, records: readonly RecordWithTail<AnalogRecord>[]): Uint8Array {
  return encodeInfo(analogRecord, packField, records);
}

/** INFO of a 44 reply; `packField` as in a 42 reply (`pace-v25.md` 3.4). */
export function encodeAlarmInfo(packField: number, records: readonly RecordWithTail<AlarmRecord>[]): Uint8Array {
  return encodeInfo(alarmRecord, packField, records);
}

/** A reply of the BMS at `address`; `rtn` 0 is success (`pace-v25.md` 2.4). */
export function encodeReply(address: number, info: Uint8Array, rtn = 0): Buffer {
  return encodeFrame({ version: VERSION, address, cid1: CID1, code: rtn, info });
}
