import { type BankAllowance, bankCurrent } from './bank-current.js';
import { BankState, type PackState, type SoundPack, soundPacks } from './bank-state.js';
import { ChargeRequest } from './charge-request.js';
import { ChargeStage, type StageMeasurements } from './charge-stage.js';
import { ChargeVoltage, type Overshoot, type VoltageLimit } from './charge-voltage.js';
import { type Measurements, readPackMessage } from './incoming.js';
import { packCurrent } from './pack-current.js';
import { type LimitsPayload, roundDown, roundUpVolts } from './payload.js';
import { Rise } from './rise.js';
import type { Direction, LimitSettings } from './settings.js';

/** Of the maximum: less is not worth a start from 0. */
const LEAST_START = 0.015;
/** How long limits may be held without readings, ms, and V of all cells between which they may. */
const LONGEST_HOLD_MS = 30 * 60_000;
const LOWEST_CALM_CELL = 3.225;
const HIGHEST_CALM_CELL = 3.375;
/** While a limit moves by itself it is found anew so often, ms. */
const STEP_MS = 1000;

/** A current that the bank may have, A, and why it is no more. */
interface CurrentLimit {
  amps: number;
  reasons: readonly string[];
}

/** The limits of one bank, from the messages of its packs. It knows no clock: `now` is monotonic ms and never less than before. */
export class Limits {
  readonly #settings: LimitSettings;
  /** How many packs the bank is known to have; null where messages tell. */
  readonly #packsKnown: number | null;
  readonly #bank: BankState;
  readonly #stage: ChargeStage;
  readonly #voltage: ChargeVoltage;
  readonly #request: ChargeRequest;
  readonly #currents: Readonly<Record<Direction, Rise>>;
  #cellsInSeries: number | null;
  /** The packs that counted last, with what they measured then. */
  #lastOnline: readonly (readonly [pack: PackState, measurements: Measurements])[] = [];
  /** Whether all their cells were far from both ends. */
  #wasCalm = false;

  constructor(settings: LimitSettings, packsKnown: number | null) {
    this.#settings = settings;
    this.#packsKnown = packsKnown;
    this.#bank = new BankState(settings.staleAfterMs);
    this.#stage = new ChargeStage(settings);
    this.#voltage = new ChargeVoltage(settings);
    this.#request = new ChargeRequest(settings.minVoltage);
    const rise = () => new Rise({ holdMs: settings.holdMs, perSecond: settings.rampCurrent }, 0);
    this.#currents = { charge: rise(), discharge: rise() };
    this.#cellsInSeries = settings.cellsInSeries;
  }

  /** Takes over what a message of an analog, warning or status node says. @throws PaceError `SHAPE` for any other. */
  take(message: Record<string, unknown>, now: number): void {
    const told = readPackMessage(message);
    // Readings that come back after a gap do so even where nobody asked for the limits in it.
    if (this.#bank.online(now).length === 0) this.#withoutReadings(now);
    this.#bank.take(told, now);
  }

  /** The limits at `now`. */
  at(now: number): LimitsPayload {
    const packs = this.#bank.online(now);
    return packs.length > 0 ? this.#withReadings(packs, now) : this.#withoutReadings(now);
  }

  /** Until when the limits stay as they are if no message comes, monotonic ms. */
  changesAt(now: number): number {
    const isStepping = this.#currents.charge.isRising || this.#currents.discharge.isRising || this.#voltage.isMoving;
    const holdEnds = this.#isHeld(now) ? this.#bank.measuredAt + LONGEST_HOLD_MS : Infinity;
    return Math.min(isStepping ? now + STEP_MS : Infinity, this.#bank.nextStaleAt(now), holdEnds);
  }

  #withReadings(packs: readonly PackState[], now: number): LimitsPayload {
    const sound = soundPacks(packs);
    const cells = this.#countCells(packs);
    const overshoot = this.#overshoot(packs);
    if (sound.length === 0 || cells === null) this.#stage.interrupt();
    else this.#stage.update(this.#measured(sound, cells, overshoot), now);
    const { stage } = this.#stage;
    const voltage = (count: number) =>
      sound.length === 0
        ? this.#voltage.withoutReadings(count, 'float, as no pack has sound cells', now)
        : this.#voltage.update(stage, count, overshoot, now);
    this.#lastOnline = packs.map((pack) => [pack, pack.measurements]);
    this.#wasCalm = sound.length === packs.length && sound.every(isCalm);
    this.#request.update(sound);
    return this.#payload(
      stage,
      cells === null ? null : voltage(cells),
      this.#current('charge', packs, now),
      this.#current('discharge', packs, now),
      packs.length,
      now,
    );
  }

  #withoutReadings(now: number): LimitsPayload {
    const ageMs = now - this.#bank.measuredAt;
    this.#stage.interrupt();
    const reason = this.#silence(ageMs);
    const current = (direction: Direction): CurrentLimit => {
      if (this.#isHeld(now)) return this.#held(direction, `${reason}: held for 30 minutes`, now);
      return { amps: this.#currents[direction].update(0, now), reasons: [reason] };
    };
    const cells = this.#cellsInSeries;
    return this.#payload(
      ageMs < Infinity ? 'stale' : 'starting',
      cells === null ? null : this.#voltage.withoutReadings(cells, 'float without readings', now),
      current('charge'),
      current('discharge'),
      0,
      now,
    );
  }

