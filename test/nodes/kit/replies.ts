import { encodeFrame } from '../../../src/wire/frame.js';

/** A pack's part of a 42 reply, in the wire's own units; what is not given is that of a pack at rest. */
export interface AnalogPack {
  cells?: number[];
  /** Raw, 0.1 K. */
  temperatures?: number[];
  /** Raw, 10 mA, signed. */
  current?: number;
  /** mV; the cells' sum unless given. */
  voltage?: number;
  /** Raw, 10 mAh. */
  remaining?: number;
  full?: number;
  design?: number;
  cycles?: number;
  userItems?: number;
  tail?: number[];
}

/** A pack's part of a 44 reply as its raw bytes; what is not given is 0, but for the MOSFETs, which are on. */
export interface AlarmPack {
  cells?: number[];
  temperatures?: number[];
  chargeCurrent?: number;
  packVoltage?: number;
  dischargeCurrent?: number;
  protection1?: number;
  protection2?: number;
  system?: number;
  control?: number;
  fault?: number;
  balance1?: number;
  balance2?: number;
  warning1?: number;
  warning2?: number;
  tail?: number[];
}

const word = (value: number) => [(value >> 8) & 0xff, value & 0xff];
const words = (values: readonly number[]) => values.flatMap(word);
export const MOSFETS_ON = 0b110;

function analogRecord(pack: AnalogPack): number[] {
  const { cells = Array(16).fill(3300), temperatures = [2930, 2931, 2932, 2933, 2950, 2940], tail = [] } = pack;
  const { current = 0, remaining = 5000, full = 10_000, design = 10_000, cycles = 7, userItems = 3 } = pack;
  const { voltage = cells.reduce((total, cell) => total + cell, 0) } = pack;
  const fields = [...words([current, voltage, remaining]), userItems, ...words([full, cycles, design])];
  return [cells.length, ...words(cells), temperatures.length, ...words(temperatures), ...fields, ...tail];
}

function alarmRecord(pack: AlarmPack): number[] {
  const { cells = Array(16).fill(0), temperatures = Array(6).fill(0), tail = [] } = pack;
  const { chargeCurrent = 0, packVoltage = 0, dischargeCurrent = 0, protection1 = 0, protection2 = 0 } = pack;
  const { system = MOSFETS_ON, control = 0, fault = 0, balance1 = 0, balance2 = 0, warning1 = 0, warning2 = 0 } = pack;
  const states = [chargeCurrent, packVoltage, dischargeCurrent];
  const flags = [protection1, protection2, system, control, fault, balance1, balance2, warning1, warning2];
  return [cells.length, ...cells, temperatures.length, ...temperatures, ...states, ...flags, ...tail];
}

/** A slot without a pack. */
export const EMPTY_SLOT: AnalogPack = {
  cells: Array(16).fill(0),
  temperatures: Array(6).fill(2730),
  remaining: 0,
  full: 0,
  design: 0,
  cycles: 0,
};
export const EMPTY_ALARM_SLOT: AlarmPack = { system: 0 };

interface Envelope {
  address?: number;
  /** The second byte of INFO: the count of packs unless given. */
  packField?: number;
  rtn?: number;
  version?: number;
  cid1?: number;
}

/** The characters of a frame from a BMS. */
export function frame(info: readonly number[], { address = 1, rtn = 0, version = 0x25, cid1 = 0x46 }: Envelope = {}) {
  return encodeFrame({ version, address, cid1, code: rtn, info: Uint8Array.from(info) }).toString('latin1');
}

/** A 42 reply. */
export function analogReply(packs: readonly AnalogPack[], envelope: Envelope = {}): string {
  return frame([0, envelope.packField ?? packs.length, ...packs.flatMap(analogRecord)], envelope);
}

/** A 44 reply. */
export function alarmReply(packs: readonly AlarmPack[], envelope: Envelope = {}): string {
  return frame([0, envelope.packField ?? packs.length, ...packs.flatMap(alarmRecord)], envelope);
}

/** A BMS that says no. */
export const refusal = (rtn: number, address = 1) => frame([], { address, rtn });

/** The characters of a request. */
export function request(command: 0x42 | 0x44, address: number, info: number): string {
  return frame([info], { address, rtn: command });
}
