import assert from 'node:assert/strict';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { assembleCatalogue, assembleText } from '../../scripts/assemble.mjs';

export type Property = string | number | boolean | object | undefined;
export type Verdict = boolean | string;
export interface Default {
  value: Property;
  type?: string;
  required?: boolean;
  validate?: (this: EditorNode, value: unknown, opt?: object) => Verdict;
}
export interface Definition {
  category: string;
  color?: string;
  defaults: Record<string, Default>;
  inputs?: number;
  outputs?: number;
  icon?: string;
  paletteLabel?: string;
  label(this: EditorNode): string;
  inputLabels?(this: EditorNode, index: number): string;
  outputLabels?(this: EditorNode, index: number): string;
}
export type EditorNode = Record<string, unknown> & { _def: Definition; _: (key: string, values?: object) => string };

/** A node's editor side, taken apart. */
export interface EditorFiles {
  type: string;
  definition: Definition;
  html: string;
  template: string;
  script: string;
  help: string;
  labels: Record<string, unknown>;
  /** The id of a property's input is this and the property. */
  prefix: string;
}

export const ROOT = join(__dirname, '..', '..');
export const NODES = join(ROOT, 'nodes');

/** A node's editor side as the build makes it, in English. */
export function editorFiles(type: string): EditorFiles {
  const html = assembleText(join(NODES, `${type}.html`));
  const locale = join(NODES, 'locales', 'en-US', type);
  const part = (attribute: string) => html.match(new RegExp(`<script ${attribute}>(.*?)</script>`, 's'))?.[1] ?? '';
  const script = part('type="text/javascript"');
  const registered: [string, Definition][] = [];
  const RED = {
    nodes: { registerType: (name: string, definition: Definition) => registered.push([name, definition]) },
  };
  const $ = () => assert.fail('the editor is asked for a field while no dialog is open');
  runInNewContext(script, { RED, $ });
  assert.deepEqual(
    registered.map(([name]) => name),
    [type],
  );
  return {
    type,
    definition: (registered[0] as [string, Definition])[1],
    html,
    template: part(`type="text/html" data-template-name="${type}"`),
    script,
    help: assembleText(`${locale}.html`),
    labels: assembleCatalogue(`${locale}.json`),
    prefix: type === 'pace-bms-connection' ? 'node-config-input-' : 'node-input-',
  };
}

/** A node as the editor holds it: the defaults and what `properties` says otherwise. Labels come out as their keys. */
export function editorNode(definition: Definition, properties: Record<string, unknown> = {}): EditorNode {
  const defaults = Object.entries(definition.defaults).map(([property, { value }]) => [property, value]);
  const text = (key: string, values?: object) => (values ? `${key} ${JSON.stringify(values)}` : key);
  return { ...Object.fromEntries(defaults), ...properties, _def: definition, _: text };
}

/** What the validator of `property` says, as the editor asks it. */
export function verdict(
  definition: Definition,
  property: string,
  value: unknown,
  properties?: Record<string, unknown>,
): Verdict {
  const validate = definition.defaults[property]?.validate;
  assert.ok(validate, `${property} has no validator`);
  return validate.call(editorNode(definition, properties), value, {});
}

/** The first group of each match of `pattern` in `text`. */
export const matches = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].map((match) => match[1] as string);

/** The choices that a field's list offers. */
export function optionsOf({ template, prefix }: EditorFiles, property: string): string[] {
  const select = template.match(new RegExp(`<select id="${prefix}${property}".*?</select>`, 's'))?.[0] ?? '';
  return matches(select, /<option value="([^"]*)"/g);
}

/** The paths of all labels of a catalogue. */
export function keysOf(labels: unknown, path = ''): string[] {
  if (typeof labels !== 'object' || labels === null) return [path];
  return Object.entries(labels).flatMap(([key, value]) => keysOf(value, path === '' ? key : `${path}.${key}`));
}
