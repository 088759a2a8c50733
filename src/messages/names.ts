/** How packs and cells are numbered in names and topics. */
export interface Naming {
  /** Least digits of a pack's number: 2 gives `pack_01`. */
  padPacks: number;
  /** Least digits of a cell's number: 2 gives `cell_01`. */
  padCells: number;
}

/** Numbered names, each made once: every reading names its packs, cells and sensors anew. */
function namesOf(what: string): (number: number, digits: number) => string {
  const made = new Map<number, string[]>();
  return (number, digits) => {
    const names = made.get(digits) ?? [];
    if (names.length === 0) made.set(digits, names);
    names[number] ??= `${what}_${String(number).padStart(digits, '0')}`;
    return names[number];
  };
}

const packNames = namesOf('pack');
const cellNames = namesOf('cell');
const temperatureNames = namesOf('temp');

/** A pack's name, such as `pack_01`. */
export const packName = (pack: number, { padPacks }: Naming) => packNames(pack, padPacks);
/** A cell's name, such as `cell_01`. */
export const cellName = (cell: number, { padCells }: Naming) => cellNames(cell, padCells);
/** Sensors are never padded, as bmspace's users know them. */
export const temperatureName = (sensor: number) => temperatureNames(sensor, 0);

/** `values` by their names: the first by the name of number 1, and so on. */
export function named<From, To>(
  values: readonly From[],
  nameOf: (number: number) => string,
  convert: (value: From) => To,
): Record<string, To> {
  const all: Record<string, To> = {};
  for (let i = 0; i < values.length; i++) all[nameOf(i + 1)] = convert(values[i] as From);
  return all;
}

/** `base` and `parts` as one topic; an empty base leaves no slash. */
export function topicOf(base: string, ...parts: string[]): string {
  const end = parts.join('/');
  return base === '' ? end : `${base}/${end}`;
}
