/** A pack as a script of the usual kind has it. */
export interface UsualPack {
  cellMillivolts: number[];
  temperatureTenths: number[];
  currentMilliamps: number;
  packMillivolts: number;
  remainingMilliampHours: number;
  fullMilliampHours: number;
  cycles: number;
  designMilliampHours: number;
}

const LAST_FIELDS_CHARACTERS = 26;

/**
 * A 42 reply read in the usual way, with text, slices and parseInt: the peer that ours is measured against. It checks what
 * ours checks of a frame, and that the cells of each pack add up to its voltage.
 * @throws Error when a check fails.
 */
export function decodeUsually(chunk: Buffer): UsualPack[] {
  const text = chunk.toString('ascii');
  const start = text.indexOf('~');
  const end = text.indexOf('\r', start);
  const frame = text.slice(start, end);
  const info = checkedInfo(frame);
  const count = hex(info, 2, 2);
  const packs: UsualPack[] = [];
  let at = 4;
  const next = (characters: number) => {
    at += characters;
    return hex(info, at - characters, characters);
  };
  const known = 2 * (2 + 2 * (hex(info, 4, 2) + hex(info, 6 + 4 * hex(info, 4, 2), 2))) + LAST_FIELDS_CHARACTERS;
  const tail = (info.length - 4) / count - known;
  for (let pack = 0; pack < count; pack++) {
    const cellMillivolts: number[] = [];
    for (let left = next(2); left > 0; left--) cellMillivolts.push(next(4));
    const temperatureTenths: number[] = [];
    for (let left = next(2); left > 0; left--) temperatureTenths.push(next(4) - 2730);
    const current = next(4);
    const packMillivolts = next(4);
    const remainingMilliampHours = next(4) * 10;
    next(2);
    const fullMilliampHours = next(4) * 10;
    const cycles = next(4);
    const designMilliampHours = next(4) * 10;
    at += tail;
    const sum = cellMillivolts.reduce((total, millivolts) => total + millivolts, 0);
    if (Math.abs(sum / packMillivolts - 1) > 0.01) throw new Error('the cells do not add up');
    const currentMilliamps = (current > 0x7fff ? current - 0x10000 : current) * 10;
    packs.push({
      ...{ cellMillivolts, temperatureTenths, currentMilliamps, packMillivolts },
      ...{ remainingMilliampHours, fullMilliampHours, cycles, designMilliampHours },
    });
  }
  if (at !== info.length) throw new Error('the packs do not fill the reply');
  return packs;
}

const hex = (text: string, from: number, characters: number) =>
  Number.parseInt(text.slice(from, from + characters), 16);

/** INFO of a frame whose length and checksum hold, and which has no character that is no hex digit. */
function checkedInfo(frame: string): string {
  const body = frame.slice(1, -4);
  if (!/^[0-9A-Fa-f]*$/.test(body)) throw new Error('not a hex digit');
  let sum = 0;
  for (let i = 0; i < body.length; i++) sum += body.charCodeAt(i);
  if ((-sum & 0xffff) !== Number.parseInt(frame.slice(-4), 16)) throw new Error('checksum');
  const length = hex(frame, 9, 4);
  const digits = ((length >> 8) & 15) + ((length >> 4) & 15) + (length & 15);
  if ((-digits & 15) !== length >> 12 || (length & 0xfff) !== body.length - 12) throw new Error('length');
  return body.slice(12);
}
