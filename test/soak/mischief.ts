import { setTimeout as wait } from 'node:timers/promises';
import { seededRandom } from '../../src/simulator/random.js';
import { type FaultName, faultsThat } from '../support/faults.js';
import type { SoakBank } from './banks.js';
import type { SoakLine } from './soak-line.js';

/** Of all replies. */
const FAULTY_SHARE = 0.1;
/** What happens to single replies; breaking the line is for outages. */
const REPLY_FAULTS = faultsThat((fault) => !('breaksLine' in fault));
/** From a recovery to the next outage, s: 5 to 15 minutes of a house. */
const CALM_SECONDS = { least: 6, most: 18 };
/** From the start to the first outage, s. */
const FIRST_CALM_SECONDS = { least: 1, most: 2 };
/** How long a gateway is away or a battery asleep, s. */
const OUTAGE_SECONDS = { least: 1, most: 4 };

/** An outage: how often it is chosen, on which ways it can happen, and how it is made. */
interface Outage {
  weight: number;
  ways: readonly SoakBank['way'][];
  /** @returns epoch ms from which on the battery can be read again. */
  make(mischief: Mischief): Promise<number>;
}

/** The kinds of outage, one entry a kind. */
const OUTAGES = {
  closedMidFrame: { weight: 2, ways: ['tcp'], make: (mischief) => mischief.spoilNext('closedMidFrame') },
  closedAfter: { weight: 1, ways: ['tcp'], make: (mischief) => mischief.spoilNext('closedAfter') },
  // The client has to notice by itself: counted from the last reply on.
  halfOpen: { weight: 1, ways: ['tcp'], make: (mischief) => mischief.spoilNext('halfOpen') },
  away: { weight: 2, ways: ['tcp', 'serial'], make: (mischief) => mischief.takeAway() },
  asleep: { weight: 1, ways: ['tcp', 'serial'], make: (mischief) => mischief.sleep() },
} as const satisfies Record<string, Outage>;

/** The name of a kind of outage. */
export type OutageName = keyof typeof OUTAGES;
/** All kinds of outage. */
export const OUTAGE_NAMES = Object.keys(OUTAGES) as readonly OutageName[];

/** What was done to a line, and how it got over it. */
export interface MischiefFigures {
  /** Faults of single replies by kind. */
  faults: Partial<Record<FaultName, number>>;
  outages: Partial<Record<OutageName, number>>;
  /** The longest time from the end of an outage to the next reading, ms. */
  longestWayBackMs: Partial<Record<OutageName, number>>;
  /** Requests made while another was under way, with what befell the reply before. */
  overlaps: string[];
}

/** Lets the replies of one line go wrong, and the line break now and then; what and when is left to seeded chance. */
export class Mischief {
  readonly figures: MischiefFigures = { faults: {}, outages: {}, longestWayBackMs: {}, overlaps: [] };
  readonly #line: SoakLine;
  readonly #way: SoakBank['way'];
  readonly #ofReplies: () => number;
  readonly #ofOutages: () => number;
  readonly #ended = new AbortController();
  /** Ends what the loop waits for. */
  #goOn: () => void = () => {};
  #loop: Promise<void> = Promise.resolve();
  /** What befalls the next reply. */
  #next: FaultName | null = null;
  #isAsleep = false;
  #recovery: { outage: OutageName; from: number } | null = null;

  constructor(line: SoakLine, way: SoakBank['way'], seed: number) {
    this.#line = line;
    this.#way = way;
    this.#ofReplies = seededRandom(seed);
    this.#ofOutages = seededRandom(seed + 1);
  }

  start(): void {
    let before: FaultName | null = null;
    this.#line.proxy.plan = () => {
      this.#clearProxy(before);
      const fault = this.#isAsleep ? 'dropped' : this.#chooseFault();
      if (fault && !this.#isAsleep) this.figures.faults[fault] = (this.figures.faults[fault] ?? 0) + 1;
      before = fault;
      return fault;
    };
    this.#loop = this.#breakAgainAndAgain();
  }

