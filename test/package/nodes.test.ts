import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, it } from 'node:test';
import { type Definition, definitionsIn, dialogOf } from './definitions.js';
import { DIST, filesIn, LANGUAGES, NODES, ROOT } from './package.js';

const text = (...path: string[]) => readFileSync(join(ROOT, ...path), 'utf8');

describe('the files that Node-RED loads', () => {
  it('are built: npm run build', () => assert.ok(existsSync(DIST)));

  it('are all that lies beside them', () => {
    const beside = filesIn('dist/nodes').filter((path) => !path.includes('/'));
    const wanted = NODES.flatMap(([type]) => [`${type}.html`, `${type}.js`]);
    assert.deepEqual(beside, wanted.sort());
  });

  it('have words in the same languages, and no other', () => {
    const languages = new Set(filesIn('dist/nodes/locales').map((path) => path.split('/')[0]));
    assert.deepEqual([...languages].sort(), [...LANGUAGES].sort());
  });
});

for (const [type, path] of NODES) {
  describe(`the files of ${type}`, () => {
    const definitions = () => definitionsIn(dialogOf(path));
    const definition = () => definitions()[0] as Definition;

    it('are called as the type is, with the dialog beside the code', () => {
      assert.equal(basename(path, '.js'), type);
      assert.equal(path.indexOf('.js'), path.length - '.js'.length, 'the first .js is not the ending');
      for (const file of [path, dialogOf(path)]) assert.ok(existsSync(join(ROOT, file)), `${file} is missing`);
    });

    it('register it so that the Flow Library can read it', () => {
      assert.deepEqual(
        definitions().map((found) => found.type),
        [type],
      );
      assert.deepEqual(definition().notInline, []);
      assert.notEqual(definition().defaults.length, 0);
      assert.ok(definition().category);
    });

    it('have all that the palette shows', () => {
      const { category, color, icon, inputs, outputs } = definition();
      if (category === 'config') return;
      assert.match(String(color), /^#[0-9a-f]{6}$/i);
      assert.ok(Number.isInteger(inputs) && Number.isInteger(outputs), 'ports');
      assert.ok(existsSync(join(DIST, 'nodes', 'icons', String(icon))), `there is no icon ${icon}`);
    });

    it('have a dialog, with help and labels outside of it', () => {
      const dialog = text(dialogOf(path));
      assert.match(dialog, new RegExp(`<script type="text/html" data-template-name="${type}">`));
      assert.doesNotMatch(dialog, /data-help-name=|<script[^>]* src=|<!-- include |\{\{/);
    });

    for (const language of LANGUAGES) {
      it(`have help and labels in ${language}`, () => {
        const file = (ending: string) => join('dist', 'nodes', 'locales', language, `${type}.${ending}`);
        for (const ending of ['html', 'json'])
          assert.ok(existsSync(join(ROOT, file(ending))), `${file(ending)} is missing`);
        assert.match(text(file('html')), new RegExp(`^<script type="text/html" data-help-name="${type}">\\s*<p>`));
        assert.doesNotMatch(text(file('html')), /<!-- include |\{\{/);
        const { palette, ...labels } = JSON.parse(text(file('json')));
        assert.deepEqual(Object.keys(labels), [type]);
        const { category } = definition();
        assert.deepEqual(Object.keys(palette?.label ?? {}), category === 'config' ? [] : [category]);
      });
    }
  });
}
