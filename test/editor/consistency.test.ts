import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { LIKELY_CAUSES } from '../../src/errors.js';
import { DEFAULTS, PALETTE, QUERIES, WITH_EVENTS, WITHOUT_FIELD } from './contract.js';
import { type EditorFiles, editorFiles, editorNode, keysOf, matches, NODES, optionsOf, ROOT } from './editor-files.js';

/** The label keys that the template, the script and the runtime use: whole, or with a property or a choice in them. */
function usedKeys(files: EditorFiles): Set<string> {
  const { type, template, script, definition } = files;
  const attributes = matches(template, /data-i18n="([^"]+)"/g)
    .flatMap((list) => list.split(';'))
    .map((key) => key.replace(/^\[[\w-]+\]/, ''));
  const whole = matches(script, new RegExp(`['\`](${type}\\.[\\w.-]+)['\`]`, 'g')).filter(
    (text) => text !== definition.icon,
  );
  const choices: Record<string, readonly string[]> = {
    property: Object.keys(definition.defaults).filter((property) => definition.defaults[property]?.validate),
    cause: LIKELY_CAUSES,
    curve: Object.keys(definition.defaults.curves?.value ?? {}),
  };
  const composed = [...script.matchAll(new RegExp(`\`(${type}\\.[\\w.]+\\.)\\$\\{(\\w+)\\}([\\w.]*)\``, 'g'))].flatMap(
    ([, start, variable = '', end]) => {
      const middles = choices[variable] ?? optionsOf(files, variable);
      assert.notEqual(middles.length, 0, `${start}… of what?`);
      return middles.map((middle) => `${start}${middle}${end}`);
    },
  );
  const runtime = (readdirSync(NODES, { recursive: true }) as string[])
    .filter((path) => path.endsWith('.ts'))
    .flatMap((path) =>
      matches(readFileSync(join(NODES, path), 'utf8'), new RegExp(`['"\`](${type}\\.[\\w.-]+)['"\`]`, 'g')),
    );
  const category = definition.category === 'config' ? [] : [`palette.label.${definition.category}`];
  return new Set([...attributes, ...whole, ...composed, ...runtime, ...category]);
}

for (const type of Object.keys(DEFAULTS)) {
  describe(`the editor side of ${type}`, () => {
    const files = editorFiles(type);
    const { definition, html, template, script, help, labels, prefix } = files;
    const values = Object.entries(definition.defaults).map(([property, { value }]) => [property, value]);
    // As a flow has them: objects of another realm are never equal to those of this one.
    const defaults = JSON.parse(JSON.stringify(Object.fromEntries(values)));
    const controls = matches(template, /<(?:input|select)[^>]* id="([^"]+)"/g);

    it('is registered with an inline object, so that package checkers can read it', () => {
      assert.match(script, new RegExp(`RED\\.nodes\\.registerType\\('${type}', \\{\\n`));
      assert.doesNotMatch(html, /<script[^>]* src=/);
    });

    it('has the properties and defaults of the contract', () => {
      assert.deepEqual(defaults, DEFAULTS[type]);
    });

    it('has one field a property, and a property for each field', () => {
      assert.deepEqual(
        [...controls].sort(),
        Object.keys(defaults)
          .filter((property) => !WITHOUT_FIELD.includes(property))
          .map((property) => prefix + property)
          .sort(),
      );
    });

    it('labels and explains every field', () => {
      for (const id of controls) {
        assert.match(template, new RegExp(`<label for="${id}">`), `${id} has no label`);
        if (id === `${prefix}name`) continue;
        const hint = template.match(new RegExp(`id="${id}"[^>]* aria-describedby="([^"]+)"`))?.[1];
        assert.ok(hint && template.includes(`class="pace-bms-hint" id="${hint}"`), `${id} has no hint`);
      }
    });

    it('uses the labels of its own catalogue, and all of them', () => {
      const used = [...usedKeys(files)];
      const own = used.filter((key) => !key.includes(':'));
      assert.deepEqual(own.sort(), keysOf(labels).sort());
      const nodeRed = join(ROOT, 'node_modules', '@node-red', 'nodes', 'locales', 'en-US', 'messages.json');
      const known = keysOf(JSON.parse(readFileSync(nodeRed, 'utf8'))).map((key) => `node-red:${key}`);
      for (const key of used.filter((name) => name.includes(':'))) assert.ok(known.includes(key), `${key} is no label`);
    });

    it('has help in the order of the style guide', () => {
      assert.match(help, new RegExp(`^<script type="text/html" data-help-name="${type}">\\n<p>[^<]+</p>\\n<p>`));
      const sections = type === 'pace-bms-connection' ? [] : ['Inputs', 'Outputs'];
      assert.deepEqual(matches(help, /<h3>([^<]+)<\/h3>/g), [...sections, 'Details', 'References']);
      for (const tag of ['p', 'dl', 'dt', 'dd', 'ul', 'ol', 'li', 'code', 'b', 'h4', 'span']) {
        const opened = matches(help, new RegExp(`(<${tag}[ >])`, 'g')).length;
        assert.equal(matches(help, new RegExp(`(</${tag}>)`, 'g')).length, opened, `<${tag}> is not closed`);
      }
    });

    it('takes its colours from the theme', () => {
      const looks = html.replace(script, '') + help;
      assert.doesNotMatch(looks, /#[0-9a-f]{3,8}\b|\b(?:rgb|hsl)a?\(|color: *[a-z]+ *[;"]/i);
    });
  });
}

