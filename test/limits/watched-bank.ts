import assert from 'node:assert/strict';
import { Limits } from '../../src/limits/limits.js';
import { type LimitsPayload, MODES } from '../../src/limits/payload.js';
import type { LimitSettings } from '../../src/limits/settings.js';
import type { Step } from './any-bank.js';
import { analogMessages, CELLS, type Message, type PackWords, statusMessages, warningMessages } from './bench.js';
import { Oracle } from './oracle.js';

/** The ways a current flows, and where limits have them. */
export const DIRECTIONS = ['charge', 'discharge'] as const;
export const CURRENTS = { charge: 'chargeCurrent', discharge: 'dischargeCurrent' } as const;
const ALLOWS = { charge: 'allowCharge', discharge: 'allowDischarge' } as const;
const TINY = 1e-6;
/** By so much a published number may rise at once though what is behind it creeps. */
const stepOf = (value: number) => (value >= 100 ? 1 : 0.1);

/** What holds of all limits, whatever was told. */
export function checkShape(limits: LimitsPayload, { maxCurrent, bankMaxCurrent, ceilingVoltage }: LimitSettings): void {
  const { chargeVoltage, lowVoltage, age, reasons, mode, onlineCount, packCount } = limits;
  const numbers = [limits.chargeCurrent, limits.dischargeCurrent, chargeVoltage ?? 0, lowVoltage ?? 0, age ?? 0];
  for (const number of numbers) assert.ok(Number.isFinite(number) && number >= 0, `${number}`);
  assert.ok((chargeVoltage ?? 0) <= ceilingVoltage * CELLS + TINY, `${chargeVoltage} V is above the ceiling`);
  for (const direction of DIRECTIONS) {
    const amps = limits[CURRENTS[direction]];
    assert.equal(limits[ALLOWS[direction]], amps > 0);
    assert.ok(amps <= (bankMaxCurrent[direction] ?? Number.POSITIVE_INFINITY) + TINY, `${amps} A for the bank`);
    if (mode !== 'stale') assert.ok(amps <= onlineCount * maxCurrent[direction] + TINY, `${amps} A for the packs`);
  }
  for (const list of Object.values(reasons)) assert.ok(list.length > 0 && list.every((text) => text !== ''));
  assert.ok(MODES.includes(mode) && onlineCount <= packCount);
}

/** Watches one published number over time: it falls at once, and every rise waits and ramps. */
export class RiseWatch {
  readonly #holdMs: number;
  readonly #perSecond: number;
  #value: number | null = null;
  #at = 0;
  #fellAt = Number.NEGATIVE_INFINITY;

  constructor(holdMs: number, perSecond: number) {
    this.#holdMs = holdMs;
    this.#perSecond = perSecond;
  }

