import { type Alarm, type LimitState, type WarningReading, worstLevel } from '../../battery/alarms.js';
import type { AnalogReading } from '../../battery/analog.js';
import type { BmsIdentity } from '../../battery/identity.js';
import type { StatusReading } from '../../battery/status.js';
import { PaceError } from '../../errors.js';
import { type Fields, numberOfName } from '../fields.js';
import { orNull } from '../numbers.js';

const thousandths = (value: number) => Math.round(value * 1000);
const tenths = (value: number) => Math.round(value * 10);

/** What the payload of an analog message says of an online pack. @throws PaceError `SHAPE` */
export function analogOf(payload: Fields): AnalogReading {
  const temperatures = payload.object('temperatures');
  return {
    cellMillivolts: payload.list('cells').map((cell, i) => {
      cell.whole('cell', i + 1, i + 1);
      return thousandths(cell.number('voltage'));
    }),
    temperatureTenths: inOrder(temperatures.names).map((name) => orNull(temperatures.numberOrNull(name), tenths)),
    currentMilliamps: thousandths(payload.number('current')),
    packMillivolts: thousandths(payload.number('voltage')),
    remainingMilliampHours: thousandths(payload.number('remainingCapacity')),
    fullMilliampHours: thousandths(payload.number('fullCapacity')),
    designMilliampHours: thousandths(payload.number('designCapacity')),
    cycles: payload.number('cycles'),
  };
}

/** What the payload of a warning message says of an online pack. @throws PaceError `SHAPE` */
export function warningOf(payload: Fields): WarningReading {
  const alarms = payload.list('active').map(alarmOf);
  payload.choice('level', [worstLevel(alarms)]); // an alarm that is missing would look like all is well
  return {
    cellStates: statesOf(payload.object('cellStates')),
    temperatureStates: statesOf(payload.object('temperatureStates')),
    chargeCurrentState: stateOf(payload, 'chargeCurrentState'),
    packVoltageState: stateOf(payload, 'packVoltageState'),
    dischargeCurrentState: stateOf(payload, 'dischargeCurrentState'),
    alarms,
  };
}

function alarmOf(entry: Fields): Alarm {
  const code = entry.text('code');
  const level = entry.choice('level', ['warning', 'protection', 'fault']);
  const label = entry.text('label');
  for (const part of ['cell', 'temperature'] as const) {
    if (!entry.has(part)) continue;
    const name = entry.text(part);
    return {
      code,
      level,
      label: label.startsWith(`${name} `) ? label.slice(name.length + 1) : label,
      [part]: numberOfName(name),
    };
  }
  return { code, level, label };
}

const statesOf = (states: Fields) => inOrder(states.names).map((name) => stateOf(states, name));

function stateOf(states: Fields, name: string): LimitState {
  const state = states.text(name);
  if (/^(normal|low|high|other|unknown-[0-9A-F]+)$/.test(state)) return state as LimitState;
  throw new PaceError('SHAPE', `${name}: "${state}" is not a state`);
}

/** What the payload of a status message says of an online pack. @throws PaceError `SHAPE` */
export function statusOf(payload: Fields): StatusReading {
  const settings = payload.object('settings');
  return {
    mode: payload.choice('mode', ['charging', 'discharging', 'idle']),
    fullyCharged: payload.flag('fullyCharged'),
    chargeMosfet: payload.flag('chargeMosfet'),
    dischargeMosfet: payload.flag('dischargeMosfet'),
    chargeCurrentLimiter: payload.flag('chargeCurrentLimiter'),
    chargerReversed: payload.flag('chargerReversed'),
    packSupplying: payload.flag('packSupplying'),
    acIn: payload.flag('acIn'),
    heater: payload.flag('heater'),
    shutdown: payload.flag('shutdown'),
    balancingCells: payload.object('balancing').texts('cells').map(numberOfName),
    settings: {
      buzzerAlarm: settings.flag('buzzerAlarm'),
      ledAlarm: settings.flag('ledAlarm'),
      chargeLimiter: settings.flag('chargeLimiter'),
      chargeLimiterGear: settings.choice('chargeLimiterGear', ['high', 'low']),
      chargeMosfetForcedOff: settings.flag('chargeMosfetForcedOff'),
      dischargeMosfetForcedOff: settings.flag('dischargeMosfetForcedOff'),
      systemLock: settings.flag('systemLock'),
      testMode: settings.flag('testMode'),
    },
  };
}

/** What the payload of an info message says of a BMS. @throws PaceError `SHAPE` */
export function identityOf(payload: Fields): BmsIdentity {
  const capacity = (name: string) => orNull(payload.numberOrNull(name), thousandths);
  return {
    softwareVersion: payload.textOrNull('softwareVersion'),
    bmsSerial: payload.textOrNull('bmsSerial'),
    packSerial: payload.textOrNull('packSerial'),
    packCount: payload.numberOrNull('packCount'),
    remainingMilliampHours: capacity('remainingCapacity'),
    fullMilliampHours: capacity('fullCapacity'),
    designMilliampHours: capacity('designCapacity'),
    clock: payload.textOrNull('clock'),
  };
}

/** Names that count from 1, in that order. @throws PaceError `SHAPE` when one is missing. */
function inOrder(names: readonly string[]): string[] {
  const sorted = [...names].sort((a, b) => numberOfName(a) - numberOfName(b));
  const gap = sorted.findIndex((name, i) => numberOfName(name) !== i + 1);
  if (gap >= 0) throw new PaceError('SHAPE', `${sorted[gap]} stands where number ${gap + 1} should`);
  return sorted;
}
