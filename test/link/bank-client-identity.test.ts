import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { Addressing } from '../../src/link/bank-reading.js';
import { fieldCapture, frameOf, referenceVectors } from '../support/captures.js';
import { analogBankReply, failure, openClient, partsOf, within } from './bank-bench.js';
import { Bench, packOf, pass, watch } from './bench.js';
import { answerText, COMPLETE, NOTHING_TOLD, TOLD, telling } from './identity-bench.js';

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});
afterEach(() => bench.close());

const MASTER: Addressing = { mode: 'master', address: 1 };
const asked = () => bench.asked.map(({ text }) => `${partsOf(text).address} ${partsOf(text).command}`);
const refusing = { C1: 4, C2: 4, '90': 4, A6: 4, B1: 4 } as const;

describe('what a BMS tells about itself', () => {
  it('is asked at the address of the connection, without INFO, with commands that read', async () => {
    const client = await openClient(bench, { mode: 'master', address: 7 });
    bench.farEnd = telling(COMPLETE);
    const { identities, failures } = await within(2000, client.readIdentity('input'));
    assert.deepEqual([...identities], [[7, TOLD]]);
    assert.deepEqual(failures, []);
    assert.deepEqual(asked(), ['7 C1', '7 C2', '7 90', '7 A6', '7 B1']);
    for (const { text } of bench.asked) assert.match(text, /^~250746..0000[0-9A-F]{4}\r$/);
  });

  it('comes with when it was told first, and how long the exchanges took', async () => {
    const client = await openClient(bench, MASTER);
    bench.farEnd = telling(COMPLETE, () => 40);
    const { receivedAt, durationMs } = await within(2000, client.readIdentity('input'));
    assert.deepEqual({ receivedAt, durationMs }, { receivedAt: 50, durationMs: 5 * 40 });
  });

  it('is told by a master that relays for itself, once', async () => {
    const client = await openClient(bench, { mode: 'relay', address: 2, packs: [1, 2, 3] });
    bench.farEnd = telling(COMPLETE);
    const { identities } = await within(2000, client.readIdentity('interval'));
    assert.deepEqual([...identities], [[2, TOLD]]);
    assert.deepEqual(asked(), ['2 C1', '2 C2', '2 90', '2 A6', '2 B1']);
  });

  it('lets other reads come in between', async () => {
    const client = await openClient(bench, MASTER);
    const tell = telling(COMPLETE);
    bench.farEnd = (request, say, count) =>
      partsOf(request).command === '42' ? say(analogBankReply([packOf(3300)])) : tell(request, say, count);
    const identity = client.readIdentity('interval');
    const analog = client.read('analog', { priority: 'interval' });
    await within(2000, Promise.all([identity, analog]));
    assert.deepEqual(asked().slice(0, 3), ['1 C1', '1 42', '1 C2']);
  });

  it('is asked once for several who want it at once', async () => {
    const client = await openClient(bench, MASTER);
    bench.farEnd = telling(COMPLETE);
    const both = await within(2000, Promise.all([client.readIdentity('input'), client.readIdentity('interval')]));
    for (const { identities } of both) assert.deepEqual(identities.get(1), TOLD);
    assert.equal(bench.asked.length, 5);
  });
});

