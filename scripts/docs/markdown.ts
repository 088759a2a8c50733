/** Wider than this a value is shown in several lines. */
const WIDEST = 100;

/** A table with a row a line; columns that are empty all the way down are left out. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const columns = headings.map((_, i) => i).filter((i) => rows.some((row) => row[i]));
  const line = (cells: readonly string[]) => `| ${columns.map((i) => cells[i]?.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(headings), line(headings.map(() => '---')), ...rows.map(line)].join('\n');
}

export const code = (text: string) => `\`${text}\``;
export const codes = (texts: readonly string[]) => texts.map(code).join(', ');

/** A value as a block of JSON, with as much on a line as there is room for. */
export const jsonBlock = (value: unknown) => `\`\`\`json\n${json(value, '', 0)}\n\`\`\``;

/** @param used characters that stand before the value on its line, and after it. */
function json(value: unknown, indent: string, used: number): string {
  const flat = flatJson(value);
  if (indent.length + used + flat.length <= WIDEST || typeof value !== 'object' || value === null) return flat;
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  const inner = `${indent}  `;
  const entries = Array.isArray(value)
    ? value.map((item) => json(item, inner, 1))
    : Object.entries(value).map(([name, member]) => {
        const start = `${JSON.stringify(name)}: `;
        return start + json(member, inner, start.length + 1);
      });
  return `${open}\n${filled(entries, inner)}\n${indent}${close}`;
}

function flatJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flatJson).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([name, member]) => `${JSON.stringify(name)}: ${flatJson(member)}`);
  return members.length > 0 ? `{ ${members.join(', ')} }` : '{}';
}

/** Entries one after another, a new line where one has no room or takes several lines itself. */
function filled(entries: readonly string[], indent: string): string {
  const lines: string[] = [];
  for (const [i, entry] of entries.entries()) {
    const text = i < entries.length - 1 ? `${entry},` : entry;
    const last = lines.at(-1);
    const hasRoom = last && !last.includes('\n') && !text.includes('\n') && last.length + 1 + text.length <= WIDEST;
    if (hasRoom) lines[lines.length - 1] = `${last} ${text}`;
    else lines.push(indent + text);
  }
  return lines.join('\n');
}

/** The name of a heading in a link. */
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');

/** Links to the headings of a page, those of the third level under those of the second. */
export function contents(page: string): string {
  return [...page.matchAll(/^(##|###) (.+)$/gm)]
    .map(([, level, heading = '']) => `${level === '##' ? '' : '  '}- [${heading}](#${anchorOf(heading)})`)
    .join('\n');
}
