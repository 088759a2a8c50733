import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it, mock } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { pace25 } from '../../src/dialects/pace25/index.js';
import { BankClient } from '../../src/link/bank-client.js';
import type { LinkState } from '../../src/link/connector.js';
import type { Transport } from '../../src/link/transport.js';
import { serialTransport } from '../../src/link/transports/serial.js';
import { tcpTransport } from '../../src/link/transports/tcp.js';
import { FaultProxy } from '../support/fault-proxy.js';
import { NumberedBattery } from '../support/numbered-battery.js';
import { layPtyCable, ptyMissing } from '../support/pty.js';
import { type FaultyBank, listenFaulty } from './bench.js';

const TIMEOUT_MS = 3000;
const LINES = 8;
const RECONNECTS_A_LINE = 125;
const SERIAL_REOPENINGS = 30;
const LIMIT = { timeout: 60_000 };
/** With a `random` of a half the pauses are exactly these, ms. */
const PAUSES = new Set([1000, 2000, 4000, 8000, 16_000, 30_000]);

/** What keeps the process alive, by kind, and how many files and sockets are open. */
function resources(): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) counts[kind] = (counts[kind] ?? 0) + 1;
  const isLinux = process.platform === 'linux';
  return { ...counts, descriptors: isLinux ? readdirSync('/proc/self/fd').length : 0 };
}

function assertNoMore(before: Record<string, number>): void {
  for (const [kind, count] of Object.entries(resources())) {
    assert.ok(count <= (before[kind] ?? 0), `${kind}: ${before[kind] ?? 0} before, ${count} after`);
  }
}

function clientOn(transport: Transport): BankClient {
  return new BankClient({
    transport,
    dialect: pace25,
    addressing: { mode: 'master', address: 1 },
    timeoutMs: TIMEOUT_MS,
    spacingMs: 0,
    retries: 0,
    log: () => {},
    random: () => 0.5,
  });
}

/** Waits until the line is in a state. */
function reaches(client: BankClient, name: LinkState['name']): Promise<void> {
  return new Promise((resolve) => {
    const stop = client.onState((state) => {
      if (state.name !== name) return;
      stop();
      resolve();
    });
    if (client.state.name === name) {
      stop();
      resolve();
    }
  });
}

const cyclesOf = (bank: Awaited<ReturnType<BankClient['read']>>) =>
  [...bank.packs.values()].map(({ reading }) => (reading as { cycles: number }).cycles);

describe('a server that closes every connection', () => {
  before(() => {
    const { setTimeout: real } = globalThis;
    const shortened = (call: () => void, ms?: number) => real(call, PAUSES.has(ms ?? 0) ? 1 : ms);
    mock.method(globalThis, 'setTimeout', shortened as typeof setTimeout);
  });
  after(() => mock.restoreAll());

  it('1,000 times, and is left by every fifth: no socket and no timer stays, every reply is exact', LIMIT, async () => {
    const banks = await Promise.all(Array.from({ length: LINES }, () => listenFaulty({ timeoutMs: TIMEOUT_MS })));
    after(() => Promise.all(banks.map((bank) => bank.close())));
    const before = resources();
    await Promise.all(banks.map(reconnect));
    while (banks.some(({ proxy, battery }) => proxy.open + battery.open > 0)) await turn();
    assertNoMore(before);
    for (const { proxy } of banks) {
      assert.deepEqual(proxy.overlaps, []);
      assert.ok(proxy.connections >= RECONNECTS_A_LINE);
      assert.equal(proxy.passed.length, RECONNECTS_A_LINE);
    }
  });
});

/** The connection of a reply is closed by the server, within the reply or after it, or by the client. */
const endOf = (number: number) => (number % 5 === 0 ? null : number % 3 === 0 ? 'closedMidFrame' : 'closedAfter');

async function reconnect({ proxy }: FaultyBank): Promise<void> {
  proxy.plan = endOf;
  const client = clientOn(tcpTransport({ host: '127.0.0.1', port: proxy.port }));
  after(() => client.stop(true));
  client.start();
  for (let number = 1; number <= RECONNECTS_A_LINE; number++) {
    await reaches(client, 'open');
    const read = client.read('analog', { priority: 'input' });
    const end = endOf(number);
    if (end === 'closedMidFrame') await assert.rejects(read, { code: 'NOT_CONNECTED' });
    else assert.deepEqual(cyclesOf(await read), [100 + number, 200 + number, 300 + number]);
    if (end) await reaches(client, 'backoff');
    else await client.stop(false);
    client.start();
  }
  await client.stop(true);
}

describe('a serial port', { skip: ptyMissing }, () => {
  it(`opened ${SERIAL_REOPENINGS} times: no port and no timer is left`, LIMIT, async () => {
    const battery = await NumberedBattery.listen();
    const proxy = new FaultProxy(battery, { timeoutMs: TIMEOUT_MS });
    const cable = await layPtyCable(join(tmpdir(), `pace-reopened-${process.pid}`));
    proxy.join(cable.bms);
    const client = clientOn(serialTransport({ path: cable.path, baudRate: 9600, owner: 'the shed' }));
    after(async () => {
      await client.stop(true);
      await cable.close();
      await battery.close();
    });
    const cycle = async (number: number) => {
      client.start();
      await reaches(client, 'open');
      const bank = await client.read('analog', { priority: 'input' });
      assert.deepEqual(cyclesOf(bank), [100 + number, 200 + number, 300 + number]);
      await client.stop(false);
    };
    await cycle(1); // loads the native binding
    const before = resources();
    for (let number = 2; number <= SERIAL_REOPENINGS; number++) await cycle(number);
    assertNoMore(before);
    assert.deepEqual(proxy.overlaps, []);
  });
});
