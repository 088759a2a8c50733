import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeFrame } from '../../src/wire/frame.js';

/** One pack of a field capture's 42 reply, decoded by hand beside it. */
export interface CapturedPack {
  cells_mV: number[];
  temps_raw_dK: number[];
  temps_C_2730: number[];
  current_A_x10mA: number;
  voltage_V: number;
  remaining_Ah: number;
  user_defined_P: number;
  full_Ah: number;
  design_Ah: number;
  cycles: number;
  tail_hex: string;
}

/** One pack of a field capture's 44 reply. */
export interface CapturedWarning {
  cell_states: string[];
  temp_states: string[];
  protect1: string;
  protect2: string;
  instruction: string;
  control: string;
  fault: string;
  balance1: string;
  balance2: string;
  warn1: string;
  warn2: string;
  tail_hex: string;
}

/** Which checks of its envelope a frame passes. */
export interface EnvelopeChecks {
  lchksum: boolean;
  length: boolean;
  chksum: boolean;
}

/** An entry of `field-captures.json`. */
export interface FieldCapture {
  id: string;
  kind: string;
  /** Begins with NEGATIVE or PARTIAL where the frame is damaged, FOREIGN where it is another protocol's. */
  note: string;
  frame?: string;
  /** What the frame says, in hex, and which of its checks hold. */
  header?: {
    ver: string;
    adr: string;
    cid1: string;
    rtn_or_cid2: string;
    lenid: number;
    lchksum_ok: boolean;
    length_ok: boolean;
    chksum_ok: boolean;
  };
  info?: string;
  expected:
    | (Record<string, unknown> & { layout?: string; infoflag?: string; second_byte: number; packs: unknown[] })
    | null;
}

/** An entry of `pace-v25.json`: a request, a reply, or both. */
export interface ReferenceVector {
  id: string;
  kind: string;
  capture: string;
  note?: string;
  request?: string | null;
  response?: string | null;
  checks: { request?: EnvelopeChecks; response?: EnvelopeChecks };
  expected: Record<string, unknown> & { packs?: Record<string, unknown>[]; reject?: string; rtn?: number };
}

const load = (name: string) => JSON.parse(readFileSync(join(__dirname, '..', 'fixtures', `${name}.json`), 'utf8'));

export const fieldCaptures: readonly FieldCapture[] = load('field-captures');
export const referenceVectors: readonly ReferenceVector[] = load('pace-v25');

export function fieldCapture(id: string): FieldCapture {
  const found = fieldCaptures.find((capture) => capture.id === id);
  if (!found) throw new Error(`no field capture ${id}`);
  return found;
}

/** A capture's frame as text; where only INFO was kept, the frame that carries it. */
export function frameOf({ frame, info }: FieldCapture): string {
  if (frame) return frame;
  return encodeFrame({
    version: 0x25,
    address: 1,
    cid1: 0x46,
    code: 0,
    info: Buffer.from(info ?? '', 'hex'),
  }).toString('latin1');
}
