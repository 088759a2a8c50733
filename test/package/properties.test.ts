import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { connectionSettings } from '../../nodes/shared/connection-settings.js';
import { homeAssistantSettings } from '../../nodes/shared/home-assistant-settings.js';
import { infoSettings } from '../../nodes/shared/info-settings.js';
import { limitsSettings } from '../../nodes/shared/limits-settings.js';
import { querySettings } from '../../nodes/shared/query-settings.js';
import { definitionsIn, dialogOf } from './definitions.js';
import { NODES, ROOT } from './package.js';

type Properties = Record<string, unknown>;

/** How the runtime reads the properties of a node type. */
interface Reader {
  settingsOf(properties: Properties): unknown;
  /** The file with its table of parsers. */
  table: string;
  /** What it reads by the table of the queries. */
  asQuery?: readonly string[];
  /** What it leaves out of its own table. */
  without?: readonly string[];
}

/** Read by Node-RED, or as the id of the connection. */
const OF_EVERY_NODE = ['name'];
const OF_EVERY_USER = ['connection'];

const query: Reader = { settingsOf: querySettings, table: 'query-settings' };
const READERS: Record<string, Reader> = {
  'pace-bms-connection': { settingsOf: (raw) => connectionSettings(raw, 'test'), table: 'connection-settings' },
  'pace-bms-analog': query,
  'pace-bms-warning': { ...query, without: ['packOffset'] },
  'pace-bms-status': { ...query, without: ['packOffset'] },
  'pace-bms-info': { settingsOf: infoSettings, table: 'info-settings', asQuery: ['topic', 'padPacks'] },
  'pace-bms-homeassistant': {
    settingsOf: (raw) => homeAssistantSettings(raw, 'test'),
    table: 'home-assistant-settings',
    asQuery: ['topic', 'padPacks', 'padCells'],
  },
  'pace-bms-limits': { settingsOf: limitsSettings, table: 'limits-settings' },
};

/** What makes properties count that only some choices need. */
const CHOICES: readonly Properties[] = [
  { transport: 'serial', serialPort: '/dev/ttyUSB0' },
  { transport: 'tcp', host: 'battery.local' },
  { transport: 'simulator' },
  { transport: 'simulator', addressing: 'addressed' },
];

function tableOf(file: string): string[] {
  const source = readFileSync(join(ROOT, 'nodes', 'shared', `${file}.ts`), 'utf8');
  const [, table = ''] = /^const PROPERTIES = \{\n(.*?)^\};/ms.exec(source) ?? [];
  const names = [...table.matchAll(/^ {2}(\w+):/gm)].map(([, name]) => String(name));
  assert.notEqual(names.length, 0, `${file} has no table of parsers`);
  return names;
}

it('every node type has a reader here', () => {
  assert.deepEqual(Object.keys(READERS).sort(), NODES.map(([type]) => type).sort());
});

for (const [type, path] of NODES) {
  const { settingsOf, table, asQuery = [], without = [] } = READERS[type] ?? query;

  describe(`the properties of ${type}`, () => {
    const [definition] = definitionsIn(dialogOf(path));
    const defaults = definition?.defaults ?? [];
    const unread = [...OF_EVERY_NODE, ...(definition?.category === 'config' ? [] : OF_EVERY_USER)];

    it('that the runtime reads are those that the editor has', () => {
      const read = [...unread, ...tableOf(table), ...asQuery].filter((name) => !without.includes(name));
      assert.deepEqual([...defaults].sort(), read.sort());
    });

    for (const property of defaults.filter((name) => !unread.includes(name))) {
      it(`${property} is looked at by the runtime`, () => {
        const refusals = CHOICES.filter((choice) => {
          try {
            settingsOf({ ...choice, [property]: { no: 'value' } });
            return false;
          } catch (thrown) {
            return (thrown as Error).message.startsWith(`${property}: `);
          }
        });
        assert.notEqual(refusals.length, 0, 'it takes anything');
      });
    }
  });
}
