import { encodeFrame } from '../../wire/frame.js';
import type { Dialect, IdentityKind, Target } from '../dialect.js';
import { ALL_PACKS, CID1, COMMANDS, natureOf, VERSION } from './frames.js';
import { decodeIdentity, IDENTITIES_ALIKE, IDENTITY, identityFits } from './identity.js';
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
  encodeIdentityRequest,
  fitsIdentity: identityFits,
  decodeIdentity,
  identitiesAlike: IDENTITIES_ALIKE,
};

/** The characters that ask the BMS at `address` for `kind` of what it tells about itself (`pace-v25.md` 3.5-3.7). */
export function encodeIdentityRequest(kind: IdentityKind, address: number): Buffer {
  return encodeFrame({
    version: VERSION,
    address,
    cid1: CID1,
    code: IDENTITY[kind].command,
    info: new Uint8Array(),
  });
}
