/** How packs and cells are numbered in names and topics. */
export interface Naming {
  /** Least digits of a pack's number: 2 gives `pack_01`. */
  padPacks: number;
  /** Least digits of a cell's number: 2 gives `cell_01`. */
  padCells: number;
}

const padded = (number: number, digits: number) => String(number).padStart(digits, '0');

/** A pack's name, such as `pack_01`. */
export const packName = (pack: number, { padPacks }: Naming) => `pack_${padded(pack, padPacks)}`;
/** A cell's name, such as `cell_01`. */
export const cellName = (cell: number, { padCells }: Naming) => `cell_${padded(cell, padCells)}`;
/** Sensors are never padded, as bmspace's users know them. */
export const temperatureName = (sensor: number) => `temp_${sensor}`;

/** `base` and `parts` as one topic; an empty base leaves no slash. */
export function topicOf(base: string, ...parts: string[]): string {
  const end = parts.join('/');
  return base === '' ? end : `${base}/${end}`;
}
