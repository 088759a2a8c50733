import assert from 'node:assert/strict';
import { decodeIdentity, IDENTITY, type IdentityKind } from '../../src/dialects/pace25/identity.js';
import type { CaptureEntry } from './capture-entries.js';
import { isNoReplyTo, replyInfo } from './pack-reply-checks.js';

/** Kinds whose replies are alike, so that the one can be read as the other (`pace-v25.md` 3.6 and 3.7). */
const NUMBERS: readonly IdentityKind[] = ['capacity', 'clock'];
const TEXTS: readonly IdentityKind[] = ['softwareVersion', 'serialNumbers'];
const areAlike = (one: IdentityKind, other: IdentityKind) =>
  one === other || [NUMBERS, TEXTS].some((alike) => alike.includes(one) && alike.includes(other));

// biome-ignore lint/suspicious/noExplicitAny: the fixtures' own layout, used only here
type Told = any;

const textOrNull = (text: string) => text.trim() || null;
const milliampHours = (milli: number | undefined, ampereHours: number) => milli ?? Math.round(ampereHours * 1000);

/** What an entry tells, in our own words, by what was asked. */
const VALUES: Record<IdentityKind, (told: Told) => object> = {
  packCount: (told) => ({ packCount: 'packCount' in told ? told.packCount : told.count_or_address }),
  capacity: (told) => ({
    remainingMilliampHours: milliampHours(told.remainingMah, told.remaining_Ah),
    fullMilliampHours: milliampHours(told.fullMah, told.full_Ah),
    designMilliampHours: milliampHours(told.designMah, told.design_Ah),
  }),
  clock: ({ iso }) => ({ clock: iso }),
  softwareVersion: ({ softwareVersion, text, bluetoothName = null }) => ({
    softwareVersion: textOrNull(softwareVersion ?? text),
    bluetoothName,
  }),
  serialNumbers: ({ bmsSerial, bms_sn_20, packSerial, pack_sn_20 }) => ({
    bmsSerial: textOrNull(bmsSerial ?? bms_sn_20),
    packSerial: textOrNull(packSerial ?? pack_sn_20),
  }),
};

const IDENTITY_KINDS = Object.keys(IDENTITY) as IdentityKind[];

/** Asserts that a reply to `kind` tells what the entry does, is written again as it came, and answers nothing else. */
export function tells(kind: IdentityKind, entry: CaptureEntry): void {
  const info = replyInfo(entry);
  const values = decodeIdentity(kind, info);
  assert.deepEqual(values, VALUES[kind](entry.expected));
  const bytes: number[] = [];
  IDENTITY[kind].fields.write(values as never, bytes);
  if (TEXTS.includes(kind)) assert.equal(filledWithBlanks(bytes, info.length), filledWithBlanks(info, info.length));
  else assert.deepEqual(bytes, [...info]);
  for (const read of ['analog', 'alarms'] as const) isNoReplyTo(read, info);
  for (const other of IDENTITY_KINDS) {
    if (!areAlike(kind, other)) assert.throws(() => decodeIdentity(other, info), { code: 'SHAPE' }, other);
  }
}

/** Texts as characters; NUL and blank fill them up alike (`pace-v25.md` 3.6). */
function filledWithBlanks(bytes: Iterable<number>, length: number): string {
  return Buffer.from([...bytes])
    .toString('latin1')
    .replaceAll('\0', ' ')
    .padEnd(length);
}
