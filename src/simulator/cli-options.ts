import { parseArgs } from 'node:util';
import { PaceError } from '../errors.js';
import { CELL_COUNTS, isScenario, MOST_PACKS, SCENARIO_NAMES, SCENARIOS, type ScenarioName } from './scenarios.js';

/** What the program was asked to do. */
export interface CliOptions {
  packs: number;
  cells: number;
  scenario: ScenarioName;
  seed: number;
  address: number;
  addressing: 'master' | 'addressed';
  /** 0: unpaced. */
  baudRate: number;
  host: string;
  /** TCP port, 0 for a free one; null when none is wanted. */
  tcpPort: number | null;
  /** Path of the serial port to make; null when none is wanted. */
  ptyLink: string | null;
}

const DEFAULT_TCP_PORT = 5000;

export const USAGE = `Usage: pace-bms-simulator [options]

A made-up LiFePO4 battery bank with a PACE BMS (protocol 2.5), to try clients without a battery.

  --tcp PORT           listen on this TCP port, 0 for a free one (default ${DEFAULT_TCP_PORT}, none with --pty)
  --host ADDRESS       listen on this address (default 127.0.0.1; 0.0.0.0 lets other machines in)
  --pty LINK           make a serial port at this path; needs socat
  --packs N            1 to ${MOST_PACKS} packs (default 2)
  --cells N            cells a pack: ${CELL_COUNTS.join(', ')} (default 16)
  --scenario NAME      what the bank goes through (default solar-day), see below
  --address N          address of the BMS, 0-255 (default 1)
  --addressing MODE    master: one BMS answers for all packs (default)
                       addressed: each pack answers at its own address, from --address on
  --baud RATE          send no faster than a serial line at this rate would (default 0: at once)
  --seed N             another number makes other packs and cells (default 1)
  --help               this text

Scenarios:
${SCENARIO_NAMES.map((name) => `  ${name.padEnd(14)} ${SCENARIOS[name].description}`).join('\n')}
`;

const OPTIONS = {
  tcp: { type: 'string' },
  host: { type: 'string', default: '127.0.0.1' },
  pty: { type: 'string' },
  packs: { type: 'string', default: '2' },
  cells: { type: 'string', default: '16' },
  scenario: { type: 'string', default: 'solar-day' },
  address: { type: 'string', default: '1' },
  addressing: { type: 'string', default: 'master' },
  baud: { type: 'string', default: '0' },
  seed: { type: 'string', default: '1' },
  help: { type: 'boolean', default: false },
} as const;

/**
 * The options that a command line spells; `help` when it asks for help.
 * @throws PaceError `CONFIG` with one line that says what is wrong.
 */
export function parseCommandLine(argv: readonly string[]): CliOptions | 'help' {
  const values = parseValues(argv);
  if (values.help) return 'help';
  const { scenario, addressing, host, tcp, pty } = values;
  if (!isScenario(scenario)) {
    throw new PaceError('CONFIG', `--scenario must be one of ${SCENARIO_NAMES.join(', ')}, not "${scenario}"`);
  }
  if (addressing !== 'master' && addressing !== 'addressed') {
    throw new PaceError('CONFIG', `--addressing must be master or addressed, not "${addressing}"`);
  }
  const cells = wholeNumber('cells', values.cells, 1, 255);
  if (!CELL_COUNTS.some((count) => count === cells)) {
    throw new PaceError('CONFIG', `--cells must be one of ${CELL_COUNTS.join(', ')}, not "${values.cells}"`);
  }
  const defaultPort = pty === undefined ? DEFAULT_TCP_PORT : null;
  return {
    packs: wholeNumber('packs', values.packs, 1, MOST_PACKS),
    cells,
    scenario,
    seed: wholeNumber('seed', values.seed, 0, 1_000_000),
    address: wholeNumber('address', values.address, 0, 255),
    addressing,
    baudRate: wholeNumber('baud', values.baud, 0, 1_000_000),
    host,
    tcpPort: tcp === undefined ? defaultPort : wholeNumber('tcp', tcp, 0, 65_535),
    ptyLink: pty ?? null,
  };
}

function parseValues(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, strict: true, allowPositionals: false }).values;
  } catch (thrown) {
    // Node explains at length; its first sentence names the option.
    const [sentence] = (thrown as Error).message.split(/\. |\n/);
    throw new PaceError('CONFIG', `${sentence} (--help lists the options)`, { cause: thrown });
  }
}

function wholeNumber(option: string, text: string, lowest: number, highest: number): number {
  const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(number >= lowest && number <= highest)) {
    throw new PaceError('CONFIG', `--${option} must be a whole number from ${lowest} to ${highest}, not "${text}"`);
  }
  return number;
}
