import { PaceError } from '../errors.js';

/** Packs by number, in rising order; null for all. */
export type Selection = readonly number[] | null;

const HIGHEST_PACK = 255;
const ITEM = /^\s*(\d{1,3})\s*(?:-\s*(\d{1,3})\s*)?$/;

const isPlain = (input: unknown): input is string | number => typeof input === 'string' || typeof input === 'number';

/**
 * The packs that a text such as `1,3-4`, a number or a list of numbers selects; an empty text selects all.
 * @param what names the input in errors.
 * @throws PaceError `CONFIG` when it selects nothing that could be a pack.
 */
export function parseSelection(input: unknown, what: string): Selection {
  if (input === undefined || input === null || (typeof input === 'string' && input.trim() === '')) return null;
  const items: unknown[] = Array.isArray(input) ? input : isPlain(input) ? String(input).split(',') : [input];
  const packs = new Set<number>();
  for (const item of items) {
    const [, first, last = first] = (isPlain(item) && ITEM.exec(String(item))) || [];
    const [from, to] = [Number(first), Number(last)];
    if (first === undefined || from > to || to > HIGHEST_PACK) throw selectionError(input, what);
    for (let pack = from; pack <= to; pack++) packs.add(pack);
  }
  if (packs.size === 0) throw selectionError(input, what);
  return [...packs].sort((a, b) => a - b);
}

function selectionError(input: unknown, what: string): PaceError {
  const shown = [input].flat().every(isPlain) ? `"${input}"` : `a value of type ${typeof input}`;
  return new PaceError('CONFIG', `${what}: ${shown} is no list of packs such as 1,3-4 (0 to ${HIGHEST_PACK})`);
}