describe('captures of what real BMS tell', () => {
  const vector = (id: string) => {
    const text = referenceVectors.find((entry) => entry.id === id)?.response;
    if (!text) throw new Error(`no reply ${id}`);
    return text;
  };
  const captured = (id: string) => frameOf(fieldCapture(id));
  const cases: { what: string; frames: Record<string, string>; told: Partial<typeof TOLD> | object }[] = [
    {
      what: 'Gobel, seven packs, five of them known',
      frames: {
        C1: captured('wild-001'),
        C2: captured('wild-002'),
        '90': captured('wild-038'),
        A6: captured('wild-012'),
      },
      told: {
        softwareVersion: 'P16S200A-21606-1.01',
        bmsSerial: '705350371133334A',
        packSerial: 'GPSR7PC733YW79370036',
        packCount: 5,
        remainingMilliampHours: 89_990,
        fullMilliampHours: 100_000,
        designMilliampHours: 100_000,
      },
    },
    {
      what: 'Sunpro, which answers from address 0',
      frames: {
        C1: vector('version-sunpro'),
        C2: vector('serial-sunpro'),
        A6: vector('capacity'),
        B1: vector('clock-read'),
      },
      told: {
        softwareVersion: 'P16S100A-11570-2.00',
        bmsSerial: '34',
        packSerial: '6637305050334-743505',
        remainingMilliampHours: 62_040,
        fullMilliampHours: 103_460,
        designMilliampHours: 100_000,
        clock: '2024-08-21T05:29:31',
      },
    },
    {
      what: 'Jakiper, without a serial number of the pack',
      frames: { C1: vector('version-jakiper'), C2: vector('serial-jakiper'), '90': vector('pack-count-2') },
      told: { softwareVersion: 'P16S100A-1812-1.00', bmsSerial: '0907030493436D', packCount: 2 },
    },
    { what: 'one that only says that it is there', frames: { '90': vector('syn-90-short-ack') }, told: {} },
    {
      what: 'one with a date where its serial number should be',
      frames: { C2: captured('wild-021') },
      told: { bmsSerial: '0B123037023666D', packSerial: 'Mar 43 7377,09:09:05' },
    },
  ];
  for (const { what, frames, told } of cases) {
    it(`is told whole: ${what}`, async () => {
      const client = await openClient(bench, MASTER);
      bench.farEnd = (request, say) => say(frames[partsOf(request).command] ?? answerText(1, 4));
      const { identities } = await within(2500, client.readIdentity('input'));
      assert.deepEqual(identities.get(1), { ...NOTHING_TOLD, ...told });
    });
  }
});

describe('a BMS that says nothing', () => {
  it('is a failure, which names it and the line', async () => {
    const client = await openClient(bench, { mode: 'master', address: 3 });
    const error = await failure(20_000, client.readIdentity('input'));
    assert.equal(error.code, 'TIMEOUT');
    assert.match(error.message, /no answer from address 3 \(the bench\): check the cable/);
  });

  it('is asked everything again: it may have slept', async () => {
    const client = await openClient(bench, MASTER);
    await failure(20_000, client.readIdentity('input'));
    await failure(20_000, client.readIdentity('input'));
    bench.farEnd = telling(COMPLETE);
    const { identities } = await within(5000, client.readIdentity('input'));
    assert.deepEqual(identities.get(1), TOLD);
  });

  it('but no, to everything, tells nothing', async () => {
    const client = await openClient(bench, MASTER);
    bench.farEnd = telling(refusing);
    const { identities } = await within(2000, client.readIdentity('input'));
    assert.deepEqual([...identities], [[1, NOTHING_TOLD]]);
  });

  it('usable fails with what is wrong, even where it is silent too', async () => {
    const client = await openClient(bench, MASTER, { retries: 0 });
    bench.farEnd = (request, say) =>
      partsOf(request).command === 'C1' || say(`${answerText(1, COMPLETE.C1).slice(0, -3)}00\r`);
    const error = await failure(12_000, client.readIdentity('input'));
    assert.equal(error.code, 'CHECKSUM');
  });

  it('of the right length fails so', async () => {
    const client = await openClient(bench, MASTER, { retries: 0 });
    bench.farEnd = (_request, say) => say(answerText(1, Uint8Array.of(1, 2, 3)));
    const error = await failure(12_000, client.readIdentity('input'));
    assert.equal(error.code, 'SHAPE');
    assert.match(error.message, /its 3 bytes do not tell what was asked/);
  });

  it('since there is no line fails as other reads do', async () => {
    const client = await openClient(bench, MASTER);
    bench.openingErrors.push(new Error('gone'), new Error('gone'));
    bench.farEnd = telling({ C1: COMPLETE.C1 });
    const cutShort = watch(client.readIdentity('input'));
    await pass(500, 10);
    bench.port.destroy();
    await pass(10);
    assert.equal(cutShort.error?.code, 'NOT_CONNECTED');
    assert.equal((await failure(10, client.readIdentity('input'))).code, 'NOT_CONNECTED');
    await client.stop(true);
    assert.equal((await failure(10, client.readIdentity('input'))).code, 'CLOSED');
  });
});

