import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { pace25 } from '../../src/dialects/pace25/index.js';
import { BankClient } from '../../src/link/bank-client.js';
import { tcpTransport } from '../../src/link/transports/tcp.js';
import { flowOf, RunningFlow } from '../nodes/kit/flow.js';
import { FaultProxy } from '../support/fault-proxy.js';
import { loadFlow, redeploy, statusesOf, statusOf } from '../support/node-red.js';
import { NumberedBattery } from '../support/numbered-battery.js';
import { OneClientGateway } from '../support/one-client-gateway.js';
import { assertRising, connectionTo, type FaultyBank, faultBench, goesOn, publishedNumbers } from './bench.js';

const TIMEOUT_MS = 400;
/** Not the one that a test moves by hand. */
const realWait = wait;
const { bank, keep } = faultBench();

/** A node that asks ten times a second through `target`. */
const flowTo = (target: { port: number }, changes: object = {}) =>
  flowOf(connectionTo(target, TIMEOUT_MS, 2), [{ interval: 0.1, includeRaw: true, ...changes }]);

async function load(flow: ReturnType<typeof flowTo>): Promise<RunningFlow> {
  await loadFlow(flow);
  return new RunningFlow([{}]);
}

/** The lengths of the pauses that the node has shown, s. */
function pauses(): number[] {
  const shown = statusesOf('analog').flatMap(({ text }) => /retry in (\d+) s/.exec(text)?.[1] ?? []);
  return [...new Set(shown)].map(Number);
}

/** Everything published is exact, in order, and there was never more than one request under way. */
function assertTrue({ battery, proxy }: FaultyBank, flow: RunningFlow): void {
  assertRising(publishedNumbers(battery, 'analog', flow.out('analog').messages));
  assert.deepEqual(proxy.overlaps, []);
}

describe('readings resume after the first pause', () => {
  it('when the peer closed in the middle of a reply', async () => {
    const faulty = await bank({ timeoutMs: TIMEOUT_MS });
    faulty.proxy.plan = (count) => (count === 3 ? 'closedMidFrame' : null);
    const flow = await load(flowTo(faulty.proxy));
    await faulty.proxy.visited(2);
    await goesOn(flow);
    assert.deepEqual(pauses(), [1]);
    assert.equal(faulty.proxy.connections, 2);
    assert.deepEqual(
      flow.errors.messages.map(({ pace }) => pace.error.code),
      ['NOT_CONNECTED'],
    );
    assertTrue(faulty, flow);
  });

  it('when the server went away and came back meanwhile', async () => {
    const faulty = await bank({ timeoutMs: TIMEOUT_MS });
    const { port } = faulty.proxy;
    const flow = await load(flowTo(faulty.proxy));
    await goesOn(flow);
    await faulty.proxy.close();
    await statusOf('analog', ({ text }) => text.includes('retry'));
    await faulty.proxy.listen(port);
    await faulty.proxy.visited(2);
    await goesOn(flow);
    assert.deepEqual(pauses(), [1]);
    assert.equal(faulty.proxy.connections, 2);
    assertTrue(faulty, flow);
  });

  it('when a gateway with room for one client closed in the middle of a reply', async () => {
    const { gateway, ...faulty } = await gatedBank();
    faulty.proxy.plan = (count) => (count === 3 ? 'closedMidFrame' : null);
    const flow = await load(flowTo(gateway));
    await faulty.proxy.visited(2);
    await goesOn(flow);
    assert.deepEqual(pauses(), [1]);
    assert.equal(faulty.proxy.connections, 2);
    assert.deepEqual([gateway.admitted, gateway.refused], [2, 0]);
    assertTrue(faulty, flow);
  });
});

describe('a gateway with room for one client', () => {
  it('gets the next one only after a deploy has closed the last', async () => {
    const { gateway, ...faulty } = await gatedBank();
    const flow = await load(flowTo(gateway));
    await goesOn(flow);
    for (const type of ['full', 'flows', 'nodes'] as const) {
      const before = gateway.admitted;
      const changed = flowTo(gateway).map((node) =>
        node.type === 'pace-bms-connection' ? { ...node, name: type, debugLevel: 1 } : node,
      );
      await redeploy(changed, type);
      await faulty.proxy.visited(before + 1);
      await goesOn(new RunningFlow([{}]));
    }
    assert.equal(gateway.refused, 0);
    assert.deepEqual(pauses(), []);
    assert.deepEqual(faulty.proxy.overlaps, []);
  });
});

describe('a connection that is open and dead', () => {
  beforeEach(() => mock.timers.enable({ apis: ['setTimeout', 'Date'] }));
  afterEach(() => mock.timers.reset());

  it('is closed and made anew within 15 s, through a gateway with room for one client', async () => {
    const { gateway, battery, proxy } = await gatedBank(() => Date.now());
    const client = clientOf(gateway);
    keep({ close: () => client.stop(true) });
    client.start();
    assert.deepEqual(await cyclesRead(client), [101, 201, 301]);
    proxy.plan = (count) => (count === 2 ? 'halfOpen' : null);
    const failedFrom = Date.now();
    let read: (number | undefined)[] | null = null;
    while (!read && Date.now() < failedFrom + 60_000) read = await cyclesRead(client).catch(() => null);
    assert.deepEqual(read, [103, 203, 303]);
    assert.ok(Date.now() - failedFrom <= 15_000, `it took ${Date.now() - failedFrom} ms`);
    assert.deepEqual([gateway.admitted, gateway.refused], [2, 0]);
    assert.deepEqual(proxy.overlaps, []);
    assert.equal(battery.asked('42'), 3);
  });
});

/** A faulty bank behind a gateway with room for one client. */
async function gatedBank(now?: () => number): Promise<FaultyBank & { gateway: OneClientGateway }> {
  const battery = await NumberedBattery.listen();
  keep(battery);
  const proxy = keep(new FaultProxy(battery, { timeoutMs: TIMEOUT_MS, ...(now ? { now } : {}) }));
  const gateway = keep(await OneClientGateway.listen((socket) => proxy.join(socket)));
  return { battery, proxy, gateway };
}

function clientOf({ port }: { port: number }): BankClient {
  return new BankClient({
    transport: tcpTransport({ host: '127.0.0.1', port }),
    dialect: pace25,
    addressing: { mode: 'master', address: 1 },
    timeoutMs: TIMEOUT_MS,
    spacingMs: 0,
    retries: 2,
    log: () => {},
    now: () => Date.now(),
  });
}

/** Reads the cycles of the packs, while the time that tests move goes on. */
async function cyclesRead(client: BankClient): Promise<(number | undefined)[]> {
  let isDone = false;
  const read = client.read('analog', { priority: 'input' }).finally(() => {
    isDone = true;
  });
  read.catch(() => {});
  while (!isDone) {
    mock.timers.tick(10);
    await realWait(1);
  }
  return [...(await read).packs.values()].map(({ reading }) => reading?.cycles);
}
