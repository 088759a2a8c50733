import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { AnalogReading } from '../../src/battery/analog.js';
import type { BankClient } from '../../src/link/bank-client.js';
import { alarmBankReply, alarmsOf, analogBankReply, emptyPack, openClient, within } from './bank-bench.js';
import { analogReply, Bench, packOf, pass } from './bench.js';

let bench: Bench;
let client: BankClient;
beforeEach(async () => {
  bench = new Bench();
  client = await openClient(bench, { mode: 'master', address: 1 });
});
afterEach(() => bench.close());

const INPUT = { priority: 'input' } as const;

/** Gives these replies, one a request; the last again and again. */
function replies(...texts: string[]): void {
  const waiting = [...texts];
  bench.farEnd = (_request, say) => say((waiting.length > 1 ? waiting.shift() : waiting[0]) ?? '');
}

/** Reads the measurements. @returns of each pack `field`, and how often the bank was asked. */
async function read<Field extends keyof AnalogReading>(field: Field) {
  const before = bench.asked.length;
  const bank = await within(3000, client.read('analog', INPUT));
  const values = [...bank.packs.values()].map(({ reading }) => reading?.[field] ?? null);
  return { values, asked: bench.asked.length - before };
}

const bankOf = (...packs: ReturnType<typeof packOf>[]) => analogBankReply(packs);
const good = bankOf(packOf(3300), packOf(3310));
/** Of the second pack a cell is 256 mV more and another 256 mV less: neither checksum nor cell sum shows it. */
const damaged = bankOf(packOf(3300), packOf(3310, { cellMillivolts: [3566, 3054, 3310, 3310] }));
const truth = [Array(4).fill(3300), Array(4).fill(3310)];

describe('a reply that a checksum cannot tell from a good one', () => {
  it('is asked again and never published, when a good one came before', async () => {
    replies(good, damaged, good);
    await read('cellMillivolts');
    assert.deepEqual(await read('cellMillivolts'), { values: truth, asked: 2 });
    assert.ok(bench.log.some((text) => /a cell of pack 2 is far from the others: asked again/.test(text)));
  });

  it('is asked again as the first reply too, when it shows by itself', async () => {
    replies(damaged, good);
    assert.deepEqual(await read('cellMillivolts'), { values: truth, asked: 2 });
  });

  it('is found out by the next when it was the first and did not show', async () => {
    replies(bankOf(packOf(3300, { cycles: 0x700 })), bankOf(packOf(3300)));
    assert.deepEqual(await read('cycles'), { values: [0x700], asked: 1 });
    assert.deepEqual(await read('cycles'), { values: [7], asked: 2 });
    assert.deepEqual(await read('cycles'), { values: [7], asked: 1 });
  });

  it('does not harm a pack that is sound in another reply', async () => {
    const first = bankOf(packOf(3300, { cycles: 0x700 }), packOf(3310));
    const second = bankOf(packOf(3300), packOf(3310, { cycles: 0x700 }));
    replies(good, first, second, good);
    await read('cycles');
    assert.deepEqual(await read('cycles'), { values: [7, 7], asked: 3 });
  });

  it('is still found out after the connection was lost', async () => {
    replies(good, damaged, good);
    await read('cellMillivolts');
    bench.port.destroy();
    await pass(2000, 10);
    assert.deepEqual(await read('cellMillivolts'), { values: truth, asked: 2 });
  });
});

describe('a battery that is hard to believe', () => {
  const odd: [what: string, pack: ReturnType<typeof packOf>][] = [
    ['with a dead cell', packOf(3300, { cellMillivolts: [3300, 3300, 3300, 120], packMillivolts: 10_020 })],
    ['with a broken sensor', packOf(3300, { temperatureTenths: [210, -2730] })],
    ['with more charge left than it holds', packOf(3300, { remainingMilliampHours: 130_000 })],
    ['with cells that do not add up', packOf(3300, { packMillivolts: 13_600 })],
    ['with cells that do not add up and are far apart', packOf(3300, { cellMillivolts: [2900, 3300, 3300, 3300] })],
  ];
  for (const [what, pack] of odd) {
    it(`${what} is asked again once, then never`, async () => {
      replies(bankOf(pack));
      const values = [pack.packMillivolts];
      assert.deepEqual(await read('packMillivolts'), { values, asked: 2 });
      for (let poll = 0; poll < 3; poll++) assert.deepEqual(await read('packMillivolts'), { values, asked: 1 });
    });
  }

  it('whose values jump for good is published after one more request', async () => {
    const replaced = packOf(3250, { designMilliampHours: 280_000, fullMilliampHours: 280_000, cycles: 400 });
    replies(bankOf(packOf(3300)), bankOf(replaced));
    await read('cycles');
    assert.deepEqual(await read('cycles'), { values: [400], asked: 2 });
    assert.deepEqual(await read('cycles'), { values: [400], asked: 1 });
  });

  it('whose values jump at every reply is published all the same', async () => {
    let cycles = 0;
    bench.farEnd = (_request, say) => {
      cycles += 100;
      say(bankOf(packOf(3300, { cycles })));
    };
    assert.deepEqual(await read('cycles'), { values: [100], asked: 1 });
    assert.deepEqual(await read('cycles'), { values: [400], asked: 3 });
    assert.deepEqual(await read('cycles'), { values: [700], asked: 3 });
  });

  it('whose values jumped while nobody asked is believed at once', async () => {
    replies(bankOf(packOf(3300)), bankOf(packOf(3100, { temperatureTenths: [100, 90], remainingMilliampHours: 9000 })));
    await read('cellMillivolts');
    await pass(61_000, 1000);
    assert.equal((await read('cellMillivolts')).asked, 1);
  });
});

