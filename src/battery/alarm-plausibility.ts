import type { LimitState, WarningReading } from './alarms.js';
import type { AnalogReading } from './analog.js';
import { type Doubt, failedStandard, type Standard } from './plausibility.js';
import type { StatusReading } from './status.js';

/** A pack's alarms and states, as one reply has them. */
export interface AlarmsAndStates {
  warning: WarningReading;
  status: StatusReading;
}

/** How many cells and sensors a pack has, where that is known. */
export interface Counts {
  cells: number;
  sensors: number;
}

/** Codes from 80 to EF are the manufacturer's own (`pace-v25.md` 3.4). */
const NAMELESS_STATE = /^unknown-[0-7F]/;
const isNameless = (state: LimitState) => state !== 'normal' && NAMELESS_STATE.test(state);

function namelessStates({ warning }: AlarmsAndStates): LimitState[] {
  const { cellStates, temperatureStates, chargeCurrentState, packVoltageState, dischargeCurrentState } = warning;
  const states = [...cellStates, ...temperatureStates, chargeCurrentState, packVoltageState, dischargeCurrentState];
  return states.filter(isNameless);
}

function hasNamelessState({ warning }: AlarmsAndStates): boolean {
  const { cellStates, temperatureStates, chargeCurrentState, packVoltageState, dischargeCurrentState } = warning;
  const isOfPack = isNameless(chargeCurrentState) || isNameless(packVoltageState) || isNameless(dischargeCurrentState);
  return isOfPack || cellStates.some(isNameless) || temperatureStates.some(isNameless);
}

/*
 * No check holds back an alarm or a state for having changed: one that is lost, or comes late, weighs more than one that
 * is false.
 */
const ON_THEIR_OWN: readonly Standard<AlarmsAndStates>[] = [
  {
    words: (pack) => `pack ${pack} has a state that no document names`,
    holds: (reading) => !hasNamelessState(reading),
    isOddLike: (reading, before) => {
      const known = namelessStates(before);
      return namelessStates(reading).every((state) => known.includes(state));
    },
  },
  {
    words: (pack) => `pack ${pack} balances a cell that it does not have`,
    holds: ({ warning, status }) => (status.balancingCells.at(-1) ?? 0) <= warning.cellStates.length,
  },
];

const OTHER_COUNTS: Doubt = { words: (pack) => `pack ${pack} has another number of cells or sensors than before` };

/** How many cells and sensors a reading of alarms is about. */
export const countsOfAlarms = ({ warning }: AlarmsAndStates): Counts => ({
  cells: warning.cellStates.length,
  sensors: warning.temperatureStates.length,
});

/** How many cells and sensors were measured. */
export const countsOfAnalog = ({ cellMillivolts, temperatureTenths }: AnalogReading): Counts => ({
  cells: cellMillivolts.length,
  sensors: temperatureTenths.length,
});

/**
 * Why a pack's alarms and states are hard to believe; null when nothing speaks against them.
 * @param before an earlier reading of the pack, believed or said again; null where there is none.
 * @param known how many cells and sensors the pack has shown; null where that is not known.
 */
export function doubtAboutAlarms(
  reading: AlarmsAndStates,
  before: AlarmsAndStates | null,
  known: Counts | null,
): Doubt | null {
  const { cells, sensors } = countsOfAlarms(reading);
  if (known && (known.cells !== cells || known.sensors !== sensors)) return OTHER_COUNTS;
  return failedStandard(ON_THEIR_OWN, reading, before);
}