  #silence(ageMs: number): string {
    const { staleAfterMs } = this.#settings;
    if (ageMs === Infinity) return 'no analog reading yet';
    return ageMs < staleAfterMs ? 'all packs are offline' : `no analog reading for ${staleAfterMs / 1000} s`;
  }

  #isHeld(now: number): boolean {
    const { onStale } = this.#settings;
    return onStale === 'hold30min' && this.#wasCalm && now - this.#bank.measuredAt < LONGEST_HOLD_MS;
  }

  /** What was allowed last, but for what alarms and switches have told since. */
  #held(direction: Direction, reason: string, now: number): CurrentLimit {
    const packs = this.#lastOnline.map(([pack, measurements]) => ({ ...pack, measurements }));
    const allowed = bankCurrent(packs, direction, this.#settings);
    const rise = this.#currents[direction];
    const amps = rise.update(Math.min(rise.value, allowed.amps), now);
    return { amps, reasons: [reason, ...(allowed.amps <= amps ? allowed.reasons : [])] };
  }

  /** The fewest that a pack has, since more would charge it too high; null while no pack has told. */
  #countCells(packs: readonly PackState[]): number | null {
    const counts = packs.map(({ measurements }) => measurements.cells?.count ?? 0).filter((count) => count > 0);
    const { cellsInSeries } = this.#settings;
    if (counts.length > 0) this.#cellsInSeries = Math.min(cellsInSeries ?? Infinity, ...counts);
    return this.#cellsInSeries;
  }

  #measured(sound: readonly SoundPack[], cellsInSeries: number, overshoot: Overshoot | null): StageMeasurements {
    const charging = sound.filter(({ pack }) => (packCurrent(pack, 'charge', this.#settings)[0]?.amps ?? 0) > 0);
    const measured = charging.length > 0 ? charging : sound;
    return {
      cellSum: measured.reduce((total, { cells }) => total + cells.sum, 0) / measured.length,
      spread: Math.max(...measured.map(({ cells: { highest, lowest } }) => highest.volts - lowest.volts)),
      soc: socOf(sound),
      cellsInSeries,
      reduction: overshoot?.volts ?? 0,
    };
  }

  #overshoot(packs: readonly PackState[]): Overshoot | null {
    let most: Overshoot | null = null;
    for (const { name, measurements } of packs) {
      const highest = measurements.cells?.highestSound;
      const over = (highest?.volts ?? 0) - this.#settings.absorptionVoltage;
      if (!highest || over <= (most?.volts ?? 0)) continue;
      const reason = `cell ${name}/${highest.name} at ${highest.volts} V, ${over.toFixed(3)} V above absorption`;
      most = { volts: over, reason };
    }
    return most;
  }

  #current(direction: Direction, packs: readonly PackState[], now: number): CurrentLimit {
    const allowed = bankCurrent(packs, direction, this.#settings);
    const rise = this.#currents[direction];
    const isTooLittle = roundDown(rise.value, 100) === 0 && allowed.amps < LEAST_START * allowed.maximum;
    const amps = rise.update(isTooLittle ? 0 : allowed.amps, now);
    return {
      amps,
      reasons: rise.isRising ? [this.#risingReason(allowed)] : [...allowed.reasons, ...this.#missing(now)],
    };
  }

  #risingReason({ amps }: BankAllowance): string {
    const { holdMs, rampCurrent } = this.#settings;
    return `rises to ${roundDown(amps, 100)} A, by ${rampCurrent} A/s after ${holdMs / 1000} s`;
  }

  #missing(now: number): string[] {
    const neverRead = this.#packCount - this.#bank.count;
    return [
      ...this.#bank.offline(now).map((name) => `${name} is offline`),
      ...(neverRead > 0 ? [`${neverRead} of ${this.#packCount} packs never read`] : []),
    ];
  }

  get #packCount(): number {
    return Math.max(this.#packsKnown ?? 0, this.#bank.count);
  }

  #payload(
    mode: LimitsPayload['mode'],
    voltage: VoltageLimit | null,
    charge: CurrentLimit,
    discharge: CurrentLimit,
    onlineCount: number,
    now: number,
  ): LimitsPayload {
    const chargeCurrent = roundDown(charge.amps, 100);
    const dischargeCurrent = roundDown(discharge.amps, 100);
    const { measuredAt } = this.#bank;
    return {
      chargeVoltage: voltage && roundDown(voltage.volts, 10),
      chargeCurrent,
      dischargeCurrent,
      lowVoltage: this.#cellsInSeries && roundUpVolts(this.#settings.minVoltage * this.#cellsInSeries),
      allowCharge: chargeCurrent > 0,
      allowDischarge: dischargeCurrent > 0,
      chargeRequest: onlineCount > 0 && this.#request.isOn,
      mode,
      reasons: {
        chargeVoltage: voltage?.reasons ?? ['the number of cells is not known yet'],
        chargeCurrent: charge.reasons,
        dischargeCurrent: discharge.reasons,
      },
      onlineCount,
      packCount: this.#packCount,
      age: measuredAt === Number.NEGATIVE_INFINITY ? null : Math.round((now - measuredAt) / 100) / 10,
    };
  }
}

const isCalm = ({ cells }: SoundPack): boolean =>
  cells.lowest.volts >= LOWEST_CALM_CELL && cells.highest.volts <= HIGHEST_CALM_CELL;

/** % of what the packs hold together; null where one does not tell. */
function socOf(packs: readonly SoundPack[]): number | null {
  const total = (of: 'remainingCapacity' | 'fullCapacity') =>
    packs.reduce((sum, { pack }) => sum + (pack.measurements[of] ?? Number.NaN), 0);
  const [remaining, full] = [total('remainingCapacity'), total('fullCapacity')];
  return full > 0 && Number.isFinite(remaining) ? (remaining / full) * 100 : null;
}
