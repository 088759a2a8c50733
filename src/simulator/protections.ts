import type { LimitState } from '../battery/alarms.js';
import { type AnalogReading, percentage, temperaturesByPlace } from '../battery/analog.js';
import { type Direction, LIMITS, type Limit, type LimitedQuantity, type ProtectionLimit } from './limits.js';

/** Currents up to this, in mA, count as rest. */
const REST_MILLIAMPS = 200;

/** What a pack does, as its current tells; null at rest. */
export function directionOf(milliamps: number): Direction | null {
  if (Math.abs(milliamps) <= REST_MILLIAMPS) return null;
  return milliamps > 0 ? 'charging' : 'discharging';
}

/** The numbers of a reading that each kind of limit watches; null where no sensor is fitted. */
const VALUES: Record<LimitedQuantity, (reading: AnalogReading) => readonly (number | null)[]> = {
  cell: ({ cellMillivolts }) => cellMillivolts,
  packPerCell: ({ packMillivolts, cellMillivolts }) => [packMillivolts / cellMillivolts.length],
  cellTemperature: ({ temperatureTenths }) => temperatureTenths.slice(0, 4),
  mosfetTemperature: (reading) => [temperaturesByPlace(reading).mosfet],
  environmentTemperature: (reading) => [temperaturesByPlace(reading).environment],
  chargeCurrent: ({ currentMilliamps }) => [currentMilliamps],
  dischargeCurrent: ({ currentMilliamps }) => [-currentMilliamps],
  stateOfCharge: ({ remainingMilliampHours, fullMilliampHours }) => [
    percentage(remainingMilliampHours, fullMilliampHours),
  ],
};

/** One limit of one pack, with what it remembers: hysteresis for every number watched, and its protection. */
class LimitWatch {
  readonly limit: Limit;
  readonly protect: ProtectionLimit | undefined;
  /** Whether each number is beyond the warning; empty when none is. */
  warned: readonly boolean[] = [];
  protecting = false;
  #secondsProtecting = 0;

  constructor(limit: Limit) {
    this.limit = limit;
    this.protect = limit.protect;
  }

  update(reading: AnalogReading, seconds: number): void {
    const { of, only, warnAt, clearAt } = this.limit;
    const applies = only === undefined || only === (directionOf(reading.currentMilliamps) ?? 'charging');
    const values = VALUES[of](reading);
    const beyond = applies && values.some((value) => value !== null && this.#beyond(value, warnAt));
    // Nearly always: nothing is wrong and nothing was.
    if (!beyond && !this.protecting && this.warned.length === 0) return;
    const warned = values.map((value, i) => {
      if (value === null || !applies) return false;
      return this.#beyond(value, warnAt) || (this.warned[i] === true && !this.#back(value, clearAt));
    });
    this.warned = warned.includes(true) ? warned : [];
    this.#updateProtection(
      values.filter((value) => value !== null),
      applies,
      seconds,
    );
  }

  #updateProtection(values: readonly number[], applies: boolean, seconds: number): void {
    if (this.protect === undefined) return;
    const { at, release } = this.protect;
    if (!this.protecting) {
      this.protecting = applies && values.some((value) => this.#beyond(value, at));
      this.#secondsProtecting = 0;
      return;
    }
    this.#secondsProtecting += seconds;
    this.protecting =
      typeof release === 'number'
        ? !values.every((value) => this.#back(value, release))
        : this.#secondsProtecting < release.afterSeconds;
  }

  #beyond(value: number, level: number): boolean {
    return this.limit.side === 'above' ? value >= level : value <= level;
  }

  #back(value: number, level: number): boolean {
    return this.limit.side === 'above' ? value <= level : value >= level;
  }
}

/** The warnings and protections of one pack, as its readings raise and clear them. */
export class Protections {
  readonly #watches = LIMITS.map((limit) => new LimitWatch(limit));

  /** Takes the next reading, `seconds` after the last one. */
  update(reading: AnalogReading, seconds: number): void {
    for (const watch of this.#watches) watch.update(reading, seconds);
  }

  /** The ids of the warning and protection flags that are set (`pace-v25.md` 4.1, 4.2, 4.6, 4.7). */
  activeFlags(): string[] {
    return this.#watches.flatMap(({ limit, warned, protecting }) => [
      ...(warned.includes(true) ? [`${limit.name}Warning`] : []),
      ...(protecting ? [`${limit.name}Protection`] : []),
    ]);
  }

  /** Whether a protection holds the MOSFET of that direction open. */
  blocks(direction: Direction): boolean {
    return this.#watches.some(({ protecting, protect }) => protecting && protect?.blocks.includes(direction));
  }

  /** Where the `number`th (from 1) of the quantity's values stands. */
  stateOf(quantity: LimitedQuantity, number = 1): LimitState {
    const watch = this.#watches.find(({ limit, warned }) => limit.of === quantity && warned[number - 1]);
    if (watch === undefined) return 'normal';
    return watch.limit.side === 'above' ? 'high' : 'low';
  }
}
