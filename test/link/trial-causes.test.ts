import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { pace25 } from '../../src/dialects/pace25/index.js';
import { LIKELY_CAUSES, type LikelyCause, PaceError } from '../../src/errors.js';
import type { Addressing } from '../../src/link/bank-reading.js';
import { connectError } from '../../src/link/connect-errors.js';
import type { Transport } from '../../src/link/transport.js';
import { duplexTransport } from '../../src/link/transports/duplex.js';
import { serialTransport } from '../../src/link/transports/serial.js';
import { tcpTransport } from '../../src/link/transports/tcp.js';
import { tryBank } from '../../src/link/trial.js';
import { analogReply, EMPTY_SLOT, frame, refusal, request } from '../nodes/kit/replies.js';
import { type Answer, ReplayServer } from '../support/replay-bms.js';

const NEVER = new AbortController().signal;
const MASTER: Addressing = { mode: 'master', address: 1 };

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pace-trial-'));
  writeFileSync(join(folder, 'file'), '');
});
after(() => rm(folder, { recursive: true }));

/** What a trial of `transport` fails with. */
async function failureOf(transport: Transport, addressing = MASTER): Promise<PaceError> {
  const timing = { timeoutMs: 60, spacingMs: 0, retries: 1 };
  const trial = tryBank({ transport, addressing, dialect: pace25, ...timing }, NEVER);
  const [outcome] = await Promise.allSettled([trial]);
  assert.ok(outcome?.status === 'rejected' && outcome.reason instanceof PaceError, 'nothing is wrong');
  return outcome.reason;
}

const serial = (path: string) => serialTransport({ path, baudRate: 9600, owner: 'the shed' });
const tcp = (host: string, port: number) => tcpTransport({ host, port });
const refusedBySystem = (words: string) =>
  duplexTransport({
    name: 'the way',
    open() {
      throw connectError('the way', new Error(words));
    },
  });

/** A port where nobody listens. */
async function unusedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** What a trial of a line fails with on which a request is answered so. */
async function failureWhere(answer: Answer, addressing = MASTER): Promise<PaceError> {
  const server = await ReplayServer.listen(answer);
  try {
    return await failureOf(tcp('127.0.0.1', server.port), addressing);
  } finally {
    await server.close();
  }
}

