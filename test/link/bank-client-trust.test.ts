import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { encodeReply } from '../../src/dialects/pace25/encode.js';
import type { BankClient } from '../../src/link/bank-client.js';
import {
  alarmBankReply,
  alarmsOf,
  analogBankReply,
  emptyPack,
  failure,
  openClient,
  partsOf,
  within,
} from './bank-bench.js';
import { Bench, packOf, pass, watch } from './bench.js';

let bench: Bench;
let client: BankClient;
beforeEach(async () => {
  bench = new Bench();
  client = await openClient(bench, { mode: 'master', address: 1 });
});
afterEach(() => bench.close());

const INPUT = { priority: 'input' } as const;
const INTERVAL = { priority: 'interval' } as const;

/** Gives these replies, one a request; the last again and again. */
function replies(...texts: string[]): void {
  const start = bench.asked.length;
  bench.farEnd = (_request, say, count) => say(texts[Math.min(count - start, texts.length) - 1] ?? '');
}

/** A pack whose voltage is off from its cells’ sum by so many percent. */
const off = (percent: number, cells = 3300) =>
  packOf(cells, { packMillivolts: Math.round(cells * 4 * (1 + percent / 100)) });
const voltages = async (ms = 2000) => {
  const bank = await within(ms, client.read('analog', INPUT));
  return [...bank.packs.values()].map(({ reading }) => reading?.packMillivolts);
};

describe('cells that do not add up to the pack’s voltage', () => {
  it('by up to 1 % are believed at once', async () => {
    replies(analogBankReply([off(0.9)]));
    await voltages();
    assert.equal(bench.asked.length, 1);
  });

  it('are asked again, and a good second reply counts', async () => {
    replies(analogBankReply([off(3)]), analogBankReply([packOf(3310)]));
    assert.deepEqual(await voltages(), [13_240]);
    assert.equal(bench.asked.length, 2);
  });

  it('that say the same twice are the battery, and from then on believed', async () => {
    replies(analogBankReply([off(3), packOf(3300)]));
    assert.deepEqual(await voltages(), [13_596, 13_200]);
    assert.equal(bench.asked.length, 2);
    assert.deepEqual(await voltages(), [13_596, 13_200]);
    assert.equal(bench.asked.length, 3);
  });

  it('that say something else each time are SHAPE, never published', async () => {
    let percent = 5;
    bench.farEnd = (_request, say) => {
      percent += 5;
      say(analogBankReply([off(percent)]));
    };
    const error = await failure(20_000, client.read('analog', INPUT));
    assert.equal(error.code, 'SHAPE');
    assert.match(error.message, /cells of pack 1 do not add up/);
  });

  it('of a pack that agreed meanwhile are doubted again', async () => {
    replies(...[off(3), off(3), packOf(3300), packOf(3300), off(3)].map((pack) => analogBankReply([pack])));
    await voltages();
    assert.deepEqual(await voltages(), [13_200]);
    assert.equal(bench.asked.length, 4);
    await voltages();
    assert.equal(bench.asked.length, 6);
  });

  it('asking again goes before what waits', async () => {
    replies(analogBankReply([off(3)]), analogBankReply([packOf(3300)]), alarmBankReply([alarmsOf()]));
    watch(client.read('analog', INPUT));
    watch(client.read('alarms', INPUT));
    await pass(1000, 5);
    assert.deepEqual(
      bench.asked.map(({ text }) => partsOf(text).command),
      ['42', '42', '44'],
    );
  });
});

/** 44 of two packs of 8 cells, whose tail of 16 and 0 may begin a second pack of 16 cells. */
const eightCells = alarmsOf({ cellStates: Array(8).fill('normal'), temperatureStates: Array(4).fill('normal') });
/** Two packs whose 44 reply reads with tails of 0 and of 2, neither with equal counts. */
const TIED = encodeReply(
  1,
  Buffer.from('00020100000000000000000000000000000600020000000000000000000000000000000000', 'hex'),
);

