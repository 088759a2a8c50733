/**
 * Puts the editor's files together from parts that several nodes share. A line `<!-- include parts/x.html -->` or
 * `// include parts/x.js` stands for that file, and `{{type}}` and `{{name}}` for the node's type and the rest of it after
 * `pace-bms-`. In a catalogue of labels `"include": ["parts/x.json"]` stands for what those files hold.
 */
import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

const INCLUDE = /^( *)(?:<!-- include (\S+) -->|\/\/ include (\S+))\r?\n/gm;

/** A node's dialog or help, with its parts in place. */
export function assembleText(path) {
  const type = basename(path).replace(/\..*/, '');
  const words = { type, name: type.replace('pace-bms-', '') };
  const text = withParts(path, dirname(path)).replace(/\{\{(type|name)\}\}/g, (_whole, word) => words[word]);
  if (/(?:<!--|\/\/) include |\{\{/.test(text)) throw new Error(`${path}: a part is not in its place`);
  return text;
}

function withParts(path, folder) {
  return readFileSync(path, 'utf8').replace(INCLUDE, (_line, indent, html, script) =>
    withParts(join(folder, html ?? script), folder).replace(/^(?=.)/gm, indent),
  );
}

/** A node's labels, with those that it shares. */
export function assembleCatalogue(path) {
  return withShared(JSON.parse(readFileSync(path, 'utf8')), dirname(path));
}

/** A tree of labels, with what its branches include. */
function withShared({ include = [], ...own }, folder) {
  const shared = include.map((part) => JSON.parse(readFileSync(join(folder, part), 'utf8')));
  const branches = Object.entries(own).map(([key, label]) => [
    key,
    typeof label === 'object' ? withShared(label, folder) : label,
  ]);
  return [...shared, Object.fromEntries(branches)].reduce(merged, {});
}

/** Two trees of labels in one; where both have a label, that of `over` counts. */
function merged(under, over) {
  const both = { ...under };
  for (const [key, label] of Object.entries(over)) {
    both[key] = typeof label === 'object' ? merged(under[key] ?? {}, label) : label;
  }
  return both;
}
