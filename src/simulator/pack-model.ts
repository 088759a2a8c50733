import { sum } from '../battery/analog.js';
import { CONTROL, FAULT, PROTECTION_1, PROTECTION_2, SYSTEM, WARNING_1, WARNING_2 } from '../dialects/pace25/flags.js';
import type { AlarmRecord, AnalogRecord } from '../dialects/pace25/records.js';
import type { FlagId, FlagTable } from '../wire/field-codec.js';
import { CellModel, DESIGN_AMP_HOURS, type Wear } from './cell-model.js';
import type { Direction } from './limits.js';
import { directionOf, Protections } from './protections.js';
import { around } from './random.js';
import { ThermalModel } from './thermal-model.js';

/** Resistance of a pack's MOSFETs and cables, by choice. */
const WIRING_OHMS = 0.006;
/** Balancing starts above this cell voltage, where the spread reaches this (`pace-v25.md` 3.12, B6). */
const BALANCING = { fromMillivolts: 3400, startSpread: 30, stopSpread: 20 };
/** Full is this voltage a cell at no more than this current (`pace-v25.md` 3.12, AF: 56 V of 16 cells, 2 A). */
const FULL = { millivoltsPerCell: 3500, milliamps: 2000 };
/** The state of charge that ends "fully charged", by choice. */
const NO_LONGER_FULL = 0.97;
/** Boards of 8 cells have four sensors, the others six (`pace-v25.md` 3.3). */
const sensorsOf = (cells: number): number => (cells === 8 ? 4 : 6);

/** What acts on a pack besides its current. */
export interface Surroundings {
  /** °C of the room. */
  ambientCelsius: number;
  /** What sensor `number` (from 1) says of `celsius`; null when it is unplugged. */
  sensorReading(number: number, celsius: number): number | null;
}

export interface PackOptions {
  cells: number;
  /** 0-1, at the start. */
  stateOfCharge: number;
  /** The source of how this pack and its cells differ from others. */
  random: () => number;
  surroundings: Surroundings;
  /** Cells that are not as good as the others, by number from 1. */
  wear?: Readonly<Record<number, Wear>>;
}

/** One virtual pack: cells, temperatures, the BMS's protections, balancing and counters. */
export class PackModel {
  /** The mean of what the cells hold when full. */
  readonly fullAmpHours: number;
  readonly resistanceOhms: number;
  readonly #cells: readonly CellModel[];
  readonly #thermal: ThermalModel;
  readonly #protections = new Protections();
  #fullyCharged = false;
  #cycles: number;
  #reading: AnalogRecord;

