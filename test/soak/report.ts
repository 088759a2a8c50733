import { SPEED } from './banks.js';
import { OUTAGE_NAMES } from './mischief.js';
import { type BankFigures, failuresOf, heapGrowth, type SoakResult } from './result.js';

type Row = readonly [what: string, ...values: (string | number)[]];

const counted = (counts: Readonly<Record<string, number>>) =>
  Object.entries(counts)
    .map(([what, count]) => `${what} ${count}`)
    .join(', ') || 'none';
const sum = (counts: Readonly<Record<string, number>>) =>
  Object.values(counts).reduce((total, count) => total + count, 0);
const megabytes = (bytes: number) => `${(bytes / 2 ** 20).toFixed(1)} MB`;
const seconds = (ms: number | undefined) => (ms === undefined ? '-' : `${(ms / 1000).toFixed(1)} s`);

/** Columns side by side, the first to the left, the others to the right. */
function table(rows: readonly Row[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => String(row[column]).length)));
  const cell = (value: string | number, column: number) => {
    const width = widths[column] ?? 0;
    return column === 0 ? String(value).padEnd(width) : String(value).padStart(width + 2);
  };
  return rows.map((row) => row.map(cell).join('').trimEnd()).join('\n');
}

const facts = (values: Readonly<Record<string, string>>): string[] =>
  Object.entries(values).map(([what, value]) => `${what.padEnd(28)}${value}`);

function banksTable(banks: readonly BankFigures[]): string {
  const row = (what: string, figureOf: (bank: BankFigures) => string | number): Row => [what, ...banks.map(figureOf)];
  const faults = [...new Set(banks.flatMap(({ mischief }) => Object.keys(mischief.faults)))].sort();
  return table([
    row('bank', ({ name, way }) => `${name} (${way})`),
    row('exchanges', ({ link }) => link.exchanges),
    row('  answered', ({ link }) => link.answers),
    row('  timeouts', ({ link }) => link.timeouts),
    row('  doubted, asked again', ({ link }) => link.doubts),
    row('frames refused', ({ link }) => sum(link.refusals)),
    row('connections made', ({ connections }) => connections),
    row('requests at once', ({ mischief }) => mischief.overlaps.length),
    row('replies of the battery', ({ replies }) => replies),
    row('faults injected', ({ mischief }) => sum(mischief.faults)),
    ...faults.map((fault) => row(`  ${fault}`, ({ mischief }) => ({ ...mischief.faults })[fault] ?? 0)),
    row('outages', ({ mischief }) => sum(mischief.outages)),
    ...OUTAGE_NAMES.map((outage) => row(`  ${outage}`, ({ mischief }) => mischief.outages[outage] ?? 0)),
    row('longest way back after', () => ''),
    ...OUTAGE_NAMES.map((outage) => row(`  ${outage}`, ({ mischief }) => seconds(mischief.longestWayBackMs[outage]))),
    row('messages published', ({ messages }) => messages),
    row('pack readings compared', ({ readings }) => readings),
    row('alarm events', ({ events }) => events),
    row('wrong values', ({ wrong }) => wrong),
    row('read at the end', ({ recovered }) => (recovered ? 'yes' : 'no')),
  ]);
}

/** The figures of a soak as plain text, and at the end whether it has passed. */
export function reportText(result: SoakResult): string {
  const { minutes, seed, banks, wrong, wrongCount, heapBytes, handles, inputs, cpuSeconds } = result;
  const failures = failuresOf(result);
  const house = `${(minutes * SPEED).toFixed(1)} minutes of a house`;
  return [
    `soak of ${minutes} minutes at ${SPEED} times speed (${house}), seed ${seed}`,
    '',
    banksTable(banks),
    '',
    ...facts({
      'inputs given': `${inputs.given}, ${inputs.answered} answered, ${inputs.open} never ended`,
      'errors told': counted(inputs.errors),
      'heap after the first tenth': megabytes(heapBytes.warm),
      'heap at the end': `${megabytes(heapBytes.end)} (growth ${megabytes(heapGrowth(result))})`,
      'handles before': counted(handles.before),
      'handles after': counted(handles.after),
      CPU: `${cpuSeconds.toFixed(1)} s`,
    }),
    '',
    ...wrong.map(({ node, why, message, truths }, i) =>
      [
        `wrong value ${i + 1} of ${wrongCount} (seed ${seed}): ${node}: ${why}`,
        `  published ${JSON.stringify(message)}`,
        ...truths.map((truth) => `  truth     ${JSON.stringify(truth)}`),
        '',
      ].join('\n'),
    ),
    ...failures.map((failure) => `FAILED: ${failure}`),
    failures.length === 0 ? 'passed' : `failed; run it again with --seed ${seed}`,
    '',
  ].join('\n');
}
