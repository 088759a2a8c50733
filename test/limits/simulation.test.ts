import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { PackTruth } from '../../scripts/simulation/bank.js';
import { momentOf } from '../../scripts/simulation/calendar.js';
import { DELAY_SECONDS } from '../../scripts/simulation/inverter.js';
import { parseOptions } from '../../scripts/simulation/options.js';
import { plotOf } from '../../scripts/simulation/plot.js';
import { runSimulation, type SimulationResult } from '../../scripts/simulation/run.js';
import { TROUBLES } from '../../scripts/simulation/troubles.js';
import { Witness } from '../../scripts/simulation/witness.js';
import type { LimitsPayload } from '../../src/limits/payload.js';

const PROGRAM = join(__dirname, '..', '..', 'scripts', 'simulation', 'simulate.ts');

const results = new Map<string, SimulationResult>();

/** What a command line asks for comes to; it is run once. */
function simulate(...args: string[]): SimulationResult {
  const result = results.get(args.join(' ')) ?? runSimulation(parseOptions(args));
  results.set(args.join(' '), result);
  return result;
}

/** What has happened that must not, each kind once. */
const kinds = ({ excursions }: SimulationResult) => [...new Set(excursions.map(({ what }) => what))].sort();

/** Four days of each season, and of the worst of winter, in which more goes wrong than usual. */
const SEASONS = [
  { season: 'frosty mornings', firstDay: 4 },
  { season: 'a week of frost', firstDay: 19 },
  { season: 'spring', firstDay: 95 },
  { season: 'the heat of summer', firstDay: 205 },
  { season: 'autumn', firstDay: 290 },
];
const OFTEN = ['--days', '4', '--troubles', '8'];
const winter = (...args: string[]) => simulate(...OFTEN, '--first-day', '19', ...args);
const spring = (...args: string[]) => simulate('--days', '2', '--first-day', '95', ...args);

describe('a bank that lives by its limits', () => {
  for (const [i, { season, firstDay }] of SEASONS.entries()) {
    it(`is never driven too far in ${season}, whatever goes wrong`, () => {
      const result = simulate(...OFTEN, '--first-day', `${firstDay}`, '--seed', `${i + 1}`);
      assert.deepEqual(result.excursions, []);
      for (const trouble of TROUBLES.filter((name) => name !== 'pack 2 unseen')) {
        assert.notEqual(result.troubles[trouble], 0, `${trouble} never happened`);
      }
      const { charge, discharge, seconds } = result.tally;
      assert.ok(discharge.flowed > 1000, 'it was hardly used');
      assert.ok(charge.unknown > 0 && discharge.unknown > 0, 'nothing was refused without readings');
      assert.ok(seconds.stale > 0 && seconds.starting > 0 && seconds.down > 0);
    });
  }

  it('comes near its ends: frost, heat, full and empty', () => {
    const [cold, hot] = [winter().tally, simulate('--days', '2', '--first-day', '206').tally];
    assert.ok(cold.celsius.lowest < -3, `${cold.celsius.lowest} °C`);
    assert.ok(cold.cells.lowest < 3, `${cold.cells.lowest} V`);
    assert.ok(hot.celsius.highest > 35, `${hot.celsius.highest} °C`);
    assert.ok(hot.cells.highest > 3.45, `${hot.cells.highest} V`);
  });

  it('goes the same way for the same seed, another way for another', () => {
    const [once, again, other] = [3, 3, 4].map((seed) =>
      runSimulation(parseOptions(['--days', '1', '--seed', `${seed}`])),
    );
    assert.deepEqual(once, again);
    assert.notDeepEqual(once?.tally, other?.tally);
  });

  it('is told what becomes of all energy', () => {
    for (const { wanted, flowed, fullOrEmpty, unknown, limited } of Object.values(energiesOf(spring()))) {
      assert.ok(Math.abs(wanted - flowed - fullOrEmpty - unknown - limited) < 1e-6 * wanted);
      assert.ok(flowed > 0 && limited > 0);
    }
  });

  it('is fully charged where the node takes the spread that its BMSs leave', () => {
    const { tally } = spring('--set', 'balanceDelta=0.03');
    assert.ok(tally.fullCharges > 0);
    assert.ok(tally.seconds.float > 3600);
  });
});

const energiesOf = ({ tally: { charge, discharge } }: SimulationResult) => ({ charge, discharge });

describe('an inverter that ignores limits is caught', () => {
  it('charging too high and too fast', () => {
    const found = kinds(spring('--ignore-limits'));
    assert.ok(found.includes('a cell of pack 2 is too high'), found.join());
    assert.ok(found.includes('the charge current is above its limit'), found.join());
  });

  it('discharging too far and too fast', () => {
    const found = kinds(winter('--ignore-limits'));
    assert.ok(found.includes('a cell of pack 2 is too low'), found.join());
    assert.ok(found.includes('the discharge current is above its limit'), found.join());
  });
});

