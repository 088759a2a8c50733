import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import type { Target } from '../../src/dialects/dialect.js';
import { pace25 } from '../../src/dialects/pace25/index.js';
import { decodeReply } from '../../src/dialects/pace25/replies.js';
import type { PaceError } from '../../src/errors.js';
import type { Frame } from '../../src/wire/frame.js';
import { FrameSplitter } from '../../src/wire/frame-splitter.js';

interface FieldPack {
  cells_mV: number[];
  temps_raw_dK: number[];
  current_raw: number;
  voltage_V: number;
  remaining_Ah: number;
  full_Ah: number;
  cycles: number;
  design_Ah: number;
  tail_hex: string;
}
interface FieldCapture {
  id: string;
  kind: string;
  note: string;
  frame?: string;
  info?: string;
  expected: { layout?: string; second_byte: number; packs: FieldPack[] } | null;
}
interface ReferencePack {
  cellMillivolts: number[];
  temperatureDeciC: number[];
  currentMilliamps: number;
  packMillivolts: number;
  remainingMah: number;
  fullMah: number;
  cycles: number;
  designMah: number;
  extraHex: string;
}

const load = (name: string) => JSON.parse(readFileSync(`${__dirname}/../fixtures/${name}.json`, 'utf8'));

function split(text: string): { frames: Frame[]; errors: PaceError[] } {
  const frames: Frame[] = [];
  const errors: PaceError[] = [];
  const splitter = new FrameSplitter({ onFrame: (f) => frames.push(f), onRejected: (e) => errors.push(e) });
  splitter.push(Buffer.from(text, 'latin1'));
  return { frames, errors };
}

const targetOf = (capture: FieldCapture): Target =>
  capture.expected?.layout?.startsWith('multi')
    ? { address: 1, pack: 'all' }
    : { address: 1, pack: capture.expected?.second_byte ?? 1 };

describe('field captures', () => {
  for (const capture of load('field-captures') as FieldCapture[]) {
    const packs = capture.expected?.packs;
    if (capture.kind !== 'analog' || !packs) continue;
    it(`${capture.id} decodes to what the battery said`, () => {
      const info = capture.frame ? split(capture.frame).frames[0]?.info : Buffer.from(capture.info ?? '', 'hex');
      assert.ok(info);
      const reply = decodeReply('analog', info, targetOf(capture));
      const got = reply.slots.map(({ reading }) => reading);
      const expected = packs.map((p) =>
        p.voltage_V === 0
          ? null
          : {
              cellMillivolts: p.cells_mV,
              temperatureTenths: p.temps_raw_dK.map((raw) => (raw === 0x8000 ? null : raw - 2730)),
              currentMilliamps: (p.current_raw > 32767 ? p.current_raw - 65536 : p.current_raw) * 10,
              packMillivolts: Math.round(p.voltage_V * 1000),
              remainingMilliampHours: Math.round(p.remaining_Ah * 1000),
              fullMilliampHours: Math.round(p.full_Ah * 1000),
              cycles: p.cycles,
              designMilliampHours: Math.round(p.design_Ah * 1000),
            },
      );
      assert.deepEqual(
        got.map((r) => r && { ...r, userItemCount: undefined }),
        expected.map((r) => r && { ...r, userItemCount: undefined }),
      );
      assert.equal(reply.tailBytes, (packs[0]?.tail_hex.length ?? 0) / 2);
    });
  }
  for (const capture of load('field-captures') as FieldCapture[]) {
    if (!/^(NEGATIVE|FOREIGN|PARTIAL)/.test(capture.note) || !capture.frame) continue;
    it(`${capture.id} is refused`, () => {
      const { frames, errors } = split(capture.frame as string);
      const codes = [
        ...errors,
        ...frames.flatMap((f) => {
          const n = pace25.natureOf(f);
          return 'error' in n ? [n.error] : [];
        }),
      ].map((e) => e.code);
      console.log(capture.id, codes);
      assert.ok(codes.length > 0);
    });
  }
});
void 0 as unknown as ReferencePack;
