import type { AlarmRecord, AnalogRecord } from '../dialects/pace25/records.js';
import { PaceError } from '../errors.js';
import { ampsAtVolts, shareAmps } from './current-sharing.js';
import { PackModel, type Surroundings } from './pack-model.js';
import { seededRandom } from './random.js';
import {
  CELL_COUNTS,
  isScenario,
  MOST_PACKS,
  type Moment,
  SCENARIO_NAMES,
  SCENARIOS,
  type Scenario,
  type ScenarioName,
  type SensorEvent,
} from './scenarios.js';

export interface BankOptions {
  /** 1-16. */
  packs: number;
  /** Cells a pack: 8, 13, 14, 15 or 16. */
  cells: number;
  scenario: ScenarioName;
  /** How the packs and cells differ; the same seed gives the same bank. */
  seed?: number;
}

/** The model's step; short against the time in which a nearly full cell's voltage moves. */
const STEP_SECONDS = 10;
/** What a single call to `advance` lets pass at most, so that it returns soon after a long pause. */
const LONGEST_ADVANCE_SECONDS = 6 * 3600;
/** Model time that has passed at the start, so that the first reading is one of a running bank. */
const WARM_UP_SECONDS = 60;
/** Every scenario begins on this day, in summer. */
const FIRST_DAY = Date.UTC(2025, 5, 21);

/** A virtual bank: packs in parallel that live through a scenario. */
export class BankModel {
  /** The packs by their places; null where none is fitted. */
  readonly slots: readonly (PackModel | null)[];
  readonly #packs: readonly PackModel[];
  readonly #cells: number;
  readonly #scenario: Scenario;
  #seconds = 0;
  #pendingSeconds = 0;

