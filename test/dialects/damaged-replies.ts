import { isDeepStrictEqual } from 'node:util';
import type { AnalogReading } from '../../src/battery/analog.js';
import type { ReadKind, Slot, Target } from '../../src/dialects/dialect.js';
import { encodeAnalogInfo } from '../../src/dialects/pace25/encode.js';
import { pace25 } from '../../src/dialects/pace25/index.js';
import { type AnalogRecord, analogRecord } from '../../src/dialects/pace25/records.js';
import { PaceError } from '../../src/errors.js';
import { ReplyReader } from '../../src/link/reply-reader.js';
import { around } from '../../src/simulator/random.js';
import { Cursor } from '../../src/wire/field-codec.js';
import { encodeFrame } from '../../src/wire/frame.js';
import { theFrame } from '../support/split.js';
import { alarmReplies, analogReplies, infoOf } from './replies.js';

/** A captured reply, and what its battery said with it. */
export interface Truth {
  kind: ReadKind;
  id: string;
  target: Target;
  /** INFO in hex. */
  info: string;
  /** The numbers and states that a user would see. */
  published: PublishedPack[];
  tailBytes: number;
}

/** A reader of a connection on which nothing has been heard yet. */
export const newReader = () => new ReplyReader(pace25, [], () => {});

/** What a read of `reader` makes of replies with these INFOs at these times, ms; the verdict on the last. */
export function judge(reader: ReplyReader, { kind, target }: Pick<Truth, 'kind' | 'target'>, infos: string[], at = 0) {
  const judgeFrame = reader.judge(kind, target, pace25.encodeRead(kind, target));
  const verdicts = infos.map((info, i) => {
    const fields = { version: 0x25, address: target.address, cid1: 0x46, code: 0, info: Buffer.from(info, 'hex') };
    const timing = { receivedAt: 0, durationMs: 0, answeredAt: at + i * 200 };
    const verdict = judgeFrame(theFrame(encodeFrame(fields)), timing);
    if (verdict.is === 'accepted') reader.believe(kind, verdict.value);
    return verdict;
  });
  return verdicts.at(-1) as (typeof verdicts)[number];
}

/** What a user sees of a pack. */
export interface PublishedPack {
  isThere: boolean;
  /** Of measurements all that is in `AnalogReading`. */
  shown: Partial<AnalogReading>;
}

/** What is published of the packs of a reply. */
function publishedOf(slots: readonly Slot<unknown>[]): PublishedPack[] {
  return slots.map(({ reading }) => {
    const { userItemCount, ...shown } = (reading ?? {}) as Partial<AnalogRecord>;
    return { isThere: reading !== null, shown };
  });
}

/** What a reader published of a reply; null where the reply was refused or doubted. */
export function publishedAfter(...asked: Parameters<typeof judge>): PublishedPack[] | null {
  const verdict = judge(...asked);
  if (verdict.is !== 'accepted' || verdict.value.decoded instanceof PaceError) return null;
  return publishedOf(verdict.value.decoded.slots);
}

/** Every captured reply of a kind, once. */
export function truths(kind: ReadKind): Truth[] {
  const replies = kind === 'analog' ? analogReplies : alarmReplies;
  const found: Truth[] = [];
  for (const { id, text, target } of replies) {
    const bytes = infoOf(text);
    const { slots, tailBytes } = pace25.decode(kind, bytes, target);
    const info = Buffer.from(bytes).toString('hex').toUpperCase();
    const isKnown = found.some((other) => other.info === info && isDeepStrictEqual(other.target, target));
    if (!isKnown) found.push({ kind, id, target, info, published: publishedOf(slots), tailBytes });
  }
  return found;
}

/** A pack's reading some seconds earlier or later: cells by up to 3 mV, temperatures by 0.3 °C, another current. */
function movedPack<Pack extends AnalogReading>(pack: Pack, random: () => number): Pack {
  const near = (value: number, reach: number) => Math.round(around(random, value, reach));
  const cellMillivolts = pack.cellMillivolts.map((millivolts) => near(millivolts, 3));
  const moved = cellMillivolts.reduce((total, millivolts, i) => total + millivolts - (pack.cellMillivolts[i] ?? 0), 0);
  return {
    ...pack,
    cellMillivolts,
    temperatureTenths: pack.temperatureTenths.map((tenths) => tenths && near(tenths, 3)),
    currentMilliamps: near(0, pack.designMilliampHours / 20) * 10,
    packMillivolts: pack.packMillivolts + moved,
    remainingMilliampHours: Math.max(0, pack.remainingMilliampHours - near(10, 10) * 10),
  };
}

/** INFO of the reply before, in hex: measurements moved a little, alarms as they are. */
export function replyBefore({ kind, info, tailBytes, target }: Truth, random: () => number): string {
  if (kind === 'alarms') return info;
  const bytes = Buffer.from(info, 'hex');
  const cursor = new Cursor(bytes, 2);
  const records = Array.from({ length: target.pack === 'all' ? bytes[1] || 1 : 1 }, () => {
    const fields = analogRecord.read(cursor);
    const tail = bytes.subarray(cursor.position, cursor.position + tailBytes);
    cursor.position += tailBytes;
    return { fields: fields.packMillivolts === 0 ? fields : movedPack(fields, random), tail };
  });
  return Buffer.from(encodeAnalogInfo(bytes[1] as number, records))
    .toString('hex')
    .toUpperCase();
}