  constructor({ cells, stateOfCharge, random, surroundings, wear = {} }: PackOptions) {
    const packAmpHours = around(random, DESIGN_AMP_HOURS - 2, 1);
    this.#cycles = Math.floor(around(random, 200, 180));
    this.#cells = Array.from(
      { length: cells },
      (_, i) => new CellModel(random, packAmpHours, stateOfCharge, wear[i + 1]),
    );
    this.fullAmpHours = sum(this.#cells.map(({ capacityAmpHours }) => capacityAmpHours)) / cells;
    this.resistanceOhms = sum(this.#cells.map(({ ohms }) => ohms)) + WIRING_OHMS;
    this.#thermal = new ThermalModel(random, surroundings.ambientCelsius);
    this.#reading = this.#measure(0, surroundings);
  }

  /** Ah, the mean of the cells. */
  get ampHours(): number {
    return sum(this.#cells.map(({ ampHours }) => ampHours)) / this.#cells.length;
  }

  /** Volts without current. */
  get openCircuitVolts(): number {
    return sum(this.#cells.map((cell) => cell.openCircuitVolts));
  }

  /** How warm the cells are, °C, whatever their sensors say. */
  get cellCelsius(): number {
    return this.#thermal.cells;
  }

  /** Whether the MOSFET of that direction is closed. */
  accepts(direction: Direction): boolean {
    return !this.#protections.blocks(direction);
  }

  /**
   * Lets `seconds` pass with `amps` flowing, positive while charging. A few seconds at a time: what follows from the
   * cells' voltages is worked out once at the end.
   */
  step(seconds: number, amps: number, surroundings: Surroundings): void {
    for (const cell of this.#cells) cell.step(seconds, amps);
    this.#thermal.step(seconds, amps, this.resistanceOhms / this.#cells.length, surroundings.ambientCelsius);
    if (amps < 0) this.#cycles += (-amps * seconds) / 3600 / this.fullAmpHours;
    this.#reading = this.#measure(amps, surroundings);
    this.#protections.update(this.#reading, seconds);
    this.#balance();
    this.#noticeFull();
  }

  /** What a 42 reply says of the pack. */
  analogRecord(): AnalogRecord {
    return this.#reading;
  }

  /** What a 44 reply says of the pack. */
  alarmRecord(): AlarmRecord {
    const { cellMillivolts, temperatureTenths, currentMilliamps } = this.#reading;
    const direction = directionOf(currentMilliamps);
    const unplugged = temperatureTenths.includes(null);
    const set = new Set<string>([
      ...this.#protections.activeFlags(),
      ...(this.#fullyCharged ? ['fullyCharged'] : []),
      ...(this.accepts('charging') ? ['chargeMosfetOn'] : []),
      ...(this.accepts('discharging') ? ['dischargeMosfetOn'] : []),
      ...(direction === 'discharging' ? ['packSupplying'] : []),
      ...(direction === 'charging' ? ['acIn'] : []),
      ...(unplugged ? ['temperatureSensorFault'] : []),
      'buzzerAlarmEnabled',
    ]);
    return {
      cellStates: cellMillivolts.map((_, i) => this.#protections.stateOf('cell', i + 1)),
      temperatureStates: temperatureTenths.map((tenths, i) => (tenths === null ? 'other' : this.#sensorState(i + 1))),
      chargeCurrentState: this.#protections.stateOf('chargeCurrent'),
      packVoltageState: this.#protections.stateOf('packPerCell'),
      dischargeCurrentState: this.#protections.stateOf('dischargeCurrent'),
      protection1: setFlags(PROTECTION_1, set),
      protection2: setFlags(PROTECTION_2, set),
      system: setFlags(SYSTEM, set),
      control: setFlags(CONTROL, set),
      fault: setFlags(FAULT, set),
      balancingCells: this.#cells.flatMap(({ balancing }, i) => (balancing ? [i + 1] : [])),
      warning1: setFlags(WARNING_1, set),
      warning2: setFlags(WARNING_2, set),
    };
  }

  #sensorState(number: number): AlarmRecord['temperatureStates'][number] {
    if (number <= 4) return this.#protections.stateOf('cellTemperature', number);
    return this.#protections.stateOf(number === 5 ? 'mosfetTemperature' : 'environmentTemperature');
  }

  #measure(amps: number, surroundings: Surroundings): AnalogRecord {
    const cellMillivolts = this.#cells.map((cell) => Math.round(cell.voltsAt(amps) * 1000));
    const fullMilliampHours = toStep(this.fullAmpHours * 1000);
    return {
      cellMillivolts,
      temperatureTenths: this.#thermal.read(sensorsOf(cellMillivolts.length)).map((celsius, i) => {
        const reading = surroundings.sensorReading(i + 1, celsius);
        return reading === null ? null : Math.round(reading * 10);
      }),
      currentMilliamps: toStep(amps * 1000),
      packMillivolts: sum(cellMillivolts),
      remainingMilliampHours: Math.min(fullMilliampHours, Math.max(0, toStep(this.ampHours * 1000))),
      userItemCount: 3,
      fullMilliampHours,
      cycles: Math.floor(this.#cycles),
      designMilliampHours: DESIGN_AMP_HOURS * 1000,
    };
  }

  #balance(): void {
    const { cellMillivolts, currentMilliamps } = this.#reading;
    const lowest = Math.min(...cellMillivolts);
    const resting = directionOf(currentMilliamps) !== 'discharging';
    this.#cells.forEach((cell, i) => {
      const millivolts = cellMillivolts[i] as number;
      const spread = cell.balancing ? BALANCING.stopSpread : BALANCING.startSpread;
      cell.balancing = resting && millivolts > BALANCING.fromMillivolts && millivolts - lowest >= spread;
    });
  }

  #noticeFull(): void {
    const { packMillivolts, cellMillivolts, currentMilliamps } = this.#reading;
    if (this.#fullyCharged) {
      this.#fullyCharged = this.ampHours > NO_LONGER_FULL * this.fullAmpHours;
    } else {
      this.#fullyCharged =
        packMillivolts >= FULL.millivoltsPerCell * cellMillivolts.length &&
        directionOf(currentMilliamps) !== 'discharging' &&
        currentMilliamps <= FULL.milliamps;
    }
  }
}

/** To the nearest 10, the wire's step of mA and mAh (`pace-v25.md` 3.1); never minus zero, which the wire has not. */
function toStep(milli: number): number {
  return Math.round(milli / 10) * 10 + 0;
}

function setFlags<Table extends FlagTable>(table: Table, set: ReadonlySet<string>): FlagId<Table>[] {
  return table.filter(({ id }) => set.has(id)).map(({ id }) => id as FlagId<Table>);
}
