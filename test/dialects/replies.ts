import type { AnalogReading } from '../../src/battery/analog.js';
import type { Target } from '../../src/dialects/dialect.js';
import { encodeReply } from '../../src/dialects/pace25/encode.js';
import {
  type CapturedPack,
  type CapturedWarning,
  type FieldCapture,
  fieldCaptures,
  frameOf,
  type ReferenceVector,
  referenceVectors,
} from '../support/captures.js';
import { split } from '../support/split.js';
import { CAPTURES } from './capture-entries.js';
import type { RawAlarmRecord } from './documented-bits.js';

interface CapturedReply<Kind, Pack> {
  kind: Kind;
  id: string;
  /** The reply's characters. */
  text: string;
  target: Target;
  packField: number;
  packs: (Pack & { tailHex: string })[];
}
export type AnalogReply = CapturedReply<'analog', AnalogReading & { userItemCount: number }>;
export type AlarmReply = CapturedReply<'alarms', RawAlarmRecord>;

const byte = (hex: string) => Number.parseInt(hex, 16);
const milli = (value: number) => Math.round(value * 1000);
const MULTIPLE = /^multi/;

function targetOfCapture({ second_byte: packField, layout }: NonNullable<FieldCapture['expected']>): Target {
  return { address: 1, pack: MULTIPLE.test(layout ?? '') ? 'all' : packField };
}

function replyOfCapture<Pack>(capture: FieldCapture, packOf: (pack: Pack) => object) {
  const { id, expected } = capture;
  if (!expected) throw new Error(`${id} has nothing to expect`);
  const packs = (expected.packs as Pack[]).map(packOf);
  return { id, text: frameOf(capture), target: targetOfCapture(expected), packField: expected.second_byte, packs };
}

function replyOfVector({ id, request, response, expected }: ReferenceVector, packOf: (pack: object) => object) {
  const packField = expected.packField as number;
  const packs = (expected.packs ?? []).map(packOf);
  const asksAll = request?.slice(13, 15) === 'FF' || packs.length > 1;
  const target: Target = { address: expected.adr as number, pack: asksAll ? 'all' : packField };
  return { id, text: response as string, target, packField, packs };
}

const analogOfCapture = (pack: CapturedPack) => ({
  cellMillivolts: pack.cells_mV,
  temperatureTenths: pack.temps_raw_dK.map((raw) => (raw === 0x8000 ? null : raw - 2730)),
  currentMilliamps: milli(pack.current_A_x10mA),
  packMillivolts: milli(pack.voltage_V),
  remainingMilliampHours: milli(pack.remaining_Ah),
  userItemCount: pack.user_defined_P,
  fullMilliampHours: milli(pack.full_Ah),
  designMilliampHours: milli(pack.design_Ah),
  cycles: pack.cycles,
  tailHex: pack.tail_hex,
});

// biome-ignore lint/suspicious/noExplicitAny: the vectors' own layout, used only here
const analogOfVector = (pack: any) => ({
  cellMillivolts: pack.cellMillivolts as number[],
  temperatureTenths: pack.temperatureDeciC as number[],
  currentMilliamps: pack.currentMilliamps as number,
  packMillivolts: pack.packMillivolts as number,
  remainingMilliampHours: pack.remainingMah as number,
  userItemCount: pack.userDefinedCount as number,
  fullMilliampHours: pack.fullMah as number,
  designMilliampHours: pack.designMah as number,
  cycles: pack.cycles as number,
  tailHex: pack.extraHex as string,
});

const alarmsOfCapture = (pack: CapturedWarning & Record<string, unknown>) => ({
  cellStates: pack.cell_states.map(byte),
  temperatureStates: pack.temp_states.map(byte),
  chargeCurrentState: byte(pack.charge_current_state as string),
  packVoltageState: byte(pack.pack_voltage_state as string),
  dischargeCurrentState: byte(pack.discharge_current_state as string),
  protection1: byte(pack.protect1),
  protection2: byte(pack.protect2),
  system: byte(pack.instruction),
  control: byte(pack.control),
  fault: byte(pack.fault),
  balance1: byte(pack.balance1),
  balance2: byte(pack.balance2),
  warning1: byte(pack.warn1),
  warning2: byte(pack.warn2),
  tailHex: pack.tail_hex,
});

// biome-ignore lint/suspicious/noExplicitAny: the vectors' own layout, used only here
const alarmsOfVector = ({ cellWarnings, temperatureWarnings, extraHex, ...pack }: any) => ({
  ...(pack as RawAlarmRecord),
  cellStates: cellWarnings as number[],
  temperatureStates: temperatureWarnings as number[],
  chargeCurrentState: pack.chargeCurrentWarning as number,
  packVoltageState: pack.packVoltageWarning as number,
  dischargeCurrentState: pack.dischargeCurrentWarning as number,
  tailHex: extraHex as string,
});

const replyIds = new Set(
  Object.values(CAPTURES)
    .flat()
    .filter(({ frames }) => frames.at(-1)?.outcome === 'reply')
    .map(({ id }) => id),
);
const capturesOf = (kind: string) => fieldCaptures.filter((entry) => entry.kind === kind && replyIds.has(entry.id));
const vectorsOf = (kind: string) => referenceVectors.filter((entry) => entry.kind === kind && replyIds.has(entry.id));

/** Every 42 reply of the fixtures that holds, with what it says. */
export const analogReplies = [
  ...capturesOf('analog').map((capture) => ({ kind: 'analog', ...replyOfCapture(capture, analogOfCapture) })),
  ...vectorsOf('analog').map((vector) => ({ kind: 'analog', ...replyOfVector(vector, analogOfVector) })),
] as readonly AnalogReply[];

/** Every 44 reply of the fixtures that holds, with what it says. */
export const alarmReplies = [
  ...capturesOf('warn').map((capture) => ({ kind: 'alarms', ...replyOfCapture(capture, alarmsOfCapture) })),
  ...vectorsOf('status').map((vector) => ({ kind: 'alarms', ...replyOfVector(vector, alarmsOfVector) })),
] as readonly AlarmReply[];

/** INFO of a reply's characters. */
export function infoOf(text: string): Uint8Array {
  const [frame] = split(text).frames;
  if (!frame) throw new Error(`no frame: ${text}`);
  return frame.info;
}

/** The characters of a reply with this INFO. */
export const replyText = (address: number, info: Uint8Array) => encodeReply(address, info).toString('latin1');
