import { parseArgs } from 'node:util';
import { limitsSettings } from '../../nodes/shared/limits-settings.js';
import { DAYS_OF_YEAR } from './calendar.js';

/** What a simulation is asked to do. */
export interface SimulationOptions {
  days: number;
  /** The same seed gives the same run. */
  seed: number;
  /** Day of the year on which it begins, from 1. */
  firstDay: number;
  /** How many times as often as usual things go wrong. */
  troubles: number;
  /** Whether a pack may be unread while it takes part. */
  unseen: boolean;
  /** Properties of the limits node that are not at their defaults, by name. */
  settings: Readonly<Record<string, string>>;
  /** Whether the inverter heeds the limits; not, to prove that the simulation notices. */
  obeys: boolean;
  /** The day of the run that is drawn, from 1; null for none. */
  plotDay: number | null;
}

const MOST_DAYS = 3650;
const LARGEST_SEED = 1_000_000;
const MOST_TROUBLES = 100;

const OPTIONS = {
  days: { type: 'string', default: '365' },
  seed: { type: 'string', default: '1' },
  'first-day': { type: 'string', default: '1' },
  troubles: { type: 'string', default: '1' },
  unseen: { type: 'boolean', default: false },
  set: { type: 'string', multiple: true, default: [] as string[] },
  'ignore-limits': { type: 'boolean', default: false },
  plot: { type: 'string' },
} as const;

const USAGE =
  '--days N, --seed N, --first-day N, --troubles N, --unseen, --set name=value, --ignore-limits and --plot DAY';

/** The options that a command line spells. @throws Error with one line that says what is wrong. */
export function parseOptions(args: readonly string[]): SimulationOptions {
  const values = parseValues(args);
  const days = whole('days', values.days, 1, MOST_DAYS);
  return {
    days,
    seed: whole('seed', values.seed, 0, LARGEST_SEED),
    firstDay: whole('first-day', values['first-day'], 1, DAYS_OF_YEAR),
    troubles: whole('troubles', values.troubles, 0, MOST_TROUBLES),
    unseen: values.unseen,
    settings: settingsOf(values.set),
    obeys: !values['ignore-limits'],
    plotDay: values.plot === undefined ? null : whole('plot', values.plot, 1, days),
  };
}

function parseValues(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, strict: true, allowPositionals: false }).values;
  } catch (thrown) {
    // Node explains at length; its first sentence names the option.
    const [sentence] = (thrown as Error).message.split(/\. |\n/);
    throw new Error(`${sentence} (the options are ${USAGE})`, { cause: thrown });
  }
}

/** Properties of the limits node, as they would stand in a flow. */
function settingsOf(texts: readonly string[]): Record<string, string> {
  const settings = Object.fromEntries(
    texts.map((text) => {
      const [, name, value] = /^(\w+)=(.+)$/.exec(text) ?? [];
      if (name === undefined || value === undefined) {
        throw new Error(`--set must be name=value, such as balanceDelta=0.03, not "${text}"`);
      }
      if (JSON.stringify(limitsSettings({ [name]: value })) === JSON.stringify(limitsSettings({}))) {
        throw new Error(`--set ${text} changes nothing: there is no such property, or this is its default`);
      }
      return [name, value];
    }),
  );
  limitsSettings(settings);
  return settings;
}

function whole(option: string, text: string, lowest: number, highest: number): number {
  const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (number >= lowest && number <= highest) return number;
  throw new Error(`--${option} must be a whole number from ${lowest} to ${highest}, not "${text}"`);
}
