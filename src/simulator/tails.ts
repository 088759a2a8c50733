import { percentage } from '../battery/analog.js';
import type { AnalogRecord } from '../dialects/pace25/records.js';

/** What a real bank showed after the zeros of an empty place: state of charge and health (`pace-v25.md` 5.4). */
const EMPTY_SLOT = { stateOfCharge: 98, stateOfHealth: 100 };

/**
 * What a firmware adds to a pack's part of a 42 reply: it stops after some item, here after `length` bytes
 * (`pace-v25.md` 3.3). Where charge and discharge should be counted, firmwares repeat the design capacity.
 */
export function analogTail(record: AnalogRecord, length: number): Uint8Array {
  const { remainingMilliampHours, fullMilliampHours, designMilliampHours, packMillivolts } = record;
  const empty = packMillivolts === 0;
  const design = word(designMilliampHours / 10);
  const stateOfCharge = percentage(remainingMilliampHours, fullMilliampHours) ?? EMPTY_SLOT.stateOfCharge;
  const stateOfHealth = percentage(fullMilliampHours, designMilliampHours) ?? EMPTY_SLOT.stateOfHealth;
  const items = [
    Math.round(stateOfCharge),
    ...(empty ? new Array<number>(8).fill(0) : [...design, ...design, ...design, ...design]),
    Math.round(stateOfHealth),
    ...word(packMillivolts),
    ...word(0),
  ];
  return Uint8Array.from({ length }, (_, i) => items[i] ?? 0);
}

/** A number of 16 bits as two bytes, high byte first. */
function word(value: number): [number, number] {
  return [value >> 8, value & 0xff];
}