describe('packs that answer at their own addresses', () => {
  const ADDRESSED: Addressing = { mode: 'addressed', packs: [4, 2, 3] };
  const versionOf = (address: number) => Buffer.from(`version ${address}`.padEnd(20), 'latin1');

  it('tell each about themselves; one that is dead is among the failures', async () => {
    const client = await openClient(bench, ADDRESSED);
    bench.farEnd = (request, say, count) => {
      const { address } = partsOf(request);
      if (address !== 2) telling({ ...COMPLETE, C1: versionOf(address) })(request, say, count);
    };
    const { identities, failures } = await within(25_000, client.readIdentity('input'));
    assert.deepEqual(
      [...identities],
      [
        [4, { ...TOLD, softwareVersion: 'version 4' }],
        [3, { ...TOLD, softwareVersion: 'version 3' }],
      ],
    );
    assert.deepEqual(
      failures.map(({ pack, error }) => [pack, error.code]),
      [[2, 'TIMEOUT']],
    );
  });

  it('are named where none answers', async () => {
    const client = await openClient(bench, { mode: 'addressed', packs: [1, 2] }, { retries: 0 });
    const error = await failure(40_000, client.readIdentity('input'));
    assert.equal(error.code, 'TIMEOUT');
    assert.deepEqual(error.packs, [1, 2]);
    assert.match(error.message, /pack 1: no answer from address 1 .*; pack 2: no answer from address 2 /);
  });

  it('fail as one where the line is lost', async () => {
    const client = await openClient(bench, { mode: 'addressed', packs: [1, 2] }, { retries: 0 });
    const read = watch(client.readIdentity('input'));
    while (!asked().includes('2 C1')) await pass(10, 10);
    bench.openingErrors.push(new Error('gone'));
    bench.port.destroy();
    await pass(10);
    assert.equal(read.error?.code, 'NOT_CONNECTED');
  });

  it('each with questions of its own that it does not know', async () => {
    const client = await openClient(bench, { mode: 'addressed', packs: [1, 2] });
    bench.farEnd = (request, say, count) =>
      telling(partsOf(request).address === 1 ? { ...COMPLETE, A6: 4 } : { ...COMPLETE, C2: 4 })(request, say, count);
    for (let reading = 0; reading < 3; reading++) await within(3000, client.readIdentity('input'));
    assert.deepEqual(asked().slice(20), ['1 C1', '1 C2', '1 90', '1 B1', '2 C1', '2 90', '2 A6', '2 B1']);
  });

  it('do not answer for each other', async () => {
    const client = await openClient(bench, { mode: 'addressed', packs: [1, 2] }, { retries: 0 });
    bench.farEnd = (_request, say) => say(answerText(2, COMPLETE.C1));
    const { identities, failures } = await within(15_000, client.readIdentity('input'));
    assert.deepEqual([...identities.keys()], [2]);
    assert.match(failures[0]?.error.message ?? '', /address 1 was asked, but address 2 answered/);
  });

  it('may call themselves by a number that no pack has', async () => {
    const client = await openClient(bench, { mode: 'addressed', packs: [1, 2] });
    bench.farEnd = (request, say) => say(answerText(0, COMPLETE[partsOf(request).command as keyof typeof COMPLETE]));
    const { identities } = await within(3000, client.readIdentity('input'));
    assert.deepEqual([...identities.values()], [TOLD, TOLD]);
  });
});
