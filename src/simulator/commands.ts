import { encodeAlarmInfo, encodeAnalogInfo } from '../dialects/pace25/encode.js';
import { ALL_PACKS, COMMANDS as READ_COMMANDS } from '../dialects/pace25/frames.js';
import { IDENTITY } from '../dialects/pace25/identity.js';
import type { AnalogRecord } from '../dialects/pace25/records.js';
import type { Codec } from '../wire/field-codec.js';
import type { BankModel } from './bank-model.js';
import { analogTail } from './tails.js';

/** What a firmware adds to the records, and how. */
export interface RecordFormat {
  /** Bytes after each pack's part of a 42 reply, 0-40; 0, 1, 10 and 14 are common (`pace-v25.md` 3.3). */
  tailBytes: number;
  /** Bytes after each pack's part of a 44 reply, 0-8; 0 and 1 are common (`pace-v25.md` 3.4). */
  alarmTailBytes: number;
  /** The byte called "user defined item count", which tells nothing about the tail (`pace-v25.md` 3.3). */
  userItemCount: number;
}

/** The BMS that was asked, as one command sees it. */
export interface AskedBms {
  bank: BankModel;
  /** Its own address. */
  address: number;
  /** The places of the bank that it answers for, by index; the first is its own. */
  slots: readonly number[];
  /** Whether a pack may also be asked for by its address. */
  knowsPackByAddress: boolean;
  format: RecordFormat;
}

/** A command that the BMS carries out. */
export interface Command {
  /** Bytes of INFO that its request has. */
  readonly requestBytes: number;
  /** INFO of the reply; null when the request's value is none that it accepts. */
  readonly answer: (bms: AskedBms, value: number) => Uint8Array | null;
}

const OWN_PACK = 0;

/** The places that a 42 or 44 request means (`pace-v25.md` 5.2); null where there is no such pack. */
function slotsAsked({ slots, address, knowsPackByAddress }: AskedBms, pack: number): readonly number[] | null {
  if (pack === ALL_PACKS) return slots;
  if (pack === OWN_PACK || (knowsPackByAddress && pack === address)) return slots.slice(0, 1);
  return pack <= slots.length ? slots.slice(pack - 1, pack) : null;
}

/** `read` for the places asked for, with the number that stands before them: their count, or the pack asked for. */
function packReply(
  read: (bms: AskedBms, slots: readonly number[], packField: number) => Uint8Array,
): Pick<Command, 'requestBytes' | 'answer'> {
  return {
    requestBytes: 1,
    answer: (bms, pack) => {
      const slots = slotsAsked(bms, pack);
      return slots && read(bms, slots, pack === ALL_PACKS ? slots.length : pack);
    },
  };
}

function ownRecord({ bank, slots }: AskedBms): AnalogRecord {
  return bank.analogRecords()[slots[0] as number] as AnalogRecord;
}

/** The command that reads `fields` of the BMS itself, with their values. */
function tells<Values>(
  { command, fields }: { command: number; fields: Codec<Values> },
  valuesOf: (bms: AskedBms) => Values,
): [number, Command] {
  return [
    command,
    {
      requestBytes: 0,
      answer: (bms) => {
        const bytes: number[] = [];
        fields.write(valuesOf(bms), bytes);
        return Uint8Array.from(bytes);
      },
    },
  ];
}

/** What the simulated BMS understands, by CID2 (`pace-v25.md` 3.2). */
export const COMMANDS: ReadonlyMap<number, Command> = new Map([
  [
    READ_COMMANDS.analog,
    packReply(({ bank, format }, slots, packField) => {
      const records = bank.analogRecords();
      return encodeAnalogInfo(
        packField,
        slots.map((slot) => {
          const fields = { ...(records[slot] as AnalogRecord), userItemCount: format.userItemCount };
          return { fields, tail: analogTail(fields, format.tailBytes) };
        }),
      );
    }),
  ],
  [
    READ_COMMANDS.alarms,
    packReply(({ bank, format }, slots, packField) => {
      const tail = new Uint8Array(format.alarmTailBytes);
      const records = bank.alarmRecords().filter((_, slot) => slots.includes(slot));
      return encodeAlarmInfo(
        packField,
        records.map((fields) => ({ fields, tail })),
      );
    }),
  ],
  tells(IDENTITY.packCount, ({ slots }) => ({ packCount: slots.length })),
  tells(IDENTITY.capacity, ownRecord),
  tells(IDENTITY.clock, ({ bank }) => ({ clock: bank.clock.toISOString().slice(0, 'YYYY-MM-DDTHH:mm:ss'.length) })),
  tells(IDENTITY.softwareVersion, (bms) => {
    const cells = String(ownRecord(bms).cellMillivolts.length).padStart(2, '0');
    return { softwareVersion: `P${cells}S100A-SIM-1.00`, bluetoothName: null };
  }),
  tells(IDENTITY.serialNumbers, ({ slots }) => {
    const number = String((slots[0] as number) + 1).padStart(4, '0');
    return { bmsSerial: `SIMBMS${number}`, packSerial: `SIMPACK${number}` };
  }),
]);