  check(value: number, now: number): void {
    const before = this.#value ?? value;
    if (value > before) {
      assert.ok(now >= this.#fellAt + this.#holdMs, `rises ${now - this.#fellAt} ms after it fell`);
      const most = (this.#perSecond * (now - this.#at)) / 1000 + stepOf(value);
      assert.ok(value - before <= most + TINY, `rises by ${value - before} in ${now - this.#at} ms`);
    }
    if (value < before || this.#value === null) this.#fellAt = now;
    this.#value = value;
    this.#at = now;
  }
}

/** A bank to which things happen, with everything watched that the rules say. */
export class WatchedBank {
  readonly published: LimitsPayload[] = [];
  readonly #settings: LimitSettings;
  readonly #limits: Limits;
  readonly #oracle: Oracle;
  readonly #rises: Record<'charge' | 'discharge' | 'voltage', RiseWatch>;
  #now: number;
  #clock = 1_790_000_000_000;
  #messages: Message[] = [];
  #packs: readonly (PackWords | null)[] = [{}];
  #before: LimitsPayload | null = null;
  #beforeAt = 0;

  constructor(settings: LimitSettings, now: number) {
    this.#settings = settings;
    this.#limits = new Limits(settings, null);
    this.#oracle = new Oracle(settings);
    this.#now = now;
    const { holdMs, rampCurrent, rampVoltage } = settings;
    this.#rises = {
      charge: new RiseWatch(holdMs, rampCurrent),
      discharge: new RiseWatch(holdMs, rampCurrent),
      voltage: new RiseWatch(holdMs, rampVoltage),
    };
  }

  /** @param isAsleep nobody asks for the limits meanwhile. */
  live({ happening, after, jump }: Step, isAsleep: boolean, hasClock: boolean): void {
    const end = this.#now + after;
    if (!isAsleep) this.#watchUntil(end);
    this.#now = end;
    this.#clock += 1 + after + (hasClock ? jump : 0);
    const wasStale = this.#oracle.online(end).length === 0;
    this.#happen(happening);
    this.#watch();
    if (wasStale && this.#settings.onStale === 'zero') this.#checkNothing();
  }

  /** Readings that are back after a gap begin at nothing. */
  #checkNothing(): void {
    const last = this.published.at(-1);
    assert.deepEqual([last?.chargeCurrent, last?.dischargeCurrent], [0, 0]);
  }

  #watchUntil(end: number): void {
    for (let next = this.#limits.changesAt(this.#now); next < end; next = this.#limits.changesAt(this.#now)) {
      assert.ok(next > this.#now, 'limits that want to be asked again at once');
      this.#now = next;
      this.#watch();
    }
  }

  #happen(happening: Step['happening']): void {
    switch (happening.what) {
      case 'analog':
      case 'same': {
        const { packs, shape } = happening.what === 'same' ? { packs: this.#packs, shape: 'bank' as const } : happening;
        this.#packs = packs;
        this.#messages = analogMessages(packs.map(whole), this.#clock, shape);
        this.#oracle.analog(packs.map(whole), this.#now, shape === 'bank');
        break;
      }
      case 'warning':
        this.#tell(warningMessages(happening.packs, this.#clock, happening.shape));
        this.#oracle.warning(happening.packs);
        return;
      case 'status':
        this.#tell(statusMessages(happening.packs, this.#clock, happening.shape));
        this.#oracle.status(happening.packs);
        return;
      case 'repeat':
        this.#tell(this.#messages.filter(({ payload }) => !payload.packs));
        return;
      case 'nothing':
        return;
    }
    this.#tell(this.#messages);
  }

  #tell(messages: readonly Message[]): void {
    for (const message of messages) this.#limits.take({ ...message }, this.#now);
  }

  #watch(): void {
    const now = this.#now;
    const limits = this.#limits.at(now);
    this.published.push(limits);
    checkShape(limits, this.#settings);
    const online = this.#oracle.online(now).length;
    assert.equal(limits.onlineCount, online);
    assert.equal(['stale', 'starting'].includes(limits.mode), online === 0);
    this.#watchCurrents(limits);
    this.#watchVoltage(limits);
    this.#before = limits;
    this.#beforeAt = now;
  }

  #watchCurrents(limits: LimitsPayload): void {
    const isHeld = limits.mode === 'stale' && this.#settings.onStale === 'hold30min';
    for (const direction of DIRECTIONS) {
      const amps = limits[CURRENTS[direction]];
      const before = this.#before?.[CURRENTS[direction]] ?? 0;
      const { due, unblocked, maximum } = this.#oracle.current(direction, this.#now);
      if (isHeld) assert.ok(amps <= before, `${amps} A held after ${before} A`);
      else {
        assert.ok(amps <= due + TINY, `${amps} A ${direction}, but ${due} A are due`);
        assert.ok(amps <= unblocked * this.#settings.maxCurrent[direction] + TINY);
        if (before === 0 && amps > 0) assert.ok(due >= 0.015 * maximum - TINY, `starts for ${due} A of ${maximum} A`);
      }
      this.#rises[direction].check(amps, this.#now);
    }
  }

  #watchVoltage({ chargeVoltage, mode }: LimitsPayload): void {
    if (chargeVoltage === null) return;
    const highest = this.#oracle.highestVoltage(this.#now);
    assert.ok(chargeVoltage <= highest + TINY, `${chargeVoltage} V, but ${highest} V are due`);
    this.#rises.voltage.check(chargeVoltage, this.#now);
    const { absorptionVoltage, rampVoltage } = this.#settings;
    const isCalm = highest >= absorptionVoltage * this.#oracle.cells - TINY;
    if (mode !== 'float' || !isCalm || this.#before?.mode === 'stale' || this.#wasGap) return;
    const most = (rampVoltage * (this.#now - this.#beforeAt)) / 1000 + 0.1;
    const fall = (this.#before?.chargeVoltage ?? chargeVoltage) - chargeVoltage;
    assert.ok(fall <= most + TINY, `falls by ${fall} V in ${this.#now - this.#beforeAt} ms to float`);
  }

  /** Whether all readings may have gone stale and come back since the limits were asked for last. */
  get #wasGap(): boolean {
    return this.#now - this.#beforeAt >= this.#settings.staleAfterMs;
  }
}

const whole = (pack: PackWords | null): PackWords | null =>
  pack && { temperatures: [20, 21], mosfet: 25, soc: 50, ...pack, cells: pack.cells ?? Array(CELLS).fill(3.3) };