describe('packs that come and go', () => {
  it('one that is an empty slot all at once is asked again, once', async () => {
    replies(good, bankOf(packOf(3300), emptyPack));
    await read('cycles');
    assert.deepEqual(await read('cycles'), { values: [7, null], asked: 2 });
    assert.deepEqual(await read('cycles'), { values: [7, null], asked: 1 });
  });

  it('one that is an empty slot in one reply only is never shown as gone', async () => {
    replies(good, bankOf(packOf(3300), emptyPack), good);
    await read('cycles');
    assert.deepEqual(await read('cycles'), { values: [7, 7], asked: 2 });
  });

  it('one that is an empty slot in one reply and damaged in the next is shown as neither', async () => {
    replies(good, bankOf(packOf(3300), emptyPack), bankOf(packOf(3300), packOf(3310, { cycles: 0x700 })), good);
    await read('cycles');
    assert.deepEqual(await read('cycles'), { values: [7, 7], asked: 3 });
  });

  it('one that comes into an empty slot is believed at once', async () => {
    replies(bankOf(packOf(3300), emptyPack), good);
    await read('cycles');
    assert.deepEqual(await read('cycles'), { values: [7, 7], asked: 1 });
  });

  it('a bank of another size is asked again, once', async () => {
    replies(good, bankOf(packOf(3300)));
    await read('cycles');
    assert.deepEqual(await read('cycles'), { values: [7], asked: 2 });
    assert.ok(bench.log.some((text) => /another number of packs than before \(1, not 2\): asked again/.test(text)));
    assert.deepEqual(await read('cycles'), { values: [7], asked: 1 });
  });

  it('packs at their own addresses are each measured by themselves', async () => {
    client = await openClient(bench, { mode: 'addressed', packs: [1, 2] });
    bench.farEnd = (request, say) => {
      const address = Number.parseInt(request.slice(3, 5), 16);
      say(analogReply(address, packOf(3200 + address * 50, { cycles: address * 300 })));
    };
    assert.deepEqual(await read('cycles'), { values: [300, 600], asked: 2 });
    assert.deepEqual(await read('cycles'), { values: [300, 600], asked: 2 });
  });
});

describe('alarms', () => {
  const calm = alarmBankReply([alarmsOf()]);
  async function readAlarms() {
    const before = bench.asked.length;
    const bank = await within(3000, client.read('alarms', INPUT));
    const warnings = [...bank.packs.values()].map(({ reading }) => reading?.warning);
    return { warnings, asked: bench.asked.length - before };
  }

  it('come at once, however much changed', async () => {
    const alarmed = alarmsOf({
      cellStates: ['high', 'low', 'other', 'unknown-80'],
      protection1: ['shortCircuitProtection'],
      fault: ['cellFault'],
      system: [],
      balancingCells: [4],
    });
    replies(calm, alarmBankReply([alarmed]), calm);
    await readAlarms();
    const { warnings, asked } = await readAlarms();
    assert.equal(asked, 1);
    assert.deepEqual(warnings[0]?.cellStates, alarmed.cellStates);
    assert.equal((await readAlarms()).asked, 1);
  });

  it('of another number of cells than before are asked again, and believed when said twice', async () => {
    const other = alarmBankReply([alarmsOf({ cellStates: ['normal', 'high', 'normal'] })]);
    replies(calm, other, calm, other);
    await readAlarms();
    assert.equal((await readAlarms()).warnings[0]?.cellStates.length, 4);
    const { warnings, asked } = await readAlarms();
    assert.equal(warnings[0]?.cellStates.length, 3);
    assert.equal(asked, 2);
    assert.equal((await readAlarms()).asked, 1);
  });

  it('are measured by what the measurements showed, where none came before', async () => {
    replies(bankOf(packOf(3300)), alarmBankReply([alarmsOf({ cellStates: ['normal'] })]), calm);
    await read('cycles');
    const { warnings, asked } = await readAlarms();
    assert.equal(warnings[0]?.cellStates.length, 4);
    assert.equal(asked, 2);
  });

  it('of another number of packs than measured are asked again', async () => {
    replies(bankOf(packOf(3300)), alarmBankReply([alarmsOf(), alarmsOf()]), calm);
    await read('cycles');
    const { warnings, asked } = await readAlarms();
    assert.deepEqual([warnings.length, asked], [1, 2]);
  });

  it('in a state that no document names are asked again once, and shown when said twice', async () => {
    replies(calm, alarmBankReply([alarmsOf({ packVoltageState: 'unknown-05' })]));
    await readAlarms();
    const { warnings, asked } = await readAlarms();
    assert.deepEqual([warnings[0]?.packVoltageState, asked], ['unknown-05', 2]);
    assert.equal((await readAlarms()).asked, 1);
  });
});
