import type { Dialect } from './dialect.js';
import { pace25 } from './pace25/index.js';

/** Every protocol the package speaks, by the name a connection's `dialect` gives it. */
export const DIALECTS: ReadonlyMap<string, Dialect> = new Map([pace25].map((dialect) => [dialect.name, dialect]));
