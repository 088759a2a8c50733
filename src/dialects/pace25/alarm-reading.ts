import { type Alarm, alarmsOfStates, worstFirst } from '../../battery/alarms.js';
import type { PackMode } from '../../battery/status.js';
import type { Flag } from '../../wire/field-codec.js';
import type { ReadingOf } from '../dialect.js';
import { FAULT, PROTECTION_1, PROTECTION_2, SYSTEM, WARNING_1, WARNING_2 } from './flags.js';
import type { AlarmRecord } from './records.js';

/** The alarm of every flag that is one, by the flag's id. */
const ALARM_OF_FLAG: ReadonlyMap<string, Alarm> = new Map(
  ([PROTECTION_1, PROTECTION_2, SYSTEM, FAULT, WARNING_1, WARNING_2] as readonly (readonly Flag[])[])
    .flat()
    .flatMap(({ id, category, label }) =>
      category === 'warning' || category === 'protection' || category === 'fault'
        ? [[id, { code: id, level: category, label }]]
        : [],
    ),
);

function alarmsOfFlags(...bytes: readonly (readonly string[])[]): Alarm[] {
  const alarms: Alarm[] = [];
  for (const ids of bytes) {
    for (const id of ids) {
      const alarm = ALARM_OF_FLAG.get(id);
      if (alarm) alarms.push(alarm);
    }
  }
  return alarms;
}

/** What a pack's part of a 44 reply says of it (`pace-v25.md` 3.4 and 4). */
export function alarmReading(record: AlarmRecord): ReadingOf['alarms'] {
  const { system, control, fault, protection1, protection2, warning1, warning2, balancingCells } = record;
  const { cellStates, temperatureStates, chargeCurrentState, packVoltageState, dischargeCurrentState } = record;
  const alarms = alarmsOfFlags(protection1, protection2, system, fault, warning1, warning2);
  for (const alarm of alarmsOfStates(record)) alarms.push(alarm);
  return {
    warning: {
      cellStates,
      temperatureStates,
      chargeCurrentState,
      packVoltageState,
      dischargeCurrentState,
      alarms: worstFirst(alarms),
    },
    status: {
      mode: modeOf(system),
      fullyCharged: protection2.includes('fullyCharged'),
      chargeMosfet: system.includes('chargeMosfetOn'),
      dischargeMosfet: system.includes('dischargeMosfetOn'),
      chargeCurrentLimiter: system.includes('chargeCurrentLimiterActive'),
      chargerReversed: system.includes('chargerReversed'),
      packSupplying: system.includes('packSupplying'),
      acIn: system.includes('acIn'),
      heater: system.includes('heaterOn'),
      shutdown: system.includes('shutdownState'),
      balancingCells,
      settings: {
        buzzerAlarm: control.includes('buzzerAlarmEnabled'),
        ledAlarm: !control.includes('ledAlarmDisabled'),
        chargeLimiter: !control.includes('chargeLimiterDisabled'),
        chargeLimiterGear: control.includes('chargeLimiterLowGear') ? 'low' : 'high',
        chargeMosfetForcedOff: control.includes('chargeMosfetForcedOff'),
        dischargeMosfetForcedOff: control.includes('dischargeMosfetForcedOff'),
        systemLock: control.includes('systemLockEnabled'),
        testMode: control.includes('testMode'),
      },
    },
  };
}

/** `pace-v25.md` 4.3: bit 3 is observed as discharging, bit 5 as charging. */
function modeOf(system: AlarmRecord['system']): PackMode {
  if (system.includes('packSupplying')) return 'discharging';
  return system.includes('acIn') ? 'charging' : 'idle';
}
