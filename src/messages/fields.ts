import { PaceError } from '../errors.js';

/** Reads members of an object that came from elsewhere. Every method throws `SHAPE`, naming the member, when it does not fit. */
export class Fields {
  /** The object itself. */
  readonly members: Record<string, unknown>;
  readonly #path: string;

  constructor(value: unknown, path: string) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) refuse(path, 'an object');
    this.members = value as Record<string, unknown>;
    this.#path = path;
  }

  get names(): readonly string[] {
    return Object.keys(this.members);
  }

  has(name: string): boolean {
    return this.members[name] !== undefined;
  }

  isNull(name: string): boolean {
    return this.members[name] === null;
  }

  object(name: string): Fields {
    return new Fields(this.members[name], this.#pathOf(name));
  }

  /** The objects of a list. */
  list(name: string): Fields[] {
    const value = this.members[name];
    if (!Array.isArray(value)) refuse(this.#pathOf(name), 'a list');
    return value.map((entry, i) => new Fields(entry, `${this.#pathOf(name)}[${i}]`));
  }

  /** The texts of a list. */
  texts(name: string): string[] {
    const value = this.members[name];
    if (!Array.isArray(value) || !value.every((entry) => typeof entry === 'string')) {
      refuse(this.#pathOf(name), 'a list of texts');
    }
    return value;
  }

  number(name: string): number {
    const value = this.members[name];
    if (typeof value !== 'number' || !Number.isFinite(value)) refuse(this.#pathOf(name), 'a number');
    return value;
  }

  numberOrNull(name: string): number | null {
    return this.isNull(name) ? null : this.number(name);
  }

  /** A whole number within limits. */
  whole(name: string, from: number, to: number): number {
    const value = this.number(name);
    if (!Number.isInteger(value) || value < from || value > to) {
      refuse(this.#pathOf(name), `a whole number from ${from} to ${to}`);
    }
    return value;
  }

  text(name: string): string {
    const value = this.members[name];
    if (typeof value !== 'string') refuse(this.#pathOf(name), 'a text');
    return value;
  }

  textOrNull(name: string): string | null {
    return this.isNull(name) ? null : this.text(name);
  }

  flag(name: string): boolean {
    const value = this.members[name];
    if (typeof value !== 'boolean') refuse(this.#pathOf(name), 'true or false');
    return value;
  }

  choice<const Options extends readonly string[]>(name: string, options: Options): Options[number] {
    const value = this.text(name);
    if (!options.includes(value)) refuse(this.#pathOf(name), `one of ${options.join(', ')}`);
    return value;
  }

  #pathOf(name: string): string {
    return `${this.#path}.${name}`;
  }
}

/** The number at the end of a name such as `cell_04`. @throws PaceError `SHAPE` */
export function numberOfName(name: string): number {
  const [, digits] = /_0*(\d{1,3})$/.exec(name) ?? [];
  if (digits === undefined) throw new PaceError('SHAPE', `"${name}" names no cell or sensor`);
  return Number(digits);
}

function refuse(path: string, wanted: string): never {
  throw new PaceError('SHAPE', `${path} is not ${wanted}: is this a message of a PACE query node, as it came?`);
}
