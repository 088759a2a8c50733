import { cellSumAgrees, cellSumRatio, isEmptySlot } from '../../battery/analog.js';
import { hasPlausibleCells } from '../../battery/analog-plausibility.js';
import { PaceError } from '../../errors.js';
import { Cursor } from '../../wire/field-codec.js';
import type { DecodedReply, DecodeHints, ReadingOf, ReadKind, Target } from '../dialect.js';
import { alarmReading } from './alarm-reading.js';
import { fitRecords, INFO_HEADER_BYTES, type RecordFit } from './record-fit.js';
import {
  ALARM_SHAPE,
  type AlarmRecord,
  ANALOG_SHAPE,
  type AnalogRecord,
  alarmRecord,
  analogRecord,
} from './records.js';

/** The number of records in a reply: its count when all packs were asked, 0 meaning one; else one. */
function recordCount(info: Uint8Array, { pack }: Target): number {
  return pack === 'all' ? info[1] || 1 : 1;
}

/** Reads the record that begins at a byte of INFO; several fits may share one. */
type RecordAt = (start: number) => AnalogRecord;

function analogRecordsOf(info: Uint8Array): RecordAt {
  const known = new Map<number, AnalogRecord>();
  return (start) => {
    let record = known.get(start);
    if (record === undefined) {
      record = analogRecord.read(new Cursor(info, start));
      known.set(start, record);
    }
    return record;
  };
}

function findFits(kind: ReadKind, info: Uint8Array, target: Target): RecordFit[] {
  if (info.length < INFO_HEADER_BYTES) return [];
  const count = recordCount(info, target);
  if (kind === 'analog') return fitRecords(info, count, ANALOG_SHAPE).filter((fit) => !hidesPacks(info, count, fit));
  return readsAsAnalog(info, target) ? [] : fitRecords(info, count, ALARM_SHAPE);
}

/** The longest tail that a document or a capture has (`pace-v25.md` 3.3). */
const LONGEST_KNOWN_TAIL_BYTES = 22;

/** Whether tails that long are really more packs than the reply counts. */
function hidesPacks(info: Uint8Array, count: number, { tailBytes }: RecordFit): boolean {
  if (tailBytes <= LONGEST_KNOWN_TAIL_BYTES) return false;
  const recordAt = analogRecordsOf(info);
  for (let more = count + 1; more <= 2 * count; more++) {
    if (fitRecords(info, more, ANALOG_SHAPE).some((fit) => showsPacks(recordAt, fit))) return true;
  }
  return false;
}

/** Replies carry no command, so one whose cells add up to its voltages is a 42 reply, whatever else it fits. */
function readsAsAnalog(info: Uint8Array, target: Target): boolean {
  const recordAt = analogRecordsOf(info);
  return findFits('analog', info, target).some((fit) => showsPacks(recordAt, fit));
}

/** Whether each pack's cells add up to its voltage. */
function addsUp(recordAt: RecordAt, { starts }: RecordFit): boolean {
  return starts.every((start) => cellSumAgrees(recordAt(start)));
}

/** Whether the records are measurements beyond doubt: they add up, and not as empty slots do. */
function showsPacks(recordAt: RecordAt, fit: RecordFit): boolean {
  return addsUp(recordAt, fit) && fit.starts.some((start) => !isEmptySlot(recordAt(start)));
}

/** Whether INFO can be a reply to such a read at all. */
export function replyFits(kind: ReadKind, info: Uint8Array, target: Target): boolean {
  return findFits(kind, info, target).length > 0;
}

/**
 * The packs of a 42 or 44 reply (`pace-v25.md` 5.3).
 * @throws PaceError `SHAPE` when nothing fits, the tail given does not, or two readings are equally good.
 */
