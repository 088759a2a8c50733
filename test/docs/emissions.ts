import assert from 'node:assert/strict';
import { type Documented, rowsUnder } from './page.js';

const NUMBERED = /\b(pack|cell|temp)_0*\d+\b/g;
/** A name or topic with `n` for its numbers. */
export const unnumbered = (name: string) => name.replace(NUMBERED, '$1_n');

type Found = readonly [path: string, value: unknown];

/** Every member of `value`, and of the objects in it, by its path. */
function membersOf(value: object, path = ''): Found[] {
  return Object.entries(value).flatMap(([name, member]): Found[] => {
    const own = `${path}${unnumbered(name)}`;
    return [[own, member], ...innerMembers(member, own)];
  });
}

function innerMembers(value: unknown, path: string): Found[] {
  if (typeof value !== 'object' || value === null) return [];
  if (!Array.isArray(value)) return membersOf(value, `${path}.`);
  return value.flatMap((item) => (typeof item === 'object' ? membersOf(item, `${path}[].`) : []));
}

const typeOf = (value: unknown) => (Array.isArray(value) ? 'array' : typeof value);

const DECIMALS = new Map(rowsUnder('Units').map((row) => [row.unit, Number(row['decimals at most'])]));

/** Compares what is sent with what is documented. */
export class Emissions {
  readonly #documented: ReadonlyMap<string, Documented>;
  readonly #seen = new Set<string>();
  readonly #seenNull = new Set<string>();

  constructor(documented: ReadonlyMap<string, Documented>) {
    assert.ok(documented.size > 0, 'nothing is documented');
    this.#documented = documented;
  }

  /** Takes an object that was sent: every member must be documented, and all that are always there must be in it. */
  take(sent: object): void {
    this.takePart(sent);
    for (const [path, { isOptional }] of this.#documented) {
      if (isOptional || /[.[]/.test(path)) continue;
      assert.ok(path in sent, `${path} is documented, but not in ${JSON.stringify(sent)}`);
    }
  }

  /** Takes one that has only some of the members. */
  takePart(sent: object): void {
    for (const [path, value] of membersOf(sent)) this.#check(path, value);
  }

  #check(path: string, value: unknown): void {
    const row = this.#documented.get(path);
    assert.ok(row, `${path} is sent, but not documented`);
    if (value === null) {
      assert.ok(row.isNullable, `${path} is null, which the page does not say`);
      this.#seenNull.add(path);
      return;
    }
    this.#seen.add(path);
    assert.equal(typeOf(value), row.type, path);
    const most = DECIMALS.get(row.unit);
    const decimals = String(value).split('.')[1]?.length ?? 0;
    if (most !== undefined) assert.ok(decimals <= most, `${path} has ${decimals} decimals: ${value}`);
  }

  /** Members that were documented and never sent. */
  get missing(): string[] {
    return [...this.#documented.keys()].filter((path) => !this.#seen.has(path));
  }

  /** Members that are said to be null at times and never were. */
  get neverNull(): string[] {
    return [...this.#documented].flatMap(([path, { isNullable }]) =>
      isNullable && !this.#seenNull.has(path) ? [path] : [],
    );
  }
}
