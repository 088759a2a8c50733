import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type CapturedPack, type CapturedWarning, fieldCaptures } from '../support/captures.js';
import { tableOf, textOf } from './pages.js';

const PAGE = 'docs/supported-batteries.md';
const COLUMNS = [
  ...['battery', 'BMS', 'packs', 'cells', 'sensors', 'tail 42', 'tail 44', 'entries', 'published at'],
] as const;
type Row = Record<(typeof COLUMNS)[number], string>;

type Capture = (typeof fieldCaptures)[number] & { source: string };
const captures = fieldCaptures as readonly Capture[];
const hasPacks = ({ expected }: Capture) => Boolean(expected?.packs);
const packsOf = <Pack>({ expected }: Capture) => (expected?.packs ?? []) as Pack[];
const isOf =
  (...kinds: readonly string[]) =>
  (capture: Capture) =>
    kinds.includes(capture.kind);

const rows = tableOf(PAGE, ...COLUMNS) as Row[];
const idsOf = ({ entries }: Row) => entries.split(' ');

/** The different values, as the page writes them; a dash where there are none. */
const written = (values: readonly number[]) => [...new Set(values)].join(', ') || '–';

describe('the complete replies of docs/supported-batteries.md', () => {
  it('are all that are decoded, each once', () => {
    const complete = captures.filter(isOf('analog', 'warn')).filter(hasPacks);
    assert.deepEqual(rows.flatMap(idsOf).sort(), complete.map(({ id }) => id).sort());
  });

  for (const row of rows) {
    it(`${row.battery}: ${row.entries}`, () => {
      const own = captures.filter(({ id }) => idsOf(row).includes(id));
      const analog = own.filter(isOf('analog')).flatMap((capture) => packsOf<CapturedPack>(capture));
      const warning = own.filter(isOf('warn')).flatMap((capture) => packsOf<CapturedWarning>(capture));
      const tails = (packs: readonly { tail_hex: string }[]) =>
        written(packs.map(({ tail_hex }) => tail_hex.length / 2));
      const cells = [...analog.map(({ cells_mV }) => cells_mV), ...warning.map(({ cell_states }) => cell_states)];
      const sensors = [...analog.map(({ temps_raw_dK }) => temps_raw_dK), ...warning.map((pack) => pack.temp_states)];
      assert.deepEqual(
        { cells: row.cells, sensors: row.sensors, 'tail 42': row['tail 42'], 'tail 44': row['tail 44'] },
        {
          cells: written(cells.map(({ length }) => length)),
          sensors: written(sensors.map(({ length }) => length)),
          'tail 42': tails(analog),
          'tail 44': tails(warning),
        },
      );
      const numbers = own.map(({ expected }) => Number(expected?.second_byte));
      const inOneReply = own.map((capture) => packsOf(capture).length);
      const isAskedOneByOne = Math.max(...inOneReply) === 1 && own.length > 2;
      assert.equal(Number(row.packs), Math.max(...(isAskedOneByOne ? numbers : inOneReply)));
    });

    it(`${row.battery}: is where it says`, () => {
      const [, link] = /\((https:[^)]+)\)/.exec(row['published at']) ?? [];
      const sources = captures.filter(({ id }) => idsOf(row).includes(id)).map(({ source }) => source);
      if (link) for (const source of sources) assert.ok(source.startsWith(link), `${source} is not ${link}`);
      else for (const source of sources) assert.doesNotMatch(source, /^https:/);
    });
  }

  it('are counted as they are', () => {
    const readings = captures.filter(isOf('analog')).filter(hasPacks);
    const packs = readings.flatMap((capture) => packsOf(capture));
    const alarms = captures.filter(isOf('warn')).filter(hasPacks);
    const identities = captures.filter(isOf('version', 'serial', 'packnumber', 'capacity'));
    const decoded = readings.length + alarms.length + identities.length;
    const prose = textOf(PAGE).replace(/\s+/g, ' ');
    for (const said of [
      `Of ${captures.length} entries`,
      `${decoded} are decoded to their values: ${readings.length} replies with measurements (${packs.length} packs), ${alarms.length} with`,
      `${identities.length} about who the BMS is`,
    ]) {
      assert.ok(prose.includes(said), `the page does not say "${said}"`);
    }
  });
});