describe('the witness', () => {
  const WELL: PackTruth = {
    number: 1,
    amps: 10,
    lowestMillivolts: 3300,
    highestMillivolts: 3310,
    cellCelsius: 20,
    onFor: 60,
  };

  /** What it finds when `amps` flow for so long from the 10th second on, limits of 20 A sent before and others then. */
  function look({ amps = 20, seconds = DELAY_SECONDS, pack = {}, limits = 20 }) {
    const witness = new Witness();
    const sent = (most: number) => ({ chargeCurrent: most, dischargeCurrent: most }) as LimitsPayload;
    witness.note(sent(20), 0);
    witness.note(sent(limits), 10);
    witness.look({ from: momentOf(10, 1), seconds, amps, packs: [{ ...WELL, ...pack }] });
    return witness.excursions.map(({ what, worst, bound }) => [what, worst, bound]);
  }

  const CASES: [name: string, seen: Parameters<typeof look>[0], found: unknown[]][] = [
    ['a bank that is well', {}, []],
    ['a cell at 3.55 V', { pack: { highestMillivolts: 3550 } }, []],
    ['a cell above', { pack: { highestMillivolts: 3551 } }, [['a cell of pack 1 is too high', 3.551, 3.55]]],
    ['a cell at 2.8 V', { pack: { lowestMillivolts: 2800 } }, []],
    ['a cell below', { pack: { lowestMillivolts: 2799 } }, [['a cell of pack 1 is too low', 2.799, 2.8]]],
    ['charging in frost', { pack: { cellCelsius: -0.1 } }, [['pack 1 is charged in frost', -0.1, 0]]],
    ['charging in frost that the inverter cannot know of yet', { pack: { cellCelsius: -0.1, onFor: 5 } }, []],
    ['discharging in frost', { amps: -20, pack: { amps: -20, cellCelsius: -0.1 } }, []],
    ['what a limit fell to being passed until the inverter heeds it', { limits: 5 }, []],
    [
      'what a limit fell to being passed for longer',
      { limits: 5, seconds: DELAY_SECONDS + 1 },
      [['the charge current is above its limit', 20, 5]],
    ],
    ['more than ever was allowed', { amps: -21 }, [['the discharge current is above its limit', 21, 20]]],
  ];
  for (const [name, seen, found] of CASES) {
    it(`${found.length > 0 ? 'notes' : 'does not mind'} ${name}`, () => assert.deepEqual(look(seen), found));
  }

  it('notes once what goes on, when it began, how long it lasted and how bad it was', () => {
    const witness = new Witness();
    for (const [i, highestMillivolts] of [3540, 3560, 3580, 3570, 3540, 3560].entries()) {
      const from = momentOf(i * 10, 1);
      witness.look({ from, seconds: 10, amps: 0, packs: [{ ...WELL, highestMillivolts }] });
    }
    const found = witness.excursions.map(({ from, seconds, worst }) => [from.seconds, seconds, worst]);
    assert.deepEqual(found, [
      [10, 30, 3.58],
      [50, 10, 3.56],
    ]);
  });
});

describe('the day that is drawn', () => {
  const result = simulate('--days', '2', '--first-day', '95', '--plot', '2');

  it('is that day from begin to end', () => {
    const days = new Set(result.samples.map(({ moment }) => moment.dayOfYear));
    assert.deepEqual([...days], [96]);
    assert.match(plotOf(result.samples), />A day of a simulated bank: 6 Apr</);
  });

  it('has lines that can be drawn, and a colour for all that the limits were at', () => {
    const drawn = plotOf(result.samples);
    assert.doesNotMatch(drawn, /NaN|Infinity|undefined|null/);
    for (const mode of new Set(result.samples.map(({ limits }) => limits?.mode ?? 'Node-RED is down'))) {
      assert.ok(drawn.includes(`>${mode}<`), mode);
    }
  });
});

describe('npm run simulate', () => {
  const run = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', PROGRAM, ...args], {
      encoding: 'utf8',
    });
    return { status, stdout, stderr };
  };

  it('ends well where there are no excursions', () => {
    const { status, stdout } = run('--days', '1', '--first-day', '130', '--seed', '5');
    assert.equal(status, 0, stdout);
    assert.match(stdout, /^1 days from 10 May to 10 May, seed 5: 2 packs of 16 cells, \d+ readings$/m);
    assert.match(stdout, /^excursions: none$/m);
  });

  it('fails and says when and how much where there are some', () => {
    const { status, stdout } = run('--days', '1', '--first-day', '130', '--ignore-limits');
    assert.equal(status, 1, stdout);
    assert.match(
      stdout,
      /^10 May \d\d:\d\d:\d\d {2}a cell of pack \d is too high: 3\.\d{3} V, not beyond 3\.55 V, for /m,
    );
  });

  const REFUSED: [args: string[], says: RegExp][] = [
    [['--days', 'many'], /^--days must be a whole number from 1 to 3650, not "many"\n$/],
    [['--days', '0'], /^--days must be/],
    [['--seed', '-1'], /--seed/],
    [['--first-day', '366'], /^--first-day must be a whole number from 1 to 365/],
    [['--days', '2', '--plot', '3'], /^--plot must be a whole number from 1 to 2, not "3"/],
    [['--set', 'balanceDelta'], /^--set must be name=value/],
    [['--set', 'balanceDela=0.02'], /changes nothing: there is no such property/],
    [['--set', 'floatVoltage=3.6'], /^absorptionVoltage: it must not be below floatVoltage/],
    [['--speed', '3'], /^Unknown option '--speed' \(the options are --days N/],
  ];
  for (const [args, says] of REFUSED) {
    it(`refuses ${args.join(' ')}`, () =>
      assert.throws(
        () => parseOptions(args),
        ({ message }: Error) => says.test(`${message}\n`),
      ));
  }

  it('says so in one line', () => {
    const { status, stdout, stderr } = run('--days', 'many');
    assert.deepEqual([status, stdout], [2, '']);
    assert.match(stderr, /^--days must be a whole number from 1 to 3650, not "many"\n$/);
  });
});
