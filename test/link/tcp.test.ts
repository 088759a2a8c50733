import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { after, afterEach, beforeEach, describe, it } from 'node:test';
import { pace25 } from '../../src/dialects/pace25/index.js';
import { BankClient } from '../../src/link/bank-client.js';
import type { LinkState } from '../../src/link/connector.js';
import { tcpTransport } from '../../src/link/transports/tcp.js';
import { byCommand, ReplayServer } from '../support/replay-bms.js';
import { analogBankReply } from './bank-bench.js';
import { packOf } from './bench.js';

const NEVER = new AbortController().signal;

let server: Server;
let sockets: Socket[];
beforeEach(async () => {
  sockets = [];
  server = createServer((socket) => {
    sockets.push(socket);
    server.emit('client', socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  const closed = once(server, 'close');
  server.close();
  await closed;
});
const port = () => (server.address() as AddressInfo).port;
const transport = () => tcpTransport({ host: '127.0.0.1', port: port() });

/** Waits until a client’s line is in this state. */
async function reaches(client: BankClient, name: LinkState['name']): Promise<void> {
  while (client.state.name !== name) {
    await new Promise<void>((resolve) => {
      const end = client.onState(() => {
        end();
        resolve();
      });
    });
  }
}

describe('tcpTransport', () => {
  it('carries bytes both ways', async () => {
    const accepted = once(server, 'client') as Promise<[Socket]>;
    const { stream, close } = await transport().open(NEVER);
    const [socket] = await accepted;
    stream.write('ask');
    assert.equal(String((await once(socket, 'data'))[0]), 'ask');
    socket.write('answer');
    assert.equal(String((await once(stream, 'data'))[0]), 'answer');
    await close();
  });

  it('names host and port, an IPv6 address in brackets', () => {
    assert.equal(tcpTransport({ host: 'bms.local', port: 5000 }).name, 'bms.local:5000');
    assert.equal(tcpTransport({ host: 'fe80::1', port: 5000 }).name, '[fe80::1]:5000');
  });

  it('a port where nobody listens is refused, with what to do', async () => {
    const free = createServer().listen(0, '127.0.0.1');
    await once(free, 'listening');
    const { port: unused } = free.address() as AddressInfo;
    free.close();
    await once(free, 'close');
    await assert.rejects(tcpTransport({ host: '127.0.0.1', port: unused }).open(NEVER), {
      code: 'NOT_CONNECTED',
      badge: 'connection refused',
      message: new RegExp(`^127\\.0\\.0\\.1:${unused}: the host refuses the connection`),
    });
  });

  it('gives up opening on its signal, before and while', async () => {
    await assert.rejects(transport().open(AbortSignal.abort()), { code: 'NOT_CONNECTED' });
    const giveUp = new AbortController();
    const opening = transport().open(giveUp.signal);
    giveUp.abort();
    await assert.rejects(opening, { code: 'NOT_CONNECTED' });
  });

  it('closes when the other side does', async () => {
    const accepted = once(server, 'client') as Promise<[Socket]>;
    const { stream, close } = await transport().open(NEVER);
    const closed = once(stream, 'close');
    (await accepted)[0].end();
    stream.resume();
    await closed;
    await close();
  });

  it('close() resolves when the socket is gone, as often as it is called', async () => {
    const { stream, close } = await transport().open(NEVER);
    await Promise.all([close(), close()]);
    assert.equal(stream.closed, true);
    await close();
  });
});

describe('a client on a real socket', () => {
  const clients: BankClient[] = [];
  after(() => Promise.all(clients.map((client) => client.stop(true))));
  const clientOf = (tcpPort: number) => {
    const client = new BankClient({
      transport: tcpTransport({ host: '127.0.0.1', port: tcpPort }),
      dialect: pace25,
      addressing: { mode: 'master', address: 1 },
      timeoutMs: 1000,
      spacingMs: 0,
      retries: 0,
      log: () => {},
    });
    clients.push(client);
    return client;
  };

  it('reads a bank that comes in single bytes, and again after the server dropped it', async () => {
    const bms = await ReplayServer.listen(byCommand({ '42': analogBankReply([packOf(3300)]) }), { pieceBytes: 1 });
    const client = clientOf(bms.port);
    client.start();
    const read = async () => {
      const { packs } = await client.read('analog', { priority: 'input' });
      return packs.get(1)?.reading?.packMillivolts;
    };
    assert.equal(await read(), 13_200);
    bms.dropClients();
    await reaches(client, 'backoff');
    await assert.rejects(read(), { code: 'NOT_CONNECTED' });
    await reaches(client, 'open');
    assert.equal(await read(), 13_200);
    assert.equal(bms.connections, 2);
    await client.stop(true);
    await bms.close();
  });

  it('stops while it is connecting', async () => {
    const client = clientOf(port());
    client.start();
    await client.stop(true);
    assert.equal(client.state.name, 'closed');
    await assert.rejects(client.read('analog', { priority: 'input' }), { code: 'CLOSED' });
  });
});