describe('the connection in the editor', () => {
  const { definition } = editorFiles('pace-bms-connection');
  const label = (properties: Record<string, unknown>) => definition.label.call(editorNode(definition, properties));

  it('is a config node with a telling label', () => {
    assert.equal(definition.category, 'config');
    assert.equal(label({ name: 'garage' }), 'garage');
    assert.equal(label({ serialPort: '/dev/ttyUSB0' }), '/dev/ttyUSB0 @ 9600');
    assert.equal(label({ transport: 'tcp', host: '10.0.0.5' }), '10.0.0.5:5000');
    assert.equal(label({ transport: 'simulator' }), 'pace-bms-connection.simulated {"packs":2}');
    assert.equal(label({}), 'pace-bms-connection');
  });
});

describe('the nodes of the palette, in the editor', () => {
  const all = Object.keys(PALETTE).map(editorFiles);

  it('are one family in the palette', () => {
    const { color } = (all[0] as EditorFiles).definition;
    for (const { type, definition } of all) {
      assert.equal(definition.category, 'battery');
      assert.equal(definition.color, color);
      assert.equal(definition.paletteLabel, PALETTE[type]);
      assert.equal(definition.label.call(editorNode(definition)), PALETTE[type]);
      if (QUERIES.includes(type)) {
        assert.equal(definition.label.call(editorNode(definition, { packs: '1,3' })), `${PALETTE[type]} 1,3`);
      }
      assert.equal(definition.label.call(editorNode(definition, { name: 'roof' })), 'roof');
    }
  });

  it('have a white icon of their own', () => {
    for (const { type, definition } of all) {
      assert.equal(definition.icon, `${type}.svg`);
      const path = join(ROOT, 'icons', `${type}.svg`);
      assert.ok(existsSync(path), `${path} is missing`);
      const svg = readFileSync(path, 'utf8');
      assert.match(svg, /<svg [^>]*width="40" height="60"/);
      assert.deepEqual(
        new Set(matches(svg, /(?:fill|stroke)="([^"]*)"/g).filter((paint) => paint !== 'none')),
        new Set(['#fff']),
      );
    }
  });

  it('need a connection, have one input, and name every port', () => {
    for (const { type, definition, labels } of all) {
      assert.deepEqual(
        { ...definition.defaults.connection },
        { value: '', type: 'pace-bms-connection', required: true },
      );
      assert.equal(definition.inputs, 1);
      assert.equal(definition.outputs, WITH_EVENTS.includes(type) ? 2 : 1);
      const ports = [...Array(definition.outputs).keys()].map((index) =>
        definition.outputLabels?.call(editorNode(definition), index),
      );
      assert.equal(new Set(ports).size, ports.length);
      for (const key of [...ports, definition.inputLabels?.call(editorNode(definition), 0)]) {
        assert.ok(keysOf(labels).includes(String(key)), `${key} is no label`);
      }
    }
  });

  it('say of the status node first that it is not the status of a Node-RED node', () => {
    const help = all.find(({ type }) => type === 'pace-bms-status')?.help ?? '';
    assert.match(
      matches(help, /<p>([^<]+)<\/p>/g)[0] ?? '',
      /MOSFET.*balancing.*mode.*settings.*not the status of a Node-RED node/,
    );
  });

  it('say of the info node first that its capacity is one pack’s', () => {
    const help = all.find(({ type }) => type === 'pace-bms-info')?.help ?? '';
    assert.match(matches(help, /<p>([^<]+)<\/p>/g)[0] ?? '', /capacity.*the pack it is attached to.*never.*the bank/);
  });

  it('name beside the fields, and in the help, what bmspace called them', () => {
    const files = all.find(({ type }) => type === 'pace-bms-homeassistant') as EditorFiles;
    const own = files.labels[files.type] as { hint: Record<string, string> };
    for (const [hint, option] of [
      [own.hint.topic, 'mqtt_base_topic'],
      [own.hint.discoveryPrefix, 'mqtt_ha_discovery_topic'],
      [own.hint.padPacks, 'zero_pad_number_packs'],
      [own.hint.padCells, 'zero_pad_number_cells'],
    ] as const) {
      assert.ok(hint?.includes(`(bmspace: ${option})`), `no field says that it was ${option}`);
      assert.ok(files.help.includes(`<code>${option}</code>`), `the help does not name ${option}`);
    }
  });
});
