/** A node's dialog or help, with its parts in place. */
export function assembleText(path: string): string;
/** A node's labels by its type, with those that it shares. */
export function assembleCatalogue(path: string): Record<string, Record<string, unknown>>;
