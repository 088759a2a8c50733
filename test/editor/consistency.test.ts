import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { runInNewContext } from 'node:vm';
import { connectionSettings } from '../../nodes/shared/connection-settings.js';
import { homeAssistantSettings } from '../../nodes/shared/home-assistant-settings.js';
import { infoSettings } from '../../nodes/shared/info-settings.js';
import { querySettings } from '../../nodes/shared/query-settings.js';

type Property = string | number | boolean | undefined;
type Verdict = boolean | string;
interface Default {
  value: Property;
  type?: string;
  required?: boolean;
  validate?: (this: EditorNode, value: unknown, opt?: object) => Verdict;
}
interface Definition {
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
type EditorNode = Record<string, unknown> & { _def: Definition; _: (key: string, values?: object) => string };

/** A node's editor side, taken apart. */
interface EditorFiles {
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

const ROOT = join(__dirname, '..', '..');
const NODES = join(ROOT, 'nodes');

/** The contract's properties and defaults. */
const DEFAULTS: Record<string, Record<string, Property>> = {
  'pace-bms-connection': {
    name: '',
    transport: 'serial',
    serialPort: '',
    baudRate: 9600,
    host: '',
    port: 5000,
    dialect: 'pace25',
    addressing: 'master',
    address: 1,
    addresses: '1',
    timeout: 1000,
    spacing: 200,
    retries: 2,
    debugLevel: 0,
    simPacks: 2,
    simCells: 16,
    simScenario: 'solar-day',
  },
  'pace-bms-analog': {
    name: '',
    connection: '',
    packs: '',
    interval: 5,
    output: 'pack',
    topic: 'pace',
    padPacks: 0,
    padCells: 0,
    packOffset: '',
    onlyChanges: false,
    staleAfter: '',
    includeRaw: false,
  },
};
const { packOffset: _analogOnly, ...ofEveryQuery } = DEFAULTS['pace-bms-analog'] as Record<string, Property>;
DEFAULTS['pace-bms-warning'] = ofEveryQuery;
DEFAULTS['pace-bms-status'] = ofEveryQuery;
DEFAULTS['pace-bms-info'] = { name: '', connection: '', interval: 0, output: 'bank', topic: 'pace', padPacks: 0 };
DEFAULTS['pace-bms-homeassistant'] = {
  name: '',
  connection: '',
  topic: 'pace',
  discoveryPrefix: 'homeassistant',
  layout: 'device',
  deviceName: '',
  padPacks: 0,
  padCells: 0,
  expireAfter: '',
  perCellEntities: true,
  retainDiscovery: false,
};

const QUERIES = ['pace-bms-analog', 'pace-bms-warning', 'pace-bms-status'];
/** The nodes of the palette, as they are called there. */
const PALETTE: Record<string, string> = {
  'pace-bms-analog': 'pace analog',
  'pace-bms-warning': 'pace warning',
  'pace-bms-status': 'pace status',
  'pace-bms-info': 'pace info',
  'pace-bms-homeassistant': 'pace home assistant',
};

/** A value that comes from the environment. */
const env = (name: string): string => `\${${name}}`;

/** What a validator takes and refuses, with what else must be set for the field to count. */
interface Cases {
  with?: Record<string, Property>;
  takes: unknown[];
  refuses: unknown[];
}
const CONNECTION_CASES: Record<string, Cases[]> = {
  transport: [{ takes: ['serial', 'tcp', 'simulator'], refuses: ['', 'usb'] }],
  serialPort: [
    { takes: ['/dev/ttyUSB0', 'COM3', env('BATTERY_PORT')], refuses: ['', '  ', `/dev/${env('BATTERY_PORT')}`] },
    { with: { transport: 'tcp' }, takes: [''], refuses: [] },
  ],
  baudRate: [
    { takes: [9600, '9600', '250000', env('BAUD')], refuses: ['', 'abc', '0', '49', '-9600', '96.5', 4000001] },
    { with: { transport: 'simulator' }, takes: ['abc'], refuses: [] },
  ],
  host: [
    {
      with: { transport: 'tcp' },
      takes: ['192.168.1.50', 'battery.local', '::1', env('HOST')],
      refuses: ['', ' ', 'two words'],
    },
    { takes: [''], refuses: [] },
  ],
  port: [
    { with: { transport: 'tcp' }, takes: [1, '5000', 65535, env('PORT')], refuses: ['', 0, 65536, 'http'] },
    { takes: ['abc'], refuses: [] },
  ],
  dialect: [{ takes: ['pace25'], refuses: ['', 'morse'] }],
  addressing: [{ takes: ['master', 'addressed', 'relay'], refuses: ['', 'slave'] }],
  address: [
    { takes: [0, '1', 255, env('ADDRESS')], refuses: ['', -1, 256, '1.5', '1-2'] },
    { with: { addressing: 'addressed' }, takes: ['abc'], refuses: [] },
  ],
  addresses: [
    {
      with: { addressing: 'addressed' },
      takes: ['1', '1-4,7', '0-254', '1, 3 - 4', 2, env('PACKS')],
      refuses: ['', 'x', '4-3', '255', '1-', ',1', '1;2'],
    },
    { with: { addressing: 'relay' }, takes: ['1-4'], refuses: ['x'] },
    { takes: ['x'], refuses: [] },
  ],
  timeout: [{ takes: [10, '1000', 60000, env('TIMEOUT')], refuses: ['', 9, 60001, '1e3', 'abc'] }],
  spacing: [{ takes: [0, '200', 60000, env('SPACING')], refuses: ['', -1, 60001, '0.5'] }],
  retries: [{ takes: [0, '2', 10, env('RETRIES')], refuses: ['', -1, 11, 'some'] }],
  debugLevel: [{ takes: [0, '1', 2, '3'], refuses: ['', 4, -1] }],
  simPacks: [
    { with: { transport: 'simulator' }, takes: [1, '16', env('PACKS')], refuses: ['', 0, 17] },
    { takes: ['abc'], refuses: [] },
  ],
  simCells: [{ with: { transport: 'simulator' }, takes: [8, '13', 14, 15, '16'], refuses: ['', 12, 17] }],
  simScenario: [
    {
      with: { transport: 'simulator' },
      takes: ['solar-day', 'idle', 'full', 'low', 'alarms', 'missing-pack'],
      refuses: ['', 'fire'],
    },
  ],
};
const QUERY_CASES: Record<string, Cases[]> = {
  packs: [
    {
      takes: ['', '1', '1,3-4', ' 1, 3 - 4 ', '0-255', 2, env('PACKS')],
      refuses: ['x', '4-3', '256', '1,', '1..3', '-1'],
    },
  ],
  interval: [
    {
      takes: [0, '0', 5, '0.05', '.5', 86400, env('EVERY')],
      refuses: ['', 'abc', '0.04', 86401, -1, '5 s', `${env('EVERY')} s`],
    },
  ],
  output: [{ takes: ['pack', 'bank', 'value'], refuses: ['', 'all'] }],
  topic: [
    { takes: ['', 'pace', '/a/b/', 'übrig', env('TOPIC')], refuses: ['a/#', '+/pace', 'a\0b', `${env('TOPIC')}/a`] },
  ],
  padPacks: [{ takes: [0, '2', 9, env('PAD')], refuses: ['', 10, -1, '1.5', 'x'] }],
  padCells: [{ takes: [0, '2', 9, env('PAD')], refuses: ['', 10, -1, '1.5', 'x'] }],
  onlyChanges: [{ takes: [true, false], refuses: ['', 'maybe'] }],
  staleAfter: [{ takes: ['', '0.5', 60, env('STALE')], refuses: [0, '0.04', -1, 'abc'] }],
  includeRaw: [{ takes: [true, false], refuses: ['', 'maybe'] }],
};
const OFFSET_CASES: Cases[] = [
  { takes: ['', 0, '0', 2, '20', 80, env('OFFSET')], refuses: [1, 3, 81, 82, -2, '2.0', 'x'] },
];

const INFO_CASES: Record<string, Cases[]> = {
  interval: QUERY_CASES.interval as Cases[],
  output: [{ takes: ['bank', 'value'], refuses: ['', 'pack'] }],
  topic: QUERY_CASES.topic as Cases[],
  padPacks: QUERY_CASES.padPacks as Cases[],
};

const HOME_ASSISTANT_CASES: Record<string, Cases[]> = {
  topic: [...(QUERY_CASES.topic as Cases[]), { takes: ['a/b c'], refuses: ['a\nb', 'a\u007fb'] }],
  discoveryPrefix: [
    {
      takes: ['homeassistant', '/home/assistant/', ' ha ', env('PREFIX')],
      refuses: ['', ' ', '/', 'two words', 'ha/#', '+/ha', 'h\0a', 'h\u007fa', `${env('PREFIX')}/ha`],
    },
  ],
  layout: [{ takes: ['device', 'bmspace'], refuses: ['', 'json'] }],
  deviceName: [{ takes: ['', 'Garage 2', 7, 'Größe + #1', env('BANK')], refuses: [`${env('BANK')} 2`] }],
  padPacks: QUERY_CASES.padPacks as Cases[],
  padCells: QUERY_CASES.padCells as Cases[],
  expireAfter: [
    { takes: ['', 0, '0', 1, '90', 31_536_000, env('EXPIRE')], refuses: ['0.5', -1, 31_536_001, 'abc', '90 s'] },
  ],
  perCellEntities: [{ takes: [true, false], refuses: ['', 'maybe'] }],
  retainDiscovery: [{ takes: [true, false], refuses: ['', 'maybe'] }],
};

/** What the runtime makes of a node's properties. */
const settingsOf = (type: string, raw: Record<string, unknown>): unknown => {
  if (type === 'pace-bms-connection') return connectionSettings(raw, 'test');
  if (type === 'pace-bms-homeassistant') return homeAssistantSettings(raw, 'test');
  return type === 'pace-bms-info' ? infoSettings(raw) : querySettings(raw);
};

const CASES: Record<string, Record<string, Cases[]>> = {
  'pace-bms-connection': CONNECTION_CASES,
  'pace-bms-analog': { ...QUERY_CASES, packOffset: OFFSET_CASES },
  'pace-bms-warning': QUERY_CASES,
  'pace-bms-status': QUERY_CASES,
  'pace-bms-info': INFO_CASES,
  'pace-bms-homeassistant': HOME_ASSISTANT_CASES,
};
const casesOf = (type: string) => CASES[type] as Record<string, Cases[]>;

function editorFiles(type: string): EditorFiles {
  const html = readFileSync(join(NODES, `${type}.html`), 'utf8');
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
    help: readFileSync(`${locale}.html`, 'utf8'),
    labels: JSON.parse(readFileSync(`${locale}.json`, 'utf8')),
    prefix: type === 'pace-bms-connection' ? 'node-config-input-' : 'node-input-',
  };
}

/** A node as the editor holds it: the defaults and what `properties` says otherwise. Labels come out as their keys. */
function editorNode(definition: Definition, properties: Record<string, unknown> = {}): EditorNode {
  const defaults = Object.entries(definition.defaults).map(([property, { value }]) => [property, value]);
  const text = (key: string, values?: object) => (values ? `${key} ${JSON.stringify(values)}` : key);
  return { ...Object.fromEntries(defaults), ...properties, _def: definition, _: text };
}

/** What the validator of `property` says, as the editor asks it. */
function verdict(
  definition: Definition,
  property: string,
  value: unknown,
  properties?: Record<string, unknown>,
): Verdict {
  const validate = definition.defaults[property]?.validate;
  assert.ok(validate, `${property} has no validator`);
  return validate.call(editorNode(definition, properties), value, {});
}

const matches = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].map((match) => match[1] as string);

