import type { Field, FieldTable, LeafTable } from '../../src/messages/field-table.js';
import { code, codes, table } from './markdown.js';

const TYPES: Record<Field['is'], string> = {
  number: 'number',
  string: 'string',
  boolean: 'boolean',
  object: 'object',
  list: 'array',
  map: 'object',
};

/** What stands for a number in the names that a map has. */
const nameIn = (by: string) => `${by}_n`;

type Row = readonly string[];

function rowsOf(fields: FieldTable, path: string): Row[] {
  return Object.entries(fields).flatMap(([member, field]) => rowsOfField(field, `${path}${member}`));
}

function rowsOfField(field: Field, path: string): Row[] {
  const row = [code(path), TYPES[field.is], field.is === 'number' ? (field.unit ?? '') : '', meaningOf(field)];
  return [row, ...innerRows(field, path)];
}

function innerRows(field: Field, path: string): Row[] {
  switch (field.is) {
    case 'object':
      return rowsOf(field.of, `${path}.`);
    case 'list':
      return typeof field.of === 'string' ? [] : rowsOf(field.of, `${path}[].`);
    case 'map':
      return isField(field.of) ? rowsOfField(field.of, `${path}.${nameIn(field.by)}`) : [];
    default:
      return [];
  }
}

/** Whether all members of a map are alike, rather than objects with members of their own. */
const isField = (of: Field | FieldTable): of is Field => typeof of.is === 'string';

function meaningOf(field: Field): string {
  const words = field.is === 'string' && field.oneOf ? `: ${codes(field.oneOf)}` : '';
  const nullWhen = field.nullWhen ? `; ${code('null')} when ${field.nullWhen}` : '';
  return `${field.about}${words}${nullWhen}${field.only ? `; only ${field.only}` : ''}`;
}

/** The members of an object, and of the objects in it; `path` stands before their names. */
export const fieldTable = (fields: FieldTable, path = '') =>
  table(['member', 'type', 'unit', 'meaning'], rowsOf(fields, path));

const under = (start: string) => (leaves: LeafTable) =>
  Object.fromEntries(Object.entries(leaves).map(([leaf, row]) => [`${start}${leaf}`, row]));
/** Values of a pack by their whole topic. */
export const onPack = under('<topic>/pack_n/');
/** Values of the bank, or of a BMS. */
export const onBank = under('<topic>/');

/** Single values by their topics. */
export function leafTable(leaves: LeafTable): string {
  const rows = Object.entries(leaves).map(([topic, { about, is, unit = '', missingWhen }]) => [
    code(topic.replace('v_cells/*', 'v_cells/cell_n').replace('temps/*', 'temps/temp_n')),
    is,
    unit,
    missingWhen ? `${about}; not sent when ${missingWhen}` : about,
  ]);
  return table(['topic', 'payload', 'unit', 'meaning'], rows);
}
