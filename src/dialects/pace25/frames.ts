import { PaceError } from '../../errors.js';
import type { Frame } from '../../wire/frame.js';
import { toHex } from '../../wire/hex.js';
import type { FrameNature } from '../dialect.js';

/** VER of the protocol, 2.5. */
export const VERSION = 0x25;
/** CID1 of lithium iron phosphate; requests carry it. */
export const CID1 = 0x46;
/** CID1 seen on a rebadged ternary pack (`pace-v25.md` 2.1). */
const CID1_TERNARY = 0x4f;

/** CID2 of the commands that read (`pace-v25.md` 3.2). */
export const COMMANDS = { analog: 0x42, alarms: 0x44 } as const;
/** INFO that asks for every pack (`pace-v25.md` 5.2). */
export const ALL_PACKS = 0xff;

/** What a return code says (`pace-v25.md` 2.4). */
export const RETURN_CODES: Readonly<Record<number, string>> = {
  1: 'it does not speak this protocol version',
  2: 'it received a damaged request (checksum)',
  3: 'it received a damaged request (length)',
  4: 'it does not know this command',
  5: 'it does not accept the form of the command',
  6: 'it does not accept the value',
  7: 'it has no such data',
  9: 'it refused to carry the command out',
  145: 'it cannot reach the other pack',
  225: 'it does not speak this kind of battery (CID1)',
  226: 'it could not carry the command out',
  227: 'its hardware is at fault',
  228: 'it denies the permission',
};

/** The codes of all commands, as first and last of each run (`pace-v25.md` 3.2 and 3.15). */
const COMMAND_RUNS = [
  [0x42, 0x42],
  [0x44, 0x44],
  [0x60, 0x6b],
  [0x7e, 0x80],
  [0x90, 0x90],
  [0x99, 0x9c],
  [0xa0, 0xaf],
  [0xb1, 0xbd],
  [0xc1, 0xc6],
  [0xd0, 0xee],
] as const;

/**
 * Commands whose codes are return codes too, with the bytes of INFO by which they are told apart (`pace-v25.md` 3.2).
 * E1 and E3 have none, as refusals: those are taken for refusals, which must not pass for silence.
 */
const BYTES_OF_LIKE_COMMANDS: Record<number, readonly number[]> = { 226: [3, 6], 228: [1] };

/** Whether a frame asks rather than answers (`pace-v25.md` 2.5). */
function isRequest({ code, info }: Frame): boolean {
  if (code in RETURN_CODES) return BYTES_OF_LIKE_COMMANDS[code]?.includes(info.length) ?? false;
  return COMMAND_RUNS.some(([first, last]) => code >= first && code <= last);
}

/** VER of protocols that look alike, with what to tell the user. */
const FOREIGN_VERSIONS: Record<number, string> = {
  1: 'a TDT protocol',
  32: 'protocol 2.0 (Pylontech, Seplos and others)',
  33: 'protocol 2.1 (Volta and others)',
  34: 'protocol 2.2',
  38: 'protocol 2.6',
};

/** What a frame on a PACE 2.5 line is (`pace-v25.md` 2.4 to 2.6). */
export function natureOf(frame: Frame): FrameNature {
  const { version, cid1, code } = frame;
  if (version !== VERSION || (cid1 !== CID1 && cid1 !== CID1_TERNARY)) return foreign(version, cid1);
  if (code === 0) return { is: 'reply' };
  if (isRequest(frame)) return { is: 'request' };
  const reason = RETURN_CODES[code] ?? 'it gives a return code that no document names';
  const error = new PaceError('REFUSED', `the BMS refused: ${reason} (RTN ${toHex(code, 2)})`, {
    rtn: code,
    badge: `refused (RTN ${toHex(code, 2)})`,
  });
  return { is: 'refusal', error };
}

function foreign(version: number, cid1: number): FrameNature {
  const kind = FOREIGN_VERSIONS[version] ?? 'another protocol';
  const error = new PaceError(
    'UNSUPPORTED',
    `the device speaks ${kind} (VER ${toHex(version, 2)}, CID1 ${toHex(cid1, 2)}), not PACE 2.5: ` +
      'check that the cable is in the RS232 port of the battery and which protocol it is set to',
    { badge: `speaks VER ${toHex(version, 2)}, CID1 ${toHex(cid1, 2)}` },
  );
  return { is: 'foreign', error };
}
