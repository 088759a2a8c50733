import { CID1, VERSION } from '../dialects/pace25/frames.js';
import type { PaceError } from '../errors.js';
import { type Frame, HEADER_CHARACTERS, LARGEST_INFO_CHARACTERS, lengthField } from '../wire/frame.js';
import { readHex } from '../wire/hex.js';
import { COMMANDS } from './commands.js';

/** RTN of a request whose value is none that the command accepts. */
export const INVALID_VALUE = 0x06;

/** Why a BMS refuses a whole frame, first match first, with the RTN it answers (`pace-v25.md` 2.4 and 6.5). */
const REFUSALS: readonly { rtn: number; applies: (request: Frame) => boolean }[] = [
  { rtn: 0x01, applies: ({ version }) => version !== VERSION },
  { rtn: 0xe1, applies: ({ cid1 }) => cid1 !== CID1 },
  { rtn: 0x04, applies: ({ code }) => !COMMANDS.has(code) },
  { rtn: 0x05, applies: ({ code, info }) => info.length !== COMMANDS.get(code)?.requestBytes },
];

/** A frame that failed a check of its envelope, as far as it came in. */
interface DamagedFrame {
  error: PaceError;
  characters: Uint8Array;
}

/** The damage that a BMS answers; on anything else it stays silent, since it cannot know that it was asked. */
const DAMAGES: readonly { rtn: number; applies: (damaged: DamagedFrame) => boolean }[] = [
  { rtn: 0x02, applies: ({ error }) => error.code === 'CHECKSUM' },
  { rtn: 0x03, applies: ({ characters }) => lengthContradictsItself(characters) },
];

/** The RTN with which a request is refused; null where nothing is wrong with it. */
export function refusalOf(request: Frame): number | null {
  return REFUSALS.find(({ applies }) => applies(request))?.rtn ?? null;
}

/** The RTN and the address asked, of a frame that came in damaged; null where silence is the answer. */
export function refusalOfDamaged(damaged: DamagedFrame): { rtn: number; address: number } | null {
  const damage = DAMAGES.find(({ applies }) => applies(damaged));
  return damage ? { rtn: damage.rtn, address: readHex(damaged.characters, 3, 2) } : null;
}

function lengthContradictsItself(characters: Uint8Array): boolean {
  const header = Buffer.from(characters).toString('latin1');
  if (header.length !== HEADER_CHARACTERS || !/^~[0-9a-f]+$/i.test(header)) return false;
  const length = readHex(characters, 9, 4);
  return lengthField(length & LARGEST_INFO_CHARACTERS) !== length;
}
