import type { LimitsPayload } from '../../src/limits/payload.js';
import { Bank, type PackTruth } from './bank.js';
import { DAY_SECONDS, type Moment, momentOf } from './calendar.js';
import { Household } from './household.js';
import { DELAY_SECONDS, Inverter } from './inverter.js';
import { NodeRed } from './node-red.js';
import type { SimulationOptions } from './options.js';
import { Sky } from './sky.js';
import { type State, Tally } from './tally.js';
import { isOff, type Trouble, Troubles } from './troubles.js';
import { Weather } from './weather.js';
import { type Excursion, Witness } from './witness.js';

/** The bank is read so often where something moves: a limit is heeded before the next. */
const STEP_SECONDS = DELAY_SECONDS;
/** And so often where nothing does. */
const CALM_STEP_SECONDS = 25;
/** What may change from one reading to the next where nothing moves: A that are wanted, A that are allowed, mV. */
const CALM = { wanted: 8, allowed: 1, millivolts: 2 };

/** What was at a time, for a plot. */
export interface Sample {
  moment: Moment;
  limits: LimitsPayload | null;
  amps: number;
  packs: readonly PackTruth[];
}

/** What a run comes to. */
export interface SimulationResult {
  options: SimulationOptions;
  tally: Tally;
  excursions: readonly Excursion[];
  troubles: Readonly<Record<Trouble, number>>;
  /** How often the bank was read. */
  polls: number;
  /** Of the day that is drawn. */
  samples: readonly Sample[];
}

/** Lets days pass: sun and house want something, the inverter does what of it the limits allow, the bank lives with it. */
export function runSimulation(options: SimulationOptions): SimulationResult {
  const { days, seed, firstDay, obeys } = options;
  const seedOf = (place: number) => seed * 10_000 + 100 * place;
  const [sky, household, weather] = [new Sky(seedOf(1)), new Household(seedOf(2)), new Weather(seedOf(3))];
  const troubles = new Troubles(seedOf(4), options.troubles, options.unseen);
  const bank = new Bank(seedOf(5), weather.celsius(momentOf(0, firstDay)));
  const [nodeRed, inverter] = [new NodeRed(options.settings), new Inverter(obeys)];
  const [witness, tally] = [new Witness(), new Tally()];
  const has = (trouble: Trouble) => troubles.has(trouble);
  const samples: Sample[] = [];
  let polls = 0;
  const calmness = new Calmness();

  for (let seconds = 0; seconds < days * DAY_SECONDS; ) {
    const moment = momentOf(seconds, firstDay);
    troubles.moveTo(seconds);
    bank.connect((pack) => !isOff(pack, has));
    const limits = nodeRed.poll(bank, has, seconds * 1000);
    polls += 1;
    tally.takeLimits(limits);
    if (limits) {
      inverter.receive(limits, seconds);
      witness.note(limits, seconds);
    }
    const watts = sky.watts(moment) - household.watts(moment);
    const wanted = Inverter.able(watts / bank.volts);
    const step = calmness.isCalm(bank, limits, wanted) ? CALM_STEP_SECONDS : STEP_SECONDS;
    // Where nothing moves it makes no difference that the inverter heeds at once what it heeds soon.
    const heedsAt = step === STEP_SECONDS ? seconds : seconds + DELAY_SECONDS;
    bank.step(step, inverter.amps(wanted, bank, heedsAt), weather.celsius(moment));
    const interval = { from: moment, seconds: step, amps: bank.amps, packs: bank.truths };
    witness.look(interval);
    tally.take(interval, stateOf(limits), wanted, bank.volts, bank.stateOfCharge);
    if (options.plotDay === Math.floor(seconds / DAY_SECONDS) + 1) {
      samples.push({ moment, limits, amps: bank.amps, packs: interval.packs });
    }
    seconds += step;
  }
  return { options, tally, excursions: witness.excursions, troubles: troubles.counts, polls, samples };
}

const stateOf = (limits: LimitsPayload | null): State => limits?.mode ?? 'down';

/** Tells whether anything moves, so that every step has the length it needs. */
class Calmness {
  #before: readonly number[] = [];

  isCalm(bank: Bank, limits: LimitsPayload | null, wanted: number): boolean {
    const now = [
      wanted / CALM.wanted,
      (limits?.chargeCurrent ?? 0) / CALM.allowed,
      (limits?.dischargeCurrent ?? 0) / CALM.allowed,
      ...bank.truths.flatMap(({ lowestMillivolts, highestMillivolts }) => [
        lowestMillivolts / CALM.millivolts,
        highestMillivolts / CALM.millivolts,
      ]),
    ];
    const before = this.#before;
    this.#before = now;
    return before.length > 0 && now.every((value, i) => Math.abs(value - (before[i] as number)) <= 1);
  }
}
