import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { files, load, press } from './example-flows.js';
import { NodeRedProcess } from './node-red-process.js';
import { ProjectCopy, root } from './project-copy.js';

const LONGEST_FUNCTION_LINES = 25;
const LONGEST_LINE = 120;
/** Nodes nearer than this cover one another. */
const LEAST_DISTANCE = { x: 100, y: 40 };
/** The editor properties of a query node (the contract, section 3). */
const QUERY_PROPERTIES = [
  ...['connection', 'packs', 'interval', 'output', 'topic', 'padPacks', 'padCells', 'onlyChanges', 'staleAfter'],
  'includeRaw',
];
const CONNECTION_PROPERTIES = [
  ...['transport', 'serialPort', 'baudRate', 'host', 'port', 'dialect', 'addressing', 'address', 'addresses'],
  ...['timeout', 'spacing', 'retries', 'debugLevel', 'simPacks', 'simCells', 'simScenario'],
];
const OWN_PROPERTIES: Record<string, readonly string[]> = {
  'pace-bms-connection': CONNECTION_PROPERTIES,
  'pace-bms-analog': [...QUERY_PROPERTIES, 'packOffset'],
  'pace-bms-warning': QUERY_PROPERTIES,
  'pace-bms-status': QUERY_PROPERTIES,
  'pace-bms-info': ['connection', 'output', 'topic', 'interval', 'padPacks'],
  'pace-bms-homeassistant': [
    ...['connection', 'topic', 'discoveryPrefix', 'layout', 'deviceName', 'padPacks', 'padCells', 'expireAfter'],
    ...['perCellEntities', 'retainDiscovery'],
  ],
  'pace-bms-limits': [
    ...['connection', 'cellsInSeries', 'maxChargeCurrent', 'maxDischargeCurrent', 'bankMaxChargeCurrent'],
    ...['bankMaxDischargeCurrent', 'absorptionVoltage', 'floatVoltage', 'minVoltage', 'ceilingVoltage'],
    ...['absorptionTime', 'rebulkSoc', 'balanceDelta', 'curves', 'holdTime', 'rampCurrent', 'rampVoltage'],
    ...['staleAfter', 'onStale', 'topic'],
  ],
};
const OWN_TYPES = Object.keys(OWN_PROPERTIES);
const CORE_TYPES = [
  ...['tab', 'group', 'comment', 'inject', 'debug', 'catch', 'status', 'link in', 'link out', 'change', 'function'],
  ...['switch', 'trigger', 'join', 'http request', 'mqtt in', 'mqtt out', 'mqtt-broker'],
];
/** Nodes that stand on no canvas. */
const CONFIG_TYPES = ['pace-bms-connection', 'mqtt-broker'];
/** The nodes of other packages that an example needs. */
const OTHER_TYPES: Record<string, RegExp> = { '02-dashboard.json': /^ui-/ };
/** What every node has, whatever its type. */
const COMMON_PROPERTIES = ['id', 'type', 'z', 'g', 'name', 'x', 'y', 'wires'];

