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

/** An entry of `field-captures.json`. */
export interface FieldCapture {
  id: string;
  kind: string;
  note: string;
  frame?: string;
  info?: string;
  expected: { layout?: string; second_byte: number; text?: string; count_or_address?: number; packs: unknown[] } | null;
}

/** An entry of `pace-v25.json`. */
export interface ReferenceVector {
  id: string;
  kind: string;
  capture: string;
  request: string | null;
  response: string | null;
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
