import { encodeAlarmInfo, encodeAnalogInfo, encodeReply } from '../../src/dialects/pace25/encode.js';
import { pace25 } from '../../src/dialects/pace25/index.js';
import type { AlarmRecord, AnalogRecord } from '../../src/dialects/pace25/records.js';
import { BankClient } from '../../src/link/bank-client.js';
import type { Addressing, BankOptions } from '../../src/link/bank-reading.js';
import { type Bench, packOf, pass, settled, watch } from './bench.js';

/** A client whose line is open. */
export async function openClient(bench: Bench, addressing: Addressing, options: Partial<BankOptions> = {}) {
  const client = new BankClient({ ...bench.options(), dialect: pace25, addressing, ...options });
  client.start();
  await settled();
  return client;
}

/** What a promise comes to in `ms`. */
export async function within<T>(ms: number, promise: Promise<T>): Promise<T> {
  const watched = watch(promise);
  await pass(ms, 5);
  if (!watched.done) throw new Error(`nothing within ${ms} ms`);
  return promise;
}

/** What a promise that must fail fails with. */
export async function failure(ms: number, promise: Promise<unknown>) {
  const watched = watch(promise);
  await pass(ms, 5);
  if (!watched.error) throw new Error(`no failure within ${ms} ms`);
  return watched.error as Error & { code: string; packs?: number[]; rtn?: number; badge: string; likelyCause: string };
}

/** A request's address, command and INFO. */
export function partsOf(request: string) {
  const part = (start: number) => Number.parseInt(request.slice(start, start + 2), 16);
  return { address: part(3), command: request.slice(7, 9), info: part(13) };
}

const NO_TAIL = new Uint8Array();

/** The characters of a 42 reply. */
export function analogBankReply(packs: readonly AnalogRecord[], tail = NO_TAIL, packField = packs.length, address = 1) {
  const records = packs.map((fields) => ({ fields, tail }));
  return encodeReply(address, encodeAnalogInfo(packField, records)).toString('latin1');
}

/** The characters of a 44 reply. */
export function alarmBankReply(packs: readonly AlarmRecord[], tail = NO_TAIL, packField = packs.length, address = 1) {
  const records = packs.map((fields) => ({ fields, tail }));
  return encodeReply(address, encodeAlarmInfo(packField, records)).toString('latin1');
}

export const emptyPack = packOf(0, {
  temperatureTenths: [0, 0],
  currentMilliamps: 0,
  remainingMilliampHours: 0,
  fullMilliampHours: 0,
  cycles: 0,
  designMilliampHours: 0,
});

/** A pack whose MOSFETs are on. */
export function alarmsOf(changes: Partial<AlarmRecord> = {}): AlarmRecord {
  return {
    cellStates: ['normal', 'normal', 'normal', 'normal'],
    temperatureStates: ['normal', 'normal'],
    chargeCurrentState: 'normal',
    packVoltageState: 'normal',
    dischargeCurrentState: 'normal',
    protection1: [],
    protection2: [],
    system: ['chargeMosfetOn', 'dischargeMosfetOn'],
    control: [],
    fault: [],
    balancingCells: [],
    warning1: [],
    warning2: [],
    ...changes,
  };
}
