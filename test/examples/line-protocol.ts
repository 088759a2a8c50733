import assert from 'node:assert/strict';

/** A line of InfluxDB line protocol, read. */
export interface Point {
  measurement: string;
  tags: Record<string, string>;
  fields: Record<string, number | boolean | string>;
  milliseconds: number;
}

/** Splits at `separator` where it is neither escaped nor in quotes. */
function split(text: string, separator: string): string[] {
  const parts = [''];
  let isQuoted = false;
  for (let i = 0; i < text.length; i++) {
    const character = text[i] as string;
    const isEscape = character === '\\' && i + 1 < text.length;
    if (character === '"') isQuoted = !isQuoted;
    if (character === separator && !isQuoted) parts.push('');
    else parts[parts.length - 1] += isEscape ? character + text[++i] : character;
  }
  return parts;
}

const unescaped = (text: string) => text.replace(/\\(.)/g, '$1');

function pair(text: string): [key: string, value: string] {
  const [key, value, ...rest] = split(text, '=');
  assert.ok(key && value && rest.length === 0, `no key and value: ${text}`);
  return [unescaped(key), value];
}

function fieldValue(text: string): number | boolean | string {
  if (/^".*"$/s.test(text)) return unescaped(text.slice(1, -1));
  if (text === 'true' || text === 'false') return text === 'true';
  assert.match(text, /^-?\d+(\.\d+)?(e[+-]?\d+)?$/, `no value of a field: ${text}`);
  return Number(text);
}

/** Reads a line as InfluxDB does. @throws AssertionError when it would be refused. */
export function readLine(line: string): Point {
  const [series, fields, time, ...rest] = split(line, ' ');
  assert.ok(series && fields && time && rest.length === 0, `not three parts: ${line}`);
  assert.match(time, /^\d{13}$/, 'milliseconds');
  const [measurement, ...tags] = split(series, ',');
  const read = split(fields, ',').map(pair);
  return {
    measurement: unescaped(measurement ?? ''),
    tags: Object.fromEntries(tags.map(pair).map(([key, value]) => [key, unescaped(value)])),
    fields: Object.fromEntries(read.map(([key, value]) => [key, fieldValue(value)])),
    milliseconds: Number(time),
  };
}

/** Reads lines, of which there is at least one. */
export const readLines = (text: string): Point[] => text.split('\n').map(readLine);