async function failureWhereDropped(): Promise<PaceError> {
  const server = createServer((socket) => socket.end()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const failure = await failureOf(tcp('127.0.0.1', (server.address() as AddressInfo).port));
  server.close();
  return failure;
}

async function failureWhereLate(): Promise<PaceError> {
  const server = createServer((socket) => {
    socket.on('data', () => setTimeout(() => socket.destroyed || socket.write(analogReply([{}])), 200));
    socket.on('error', () => {});
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const failure = await failureOf(tcp('127.0.0.1', (server.address() as AddressInfo).port));
  server.close();
  return failure;
}

async function failureWhereHeld(): Promise<PaceError> {
  const held = serial(join(folder, 'file')).open(NEVER);
  const failure = await failureOf(serial(join(folder, 'file')));
  await assert.rejects(held);
  return failure;
}

const damaged = (reply: string) => `${reply.slice(0, 40)}${reply[40] === '0' ? '1' : '0'}${reply.slice(41)}`;
const swapped: Answer = (asked) => {
  const other = Number.parseInt(asked.slice(3, 5), 16) === 1 ? 2 : 1;
  return analogReply([{}], { address: other, packField: other });
};

const cases: { what: string; cause: LikelyCause; code: string; failure: () => Promise<PaceError>; skip?: boolean }[] = [
  {
    what: 'a path that does not exist',
    cause: 'portMissing',
    code: 'NOT_CONNECTED',
    failure: () => failureOf(serial(join(folder, 'none'))),
  },
  { what: 'a port that is held', cause: 'portBusy', code: 'NOT_CONNECTED', failure: failureWhereHeld },
  {
    what: 'a port without permission',
    cause: 'portForbidden',
    code: 'NOT_CONNECTED',
    failure: () => failureOf(refusedBySystem('Error: Permission denied, cannot open /dev/ttyUSB0')),
  },
  {
    what: 'a file',
    cause: 'notSerialPort',
    code: 'NOT_CONNECTED',
    failure: () => failureOf(serial(join(folder, 'file'))),
    skip: process.platform === 'win32',
  },
  {
    what: 'a host name that nobody has',
    cause: 'hostNotFound',
    code: 'NOT_CONNECTED',
    failure: () => failureOf(tcp('no such host', 5000)),
  },
  {
    what: 'an address without a way to it',
    cause: 'hostUnreachable',
    code: 'NOT_CONNECTED',
    failure: () => failureOf(tcp('127.255.255.255', 5000)),
    skip: process.platform !== 'linux',
  },
  {
    what: 'a host that does not answer',
    cause: 'hostUnreachable',
    code: 'NOT_CONNECTED',
    failure: () => failureOf(refusedBySystem('connect ETIMEDOUT')),
  },
  {
    what: 'a port where nobody listens',
    cause: 'connectionRefused',
    code: 'NOT_CONNECTED',
    failure: async () => failureOf(tcp('127.0.0.1', await unusedPort())),
  },
  { what: 'a server that hangs up', cause: 'lost', code: 'NOT_CONNECTED', failure: failureWhereDropped },
  { what: 'nothing heard', cause: 'silent', code: 'TIMEOUT', failure: () => failureWhere(() => null) },
  { what: 'replies after the timeout', cause: 'late', code: 'TIMEOUT', failure: failureWhereLate },
  { what: 'bytes without a frame', cause: 'noise', code: 'TIMEOUT', failure: () => failureWhere(() => '\0\0\0\0') },
  { what: 'the request itself', cause: 'echo', code: 'TIMEOUT', failure: () => failureWhere((asked) => asked) },
  {
    what: 'a request of another',
    cause: 'otherMaster',
    code: 'TIMEOUT',
    failure: () => failureWhere(() => request(0x44, 2, 2)),
  },
  {
    what: 'a reply that nobody asked for',
    cause: 'otherMaster',
    code: 'TIMEOUT',
    failure: () => failureWhere(() => analogReply([{}], { rtn: 0x42 })),
  },
  {
    what: 'a changed digit',
    cause: 'damaged',
    code: 'CHECKSUM',
    failure: () => failureWhere(() => damaged(analogReply([{}]))),
  },
  {
    what: 'half a reply',
    cause: 'damaged',
    code: 'TIMEOUT',
    failure: () => failureWhere(() => analogReply([{}]).slice(0, 60)),
  },
  {
    what: 'a reply of protocol 2.0',
    cause: 'otherProtocol',
    code: 'UNSUPPORTED',
    failure: () => failureWhere(() => analogReply([{}], { version: 0x20 })),
  },
  { what: 'a return code', cause: 'refused', code: 'REFUSED', failure: () => failureWhere(() => refusal(4)) },
  { what: 'too short a reply', cause: 'shape', code: 'SHAPE', failure: () => failureWhere(() => frame([0, 1, 16])) },
  {
    what: 'packs at each other’s addresses',
    cause: 'otherPack',
    code: 'SHAPE',
    failure: () => failureWhere(swapped, { mode: 'addressed', packs: [1, 2] }),
  },
  {
    what: 'empty slots alone',
    cause: 'noPack',
    code: 'NO_PACK',
    failure: () => failureWhere(() => analogReply([EMPTY_SLOT, EMPTY_SLOT])),
  },
  {
    what: 'what nobody has seen yet',
    cause: 'other',
    code: 'NOT_CONNECTED',
    failure: () => failureOf(refusedBySystem('something new')),
  },
];

describe('the likely cause of a trial in vain', () => {
  for (const { what, cause, code, failure, skip = false } of cases) {
    it(`${what}: ${cause}`, { skip }, async () => {
      const error = await failure();
      assert.deepEqual([error.likelyCause, error.code], [cause, code], error.message);
    });
  }

  it('is made to happen here for all that a line has at once', () => {
    const happened = new Set(cases.map(({ cause }) => cause));
    assert.deepEqual(
      LIKELY_CAUSES.filter((cause) => !happened.has(cause)),
      ['unreached', 'setting', 'variable', 'closed'],
    );
  });
});
