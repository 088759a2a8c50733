import type { RecordShape } from './records.js';

/** INFOFLAG and the count, or the pack's number (`pace-v25.md` 3.3). */
export const INFO_HEADER_BYTES = 2;
/** Plausible counts (`pace-v25.md` 5.3). */
const MOST_CELLS = 32;
const MOST_SENSORS = 16;

/** Where the records of a reply stand, for one length of the tail that follows each. */
export interface RecordFit {
  /** Bytes after each record's known fields. */
  tailBytes: number;
  /** Where each record begins, in bytes of INFO. */
  starts: readonly number[];
  /** Whether all records have as many cells and sensors as the first. */
  sameCounts: boolean;
}

/** Every tail length with which `count` records consume INFO exactly (`pace-v25.md` 5.3). */
export function fitRecords(info: Uint8Array, count: number, shape: RecordShape): RecordFit[] {
  const fits: RecordFit[] = [];
  const left = info.length - endOfFirst(info, shape);
  const longest = Math.min(shape.longestTail, left / count);
  for (let tailBytes = count === 1 ? Math.max(0, left) : 0; tailBytes <= longest; tailBytes++) {
    const fit = walk(info, count, shape, tailBytes);
    if (fit) fits.push(fit);
  }
  return fits;
}

/** Where the first record ends, its tail aside. */
function endOfFirst(info: Uint8Array, { bytesPerItem, bytesAfterLists }: RecordShape): number {
  const cells = info[INFO_HEADER_BYTES] ?? 0;
  const sensors = info[INFO_HEADER_BYTES + 1 + cells * bytesPerItem] ?? 0;
  return INFO_HEADER_BYTES + 2 + (cells + sensors) * bytesPerItem + bytesAfterLists;
}

function walk(info: Uint8Array, count: number, shape: RecordShape, tailBytes: number): RecordFit | null {
  const starts: number[] = [];
  let position = INFO_HEADER_BYTES;
  let sameCounts = true;
  let firstCells = -1;
  let firstSensors = -1;
  for (let i = 0; i < count; i++) {
    const cells = info[position] ?? 0;
    const sensors = info[position + 1 + cells * shape.bytesPerItem] ?? Number.POSITIVE_INFINITY;
    if (cells < 1 || cells > MOST_CELLS || sensors > MOST_SENSORS) return null;
    starts.push(position);
    position += 2 + (cells + sensors) * shape.bytesPerItem + shape.bytesAfterLists + tailBytes;
    if (position > info.length) return null;
    if (i === 0) {
      firstCells = cells;
      firstSensors = sensors;
    }
    sameCounts &&= cells === firstCells && sensors === firstSensors;
  }
  return position === info.length ? { tailBytes, starts, sameCounts } : null;
}
