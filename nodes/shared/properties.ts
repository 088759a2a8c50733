import { PaceError } from '../../src/errors.js';

/** A node's properties as the flow file or an environment variable gives them. */
export type RawProperties = Record<string, unknown>;

/** Makes one property's value usable. @throws PaceError `CONFIG` naming the property. */
export type Parser<T> = (raw: unknown, name: string) => T;

/** What a table of parsers makes of a node's properties. */
export type Parsed<Parsers> = { [Name in keyof Parsers]: Parsers[Name] extends Parser<infer T> ? T : never };

/** All properties of a table, parsed. @throws PaceError `CONFIG` for the first that cannot be used. */
export function parseProperties<Parsers extends Record<string, Parser<unknown>>>(
  raw: RawProperties,
  parsers: Parsers,
): Parsed<Parsers> {
  const entries = Object.entries(parsers).map(([name, parse]) => [name, parse(present(raw[name], name), name)]);
  return Object.fromEntries(entries) as Parsed<Parsers>;
}

/** A value that is there: undefined for a blank. @throws PaceError `CONFIG` for an environment variable that is not set. */
function present(raw: unknown, name: string): unknown {
  if (typeof raw !== 'string') return raw ?? undefined;
  const text = raw.trim();
  const [, variable] = /\$\{([^}]*)\}/.exec(text) ?? [];
  if (variable !== undefined) {
    const isWhole = /^\$\{[^}]*\}$/.test(text);
    const advice = isWhole
      ? `the environment variable ${variable} is not set`
      : `only a whole value can be an environment variable, not "${text}" with ${variable} inside`;
    const likelyCause = isWhole ? 'variable' : 'setting';
    throw new PaceError('CONFIG', `${name}: ${advice}`, { badge: `${variable} is not set`, likelyCause });
  }
  return text === '' ? undefined : text;
}

/** A property that cannot be used, and why. */
export function settingError(name: string, text: string): PaceError {
  return new PaceError('CONFIG', `${name}: ${text}`, { badge: `check ${name}` });
}

function refuse(name: string, raw: unknown, wanted: string): never {
  throw settingError(name, `${JSON.stringify(raw)} is not ${wanted}`);
}

interface Range<Default> {
  from: number;
  to: number;
  default: Default;
  whole?: boolean;
  /** A value outside the range that is allowed too. */
  or?: number;
}

const DECIMAL = /^-?(\d+(\.\d*)?|\.\d+)$/;

/** A number, as such or as text. */
export function number<Default extends number | null>({
  from,
  to,
  default: ifBlank,
  whole = true,
  or,
}: Range<Default>): Parser<number | Default> {
  return (raw, name) => {
    if (raw === undefined) return ifBlank;
    const value = typeof raw === 'number' || DECIMAL.test(String(raw)) ? Number(raw) : Number.NaN;
    const fits = value === or || (value >= from && value <= to && (!whole || Number.isInteger(value)));
    if (!fits) {
      const also = or === undefined ? '' : `, or ${or}`;
      refuse(name, raw, `a ${whole ? 'whole ' : ''}number from ${from} to ${to}${also}`);
    }
    return value;
  };
}

/** One of a list of words or numbers. */
export function choice<const Options extends readonly (string | number)[]>(
  options: Options,
  ifBlank: Options[number],
): Parser<Options[number]> {
  return (raw, name) => {
    if (raw === undefined) return ifBlank;
    return (
      options.find((option) => String(option) === String(raw)) ?? refuse(name, raw, `one of ${options.join(', ')}`)
    );
  };
}

/** A text. */
export function text(ifBlank: string): Parser<string> {
  return (raw, name) => {
    if (raw === undefined) return ifBlank;
    if (typeof raw !== 'string' && typeof raw !== 'number') refuse(name, raw, 'a text');
    return String(raw);
  };
}

/** A topic as it stands between others. */
export const withoutOuterSlashes = (topic: string) => topic.replace(/^\/+|\/+$/g, '');

/** Properties with the usual base topic where none was ever set; one that was left blank is a wish. */
export const withTopic = (raw: RawProperties): RawProperties => ({
  ...raw,
  topic: raw.topic === undefined ? 'pace' : raw.topic,
});

/** A base topic without outer slashes. */
export function topic(): Parser<string> {
  return (raw, name) => {
    const trimmed = withoutOuterSlashes(text('')(raw, name));
    if (/[+#\0]/.test(trimmed)) {
      throw settingError(name, `"${trimmed}" must not contain +, # or NUL`);
    }
    return trimmed;
  };
}

/** A check mark. */
export function flag(ifBlank: boolean): Parser<boolean> {
  return (raw, name) => {
    if (raw === undefined) return ifBlank;
    return (
      raw === true || raw === 'true' || (raw === false || raw === 'false' ? false : refuse(name, raw, 'true or false'))
    );
  };
}