function optionsOf({ template, prefix }: EditorFiles, property: string): string[] {
  const select = template.match(new RegExp(`<select id="${prefix}${property}".*?</select>`, 's'))?.[0] ?? '';
  return matches(select, /<option value="([^"]*)"/g);
}

function keysOf(labels: unknown, path = ''): string[] {
  if (typeof labels !== 'object' || labels === null) return [path];
  return Object.entries(labels).flatMap(([key, value]) => keysOf(value, path === '' ? key : `${path}.${key}`));
}

/** The label keys that the template, the script and the runtime use: whole, or ending in a property or a choice. */
function usedKeys(files: EditorFiles): Set<string> {
  const { type, template, script, definition } = files;
  const attributes = matches(template, /data-i18n="([^"]+)"/g).map((key) => key.replace(/^\[\w+\]/, ''));
  const whole = matches(script, new RegExp(`['\`](${type}\\.[\\w.-]+)['\`]`, 'g')).filter(
    (text) => text !== definition.icon,
  );
  const composed = [...script.matchAll(new RegExp(`\`(${type}\\.[\\w.]+)\\.\\$\\{(\\w+)\\}\``, 'g'))].flatMap(
    ([, start, variable]) => {
      const validated = Object.keys(definition.defaults).filter((property) => definition.defaults[property]?.validate);
      const ends = variable === 'property' ? validated : optionsOf(files, variable as string);
      assert.notEqual(ends.length, 0, `${start}.… of what?`);
      return ends.map((end) => `${start}.${end}`);
    },
  );
  const runtime = (readdirSync(NODES, { recursive: true }) as string[])
    .filter((path) => path.endsWith('.ts'))
    .flatMap((path) =>
      matches(readFileSync(join(NODES, path), 'utf8'), new RegExp(`['"\`](${type}\\.[\\w.-]+)['"\`]`, 'g')),
    );
  return new Set([...attributes, ...whole, ...composed, ...runtime]);
}

