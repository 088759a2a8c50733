import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DEFAULTS } from './contract.js';
import { editorFiles, editorNode, optionsOf, verdict } from './editor-files.js';
import { casesOf, settingsOf } from './validator-cases.js';

for (const [type, defaults] of Object.entries(DEFAULTS)) {
  describe(`the validators of ${type}`, () => {
    const files = editorFiles(type);
    const { definition } = files;

    it('offers in its lists only what its validators take', () => {
      for (const property of Object.keys(defaults)) {
        for (const option of optionsOf(files, property)) {
          assert.equal(
            verdict(definition, property, option, { transport: 'simulator' }),
            true,
            `${property} ${option}`,
          );
        }
      }
    });

    it('validates every property but the name', () => {
      const validated = Object.keys(defaults).filter((property) => definition.defaults[property]?.validate);
      const byEditor = Object.keys(defaults).filter((property) => definition.defaults[property]?.type);
      assert.deepEqual(['name', ...byEditor, ...validated].sort(), Object.keys(defaults).sort());
      assert.deepEqual(validated.sort(), Object.keys(casesOf(type)).sort());
    });

    for (const [property, listed] of Object.entries(casesOf(type))) {
      it(`validates ${property}`, () => {
        const validate = definition.defaults[property]?.validate;
        assert.equal(validate?.length, 2, 'the editor shows messages only of validators with two arguments');
        for (const { with: others, takes, refuses } of listed) {
          for (const value of takes) {
            assert.equal(verdict(definition, property, value, others), true, `must take ${JSON.stringify(value)}`);
          }
          for (const value of refuses) {
            const message = `must refuse ${JSON.stringify(value)}`;
            assert.equal(verdict(definition, property, value, others), `${type}.error.${property}`, message);
            assert.equal(validate?.call(editorNode(definition, others), value), false, message);
          }
        }
      });

      it(`lets through for ${property} only what the runtime takes`, () => {
        const known = type === 'pace-bms-connection' ? { serialPort: '/dev/ttyUSB0', host: 'bms' } : {};
        for (const { with: others, takes } of listed) {
          for (const value of takes.filter((taken) => !/^\$/.test(String(taken)))) {
            assert.doesNotThrow(
              () => settingsOf(type, { ...defaults, ...known, ...others, [property]: value }),
              `${property} ${value}`,
            );
          }
        }
      });

      it(`takes the default of ${property}`, () => {
        const required = property === 'serialPort';
        assert.equal(verdict(definition, property, defaults[property]), required ? `${type}.error.serialPort` : true);
        assert.equal(verdict(definition, property, undefined), required ? `${type}.error.serialPort` : true);
      });
    }
  });
}

describe('the defaults of pace-bms-limits', () => {
  it('are what the runtime goes by where a flow says nothing', () => {
    const type = 'pace-bms-limits';
    const { defaults } = editorFiles(type).definition;
    const values = Object.entries(defaults).map(([property, { value }]) => [property, value]);
    // As a flow has them: objects of another realm are never equal to those of this one.
    const saved = JSON.parse(JSON.stringify(Object.fromEntries(values)));
    assert.deepEqual(settingsOf(type, saved), settingsOf(type, {}));
  });
});
