import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export const ROOT = join(__dirname, '..', '..');

/** The pages that people read, from the root. */
export const PAGES: readonly string[] = [
  ...['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md'],
  ...readdirSync(join(ROOT, 'docs'))
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file}`),
];

export const textOf = (page: string): string => readFileSync(join(ROOT, page), 'utf8');

/** A page without what is code in it: no link is looked for there. */
const proseOf = (page: string) => textOf(page).replace(/^( *)```.*?^\1```$/gms, '');
const withoutCode = (text: string) => text.replace(/`[^`\n]*`/g, '');

/** A link or picture. */
export interface Link {
  /** What it shows, or of a picture what it is to those who cannot see it. */
  label: string;
  target: string;
  isImage: boolean;
}

/** Every link and picture of a page. */
export function linksOf(page: string): Link[] {
  return [...withoutCode(proseOf(page)).matchAll(/(!?)\[([^\]]*)\]\(([^)\s]+)\)/g)].map(
    ([, mark, label = '', target = '']) => ({ label, target, isImage: mark === '!' }),
  );
}

/** What a heading is called in an address: as GitHub makes it. */
const slugOf = (heading: string) =>
  heading
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}_ -]/gu, '')
    .replaceAll(' ', '-');

/** Every place within a page that a link can lead to. */
export function anchorsOf(page: string): Set<string> {
  const prose = proseOf(page);
  const anchors = new Set([...prose.matchAll(/<a id="([^"]+)"><\/a>/g)].map(([, id = '']) => id));
  const times = new Map<string, number>();
  for (const [, heading = ''] of prose.matchAll(/^#{1,6} (.+)$/gm)) {
    const slug = slugOf(heading.trim());
    const before = times.get(slug) ?? 0;
    times.set(slug, before + 1);
    anchors.add(before === 0 ? slug : `${slug}-${before}`);
  }
  return anchors;
}

/** Why a link of a page leads nowhere; null where it leads somewhere, or away from here. */
export function faultOf(page: string, { target }: Link): string | null {
  if (/^https?:/.test(target)) return null;
  const [path = '', anchor] = target.split('#');
  const file = path === '' ? page : join(dirname(page), path);
  if (!existsSync(join(ROOT, file))) return `${file} is not there`;
  if (anchor === undefined || !file.endsWith('.md')) return null;
  return anchorsOf(file).has(anchor) ? null : `${file} has no #${anchor}`;
}

/** The cells of a table's rows, where a page has a table with these columns. */
export function tableOf(page: string, ...columns: readonly string[]): Record<string, string>[] {
  const lines = textOf(page).split('\n');
  const cellsOf = (line: string) =>
    line
      .replace(/^\||\|$/g, '')
      .split('|')
      .map((cell) => cell.trim());
  const head = lines.findIndex((line) => line.startsWith('|') && cellsOf(line).join() === columns.join());
  if (head < 0) throw new Error(`${page} has no table of ${columns.join(', ')}`);
  const end = lines.findIndex((line, i) => i > head && !line.startsWith('|'));
  return lines
    .slice(head + 2, end)
    .map(cellsOf)
    .map((cells) => Object.fromEntries(columns.map((column, i) => [column, cells[i] ?? ''])));
}