  /** Takes over what the proxy keeps for ever. */
  #clearProxy(before: FaultName | null): void {
    const { passed, overlaps } = this.#line.proxy;
    passed.length = 0;
    for (const overlap of overlaps.splice(0))
      this.figures.overlaps.push(`${overlap} (fault before: ${before ?? 'none'})`);
  }

  #chooseFault(): FaultName | null {
    const next = this.#next;
    if (next) {
      this.#next = null;
      this.#goOn();
      return next;
    }
    // At once the first time, so that a short soak has one too.
    const isFirst = Object.keys(this.figures.faults).length === 0;
    if (this.#ofReplies() >= FAULTY_SHARE && !isFirst) return null;
    return REPLY_FAULTS[Math.floor(this.#ofReplies() * REPLY_FAULTS.length)] ?? null;
  }

  async #breakAgainAndAgain(): Promise<void> {
    await this.#pause(FIRST_CALM_SECONDS);
    for (let isFirst = true; !this.#ended.signal.aborted; isFirst = false) {
      const outage = this.#chooseOutage(isFirst);
      this.figures.outages[outage] = (this.figures.outages[outage] ?? 0) + 1;
      const from = await OUTAGES[outage].make(this);
      await this.#recovers(outage, from);
      await this.#pause(CALM_SECONDS);
    }
  }

  /** A quick one first, so that a short soak has one too. */
  #chooseOutage(isFirst: boolean): OutageName {
    if (isFirst) return this.#way === 'tcp' ? 'closedMidFrame' : 'asleep';
    const ways: Record<OutageName, Outage> = OUTAGES;
    const possible = OUTAGE_NAMES.filter((name) => ways[name].ways.includes(this.#way));
    const raffle = possible.flatMap((name) => Array.from({ length: ways[name].weight }, () => name));
    return raffle[Math.floor(this.#ofOutages() * raffle.length)] as OutageName;
  }

  /** Waits for some time by chance, or until the mischief ends. */
  async #pause({ least, most }: { least: number; most: number }): Promise<void> {
    const ms = (least + this.#ofOutages() * (most - least)) * 1000;
    await wait(ms, undefined, this.#ended).catch(() => {}); // ended
  }

  /** Waits until something calls `goOn`. */
  async #until(prepare: () => void): Promise<void> {
    if (this.#ended.signal.aborted) return;
    await new Promise<void>((goOn) => {
      this.#goOn = goOn;
      prepare();
    });
  }

  /** Waits for the first reading since `from`, or until the mischief ends. */
  #recovers(outage: OutageName, from: number): Promise<void> {
    return this.#until(() => {
      this.#recovery = { outage, from };
    });
  }

  /** A reading of epoch ms `lastSeen` was published. */
  sawReading(lastSeen: number): void {
    if (!this.#recovery || lastSeen < this.#recovery.from) return;
    const { outage, from } = this.#recovery;
    const longest = this.figures.longestWayBackMs;
    longest[outage] = Math.max(longest[outage] ?? 0, lastSeen - from);
    this.#recovery = null;
    this.#goOn();
  }

  /** Lets a fault befall the next reply. @returns when, epoch ms. */
  async spoilNext(fault: FaultName): Promise<number> {
    await this.#until(() => {
      this.#next = fault;
    });
    return Date.now();
  }

  /** Takes the way to the battery away for some time. @returns when it was back, epoch ms. */
  async takeAway(): Promise<number> {
    await this.#line.takeAway();
    await this.#pause(OUTAGE_SECONDS);
    await this.#line.bringBack();
    return Date.now();
  }

  /** Lets the battery be silent for some time. @returns when it could answer again, epoch ms. */
  async sleep(): Promise<number> {
    this.#isAsleep = true;
    await this.#pause(OUTAGE_SECONDS);
    this.#isAsleep = false;
    return Date.now();
  }

  /** Ends all mischief; from now on nothing goes wrong. */
  async end(): Promise<void> {
    this.#ended.abort();
    this.#goOn();
    await this.#loop;
    this.#line.proxy.plan = () => {
      this.#clearProxy(null);
      return null;
    };
  }
}