export function decodeReply<Kind extends ReadKind>(
  kind: Kind,
  info: Uint8Array,
  target: Target,
  hints: DecodeHints = {},
): DecodedReply<ReadingOf[Kind]> {
  const fits = findFits(kind, info, target);
  if (fits.length === 0) {
    throw new PaceError('SHAPE', `the reply of ${info.length} bytes does not hold the ${info[1]} packs it announces`);
  }
  const recordAt = analogRecordsOf(info);
  const fit = chooseFit(kind, recordAt, fits, hints);
  const count = info[1] as number;
  const packOf = (index: number) => {
    if (target.pack !== 'all') return target.pack;
    return count === 0 ? target.address : index + 1;
  };
  const readings = kind === 'analog' ? analogReadings(recordAt, fit) : alarmReadings(info, fit);
  return {
    slots: readings.map((reading, index) => ({ pack: packOf(index), reading: reading as ReadingOf[Kind] | null })),
    tailBytes: fit.tailBytes,
    packField: count,
  };
}

function analogReadings(recordAt: RecordAt, { starts }: RecordFit): (AnalogRecord | null)[] {
  return starts.map((start) => {
    const record = recordAt(start);
    return isEmptySlot(record) ? null : record;
  });
}

function alarmReadings(info: Uint8Array, fit: RecordFit): (ReadingOf['alarms'] | null)[] {
  return fit.starts.map((start, i) => {
    const record = alarmRecord.read(new Cursor(info, start));
    return isEmptyAlarmSlot(info, start, fit.starts[i + 1] ?? info.length, record) ? null : alarmReading(record);
  });
}

/** Whether a 44 record says nothing but how many cells and sensors it counts. */
function isEmptyAlarmSlot(info: Uint8Array, start: number, end: number, { cellStates }: AlarmRecord): boolean {
  const sensorCountAt = start + 1 + cellStates.length;
  for (let i = start + 1; i < end; i++) {
    if (info[i] !== 0 && i !== sensorCountAt) return false;
  }
  return true;
}

/** The best of at least one. @throws PaceError `SHAPE` where the tail given does not fit, or two are equally good. */
function chooseFit(kind: ReadKind, recordAt: RecordAt, fits: RecordFit[], hints: DecodeHints): RecordFit {
  const { forcedTailBytes, lastTailBytes } = hints;
  if (forcedTailBytes !== undefined) return forcedFit(recordAt, fits, forcedTailBytes);
  const preferences: ((fit: RecordFit) => boolean)[] = [
    ...(kind === 'analog' ? [(fit: RecordFit) => addsUp(recordAt, fit)] : []),
    ({ tailBytes }) => tailBytes === lastTailBytes,
    ({ sameCounts }) => sameCounts,
  ];
  let best = fits;
  for (const prefers of preferences) {
    if (best.length === 1) break;
    const preferred = best.filter(prefers);
    if (preferred.length > 0) best = preferred;
  }
  if (best.length > 1) {
    const tails = best.map(({ tailBytes }) => tailBytes * 2).join(', ');
    const advice = {
      analog: `set a pack offset (one of ${tails})`,
      alarms: 'choose the mode "first pack asked for each" in the connection',
    };
    throw new PaceError('SHAPE', `the packs of the reply can be read in several ways: ${advice[kind]}`);
  }
  return best[0] as RecordFit;
}

/** How far the cells' sum may be off where nothing but the user's word speaks for a reading (`pace-v25.md` 5.3). */
const FARTHEST_CELL_SUM = 0.05;

function isPlausible(recordAt: RecordAt, { starts }: RecordFit): boolean {
  return starts.every((start) => {
    const record = recordAt(start);
    return (
      isEmptySlot(record) || (hasPlausibleCells(record) && Math.abs(cellSumRatio(record) - 1) <= FARTHEST_CELL_SUM)
    );
  });
}

/** The fit with the user's tail, unless another is clearly better. */
function forcedFit(recordAt: RecordAt, fits: RecordFit[], tailBytes: number): RecordFit {
  const forced = fits.find((fit) => fit.tailBytes === tailBytes);
  const others = fits.filter((fit) => fit !== forced);
  if (forced && (others.length === 0 || addsUp(recordAt, forced))) return forced;
  const better = others.find((fit) => addsUp(recordAt, fit));
  if (forced && !better && isPlausible(recordAt, forced)) return forced;
  const found = better ?? others.find((fit) => isPlausible(recordAt, fit)) ?? (forced ? undefined : others[0]);
  const advice = found ? `leave it empty, or set ${found.tailBytes * 2}` : 'leave it empty';
  throw new PaceError('SHAPE', `pack offset ${tailBytes * 2} does not fit the reply: ${advice}`);
}
