import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { BankModel } from '../../src/simulator/bank-model.js';
import { SimulatedBms } from '../../src/simulator/simulated-bms.js';
import { type OpenDoor, openTcpServer } from '../../src/simulator/tcp-server.js';
import { allLeft } from '../support/clients.js';
import { coreNodes, loadFlow, statusOf } from '../support/node-red.js';
import { byCommand } from '../support/replay-bms.js';
import { post } from './kit/admin.js';
import { bench, CONNECTION, flowOf, type Properties } from './kit/flow.js';
import { ANSWERS, commandsOf, TOLD } from './kit/info.js';
import { analogReply } from './kit/replies.js';

const { listen, load, run, redeploy } = bench();

/** The values of the dialog, as it has them: all texts. */
const dialog = (values: Properties) => ({
  ...{ id: 'new', name: '', transport: 'tcp', serialPort: '', baudRate: '9600', host: '127.0.0.1', port: '5000' },
  ...{ dialect: 'pace25', addressing: 'master', address: '1', addresses: '1', timeout: '60', spacing: '0' },
  ...{ retries: '2', debugLevel: '0', simPacks: '2', simCells: '16', simScenario: 'idle', ...values },
});
const tryIt = (values: Properties) => post('/pace-bms/connections/try', dialog(values));
const portOf = ({ port }: { port: number }) => String(port);

const BANK = byCommand({ ...ANSWERS, 42: analogReply([{ current: -1200 }, {}]) });
const THROUGH_SHED = { id: CONNECTION, name: 'Shed' };

