import { PaceError } from '../../errors.js';
import { type Codec, Cursor, integer, record, text, type ValueOf, whenPresent } from '../../wire/field-codec.js';
import type { IdentityKind } from '../dialect.js';
import { ANALOG_FIELDS } from './records.js';
import { replyFits } from './replies.js';

/** Bytes of a version, a name or a serial number (`pace-v25.md` 3.6). */
const TEXT_BYTES = 20;
const name = text(TEXT_BYTES);

const clockFields = record({
  year: integer(1, { unit: 'year', offset: 2000 }),
  month: integer(1, { unit: 'month' }),
  day: integer(1, { unit: 'day' }),
  hour: integer(1, { unit: 'h' }),
  minute: integer(1, { unit: 'min' }),
  second: integer(1, { unit: 's' }),
});

/** The last year that the clock can show (`pace-v25.md` 3.7). */
const LAST_YEAR = 2099;

/** The clock of the BMS, in whatever time zone it was set to. */
const clock: Codec<string> = {
  unit: 'YYYY-MM-DDTHH:mm:ss',
  read(cursor) {
    const { year, month, day, hour, minute, second } = clockFields.read(cursor);
    const shown = `${joined('-', year, month, day)}T${joined(':', hour, minute, second)}`;
    const meant = new Date(Date.UTC(year, month - 1, day, hour, minute, second)).toISOString();
    if (year > LAST_YEAR || !meant.startsWith(shown)) throw new PaceError('SHAPE', `${shown} is no date and time`);
    return shown;
  },
  write(shown, out) {
    const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = shown.split(/[-T:]/).map(Number);
    clockFields.write({ year, month, day, hour, minute, second }, out);
  },
};

function joined(separator: string, ...values: number[]): string {
  return values.map((value) => String(value).padStart(2, '0')).join(separator);
}

/**
 * What a BMS tells about itself, never about its bank: the command that asks, how many bytes INFO of the answer has,
 * and its fields in the wire's order.
 */
export const IDENTITY = {
  /** The packs it knows, absent ones among them; nothing where it only says that it is there (`pace-v25.md` 3.5). */
  packCount: {
    command: 0x90,
    bytes: [0, 1],
    fields: record({ packCount: whenPresent(integer(1, { unit: 'packs' })) }),
  },
  /** mAh of its own pack, in a bank too (`pace-v25.md` 3.6). */
  capacity: {
    command: 0xa6,
    bytes: [6, 6],
    fields: record({
      remainingMilliampHours: ANALOG_FIELDS.remainingMilliampHours,
      fullMilliampHours: ANALOG_FIELDS.fullMilliampHours,
      designMilliampHours: ANALOG_FIELDS.designMilliampHours,
    }),
  },
  /** `pace-v25.md` 3.7. */
  clock: { command: 0xb1, bytes: [6, 6], fields: record({ clock }) },
  /** The name of its Bluetooth module comes only while that is linked (`pace-v25.md` 3.6). */
  softwareVersion: {
    command: 0xc1,
    bytes: [TEXT_BYTES, 2 * TEXT_BYTES],
    fields: record({ softwareVersion: name, bluetoothName: whenPresent(name) }),
  },
  /** Some firmwares know no serial number of the pack (`pace-v25.md` 3.6). */
  serialNumbers: {
    command: 0xc2,
    bytes: [TEXT_BYTES, 2 * TEXT_BYTES],
    fields: record({ bmsSerial: name, packSerial: whenPresent(name) }),
  },
} as const;

export type { IdentityKind };

/** Capacity and clock are alike on the wire, and so are version and serial numbers (`pace-v25.md` 3.6 and 3.7). */
export const IDENTITIES_ALIKE: readonly (readonly IdentityKind[])[] = [
  ['capacity', 'clock'],
  ['softwareVersion', 'serialNumbers'],
];

/** The answers, by kind: capacities in mAh, texts trimmed and null where empty. */
export type IdentityOf = { [Kind in IdentityKind]: ValueOf<(typeof IDENTITY)[Kind]['fields']> };

/** Whether INFO can be an answer to `kind` at all. */
export function identityFits(kind: IdentityKind, info: Uint8Array): boolean {
  const [least, most] = IDENTITY[kind].bytes;
  if (info.length < least || info.length > most) return false;
  // a 42 or 44 reply of few cells is no longer than two texts
  return !(['analog', 'alarms'] as const).some((read) => replyFits(read, info, { address: 1, pack: 1 }));
}

/**
 * What INFO tells about the BMS. An answer to one kind can be read as that to a kind that is alike.
 * @throws PaceError `SHAPE` when INFO is no such answer, or says what cannot be.
 */
export function decodeIdentity<Kind extends IdentityKind>(kind: Kind, info: Uint8Array): IdentityOf[Kind] {
  if (!identityFits(kind, info)) {
    throw new PaceError('SHAPE', `the reply of ${info.length} bytes does not tell what was asked`);
  }
  return IDENTITY[kind].fields.read(new Cursor(info)) as IdentityOf[Kind];
}
