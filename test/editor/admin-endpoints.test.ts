import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { analogReply } from '../nodes/kit/replies.js';
import { allLeft } from '../support/clients.js';
import { RealNodeRed } from '../support/real-node-red.js';
import { byCommand, ReplayServer } from '../support/replay-bms.js';

const QUERY = 'a100000000000001';
const LONE_QUERY = 'a100000000000002';
const PLACE = { z: 'f100000000000001', x: 100, y: 100 };
const FLOW = [
  { id: PLACE.z, type: 'tab', label: 'Battery', env: [{ name: 'PACE_TRANSPORT', value: 'simulator', type: 'str' }] },
  { id: 'c100000000000001', type: 'pace-bms-connection', name: 'Shed', transport: 'simulator', simScenario: 'idle' },
  { id: QUERY, type: 'pace-bms-analog', ...PLACE, connection: 'c100000000000001', interval: 0, wires: [[]] },
  { id: LONE_QUERY, type: 'pace-bms-analog', ...PLACE, connection: '', interval: 0, wires: [[]] },
];

const ENDPOINTS = {
  ports: { method: 'GET', path: 'pace-bms/ports' },
  trial: { method: 'POST', path: 'pace-bms/connections/try', body: { id: 'new', transport: 'simulator' } },
  poll: { method: 'POST', path: `pace-bms/nodes/${QUERY}/poll` },
};

/** Asks an endpoint as somebody. */
function ask(
  nodeRed: RealNodeRed,
  { method, path, body }: { method: string; path: string; body?: object },
  who = '',
  signal?: AbortSignal,
) {
  const headers = { 'Content-Type': 'application/json', ...(who ? { Authorization: `Bearer ${who}` } : {}) };
  return fetch(`${nodeRed.url}${path}`, {
    ...{ method, headers },
    ...(body ? { body: JSON.stringify(body) } : {}),
    ...(signal ? { signal } : {}),
  });
}

describe('who may use the endpoints for the dialogs', () => {
  let nodeRed: RealNodeRed;
  before(async () => {
    nodeRed = await RealNodeRed.start(FLOW, {
      anybody: ['flows.read'],
      reader: ['pace-bms.read'],
      writer: ['pace-bms.write'],
      owner: ['*'],
    });
  });
  after(() => nodeRed?.stop());

  const allowed: Record<keyof typeof ENDPOINTS, readonly string[]> = {
    ports: ['reader', 'owner'],
    trial: ['writer', 'owner'],
    poll: ['writer', 'owner'],
  };
  for (const name of Object.keys(ENDPOINTS) as (keyof typeof ENDPOINTS)[]) {
    for (const who of ['', 'reader', 'writer', 'owner']) {
      const may = allowed[name].includes(who);
      it(`${name}: ${who || 'anybody'} ${may ? 'may' : 'may not'}`, async () => {
        const response = await ask(nodeRed, ENDPOINTS[name], who);
        await response.arrayBuffer();
        if (may) assert.notEqual(response.status, 401);
        else assert.equal(response.status, 401);
      });
    }
  }
});

describe('Try it in a browser', () => {
  let nodeRed: RealNodeRed;
  before(async () => {
    nodeRed = await RealNodeRed.start(FLOW);
  });
  after(() => nodeRed?.stop());

  const trialOf = ({ port }: ReplayServer) => ({
    ...ENDPOINTS.trial,
    body: { id: 'new', transport: 'tcp', host: '127.0.0.1', port, timeout: '5000' },
  });

  it('that gives up: the line is closed, and free for the next', async () => {
    const server = await ReplayServer.listen((request, count) =>
      count === 1 ? null : byCommand({ 42: analogReply([{}]) })(request, count),
    );
    const browser = new AbortController();
    const given = assert.rejects(ask(nodeRed, trialOf(server), '', browser.signal), { name: 'AbortError' });
    await server.asked(1);
    browser.abort();
    await given;
    await allLeft(server);
    const { sockets } = server;
    assert.equal(sockets.size, 0);
    const next = new AbortController();
    const asked = server.asked(2).then(() => null);
    let asking: Promise<Response | null>;
    let refusal: Response | null;
    do {
      // The line is free a moment after its end was seen at the other side.
      asking = ask(nodeRed, trialOf(server), '', next.signal).catch(() => null);
      refusal = await Promise.race([asked, asking]);
      if (refusal) assert.equal(refusal.status, 409);
    } while (refusal);
    assert.equal(server.connections, 2);
    next.abort();
    await asking;
    await server.close();
  });

  it('lets a node read while it runs', async () => {
    const { status } = await ask(nodeRed, ENDPOINTS.poll);
    assert.equal(status, 204);
  });

  it('lets no node read that cannot, and says why', async () => {
    const response = await ask(nodeRed, { ...ENDPOINTS.poll, path: `pace-bms/nodes/${LONE_QUERY}/poll` });
    const { error } = (await response.json()) as { error: string };
    assert.equal(response.status, 409);
    assert.match(error, /^no connection is set/);
  });

  it('knows the variables of a tab before the connection is deployed to it', async () => {
    const body = { id: 'new', z: PLACE.z, transport: `\${PACE_TRANSPORT}` };
    const response = await ask(nodeRed, { ...ENDPOINTS.trial, body });
    const { found } = (await response.json()) as Record<string, unknown>;
    assert.equal(found, true);
  });

  it('shows what the values in the dialog lead to', async () => {
    const response = await ask(nodeRed, ENDPOINTS.trial);
    const { found, through, packCount } = (await response.json()) as Record<string, unknown>;
    assert.deepEqual([response.status, found, through, packCount], [200, true, null, 2]);
  });

  it('refuses a body that is none', async () => {
    const answers = [JSON.stringify([1]), '{'].map(async (body) => {
      const headers = { 'Content-Type': 'application/json' };
      const response = await fetch(`${nodeRed.url}${ENDPOINTS.trial.path}`, { method: 'POST', headers, body });
      return response.status;
    });
    assert.deepEqual(await Promise.all(answers), [400, 400]);
  });
});