describe('Try it', () => {
  describe('of a simulated bank over TCP', () => {
    let door: OpenDoor;
    before(async () => {
      const bank = new BankModel({ packs: 3, cells: 15, scenario: 'idle' });
      door = await openTcpServer(new SimulatedBms(bank, {}), { host: '127.0.0.1', port: 0 }, () => {});
    });
    after(() => door.close());

    it('shows the bank, its packs and who the BMS is', async () => {
      await load(null);
      const { status, body } = await tryIt({ port: door.place.split(':').at(-1) as string, timeout: '1000' });
      assert.equal(status, 200);
      const { voltage, soc, packs, softwareVersion, bmsSerial, packSerial, roundTripMs, ...rest } = body;
      assert.deepEqual(rest, { found: true, through: null, packCount: 3, missing: [], unreached: [] });
      assert.deepEqual(
        packs.map(({ pack, cells }: { pack: number; cells: number }) => [pack, cells]),
        [1, 2, 3].map((pack) => [pack, 15]),
      );
      for (const reading of [...packs, { voltage, soc, current: 0 }]) {
        assert.ok(reading.voltage > 15 * 2.5 && reading.voltage < 15 * 3.65);
        assert.ok(reading.soc > 0 && reading.soc <= 100);
        assert.ok(Math.abs(reading.current) < 200);
      }
      for (const text of [softwareVersion, bmsSerial, packSerial]) assert.match(text, /\w{4}/);
      assert.ok(Number.isInteger(roundTripMs) && roundTripMs > 0);
    });
  });

  it('asks for nothing but one reading and who the BMS is, then closes', async () => {
    await load(null);
    const server = await listen(BANK);
    const { body } = await tryIt({ port: portOf(server) });
    assert.equal(body.packCount, TOLD.packCount);
    assert.deepEqual(
      body.packs.map(({ current }: { current: number }) => current),
      [-12, 0],
    );
    assert.deepEqual(commandsOf(server.requests), ['42', 'C1', 'C2', '90']);
    await allLeft(server);
    assert.equal(server.connections, 1);
  });

  it('tells no number of packs that the BMS has not told', async () => {
    await load(null);
    const server = await listen(byCommand({ 42: analogReply([{}, {}]) }));
    const { body } = await tryIt({ port: portOf(server) });
    assert.deepEqual([body.found, body.packs.length, body.packCount], [true, 2, null]);
  });

  it('tells none of packs that are asked one by one', async () => {
    await load(null);
    const server = await listen(byCommand({ ...ANSWERS, 42: analogReply([{}]) }));
    const { body } = await tryIt({ port: portOf(server), addressing: 'addressed', addresses: '1' });
    assert.deepEqual([body.found, body.packs.length, body.packCount], [true, 1, null]);
  });

  it('shows a simulated bank of the values in the dialog, whatever else runs', async () => {
    await load({ transport: 'simulator', simPacks: 1 }, {});
    const { body } = await tryIt({ transport: 'simulator', simPacks: '4', simCells: '8' });
    assert.deepEqual([body.found, body.through, body.packs.length, body.packs[3].cells], [true, null, 4, 8]);
  });

  it('of silence: the error, and its likely cause', async () => {
    await load(null);
    const server = await listen(() => null);
    const { status, body } = await tryIt({ port: portOf(server) });
    assert.equal(status, 200);
    assert.deepEqual(
      { ...body, error: body.error.code },
      { found: false, through: null, error: 'TIMEOUT', cause: 'silent' },
    );
    assert.match(body.error.message, /^no answer from address 1 \(127\.0\.0\.1:\d+\): check the cable/);
    await allLeft(server);
  });

  it('of a host that nobody knows: says so', async () => {
    await load(null);
    const { status, body } = await tryIt({ host: 'no such host' });
    assert.deepEqual([status, body.error.code, body.cause], [200, 'NOT_CONNECTED', 'hostNotFound']);
  });

  const wrong: [what: string, values: Properties, says: RegExp, cause?: string][] = [
    ['a port that is no number', { port: 'x' }, /^port: "x" is not/],
    ['no serial port', { transport: 'serial' }, /^serialPort: choose/],
    ['a variable that is not set', { host: `\${PACE_NO_SUCH_HOST}` }, /PACE_NO_SUCH_HOST is not set/, 'variable'],
    ['a variable inside a value', { host: `the-\${PACE_NO_SUCH_HOST}` }, /^host: only a whole value/],
    ['what is no value', { host: { toString: 1 } }, /^host: /],
  ];
  for (const [what, values, says, cause = 'setting'] of wrong) {
    it(`of ${what}: a setting is wrong`, async () => {
      await load(null);
      const { status, body } = await tryIt(values);
      assert.equal(status, 200);
      assert.deepEqual([body.found, body.through, body.error.code, body.cause], [false, null, 'CONFIG', cause]);
      assert.match(body.error.message, says);
    });
  }

  it('refuses what are no values', async () => {
    await load(null);
    assert.equal((await post('/pace-bms/connections/try', [])).status, 400);
  });

  it('one line at a time: the second is told', async () => {
    await load(null);
    const server = await listen(() => null);
    const first = tryIt({ port: portOf(server) });
    await server.asked(1);
    const second = await tryIt({ port: portOf(server) });
    assert.equal(second.status, 409);
    assert.match(second.body.error, /is being tried already/);
    assert.equal((await first).body.cause, 'silent');
    assert.equal((await tryIt({ port: portOf(server) })).status, 200);
  });

  it('is ended by a deploy', async () => {
    const flow = flowOf(null, []);
    await loadFlow(flow);
    const server = await listen(() => null);
    const trial = tryIt({ port: portOf(server), timeout: '5000' });
    await server.asked(1);
    await redeploy(flow, 'full');
    const { body } = await trial;
    assert.deepEqual([body.found, body.error.code, body.cause], [false, 'CLOSED', 'closed']);
    assert.match(body.error.message, /try again/);
    await allLeft(server);
  });
});

