import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fromNodeRed, ROOT } from './package.js';

/** A node of a syntax tree, as acorn makes them. */
interface Syntax {
  type: string;
  value?: unknown;
  key?: { name?: string; value?: unknown };
  properties?: Syntax[];
}
interface Call extends Syntax {
  callee: { property?: { name?: string } };
  arguments: Syntax[];
}

const acorn = fromNodeRed<{ parse(text: string, options: { ecmaVersion: 'latest' }): Syntax }>('acorn');
const walk = fromNodeRed<{ simple(tree: Syntax, visitors: { CallExpression(call: Call): void }): void }>('acorn-walk');

/** A node type as the Flow Library's checker reads it, without running anything. */
export interface Definition {
  type: string;
  defaults: string[];
  category: unknown;
  color: unknown;
  icon: unknown;
  inputs: unknown;
  outputs: unknown;
  /** What it cannot read since it is no literal. */
  notInline: string[];
}

const LITERALS = ['category', 'color', 'icon', 'inputs', 'outputs'] as const;
const SCRIPTS = /<script.+?type=['"]text\/javascript['"].*?>([\S\s]*?)<\/script>/gi;

const nameOf = ({ key }: Syntax) => String(key?.name ?? key?.value);

/** The checker takes the first ".js" of the path for the ending. */
export const dialogOf = (path: string) => path.replace('.js', '.html');

/** The node types that a dialog registers. @throws SyntaxError */
export function definitionsIn(path: string): Definition[] {
  const html = readFileSync(join(ROOT, path), 'utf8');
  const definitions: Definition[] = [];
  for (const [, script = ''] of html.matchAll(SCRIPTS)) {
    walk.simple(acorn.parse(script, { ecmaVersion: 'latest' }), {
      CallExpression({ callee, arguments: [type, definition] }) {
        if (callee.property?.name === 'registerType') definitions.push(definitionOf(type, definition));
      },
    });
  }
  return definitions;
}

function definitionOf(type: Syntax | undefined, definition: Syntax | undefined): Definition {
  const members = new Map((definition?.properties ?? []).map((member) => [nameOf(member), member.value as Syntax]));
  const notInline: string[] = LITERALS.filter((name) => members.has(name) && members.get(name)?.type !== 'Literal');
  if (type?.type !== 'Literal') notInline.push('type');
  if (definition?.type !== 'ObjectExpression') notInline.push('definition');
  if (!members.get('defaults')?.properties) notInline.push('defaults');
  const literal = (name: (typeof LITERALS)[number]) => members.get(name)?.value;
  return {
    type: String(type?.value),
    defaults: (members.get('defaults')?.properties ?? []).map(nameOf),
    category: literal('category'),
    color: literal('color'),
    icon: literal('icon'),
    inputs: literal('inputs'),
    outputs: literal('outputs'),
    notInline,
  };
}
