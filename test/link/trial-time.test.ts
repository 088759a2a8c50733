import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { pace25 } from '../../src/dialects/pace25/index.js';
import type { Addressing, BankOptions } from '../../src/link/bank-reading.js';
import { lookAt, tryBank } from '../../src/link/trial.js';
import { refusal } from '../nodes/kit/replies.js';
import { emptyPack, failure, openClient, partsOf, within } from './bank-bench.js';
import { analogReply, Bench, type FarEnd, packOf } from './bench.js';

const NEVER = new AbortController().signal;
const MASTER: Addressing = { mode: 'master', address: 1 };
const LIMIT_FOR_ONE_MS = 15_000;
const LIMIT_FOR_SEVERAL_MS = 60_000;

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});
afterEach(() => bench.close());

const upTo = (last: number) => Array.from({ length: last }, (_, i) => i + 1);
const packs = (last: number): Addressing => ({ mode: 'addressed', packs: upTo(last) });
/** Packs at these addresses, that do not tell who they are. */
const packsAt =
  (...addresses: number[]): FarEnd =>
  (request, say) => {
    const { address, command } = partsOf(request);
    if (addresses.includes(address)) say(command === '42' ? analogReply(address) : refusal(4));
  };

/** A trial of what is on the bench, with the defaults of a connection. */
function look(addressing: Addressing, farEnd: FarEnd, options: Partial<BankOptions> = {}) {
  bench.farEnd = farEnd;
  return tryBank({ ...bench.options(), dialect: pace25, addressing, ...options }, NEVER);
}

const askedToRead = () =>
  bench.asked
    .map(({ text }) => partsOf(text))
    .filter(({ command }) => command === '42')
    .map(({ address }) => address);

describe('the time of a trial of several addresses', () => {
  it('is enough for a bank whose packs are at the last of them', async () => {
    const found = await within(LIMIT_FOR_SEVERAL_MS, look(packs(15), packsAt(14, 15)));
    assert.deepEqual(
      found.packs.map(({ pack }) => pack),
      [14, 15],
    );
    assert.deepEqual(found.missing, upTo(13));
    assert.deepEqual(found.unreached, []);
  });

  it('is not taken up by a long timeout', async () => {
    const trial = look(packs(15), packsAt(14, 15), { timeoutMs: 60_000 });
    const { packs: found, unreached } = await within(LIMIT_FOR_SEVERAL_MS, trial);
    assert.deepEqual([found.length, unreached], [2, []]);
  });

  it('does not call those missing that it did not last for', async () => {
    const { missing, unreached } = await within(70_000, look(packs(60), packsAt(3)));
    assert.deepEqual(
      [3, ...missing, ...unreached].sort((a, b) => a - b),
      upTo(60),
    );
    const asked = askedToRead();
    assert.deepEqual(
      missing.filter((address) => !asked.includes(address)),
      [],
    );
    const neverAsked = upTo(60).filter((address) => !asked.includes(address));
    assert.ok(neverAsked.length > 0);
    assert.deepEqual(
      neverAsked.filter((address) => !unreached.includes(address)),
      [],
    );
  });

  it('over with nothing found: says which were not asked', async () => {
    const error = await failure(
      70_000,
      look(packs(42), () => {}),
    );
    assert.deepEqual([error.code, error.likelyCause], ['TIMEOUT', 'unreached']);
    assert.match(error.message, /^time ran out before addresses [\d, ]+, 42 were asked: try fewer$/);
  });

  it('over with empty places alone: says which were not asked', async () => {
    const trial = look(packs(60), (request, say) => {
      const { address } = partsOf(request);
      if (address === 1) say(analogReply(address, emptyPack));
    });
    const error = await failure(70_000, trial);
    assert.deepEqual([error.code, error.likelyCause], ['TIMEOUT', 'unreached']);
  });

  it('over after something telling was heard: says that', async () => {
    const trial = look(packs(60), (request, say) => say(request));
    assert.equal((await failure(70_000, trial)).likelyCause, 'echo');
  });

  it('is not spent on how many packs there are, which none of them knows', async () => {
    const found = await within(10_000, look(packs(2), packsAt(1, 2)));
    assert.equal(found.identity.packCount, null);
    assert.ok(!bench.asked.some(({ text }) => partsOf(text).command === '90'));
  });
});

describe('the time of a trial of one address', () => {
  it('is enough to name what is there in place of a reply, whatever the timeout', async () => {
    const noise: FarEnd = (_request, say) => {
      for (let afterMs = 0; afterMs < LIMIT_FOR_ONE_MS; afterMs += 5) say('$GPGGA\r\n', afterMs);
    };
    const error = await failure(16_000, look(MASTER, noise, { timeoutMs: 60_000 }));
    assert.deepEqual([error.code, error.likelyCause], ['TIMEOUT', 'noise']);
  });

  const over: [what: string, farEnd: FarEnd, cause: string, says: RegExp, timeoutMs: number][] = [
    ['silence', () => {}, 'silent', /^no answer within 15 s/, 6000],
    ['no end of the first try', () => {}, 'other', /^the reading came to no end within 15 s/, 20_000],
    [
      'broken frames',
      (_request, say) => {
        for (let afterMs = 0; afterMs < LIMIT_FOR_ONE_MS; afterMs += 300) say('~12\r', afterMs);
      },
      'damaged',
      /^only damaged frames within 15 s/,
      20_000,
    ],
  ];
  for (const [what, farEnd, cause, says, timeoutMs] of over) {
    it(`over with ${what}: says no more than was heard`, async () => {
      const client = await openClient(bench, MASTER, { timeoutMs, retries: 5 });
      bench.farEnd = farEnd;
      const error = await failure(16_000, lookAt(client, NEVER));
      assert.deepEqual([error.code, error.likelyCause], ['TIMEOUT', cause]);
      assert.match(error.message, says);
    });
  }

  it('over: says nothing of what was heard before', async () => {
    bench.farEnd = (_request, say) => say('~12\r');
    const client = await openClient(bench, MASTER, { timeoutMs: 20_000, retries: 0 });
    await failure(3000, client.read('analog', { priority: 'input' }));
    bench.farEnd = () => {};
    assert.equal((await failure(16_000, lookAt(client, NEVER))).likelyCause, 'other');
  });
});

describe('a trial through a relay', () => {
  it('tells how many packs the master knows', async () => {
    const relay: Addressing = { mode: 'relay', address: 1, packs: [1, 2] };
    const trial = look(relay, (request, say) => {
      const { command, info } = partsOf(request);
      if (command === '42') say(analogReply(1, packOf(3300), info));
    });
    const { packs: found, unreached } = await within(20_000, trial);
    assert.deepEqual([found.length, unreached], [2, []]);
    assert.ok(bench.asked.some(({ text }) => partsOf(text).command === '90'));
  });
});
