import { parseArgs } from 'node:util';

/** What a soak is asked to do. */
export interface SoakOptions {
  /** How long faults are injected; the way back to calm comes on top. */
  minutes: number;
  /** The same seed gives the same banks and the same chances. */
  seed: number;
  /** Makes one truth differ from what the battery said, to prove that the soak notices. */
  spoil: boolean;
}

const DEFAULT_MINUTES = '20';
const LONGEST_MINUTES = 7 * 24 * 60;
const LARGEST_SEED = 1_000_000;

const OPTIONS = {
  minutes: { type: 'string', default: DEFAULT_MINUTES },
  seed: { type: 'string' },
  spoil: { type: 'boolean', default: false },
} as const;

/** The options that a command line spells. @throws Error with one line that says what is wrong. */
export function parseOptions(args: readonly string[]): SoakOptions {
  const { minutes, seed, spoil } = parseValues(args);
  return {
    minutes: numberOf('minutes', minutes, /^(\d+(\.\d*)?|\.\d+)$/, 0.01, LONGEST_MINUTES),
    seed: seed === undefined ? Date.now() % LARGEST_SEED : numberOf('seed', seed, /^\d+$/, 0, LARGEST_SEED),
    spoil,
  };
}

function parseValues(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, strict: true, allowPositionals: false }).values;
  } catch (thrown) {
    // Node explains at length; its first sentence names the option.
    const [sentence] = (thrown as Error).message.split(/\. |\n/);
    throw new Error(`${sentence} (the options are --minutes N and --seed N)`, { cause: thrown });
  }
}

function numberOf(option: string, text: string, form: RegExp, lowest: number, highest: number): number {
  const number = form.test(text) ? Number(text) : Number.NaN;
  if (number >= lowest && number <= highest) return number;
  throw new Error(`--${option} must be a number from ${lowest} to ${highest}, not "${text}"`);
}