for (const type of Object.keys(DEFAULTS)) {
  describe(`the editor side of ${type}`, () => {
    const files = editorFiles(type);
    const { definition, html, template, script, help, labels, prefix } = files;
    const defaults = Object.fromEntries(
      Object.entries(definition.defaults).map(([property, { value }]) => [property, value]),
    );
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
      assert.equal(definition.outputs, type === 'pace-bms-warning' ? 2 : 1);
      const ports = [...Array(definition.outputs).keys()].map((index) =>
        definition.outputLabels?.call(editorNode(definition), index),
      );
      assert.equal(new Set(ports).size, ports.length);
      for (const key of [...ports, definition.inputLabels?.call(editorNode(definition), 0)]) {
        assert.ok(keysOf(labels).includes(String(key)), `${key} is no label`);
      }
    }
  });

  it('judge and explain alike: the rules of the queries differ in nothing but names', () => {
    const rules = QUERIES.map(editorFiles).map(({ type, script }) =>
      script
        .slice(0, script.indexOf('RED.nodes.registerType'))
        .replaceAll(type, 'TYPE')
        .replaceAll(`/${type.replace('pace-bms-', '')}`, '/QUERY'),
    );
    assert.equal(new Set(rules).size, 1);
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
    const own = files.labels[files.type] as { hint: Record<string, string>; topicHint: string };
    for (const [hint, option] of [
      [own.topicHint, 'mqtt_base_topic'],
      [own.hint.discoveryPrefix, 'mqtt_ha_discovery_topic'],
      [own.hint.padPacks, 'zero_pad_number_packs'],
      [own.hint.padCells, 'zero_pad_number_cells'],
    ] as const) {
      assert.ok(hint?.includes(`(bmspace: ${option})`), `no field says that it was ${option}`);
      assert.ok(files.help.includes(`<code>${option}</code>`), `the help does not name ${option}`);
    }
  });
});
