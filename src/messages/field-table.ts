/** What a number in a message counts. */
export type Unit = 'V' | 'A' | 'W' | 'Ah' | '%' | '°C' | 'mV' | 'mAh' | 's' | 'ms' | 'epoch ms';

/** One member of an object in a message, as data: code is held to it, and the docs are made of it. */
export type Field = {
  /** What it says. */
  readonly about: string;
  /** When it is null; absent: never. */
  readonly nullWhen?: string;
  /** When it is there; absent: always. */
  readonly only?: string;
} & Kind;

type Kind =
  | { readonly is: 'number'; readonly unit?: Unit }
  | { readonly is: 'string'; readonly oneOf?: readonly string[] }
  | { readonly is: 'boolean' }
  | { readonly is: 'object'; readonly of: FieldTable }
  | { readonly is: 'list'; readonly of: FieldTable | 'string' | 'number' }
  /** Members by the names of the packs, cells or sensors that there are. */
  | { readonly is: 'map'; readonly by: 'pack' | 'cell' | 'temp'; readonly of: Field | FieldTable };

/** The members of an object, in order. */
export interface FieldTable {
  readonly [member: string]: Field;
}

/** One value of the value shape, by its topic's last levels; `*` stands for a cell's or sensor's name. */
export interface Leaf {
  readonly about: string;
  readonly is: 'number' | 'string';
  readonly unit?: Unit;
  /** When nothing is sent; absent: never. */
  readonly missingWhen?: string;
}
/** The values of a query. */
export interface LeafTable {
  readonly [leaf: string]: Leaf;
}

interface Elements {
  string: string;
  number: number;
}
type Held<F> = F extends { is: 'number' }
  ? number
  : F extends { is: 'string' }
    ? F extends { oneOf: readonly (infer Word)[] }
      ? Word
      : string
    : F extends { is: 'boolean' }
      ? boolean
      : F extends { is: 'object'; of: infer Table }
        ? Payload<Table>
        : F extends { is: 'list'; of: infer Item }
          ? readonly (Item extends keyof Elements ? Elements[Item] : Payload<Item>)[]
          : F extends { is: 'map'; of: infer Item }
            ? Readonly<Record<string, Item extends { is: string } ? Value<Item> : Payload<Item>>>
            : never;
type Value<F> = Held<F> | (F extends { nullWhen: string } ? null : never);
type Sometimes<Table> = { [Name in keyof Table]: Table[Name] extends { only: string } ? Name : never }[keyof Table];

/** An object with the members of a table, and no others. */
export type Payload<Table> = { [Name in Exclude<keyof Table, Sometimes<Table>>]: Value<Table[Name]> } & {
  [Name in Sometimes<Table>]?: Value<Table[Name]>;
};

type Named<Key> = Key extends `${infer Start}*` ? `${Start}${string}` : Key;
/** A value of a table: the last levels of its topic, and what is sent there. */
export type LeafValue<Table, Sent> = readonly [leaf: Named<keyof Table> & string, value: Sent];
