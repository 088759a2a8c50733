import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { NOTHING_TOLD } from '../../src/battery/identity.js';
import { pace25 } from '../../src/dialects/pace25/index.js';
import { PaceError } from '../../src/errors.js';
import type { BankOptions } from '../../src/link/bank-reading.js';
import { tcpTransport } from '../../src/link/transports/tcp.js';
import { tryBank } from '../../src/link/trial.js';
import { ANSWERS, commandsOf, TOLD } from '../nodes/kit/info.js';
import { analogReply, EMPTY_SLOT } from '../nodes/kit/replies.js';
import { allLeft } from '../support/clients.js';
import { type Answer, byCommand, ReplayServer } from '../support/replay-bms.js';
import { answering } from './bench.js';
import { SlowTransport } from './slow-transport.js';

const NEVER = new AbortController().signal;
const servers: ReplayServer[] = [];
afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())));

const MASTER: BankOptions['addressing'] = { mode: 'master', address: 1 };
const OPTIONS = { dialect: pace25, addressing: MASTER, timeoutMs: 60, spacingMs: 0, retries: 5 };

/** A bank that answers so, and a trial of it. */
async function bank(answer: Answer, options: Partial<BankOptions> = {}) {
  const server = await ReplayServer.listen(answer);
  servers.push(server);
  const transport = tcpTransport({ host: '127.0.0.1', port: server.port });
  return { server, look: (signal = NEVER) => tryBank({ ...OPTIONS, transport, ...options }, signal) };
}

const addressOf = (request: string) => Number.parseInt(request.slice(3, 5), 16);
/** Packs at these addresses, that tell nothing but their readings. */
const packsAt =
  (...addresses: number[]): Answer =>
  (request) => {
    const address = addressOf(request);
    const isThere = addresses.includes(address) && request.slice(7, 9) === '42';
    return isThere ? analogReply([{}], { address, packField: address }) : null;
  };

describe('a trial', () => {
  it('reads once, asks who the BMS is, and closes', async () => {
    const { server, look } = await bank(
      byCommand({ ...ANSWERS, 42: analogReply([{}, { current: -1200 }, EMPTY_SLOT]) }),
    );
    const found = await look();
    assert.deepEqual(commandsOf(server.requests), ['42', 'C1', 'C2', '90']);
    assert.deepEqual(
      found.packs.map(({ pack, reading }) => [pack, reading.currentMilliamps]),
      [
        [1, 0],
        [2, -12_000],
      ],
    );
    const { softwareVersion, bmsSerial, packSerial, packCount } = found.identity;
    assert.deepEqual(
      { softwareVersion, bmsSerial, packSerial, packCount },
      {
        softwareVersion: TOLD.softwareVersion,
        bmsSerial: TOLD.bmsSerial,
        packSerial: TOLD.packSerial,
        packCount: TOLD.packCount,
      },
    );
    assert.deepEqual([found.missing, found.unreached], [[], []]);
    assert.ok(Number.isInteger(found.roundTripMs));
    await allLeft(server);
    assert.equal(server.connections, 1);
  });

  it('finds a bank that does not tell who it is', async () => {
    const { look } = await bank(byCommand({ 42: analogReply([{}]) }));
    const found = await look();
    assert.equal(found.packs.length, 1);
    assert.deepEqual(found.identity, NOTHING_TOLD);
  });

  it('finds a bank that answers one question of three', async () => {
    const { look } = await bank(byCommand({ 42: analogReply([{}]), C2: ANSWERS.C2 as string }));
    const { identity } = await look();
    assert.equal(identity.softwareVersion, null);
    assert.equal(identity.bmsSerial, TOLD.bmsSerial);
  });

  it('asks a silent BMS twice at most, and nothing else', async () => {
    const { server, look } = await bank(() => null);
    await assert.rejects(look(), { code: 'TIMEOUT', likelyCause: 'silent' });
    assert.deepEqual(commandsOf(server.requests), ['42', '42']);
    await allLeft(server);
  });

  it('of several addresses asks each once, and names those without a reading', async () => {
    const { server, look } = await bank(packsAt(3, 5), { addressing: { mode: 'addressed', packs: [2, 3, 4, 5] } });
    const found = await look();
    assert.deepEqual(
      found.packs.map(({ pack }) => pack),
      [3, 5],
    );
    assert.deepEqual(found.missing, [2, 4]);
    const read = server.requests.filter((request) => request.slice(7, 9) === '42').map(addressOf);
    assert.deepEqual(read.sort(), [2, 3, 4, 5]);
    const identified = server.requests.filter((request) => request.slice(7, 9) !== '42').map(addressOf);
    assert.deepEqual(new Set(identified), new Set([3]));
  });

  it('calls an empty place missing', async () => {
    const empty = analogReply([EMPTY_SLOT], { address: 2, packField: 2 });
    const { look } = await bank((request, count) => (addressOf(request) === 2 ? empty : packsAt(1)(request, count)), {
      addressing: { mode: 'addressed', packs: [1, 2] },
    });
    const { missing, unreached } = await look();
    assert.deepEqual([missing, unreached], [[2], []]);
  });

  it('ended early, gives its reason and closes', async () => {
    const { server, look } = await bank(() => null, { timeoutMs: 60_000 });
    const trial = new AbortController();
    const looking = look(trial.signal);
    await server.asked(1);
    trial.abort(new PaceError('CLOSED', 'nobody waits'));
    await assert.rejects(looking, { code: 'CLOSED', likelyCause: 'closed', message: 'nobody waits' });
    await allLeft(server);
  });

  it('ended between its questions, asks no more', async () => {
    const trial = new AbortController();
    const { server, look } = await bank((request) => {
      if (request.slice(7, 9) === '42') return analogReply([{}]);
      trial.abort(new PaceError('CLOSED', 'nobody waits'));
      return null;
    });
    await assert.rejects(look(trial.signal), { code: 'CLOSED' });
    assert.deepEqual(commandsOf(server.requests), ['42', 'C1']);
  });

  it('ended before the way is open, gives the way back when it opens', async () => {
    const transport = new SlowTransport(answering);
    const trial = new AbortController();
    const looking = tryBank({ ...OPTIONS, transport }, trial.signal);
    trial.abort();
    await new Promise((resolve) => setImmediate(resolve));
    const [opening] = transport.openings;
    assert.equal(opening?.signal.aborted, true);
    opening?.succeed();
    await assert.rejects(looking, { code: 'CLOSED' });
    assert.equal(transport.inUse, 0);
  });
});
