import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const ROOT = join(__dirname, '..', '..');
/** `docs/messages.md`. */
export const PAGE = readFileSync(join(ROOT, 'docs', 'messages.md'), 'utf8');

/** The text under a heading, up to the next. */
export function section(heading: string): string {
  const [, text] = new RegExp(`^#{2,3} ${heading}\\n(.*?)(?=^#{2,3} |$(?![\\s\\S]))`, 'ms').exec(PAGE) ?? [];
  if (text === undefined) throw new Error(`the page has no heading "${heading}"`);
  return text;
}

/** A row of a table, by the table's headings; without code marks. */
export type Row = Record<string, string>;

/** The rows of all tables under a heading. */
export function rowsUnder(heading: string): Row[] {
  const tables = section(heading).match(/(?:^\|.*\|\n)+/gm) ?? [];
  return tables.flatMap((table) => {
    const [headings = [], , ...rows] = table.trim().split('\n').map(cellsOf);
    return rows.map((cells) => Object.fromEntries(headings.map((name, i) => [name, cells[i] ?? ''])));
  });
}

const cellsOf = (line: string): string[] =>
  line
    .slice(1, -1)
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim().replace(/^`([^`]*)`$/, '$1'));

/** What the page says of a member. */
export interface Documented {
  type: string;
  unit: string;
  /** Whether it may be null. */
  isNullable: boolean;
  /** Whether it is not always there. */
  isOptional: boolean;
}

/** The members of a section's tables by their path, those that begin with `start` without it. */
export function membersUnder(heading: string, start = ''): Map<string, Documented> {
  const rows = rowsUnder(heading).filter(({ member }) => member?.startsWith(start));
  return new Map(
    rows.map(({ member = '', type = '', unit = '', meaning = '' }) => [
      member.slice(start.length),
      { type, unit, isNullable: meaning.includes('`null`'), isOptional: /; only /.test(meaning) },
    ]),
  );
}

/** The topics of the tables of single values, with what is said of their payloads. */
export function topicsUnder(...headings: string[]): Map<string, Row> {
  const rows = headings.flatMap(rowsUnder).filter(({ topic, payload }) => topic && payload);
  return new Map(rows.map((row) => [row.topic ?? '', row]));
}