  /** @throws PaceError `CONFIG` when there can be no such bank. */
  constructor({ packs, cells, scenario, seed = 1 }: BankOptions) {
    checkSize(packs, cells, scenario);
    this.#scenario = SCENARIOS[scenario];
    this.#cells = cells;
    const { startCharge, startChargeReach, emptySlots = [], insteadOfOnePack = 1 } = this.#scenario;
    const slots = packs === 1 ? insteadOfOnePack : packs;
    this.slots = Array.from({ length: slots }, (_, index) => {
      if (emptySlots.includes(index + 1)) return null;
      const random = seededRandom(seed * 1000 + index);
      const stateOfCharge = startCharge + (random() * 2 - 1) * startChargeReach;
      return new PackModel({ cells, stateOfCharge, random, surroundings: this.#surroundingsOf(index + 1) });
    });
    this.#packs = this.slots.filter((pack) => pack !== null);
    while (this.#seconds < WARM_UP_SECONDS) this.#step();
  }

  /** Lets `milliseconds` of real time pass; what falls between two steps of the model is kept for the next call. */
  advance(milliseconds: number): void {
    this.#pendingSeconds += (milliseconds / 1000) * this.#scenario.speed;
    this.#pendingSeconds = Math.min(this.#pendingSeconds, LONGEST_ADVANCE_SECONDS);
    while (this.#pendingSeconds >= STEP_SECONDS) {
      this.#step();
      this.#pendingSeconds -= STEP_SECONDS;
    }
  }

  /** What the bank's own clock shows: the scenario's time, in UTC. */
  get clock(): Date {
    return new Date(FIRST_DAY + (this.#scenario.startHour * 3600 + this.#seconds) * 1000);
  }

  /** What a 42 reply says of each place (`pace-v25.md` 3.3, 5.4). */
  analogRecords(): AnalogRecord[] {
    const sample = (this.#packs[0] as PackModel).analogRecord();
    return this.slots.map((pack) => pack?.analogRecord() ?? emptyAnalogRecord(sample));
  }

  /** What a 44 reply says of each place (`pace-v25.md` 3.4, 5.4). */
  alarmRecords(): AlarmRecord[] {
    const sample = (this.#packs[0] as PackModel).alarmRecord();
    return this.slots.map((pack) => pack?.alarmRecord() ?? emptyAlarmRecord(sample));
  }

  get #moment(): Moment {
    return { hour: (this.#scenario.startHour + this.#seconds / 3600) % 24, seconds: this.#seconds };
  }

  #step(): void {
    const shares = shareAmps(this.#packs, this.#bankAmps());
    this.#seconds += STEP_SECONDS;
    let next = 0;
    this.slots.forEach((pack, index) => {
      pack?.step(STEP_SECONDS, shares[next++] as number, this.#surroundingsOf(index + 1));
    });
  }

  /** Charger and load heed how many packs can take part, and the charger its voltage. */
  #bankAmps(): number {
    const wanted = this.#scenario.amps(this.#moment);
    const able = this.#packs.filter((pack) => pack.accepts(wanted > 0 ? 'charging' : 'discharging'));
    const amps = wanted * able.length;
    return amps > 0 ? Math.min(amps, ampsAtVolts(able, this.#scenario.chargerVolts * this.#cells)) : amps;
  }

  #surroundingsOf(slot: number): Surroundings {
    const { hour, seconds } = this.#moment;
    const events = this.#scenario.sensorEvents?.filter(({ pack }) => pack === slot) ?? [];
    return {
      ambientCelsius: ambientCelsius(hour),
      sensorReading: (number, celsius) =>
        events
          .filter(({ sensor }) => sensor === number)
          .reduce<number | null>((reading, event) => readingDuring(event, seconds, reading), celsius),
    };
  }
}

function checkSize(packs: number, cells: number, scenario: string): void {
  if (!(Number.isInteger(packs) && packs >= 1 && packs <= MOST_PACKS)) {
    throw new PaceError('CONFIG', `a simulated bank has 1 to ${MOST_PACKS} packs, not ${packs}`);
  }
  if (!CELL_COUNTS.some((count) => count === cells)) {
    throw new PaceError('CONFIG', `a simulated pack has ${CELL_COUNTS.join(', ')} cells, not ${cells}`);
  }
  if (!isScenario(scenario)) {
    throw new PaceError('CONFIG', `there is no scenario "${scenario}": choose ${SCENARIO_NAMES.join(', ')}`);
  }
}

/** A room at 15-25 °C, coldest at five in the morning. */
function ambientCelsius(hour: number): number {
  return 20 - 5 * Math.cos((2 * Math.PI * (hour - 5)) / 24);
}

function readingDuring(event: SensorEvent, seconds: number, celsius: number | null): number | null {
  const { everySeconds, from, to, peakCelsius } = event;
  const since = (seconds % everySeconds) - from;
  const lasts = to - from;
  if (celsius === null || since < 0 || since >= lasts) return celsius;
  if (peakCelsius === null) return null;
  return celsius + (peakCelsius - celsius) * Math.sin((Math.PI * since) / lasts);
}

function emptyAnalogRecord({ cellMillivolts, temperatureTenths }: AnalogRecord): AnalogRecord {
  return {
    cellMillivolts: cellMillivolts.map(() => 0),
    temperatureTenths: temperatureTenths.map(() => 0),
    currentMilliamps: 0,
    packMillivolts: 0,
    remainingMilliampHours: 0,
    userItemCount: 3,
    fullMilliampHours: 0,
    cycles: 0,
    designMilliampHours: 0,
  };
}

function emptyAlarmRecord({ cellStates, temperatureStates }: AlarmRecord): AlarmRecord {
  return {
    cellStates: cellStates.map(() => 'normal'),
    temperatureStates: temperatureStates.map(() => 'normal'),
    chargeCurrentState: 'normal',
    packVoltageState: 'normal',
    dischargeCurrentState: 'normal',
    protection1: [],
    protection2: [],
    system: [],
    control: [],
    fault: [],
    balancingCells: [],
    warning1: [],
    warning2: [],
  };
}
