import type { LimitsPayload } from '../../src/limits/payload.js';
import { dateOf } from './calendar.js';
import type { Sample } from './run.js';
import { band, lines, type Panel, panel, text } from './svg.js';
import type { State } from './tally.js';

const WIDTH = 900;
const HEIGHT = 640;
const LEFT = 62;
const RIGHT = 878;
const HOURS = 24;

const COLOURS: Readonly<Record<State, string>> = {
  bulk: '#bfdcf5',
  absorption: '#f6d28b',
  float: '#bfe3c2',
  stale: '#e4a3a3',
  starting: '#d7c3ec',
  down: '#b4bac1',
};

const xOf = (hour: number) => LEFT + ((RIGHT - LEFT) * hour) / HOURS;

/** A line through what `pick` says of each sample; a new one where it says nothing. */
function line(samples: readonly Sample[], pick: (sample: Sample) => number | null, { yOf }: Panel): string {
  let path = '';
  let isDrawing = false;
  let last = '';
  for (const sample of samples) {
    const value = pick(sample);
    if (value === null) {
      isDrawing = false;
      continue;
    }
    const [x, y] = [xOf(sample.moment.hour).toFixed(1), yOf(value).toFixed(1)];
    // Limits are steps; and what one pixel does not tell apart is left out.
    if (!isDrawing) path += `M${x} ${y}`;
    else if (y !== last) path += `H${x}V${y}`;
    isDrawing = true;
    last = y;
  }
  return isDrawing ? `${path}H${xOf(HOURS).toFixed(1)}` : path;
}

const limit = (of: 'chargeCurrent' | 'dischargeCurrent', sign: number) => (sample: Sample) =>
  sample.limits && sign * sample.limits[of];

/** Where one mode follows another. */
function modes(samples: readonly Sample[]): { state: State; from: number; to: number }[] {
  const found: { state: State; from: number; to: number }[] = [];
  for (const { moment, limits } of samples) {
    const state: State = (limits as LimitsPayload | null)?.mode ?? 'down';
    const last = found.at(-1);
    if (last) last.to = moment.hour;
    if (last?.state !== state) found.push({ state, from: moment.hour, to: HOURS });
  }
  const last = found.at(-1);
  if (last) last.to = HOURS;
  return found;
}

/** One day of a run as a picture. */
export function plotOf(samples: readonly Sample[]): string {
  const [first] = samples;
  if (!first) throw new Error('there is no such day in the run');
  const x = { left: LEFT, right: RIGHT, xOf };
  const cells = panel({ ...x, top: 88, bottom: 288, from: 3.1, to: 3.5, step: 0.1, unit: 'V' });
  const amps = panel({ ...x, top: 346, bottom: 546, from: -125, to: 105, step: 25, unit: 'A' });
  const runs = modes(samples);
  const seen = [...new Set(runs.map(({ state }) => state))];
  const extreme = (most: (...values: number[]) => number, of: 'lowestMillivolts' | 'highestMillivolts') => {
    return (sample: Sample) => most(...sample.packs.map((pack) => pack[of])) / 1000;
  };
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-labelledby="title desc">`,
    '<title id="title">A day of a simulated bank with its limits</title>',
    '<desc id="desc">Above the highest and the lowest cell, below the charge and discharge limit with the current of the bank between them, at the bottom what the limits are at: bulk, absorption or float.</desc>',
    `<rect width="${WIDTH}" height="${HEIGHT}" rx="8" fill="#ffffff"/>`,
    text(LEFT, 34, `A day of a simulated bank: ${dateOf(first.moment.dayOfYear)}`, { size: 18, weight: 'bold' }),
    text(LEFT, 76, 'cells', { weight: 'bold' }),
    ...lines.key(LEFT + 60, 76, [
      ['highest', '#b3261e'],
      ['lowest', '#1f5fae'],
    ]),
    cells.grid,
    lines.path(line(samples, extreme(Math.max, 'highestMillivolts'), cells), '#b3261e'),
    lines.path(line(samples, extreme(Math.min, 'lowestMillivolts'), cells), '#1f5fae'),
    text(LEFT, 334, 'bank', { weight: 'bold' }),
    ...lines.key(LEFT + 60, 334, [
      ['charge limit', '#1b7f3b'],
      ['current (+ is charging)', '#1f2933'],
      ['discharge limit', '#b45309'],
    ]),
    amps.grid,
    lines.path(line(samples, limit('chargeCurrent', 1), amps), '#1b7f3b'),
    lines.path(line(samples, limit('dischargeCurrent', -1), amps), '#b45309'),
    lines.path(
      line(samples, (sample) => sample.amps, amps),
      '#1f2933',
      1.2,
    ),
    ...[0, 3, 6, 9, 12, 15, 18, 21, 24].map((hour) =>
      text(xOf(hour), 564, `${String(hour).padStart(2, '0')}:00`, { anchor: 'middle' }),
    ),
    ...runs.map(({ state, from, to }) => band(xOf(from), 580, xOf(to) - xOf(from), 22, COLOURS[state])),
    ...seen.flatMap((state, i) => [
      band(LEFT + i * 110, 614, 14, 14, COLOURS[state]),
      text(LEFT + i * 110 + 20, 626, state === 'down' ? 'Node-RED is down' : state),
    ]),
    '</svg>',
    '',
  ].join('\n');
}
