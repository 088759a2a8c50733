import type { Alarm } from '../../src/battery/alarms.js';
import type { StatusReading } from '../../src/battery/status.js';
import type { Direction, LimitSettings } from '../../src/limits/settings.js';
import { ALARMS } from './any-bank.js';
import { CELLS, type PackWords } from './bench.js';

interface Pack {
  words: PackWords | null;
  readAt: number;
  alarms: readonly Alarm[];
  switches: Partial<StatusReading>;
}

type Points = readonly (readonly [x: number, y: number])[] | readonly [];

/** A share by the rules in words: straight lines between the points, constant outside. */
function share(points: Points, x: number): number {
  const [first] = points;
  if (!first) return 1;
  let [left, result] = [first, first[1]];
  for (const right of points) {
    if (x >= right[0]) result = right[1];
    else if (x > left[0]) result = left[1] + ((right[1] - left[1]) * (x - left[0])) / (right[0] - left[0]);
    if (x < right[0]) break;
    left = right;
  }
  return result;
}

/** What the rules allow at the most, found by itself and without any memory of what was published. */
export class Oracle {
  readonly #settings: LimitSettings;
  readonly #packs: Pack[] = [];
  #polledAt = Number.NEGATIVE_INFINITY;

  constructor(settings: LimitSettings) {
    this.#settings = settings;
  }

  #pack(index: number): Pack {
    this.#packs[index] ??= { words: null, readAt: Number.NEGATIVE_INFINITY, alarms: [], switches: {} };
    return this.#packs[index] as Pack;
  }

  analog(packs: readonly (PackWords | null)[], now: number, isBank: boolean): void {
    const isAnother = now - this.#polledAt > this.#settings.staleAfterMs * 0.02;
    if (isAnother && packs.some((words) => words)) this.#polledAt = now;
    for (const [i, words] of packs.entries()) {
      const pack = this.#pack(i);
      if (words) pack.readAt = this.#polledAt;
      if (words || isBank) pack.words = words;
    }
  }

  warning(packs: readonly (readonly Alarm[])[]): void {
    for (const [i, alarms] of packs.entries()) this.#pack(i).alarms = alarms;
  }

  status(packs: readonly Partial<StatusReading>[]): void {
    for (const [i, switches] of packs.entries()) this.#pack(i).switches = switches;
  }

  /** Every pack that was ever told of has an own index. */
  online(now: number): Pack[] {
    return this.#packs.filter((pack) => pack?.words && now - pack.readAt < this.#settings.staleAfterMs);
  }

  /** A of the packs that are online. */
  current(direction: Direction, now: number): { due: number; unblocked: number; maximum: number; bankMax: number } {
    const { maxCurrent, bankMaxCurrent } = this.#settings;
    const shares = this.online(now).map((pack) => this.#share(pack, direction));
    const bankMax = bankMaxCurrent[direction] ?? Number.POSITIVE_INFINITY;
    const sum = shares.reduce((total, one) => total + one * maxCurrent[direction], 0);
    return {
      due: Math.min(sum, bankMax),
      unblocked: shares.filter((one) => one > 0).length,
      maximum: Math.min(shares.length * maxCurrent[direction], bankMax),
      bankMax,
    };
  }

  #share({ words, alarms, switches }: Pack, direction: Direction): number {
    const { cells, temperatures, mosfet, soc } = words as Required<PackWords>;
    const volts = cells as readonly number[];
    const { curves } = this.#settings;
    const isCharge = direction === 'charge';
    if (volts.some((value) => value < 1 || value > 5)) return 0;
    const worst = Math.max(0, ...alarms.map((one) => this.#weight(one, direction)));
    const forced = switches.settings?.[isCharge ? 'chargeMosfetForcedOff' : 'dischargeMosfetForcedOff'];
    const isOff = switches[isCharge ? 'chargeMosfet' : 'dischargeMosfet'] === false;
    if (worst === 2 || isOff || forced || switches.shutdown || switches.chargerReversed) return 0;
    const byCell = isCharge
      ? share(curves.chargeByCell, Math.max(...volts))
      : share(curves.dischargeByCell, Math.min(...volts));
    const byDegrees = isCharge ? curves.chargeByTemperature : curves.dischargeByTemperature;
    return Math.min(
      worst === 1 ? 0.5 : 1,
      byCell,
      ...temperatures.map((degrees) => share(byDegrees, degrees)),
      share(curves.byMosfetTemperature, mosfet),
      share(curves.bySoc[direction], soc),
    );
  }

  /** 0: of the other way, 1: halves, 2: forbids. */
  #weight({ code, level }: Alarm, direction: Direction): number {
    const [, way] = ALARMS.find(([known]) => known.code === code) ?? [null, 'both'];
    if (way !== 'both' && way !== direction) return 0;
    return level === 'warning' ? 1 : 2;
  }

  /** Cells in series, as long as a pack has told. */
  get cells(): number {
    return Math.min(CELLS, this.#settings.cellsInSeries ?? CELLS);
  }

  /** V that the charge voltage may be at the most. */
  highestVoltage(now: number): number {
    const { absorptionVoltage, ceilingVoltage, floatVoltage } = this.#settings;
    const online = this.online(now);
    if (online.length === 0) return floatVoltage * this.cells;
    const volts = online.flatMap(({ words }) => words?.cells as readonly number[]);
    const highest = Math.max(0, ...volts.filter((value) => value >= 1 && value <= 5));
    const over = Math.max(0, highest - absorptionVoltage);
    return Math.min(absorptionVoltage * this.cells - over, ceilingVoltage * this.cells);
  }
}