describe('Try it, where the running flow holds the line', () => {
  it('asks through that connection, with its settings', async () => {
    const { server, flow } = await run(BANK, { host: 'localhost' }, {});
    await flow.ask('analog');
    const { body } = await tryIt({ host: 'LocalHost ', port: portOf(server), address: '9' });
    assert.deepEqual([body.found, body.through, body.packs.length], [true, THROUGH_SHED, 2]);
    assert.equal(server.connections, 1);
    assert.ok(server.requests.every((request) => request.startsWith('~2501')));
    await flow.ask('analog'); // the line is still there
    assert.equal(server.connections, 1);
  });

  for (const [deployed, tried] of [
    ['localhost', '127.0.0.1'],
    ['127.0.0.1', 'localhost'],
  ] as const) {
    it(`knows ${tried} for ${deployed}`, async () => {
      const { server, flow } = await run(BANK, { host: deployed }, {});
      await flow.ask('analog');
      const { body } = await tryIt({ host: tried, port: portOf(server) });
      assert.deepEqual([body.found, body.through], [true, THROUGH_SHED]);
      assert.equal(server.connections, 1);
    });
  }

  it('tells the cause of its silence too', async () => {
    const { server } = await run((request) => request, {}, {});
    await statusOf('analog', ({ text }) => text.includes('waiting for'));
    const { body } = await tryIt({ port: portOf(server) });
    assert.deepEqual([body.found, body.through, body.cause], [false, THROUGH_SHED, 'echo']);
  });

  it('is not kept from opening by a connection that nobody uses', async () => {
    const server = await listen(BANK);
    await loadFlow(flowOf({ transport: 'tcp', host: '127.0.0.1', port: server.port }, []));
    const { body } = await tryIt({ id: CONNECTION, port: portOf(server) });
    assert.deepEqual([body.found, body.through], [true, null]);
    await allLeft(server);
  });

  it('opens no more than before after that connection was taken out', async () => {
    const server = await listen(BANK);
    const connection = { transport: 'tcp', host: '127.0.0.1', port: server.port, spacing: 0 };
    await loadFlow(flowOf(connection, [{}]));
    await server.visited(1);
    await redeploy(flowOf(null, []), 'full');
    assert.equal((await tryIt({ port: portOf(server) })).body.through, null);
  });
});

describe('Try it, with variables', () => {
  const NAME = 'PACE_TRIED_PORT';
  after(() => {
    delete process.env[NAME];
  });

  it('takes those of the environment', async () => {
    await load(null);
    const server = await listen(BANK);
    process.env[NAME] = portOf(server);
    for (const port of [`\${${NAME}}`, `$(${NAME})`]) assert.equal((await tryIt({ port })).body.found, true);
  });

  const FROM_PROPERTY = `\${${NAME}}`;
  const SUBFLOW = 'subflow';
  const inSubflow = [
    { id: SUBFLOW, type: 'subflow', name: 'Bank', in: [], out: [], env: [] },
    { id: 'instance', type: `subflow:${SUBFLOW}`, z: 'tab', x: 0, y: 0, wires: [] },
  ];
  const places: [what: string, dialog: Properties, ownerOfVariable: Properties, others?: Properties[]][] = [
    ['the flow that the connection is deployed in', { id: CONNECTION }, { id: 'tab' }],
    ['the flow that a new connection is for', { z: 'tab' }, { id: 'tab' }],
    ['the subflow that a new connection is for', { z: SUBFLOW }, { id: SUBFLOW }, inSubflow],
    ['an instance of the subflow', { z: SUBFLOW }, { id: 'instance' }, inSubflow],
    ['all flows', { z: '' }, { id: 'all' }, [{ id: 'all', type: 'global-config' }]],
    ['all flows, in a flow that does not run yet', { z: 'new' }, { id: 'all' }, [{ id: 'all', type: 'global-config' }]],
  ];
  for (const [what, values, owner, others = []] of places) {
    it(`takes those of ${what}`, async () => {
      const server = await listen(BANK);
      process.env[NAME] = '1';
      const env = [{ name: NAME, value: portOf(server), type: 'str' }];
      const connection = values.id ? { transport: 'tcp', host: '127.0.0.1', port: FROM_PROPERTY, z: 'tab' } : null;
      const flow = flowOf(connection, [], others).map((node) => (node.id === owner.id ? { ...node, env } : node));
      await loadFlow(flow, { modules: [coreNodes('common/91-global-config.js')] });
      assert.equal((await tryIt({ ...values, port: FROM_PROPERTY })).body.found, true);
    });
  }

  it('does not take those of a group that a node nearby is in', async () => {
    const server = await listen(BANK);
    process.env[NAME] = portOf(server);
    const env = [{ name: NAME, value: '1', type: 'str' }];
    const group = { id: 'group', type: 'group', z: 'tab', nodes: ['first'], env };
    const first = { id: 'first', type: 'inbox', z: 'tab', g: 'group', x: 0, y: 0, wires: [] };
    await loadFlow(flowOf(null, [], [group, first]));
    assert.equal((await tryIt({ z: 'tab', port: FROM_PROPERTY })).body.found, true);
  });
});