for (const file of files) {
  describe(`examples/${file}`, () => {
    const flow = load(file);
    const ids = new Set(flow.map(({ id }) => id));

    it('has ids of 16 hex digits, each once', () => {
      for (const { id } of flow) assert.match(id, /^[0-9a-f]{16}$/);
      assert.equal(ids.size, flow.length);
    });

    it('refers to its own nodes only', () => {
      for (const { id, z, g, wires = [], nodes = [], links = [], scope, connection, broker, type } of flow) {
        const listed = [...wires.flat(), ...nodes, ...links, ...(scope ?? [])];
        const server = type === 'mqtt-broker' ? undefined : broker;
        const references = [z, g, connection, server, ...listed].filter((reference) => reference !== undefined);
        for (const reference of references) assert.ok(ids.has(String(reference)), `${id} refers to ${reference}`);
      }
    });

    it('explains itself', () => {
      const comments = flow.filter(({ type }) => type === 'comment');
      assert.ok(comments.length > 0);
      for (const { name, info } of comments) assert.ok(name && info, 'a comment says something');
      assert.ok(flow.find(({ type }) => type === 'tab')?.info);
    });

    it('gives our nodes every property of the contract, and no other', () => {
      for (const node of flow.filter(({ type }) => OWN_TYPES.includes(type))) {
        const own = Object.keys(node).filter((property) => !COMMON_PROPERTIES.includes(property));
        assert.deepEqual(own.sort(), [...(OWN_PROPERTIES[node.type] ?? [])].sort(), node.id);
      }
    });

    it('uses the nodes of Node-RED and ours, and others only where it says so', () => {
      const known = [...CORE_TYPES, ...OWN_TYPES];
      const foreign = flow.filter(({ type }) => !known.includes(type) && !OTHER_TYPES[file]?.test(type));
      assert.deepEqual(foreign, []);
    });

    it('has no long function', () => {
      for (const { name, func = '' } of flow) {
        const lines = func.split('\n');
        assert.ok(lines.length <= LONGEST_FUNCTION_LINES, `${name} is too long`);
        for (const line of lines) assert.ok(line.length <= LONGEST_LINE, `${name}: ${line}`);
      }
    });

    it('changes no flow of the user', () => {
      const reaching = flow.filter(({ func = '' }) => /\bglobal\.|process\.|RED\./.test(func));
      assert.deepEqual(reaching, []);
      const tabs = flow.filter(({ type }) => type === 'tab');
      assert.equal(tabs.length, 1);
      for (const { type, z, scope, name } of flow) {
        const isOnCanvas = !['tab', ...CONFIG_TYPES].includes(type) && !/^ui-(base|theme|page|group)$/.test(type);
        assert.equal(z, isOnCanvas ? tabs[0]?.id : undefined, name || type);
        if (type === 'catch') assert.equal(scope, null, 'errors of its own flow only');
      }
    });

    it('has no node on top of another', () => {
      const placed = flow.filter(({ type, x }) => x !== undefined && type !== 'group');
      for (const [i, a] of placed.entries()) {
        for (const b of placed.slice(i + 1)) {
          const apart = { x: Math.abs((a.x ?? 0) - (b.x ?? 0)), y: Math.abs((a.y ?? 0) - (b.y ?? 0)) };
          const covers = a.z === b.z && apart.x < LEAST_DISTANCE.x && apart.y < LEAST_DISTANCE.y;
          assert.ok(!covers, `${a.name || a.type} and ${b.name || b.type}`);
        }
      }
    });
  });
}

describe('the examples together', () => {
  it('can all be imported into one Node-RED', () => {
    const ids = files.flatMap((file) => load(file).map(({ id }) => id));
    assert.equal(new Set(ids).size, ids.length);
  });

  it('show every node of the package', () => {
    const shown = new Set(files.flatMap((file) => load(file).map(({ type }) => type)));
    const { nodes } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))['node-red'];
    for (const type of Object.keys(nodes)) assert.ok(shown.has(type), type);
  });
});

describe('the examples in Node-RED', { timeout: 120_000 }, () => {
  let project: ProjectCopy;

  before(async () => {
    project = await ProjectCopy.make();
    await project.run('build.mjs');
  });
  after(() => project.remove());

  it('01-quick-start shows every query of four packs, on demand too, and an error', async () => {
    const flow = load('01-quick-start.json');
    const nodeRed = await NodeRedProcess.start(project, flow);
    try {
      for (const pack of [1, 2, 3, 4]) {
        const { topic, payload } = await nodeRed.receives(
          ({ name, payload }) => name === 'measurements' && payload.pack === pack,
        );
        assert.equal(topic, `pace/pack_${pack}/analog`);
        assert.equal(payload.cellCount, 16);
        assert.ok(payload.cells.every(({ voltage }: { voltage: number }) => voltage > 2.5 && voltage < 3.65));
        assert.ok(payload.soc > 0 && payload.soc <= 100);
        const { payload: alarms } = await nodeRed.receives(
          ({ name, payload }) => name === 'alarms' && payload.pack === pack,
        );
        assert.equal(alarms.level, 'normal');
        const { payload: state } = await nodeRed.receives(
          ({ name, payload }) => name === 'states' && payload.pack === pack,
        );
        assert.match(state.mode, /^(charging|discharging|idle)$/);
      }

      await press(nodeRed, flow, 'packs 1 and 3');
      await nodeRed.receives(({ name, payload }) => name === 'on demand: packs' && payload.pack === 3);
      await press(nodeRed, flow, 'pack 9');
      const failure = await nodeRed.receives(({ name }) => name === 'what went wrong');
      assert.equal(failure.pace?.error?.code, 'NO_PACK');
      assert.match(failure.error?.message ?? '', /pack_9 not in the bank/);
      const onDemand = nodeRed.received.filter(({ name }) => name === 'on demand: packs');
      assert.deepEqual(
        onDemand.map(({ payload }) => payload.pack),
        [1, 3],
      );
      assert.deepEqual(
        nodeRed.errors.filter(({ name }) => name !== 'on demand'),
        [],
      );
    } finally {
      await nodeRed.stop();
    }
  });
});