describe('the tail', () => {
  it('last seen decides between two readings, else there is none', async () => {
    replies(TIED.toString('latin1'));
    assert.equal((await failure(5000, client.read('alarms', INPUT))).code, 'SHAPE');
    replies(alarmBankReply([eightCells], Uint8Array.of(0, 0)));
    await within(5000, client.read('alarms', INPUT));
    replies(TIED.toString('latin1'));
    const bank = await within(5000, client.read('alarms', INPUT));
    assert.equal(bank.packs.size, 2);
  });

  it('that a reader sets is that reader’s alone', async () => {
    replies(analogBankReply([packOf(3300), packOf(3310)], Uint8Array.of(1, 2)));
    const right = watch(client.read('analog', { ...INPUT, forcedTailBytes: 2 }));
    const wrong = watch(client.read('analog', { ...INPUT, forcedTailBytes: 10 }));
    const found = watch(client.read('analog', INPUT));
    await pass(1000, 5);
    assert.equal(bench.asked.length, 1);
    assert.equal(right.value?.packs.get(2)?.reading?.packMillivolts, 13_240);
    assert.equal(found.value?.packs.get(2)?.reading?.packMillivolts, 13_240);
    assert.equal(wrong.error?.code, 'SHAPE');
    assert.match(wrong.error?.message ?? '', /pack offset 20 does not fit.*set 4/);
  });
});

describe('empty slots', () => {
  it('of the last 42 are empty in 44 too, whatever their record says', async () => {
    replies(alarmBankReply([alarmsOf(), alarmsOf()]));
    const emptyIn44 = async () => {
      const bank = await within(1000, client.read('alarms', INPUT));
      return [...bank.packs].filter(([, { reading }]) => reading === null).map(([pack]) => pack);
    };
    assert.deepEqual(await emptyIn44(), []);
    replies(analogBankReply([packOf(3300), emptyPack]));
    await voltages();
    replies(alarmBankReply([alarmsOf(), alarmsOf()]));
    assert.deepEqual(await emptyIn44(), [2]);
    replies(analogBankReply([packOf(3300), packOf(3300)]));
    await voltages();
    replies(alarmBankReply([alarmsOf(), alarmsOf()]));
    assert.deepEqual(await emptyIn44(), []);
  });

  it('of 44 are those of nothing but counts', async () => {
    replies(alarmBankReply([alarmsOf(), alarmsOf({ system: [] })]));
    const bank = await within(1000, client.read('alarms', INPUT));
    assert.equal(bank.packs.get(2)?.reading, null);
  });
});

describe('a reply that is young enough', () => {
  beforeEach(() => replies(analogBankReply([packOf(3300)])));
  const youngerThan = (maxAgeMs: number, after = Number.NEGATIVE_INFINITY) => {
    return { ...INTERVAL, recent: { maxAgeMs, after } };
  };

  it('serves an interval without a request, with the time at which it came', async () => {
    const first = await within(100, client.read('analog', INPUT));
    await pass(900, 10);
    const again = await client.read('analog', youngerThan(2500));
    assert.equal(bench.asked.length, 1);
    assert.equal(again.receivedAt, first.receivedAt);
    assert.equal(again.packs.get(1)?.ageMs, Date.now() - first.receivedAt);
  });

  it('serves none that is too old, of another kind, or of an input', async () => {
    await within(100, client.read('analog', INPUT));
    await pass(2500, 10);
    await within(500, client.read('analog', youngerThan(2500)));
    assert.equal(bench.asked.length, 2);
    await within(500, client.read('analog', INPUT));
    assert.equal(bench.asked.length, 3);
    watch(client.read('alarms', youngerThan(2500)));
    await pass(500, 10);
    assert.equal(bench.asked.length, 4);
  });

  for (const [ageMs, asked] of [
    [2500, 1],
    [2501, 2],
  ] as const) {
    it(`its age counts from the end of the reply: ${ageMs} of 2500 ms`, async () => {
      bench.farEnd = (_request, say) => say(analogBankReply([packOf(3300)]), 900);
      const { receivedAt } = await within(1000, client.read('analog', INPUT));
      await pass(receivedAt + ageMs - Date.now(), 10);
      watch(client.read('analog', youngerThan(2500)));
      await pass(100, 10);
      assert.equal(bench.asked.length, asked);
    });
  }

  it('serves no reader that has taken one since', async () => {
    const { receivedAt } = await within(100, client.read('analog', INPUT));
    await within(500, client.read('analog', youngerThan(2500, receivedAt - 1)));
    assert.equal(bench.asked.length, 1);
    await within(500, client.read('analog', youngerThan(2500, receivedAt)));
    assert.equal(bench.asked.length, 2);
  });
});

describe('another master on the line', () => {
  it('is told once, and waiting goes on', async () => {
    bench.farEnd = (_request, say) => {
      say('~250246900000FDA4\r', 5);
      say('~250B46900000FD94\r', 10);
      say(analogBankReply([packOf(3300)]), 30);
    };
    assert.deepEqual(await voltages(), [13_200]);
    assert.deepEqual(await voltages(), [13_200]);
    assert.equal(bench.log.filter((text) => /another master asks/.test(text)).length, 1);
  });
});
