import { CELLS, PACKS } from './bank.js';
import { DAY_SECONDS, dateOf, HOUR_SECONDS, momentOf, timeOf } from './calendar.js';
import type { SimulationResult } from './run.js';
import { type Energy, STATES } from './tally.js';
import { TROUBLES } from './troubles.js';
import type { Excursion } from './witness.js';

const MOST_SHOWN = 40;

const share = (part: number, whole: number) => `${(whole > 0 ? (part / whole) * 100 : 0).toFixed(1)} %`;
const kilowattHours = (wattHours: number) => `${(wattHours / 1000).toFixed(1)} kWh`;
const volts = (value: number) => `${value.toFixed(3)} V`;
const degrees = (value: number) => `${value.toFixed(1)} °C`;

function lasting(seconds: number): string {
  if (seconds < 120) return `${seconds} s`;
  return seconds < 2 * HOUR_SECONDS ? `${(seconds / 60).toFixed(0)} min` : `${(seconds / HOUR_SECONDS).toFixed(1)} h`;
}

const facts = (values: readonly (readonly [what: string, value: string | number])[]): string[] =>
  values.map(([what, value]) => `${what.padEnd(30)}${value}`);

function energyFacts(what: string, doneWord: string, { wanted, flowed, fullOrEmpty, unknown, limited }: Energy) {
  const row = (label: string, wattHours: number) =>
    [label, `${kilowattHours(wattHours).padStart(11)}  ${share(wattHours, wanted).padStart(7)}`] as const;
  return [
    row(`energy to ${what}`, wanted),
    row(`  ${what}d`, flowed),
    row(`  the bank was ${doneWord}`, fullOrEmpty),
    row('  lost without readings', unknown),
    row('  lost to limits', limited),
  ];
}

function excursionText({ what, from, seconds, worst, bound, unit }: Excursion): string {
  const digits = unit === 'V' ? 3 : 2;
  return `${timeOf(from)}  ${what}: ${worst.toFixed(digits)} ${unit}, not beyond ${bound} ${unit}, for ${lasting(seconds)}`;
}

/** The figures of a run as plain text, and at the end whether all was as it must be. */
export function reportText({ options, tally, excursions, troubles, polls }: SimulationResult): string {
  const { days, seed, firstDay, obeys, settings } = options;
  const total = days * DAY_SECONDS;
  const last = momentOf(total - 1, firstDay).dayOfYear;
  const set = Object.entries(settings).map(([name, value]) => `${name} ${value}`);
  return [
    `${days} days from ${dateOf(firstDay)} to ${dateOf(last)}, seed ${seed}: ${PACKS} packs of ${CELLS} cells, ${polls} readings`,
    `limits node: ${set.join(', ') || 'default settings'}${obeys ? '' : '; the inverter ignores it'}`,
    '',
    ...facts([
      ['full charges', `${tally.fullCharges} (the bank became full on ${tally.fullDays} of ${days} days)`],
      ...STATES.map((state): [string, string] => {
        const hours = `${(tally.seconds[state] / HOUR_SECONDS).toFixed(1)} h`.padStart(11);
        return [`time in ${state}`, `${hours}  ${share(tally.seconds[state], total).padStart(7)}`];
      }),
      ...energyFacts('charge', 'full', tally.charge),
      ...energyFacts('discharge', 'empty', tally.discharge),
      ['cells', `${volts(tally.cells.lowest)} to ${volts(tally.cells.highest)}`],
      ['cells', `${degrees(tally.celsius.lowest)} to ${degrees(tally.celsius.highest)}`],
      ['most current', `${tally.amps.charge.toFixed(1)} A in, ${tally.amps.discharge.toFixed(1)} A out`],
      ['falls by 10 A and more', `charge limit ${tally.falls.charge}, discharge limit ${tally.falls.discharge}`],
      [
        'troubles',
        TROUBLES.filter((trouble) => troubles[trouble] > 0)
          .map((trouble) => `${trouble} ${troubles[trouble]}`)
          .join(', ') || 'none',
      ],
    ]),
    '',
    `excursions: ${excursions.length === 0 ? 'none' : excursions.length}`,
    ...excursions.slice(0, MOST_SHOWN).map(excursionText),
    ...(excursions.length > MOST_SHOWN ? [`and ${excursions.length - MOST_SHOWN} more`] : []),
    '',
  ].join('\n');
}
