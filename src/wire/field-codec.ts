import { PaceError } from '../errors.js';

/** Reads INFO from front to back. */
export class Cursor {
  readonly #bytes: Uint8Array;
  position: number;

  constructor(bytes: Uint8Array, position = 0) {
    this.#bytes = bytes;
    this.position = position;
  }

  /** Bytes that are left. */
  get remaining(): number {
    return this.#bytes.length - this.position;
  }

  /**
   * The next `size` bytes as one big-endian number.
   * @throws PaceError `SHAPE` when INFO ends before.
   */
  unsigned(size: 1 | 2): number {
    const start = this.position;
    this.position += size;
    if (this.position > this.#bytes.length) {
      throw new PaceError('SHAPE', `the reply ends at byte ${this.#bytes.length} inside a field`);
    }
    const first = this.#bytes[start] as number;
    return size === 1 ? first : (first << 8) | (this.#bytes[start + 1] as number);
  }
}

/** How one field goes from the wire to a value and back; `unit` is the value's. */
export interface Codec<T> {
  readonly unit: string;
  read(cursor: Cursor): T;
  /** Appends the value's bytes; a value that does not fit its field is a `SHAPE` error. */
  write(value: T, out: number[]): void;
}

interface IntegerOptions {
  unit: string;
  /** What one step of the wire is worth. */
  step?: number;
  /** Added to the wire's number before `step`. */
  offset?: number;
  signed?: boolean;
}

/** A big-endian integer of one or two bytes. */
export function integer(size: 1 | 2, { unit, step = 1, offset = 0, signed = false }: IntegerOptions): Codec<number> {
  const range = 2 ** (8 * size);
  const lowest = signed ? -range / 2 : 0;
  const firstNegative = signed ? range / 2 : range;
  return {
    unit,
    read(cursor) {
      const raw = cursor.unsigned(size);
      return ((raw >= firstNegative ? raw - range : raw) + offset) * step;
    },
    write(value, out) {
      const raw = Math.round(value / step) - offset;
      if (!(raw >= lowest && raw < lowest + range)) {
        throw new PaceError('SHAPE', `${value} ${unit} does not fit a field of ${size} byte(s)`);
      }
      if (size === 2) out.push((raw >> 8) & 0xff);
      out.push(raw & 0xff);
    },
  };
}

/** A field in which one wire number stands for "none". */
export function optional(codec: Codec<number>, absent: number): Codec<number | null> {
  return {
    unit: codec.unit,
    read(cursor) {
      const value = codec.read(cursor);
      return value === absent ? null : value;
    },
    write: (value, out) => codec.write(value ?? absent, out),
  };
}

/** A field at the end that some firmwares leave out: null where INFO has ended before it. */
export function whenPresent<T>(codec: Codec<T>): Codec<T | null> {
  return {
    unit: codec.unit,
    read: (cursor) => (cursor.remaining > 0 ? codec.read(cursor) : null),
    write(value, out) {
      if (value !== null) codec.write(value, out);
    },
  };
}

/**
 * A text of `size` bytes, ASCII, filled up with blanks; null where it says nothing. Read without the blanks around it
 * and without anything that is no printable character, and shorter where INFO ends.
 */
export function text(size: number): Codec<string | null> {
  return {
    unit: 'text',
    read(cursor) {
      const length = Math.min(size, cursor.remaining);
      const characters = Array.from({ length }, () => String.fromCharCode(cursor.unsigned(1)));
      return (
        characters
          .join('')
          .replace(/[^ -~]/g, '')
          .trim() || null
      );
    },
    write(value, out) {
      const filled = (value ?? '').padEnd(size);
      if (filled.length > size || /[^ -~]/.test(filled)) {
        throw new PaceError('SHAPE', `"${value}" does not fit a text of ${size} ASCII characters`);
      }
      out.push(...Buffer.from(filled, 'latin1'));
    },
  };
}

/** A count byte, then that many items. */
export function list<T>(item: Codec<T>): Codec<readonly T[]> {
  return {
    unit: item.unit,
    read(cursor) {
      const count = cursor.unsigned(1);
      const items: T[] = [];
      for (let i = 0; i < count; i++) items.push(item.read(cursor));
      return items;
    },
    write(items, out) {
      if (items.length > 255) throw new PaceError('SHAPE', `${items.length} items do not fit a count byte`);
      out.push(items.length);
      for (const value of items) item.write(value, out);
    },
  };
}

/** One bit of a flag byte. */
export interface Flag<Id extends string = string> {
  readonly id: Id;
  /** What the flag is: warning, protection, fault, system state, configuration, or not defined by any document. */
  readonly category: 'warning' | 'protection' | 'fault' | 'system' | 'configuration' | 'reserved';
  readonly label: string;
}

/** A flag byte's eight bits, bit 0 first. */
export type FlagTable<Id extends string = string> = readonly [
  Flag<Id>,
  Flag<Id>,
  Flag<Id>,
  Flag<Id>,
  Flag<Id>,
  Flag<Id>,
  Flag<Id>,
  Flag<Id>,
];

/** The ids of a table's flags. */
export type FlagId<Table extends FlagTable> = Table[number]['id'];

/** A byte of flags as the ids of those that are set, bit 0 first. */
export function flags<const Table extends FlagTable>(table: Table): Codec<readonly FlagId<Table>[]> {
  type Ids = readonly FlagId<Table>[];
  const idsOfByte: Ids[] = Array.from({ length: 256 }, (_, byte) =>
    table.filter((_flag, bit) => byte & (1 << bit)).map(({ id }) => id as FlagId<Table>),
  );
  return {
    unit: 'flags',
    read: (cursor) => idsOfByte[cursor.unsigned(1)] as Ids,
    write: (ids, out) =>
      out.push(table.reduce((byte, { id }, bit) => (ids.includes(id) ? byte | (1 << bit) : byte), 0)),
  };
}

/** The numbers, from 1, of the bits set in consecutive bytes, bit 0 of the first byte being 1. */
export function bitNumbers(bytes: number, unit: string): Codec<readonly number[]> {
  const none: readonly number[] = [];
  return {
    unit,
    read(cursor) {
      let numbers = none;
      for (let byte = 0; byte < bytes; byte++) {
        const raw = cursor.unsigned(1);
        for (let bit = 0; raw >> bit !== 0; bit++) {
          if (raw & (1 << bit)) numbers = [...numbers, byte * 8 + bit + 1];
        }
      }
      return numbers;
    },
    write(numbers, out) {
      const tooHigh = numbers.find((number) => number < 1 || number > bytes * 8);
      if (tooHigh !== undefined) throw new PaceError('SHAPE', `${unit} ${tooHigh} has no bit in ${bytes} byte(s)`);
      for (let byte = 0; byte < bytes; byte++) {
        out.push(
          numbers.reduce((raw, n) => (n > byte * 8 && n <= byte * 8 + 8 ? raw | (1 << (n - byte * 8 - 1)) : raw), 0),
        );
      }
    },
  };
}

/**
 * Fields back to back, in the table's order, as one codec. Its reader is compiled from the table, since an object that
 * is made with all its fields at once takes half the time of one that gets them one by one.
 */
export function record<Values extends object>(fields: { [Key in keyof Values]: Codec<Values[Key]> }): Codec<Values> {
  const names = Object.keys(fields) as (keyof Values & string)[];
  const members = names
    .map((name) => `${JSON.stringify(name)}: fields[${JSON.stringify(name)}].read(cursor)`)
    .join(', ');
  return {
    unit: 'record',
    read: new Function('fields', `return (cursor) => ({ ${members} })`)(fields),
    write(values, out) {
      for (const name of names) fields[name].write(values[name], out);
    },
  };
}

/** What a codec reads. */
export type ValueOf<C> = C extends Codec<infer T> ? T : never;
