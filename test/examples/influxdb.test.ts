import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import type { Alarm } from '../../src/battery/alarms.js';
import { bankMessages, wellPacks } from './bank-messages.js';
import { type FlowNode, load, nodeOf, withNode, withQueries } from './example-flows.js';
import { FlowBench } from './flow-bench.js';
import { type Point, readLines } from './line-protocol.js';
import { NodeRedProcess } from './node-red-process.js';
import { ProjectCopy } from './project-copy.js';

const FILE = '08-influxdb-line-protocol.json';
const ODD_NAME = 'Bob\'s "bank", cellar = 1\\\n2\\';
const ODD_ALARM: Alarm = { code: 'x', level: 'warning', label: 'a "label", with\nall = of \\ it' };

describe('08-influxdb-line-protocol: the lines', () => {
  const bench = () => new FlowBench(load(FILE));
  const pointsOf = (one: FlowBench): Point[] => one.at('lines').flatMap(({ payload }) => readLines(payload));

  it('hold every number of every pack and of the bank, at the time of its reading', () => {
    const one = bench();
    const packs = wellPacks({ analog: { temperatureTenths: [-55, null], currentMilliamps: -4200 }, age: 3000 });
    const message = bankMessages.analog(packs);
    one.send('measurements', message);
    assert.equal(one.at('lines').length, 1);
    const points = pointsOf(one);
    assert.deepEqual(
      points.map(({ measurement, tags }) => `${measurement} ${tags.bank} ${tags.pack ?? ''}`),
      [...[1, 2, 3, 4].map((pack) => `pace_analog simulated bank pack_${pack}`), 'pace_bank_analog simulated bank '],
    );
    const [first, , , , bank] = points;
    const { pack_1 } = message.payload.packs;
    assert.equal(first?.milliseconds, pack_1.lastSeen);
    assert.deepEqual(first?.fields, {
      ...{ voltage: 13.2, current: -4.2, power: -55.4, soc: 50, soh: 100, cycles: 7, cellCount: 4 },
      ...{ remainingCapacity: 50, fullCapacity: 100, designCapacity: 100, cellAverage: 3.3, cellDelta: 0 },
      ...{ cell_1: 3.3, cell_2: 3.3, cell_3: 3.3, cell_4: 3.3 },
      ...{ temp_1: -5.5, temperatureMin: -5.5, temperatureMax: -5.5 },
    });
    assert.deepEqual([bank?.fields.packCount, bank?.fields.onlineCount], [4, 4]);
    assert.equal(bank?.milliseconds, message.payload.packs.pack_2.lastSeen);
  });

  it('hold states and alarms, as truths and texts', () => {
    const one = bench();
    one.send('states', bankMessages.status(wellPacks({ status: { mode: 'charging', chargeMosfet: false } })));
    one.send('alarms', bankMessages.warning(wellPacks({ warning: { alarms: [ODD_ALARM] } })));
    const [state, alarm] = ['pace_status', 'pace_warning'].map((wanted) =>
      pointsOf(one).find(({ measurement, tags }) => measurement === wanted && tags.pack === 'pack_1'),
    );
    assert.deepEqual([state?.fields.mode, state?.fields.chargeMosfet], ['charging', false]);
    assert.deepEqual([alarm?.fields.level, alarm?.fields.text], ['warning', 'a "label", with all = of \\ it']);
  });

  it('keep to the protocol whatever the bank is called', () => {
    const one = bench();
    const message = bankMessages.analog(wellPacks());
    for (const connectionName of [ODD_NAME, '', undefined]) {
      one.send('measurements', { ...message, pace: { ...message.pace, connectionName } });
    }
    const banks = new Set(pointsOf(one).map(({ tags }) => tags.bank));
    assert.deepEqual([...banks], ['Bob\'s "bank", cellar = 1 2 ', undefined]);
  });

  it('are none of a pack that does not answer', () => {
    const one = bench();
    one.send('measurements', bankMessages.analog([{ is: 'offline' }, { is: 'empty' }]));
    const [only, ...rest] = pointsOf(one);
    assert.deepEqual([only?.measurement, only?.fields], ['pace_bank_analog', { packCount: 1, onlineCount: 0 }]);
    assert.deepEqual(rest, []);
  });
});

interface Request {
  url: string;
  method: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/** Stands in for InfluxDB until `check` is done. */
async function withServer(check: (port: number, requests: Request[]) => Promise<void>): Promise<void> {
  const requests: Request[] = [];
  const server = createServer(async (request, response) => {
    const body = (await request.setEncoding('utf8').toArray()).join('');
    requests.push({ url: request.url ?? '', method: request.method ?? '', headers: request.headers, body });
    response.writeHead(204).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    await check((server.address() as AddressInfo).port, requests);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

describe('08-influxdb-line-protocol in Node-RED', { timeout: 120_000 }, () => {
  let project: ProjectCopy;

  before(async () => {
    project = await ProjectCopy.make();
    await project.run('build.mjs');
  });
  after(() => project.remove());

  it('runs as it is on the simulated bank, and asks nobody', async () => {
    const flow = load(FILE);
    assert.equal(nodeOf(flow, 'write to InfluxDB').d, true);
    const nodeRed = await NodeRedProcess.start(project, flow);
    try {
      for (const measurement of ['pace_analog', 'pace_warning', 'pace_status']) {
        const { payload } = await nodeRed.receives(
          ({ name, payload }) => name === 'to InfluxDB' && payload.startsWith(`${measurement},`),
        );
        assert.equal(readLines(payload).length, 5);
      }
      assert.deepEqual(
        nodeRed.received.filter(({ type }) => type === 'http request'),
        [],
      );
      assert.deepEqual(nodeRed.errors, []);
    } finally {
      await nodeRed.stop();
    }
  });

  const SERVERS: [name: string, path: string, token: string | undefined][] = [
    ['InfluxDB 2 or 3', '/api/v2/write?org=home&bucket=battery&precision=ms', 'Token secret'],
    ['InfluxDB 1', '/write?db=battery&precision=ms', undefined],
  ];
  for (const [name, path, token] of SERVERS) {
    it(`writes to ${name} when its request is enabled`, async () => {
      await withServer(async (port, requests) => {
        let flow: FlowNode[] = withQueries(load(FILE), { interval: 0.5 });
        const target = nodeOf(flow, name);
        flow = withNode(flow, 'write to InfluxDB', { d: false });
        const makers = flow.filter((node) => node.name === 'lines' && node.type === 'function');
        flow = flow.map((node) => (makers.includes(node) ? { ...node, wires: [[target.id]] } : node));
        flow = JSON.parse(JSON.stringify(flow).replaceAll('localhost:8086', `127.0.0.1:${port}`));
        flow = flow.map((node) =>
          node.type === 'tab' ? { ...node, env: [{ name: 'INFLUX_TOKEN', value: 'secret', type: 'str' }] } : node,
        );
        const nodeRed = await NodeRedProcess.start(project, flow);
        try {
          const { statusCode } = await nodeRed.receives(({ name: of }) => of === 'answer');
          assert.equal(statusCode, 204);
          const [request] = requests;
          assert.deepEqual([request?.method, request?.url], ['POST', path]);
          assert.equal(request?.headers.authorization, token);
          assert.match(request?.headers['content-type'] ?? '', /^text\/plain/);
          assert.equal(readLines(request?.body ?? '').length, 5);
          assert.deepEqual(nodeRed.errors, []);
        } finally {
          await nodeRed.stop();
        }
      });
    });
  }
});
