import { encodeFrame, type Frame } from '../../wire/frame.js';
import type { Dialect, Target } from '../dialect.js';
import { ALL_PACKS, CID1, COMMANDS, natureOf, VERSION } from './frames.js';
import { decodeReply, replyFits } from './replies.js';

/** PACE 2.5, "paceic", on RS232 and RS485 (`pace-v25.md`). */
export const pace25: Dialect = {
  name: 'pace25',
  encodeRead: (kind, { address, pack }: Target) =>
    encodeFrame({
      version: VERSION,
      address,
      cid1: CID1,
      code: COMMANDS[kind],
      info: Uint8Array.of(pack === 'all' ? ALL_PACKS : pack),
    }),
  natureOf,
  fits: replyFits,
  decode: decodeReply,
};

/** The characters that ask a BMS how many packs it knows (`pace-v25.md` 3.5). */
export function encodePackCountRequest(address: number): Buffer {
  return encodeFrame({ version: VERSION, address, cid1: CID1, code: COMMANDS.packCount, info: new Uint8Array() });
}

/** How many packs a BMS knows, absent ones among them; null where it only says that it is there (`pace-v25.md` 3.5). */
export function decodePackCount({ info }: Pick<Frame, 'info'>): number | null {
  return info[0] ?? null;
}
