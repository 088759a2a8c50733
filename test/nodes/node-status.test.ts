import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { statusesOf, statusOf } from '../support/node-red.js';
import { bench } from './kit/flow.js';
import { type AlarmPack, type AnalogPack, alarmReply, analogReply, EMPTY_SLOT, refusal } from './kit/replies.js';

const { run } = bench();

const QUICK = { interval: 0.05, staleAfter: 0.3 };

/** Every status so far is one that fits the editor. */
function assertShort(id: string): void {
  for (const { text } of statusesOf(id)) assert.ok(text.length <= 32, text);
}

describe("a node's status", () => {
  it('the link until it is open', async () => {
    await run(() => analogReply([{}]), {}, {});
    const [first] = statusesOf('analog');
    assert.deepEqual([first?.fill, first?.shape], ['yellow', 'ring']);
  });

  const glances: [what: string, packs: AnalogPack[], text: string][] = [
    ['discharging', [{ current: -1230, remaining: 8110, voltage: 52_980 }], '81 % · 52.98 V · −12.3 A'],
    ['charging', [{ current: 560, remaining: 10_000, voltage: 53_100 }], '100 % · 53.10 V · 5.6 A'],
    ['at rest', [{ current: -1, remaining: 0, voltage: 52_800 }], '0 % · 52.80 V · 0.0 A'],
    ['a bank', [{ current: 100 }, { current: 200, remaining: 10_000 }], '75 % · 52.80 V · 3.0 A'],
    ['a great bank', Array(15).fill({ current: -30_000, remaining: 10_000 }), '100 % · 52.80 V · −4500.0 A'],
  ];
  for (const [what, packs, text] of glances) {
    it(`the last reading: ${what}`, async () => {
      const { flow } = await run(() => analogReply(packs), {}, {});
      await flow.ask('analog');
      await statusOf('analog', ({ fill }) => fill === 'green');
      assert.deepEqual(statusesOf('analog').at(-1), { fill: 'green', shape: 'dot', text });
    });
  }

  const words: [query: 'warning' | 'status', packs: AlarmPack[]][] = [
    ['warning', [{}]],
    ['warning', [{ fault: 4 }]],
    ['warning', [{ protection1: 0x20 }]],
    ['warning', [{ fault: 0xff, warning1: 0xff }, { fault: 1 }]],
    ['status', [{ system: 0x26 }]],
    ['status', [{ system: 0x08 }]],
    ['status', [{ system: 0x0e }, { system: 0x26, balance1: 0xff }]],
  ];
  for (const [query, packs] of words) {
    it(`${query}: words for ${JSON.stringify(packs)}`, async () => {
      const { flow } = await run(() => alarmReply(packs), {}, { query });
      await flow.ask(query);
      const { text } = await statusOf(query, ({ fill, shape }) => fill === 'green' && shape === 'dot');
      assert.ok(text.length > 3);
      assertShort(query);
    });
  }

  it('a pack without an answer, then back', async () => {
    const bank = { silent: true };
    const answer = (text: string) => {
      const address = Number.parseInt(text.slice(3, 5), 16);
      return address === 2 && bank.silent ? null : analogReply([{}], { address, packField: address });
    };
    const { flow } = await run(answer, { addressing: 'addressed', addresses: '1-3' }, { padPacks: 2 });
    await flow.ask('analog');
    assert.deepEqual(statusesOf('analog').at(-1), { fill: 'yellow', shape: 'ring', text: 'pack_02 no answer' });
    bank.silent = false;
    await flow.ask('analog');
    assert.equal(statusesOf('analog').at(-1)?.fill, 'green');
  });

  it('many packs without an answer', async () => {
    const answer = (text: string) => {
      const address = Number.parseInt(text.slice(3, 5), 16);
      return address > 1 ? refusal(0x91, address) : analogReply([{}], { address, packField: address });
    };
    const { flow } = await run(answer, { addressing: 'relay', addresses: '1-15' }, { padPacks: 3 });
    await flow.ask('analog');
    assert.equal(statusesOf('analog').at(-1)?.fill, 'yellow');
    assertShort('analog');
  });

  for (const [what, reply] of [
    ['silence', null],
    ['a refusal', refusal(4)],
    ['empty slots', analogReply([EMPTY_SLOT])],
    ['another shape', alarmReply([{}])],
  ] as const) {
    it(`an error, then nothing for long: ${what}`, async () => {
      const { flow } = await run(() => reply, { timeout: 30 }, { ...QUICK, interval: 0.2, staleAfter: 1.2 });
      await flow.errors.has(1);
      const shown = await statusOf('analog', ({ fill }) => fill === 'red');
      assert.equal(shown.shape, 'ring');
      const stale = await statusOf('analog', ({ fill }) => fill === 'grey');
      assert.equal(stale.shape, 'ring');
      assert.match(stale.text, /^no answer for \d+ s$/);
      assertShort('analog');
    });
  }

  it('stale, then back', async () => {
    const bank = { silent: false };
    const { flow } = await run(() => (bank.silent ? null : analogReply([{}])), {}, QUICK);
    await flow.out('analog').has(1);
    bank.silent = true;
    await statusOf('analog', ({ fill }) => fill === 'grey');
    bank.silent = false;
    const gone = await flow.out('analog').find(({ payload }) => !payload.online);
    const { messages } = flow.out('analog');
    await flow.out('analog').find((message) => messages.indexOf(message) > messages.indexOf(gone));
    assert.equal(statusesOf('analog').at(-1)?.fill, 'green');
  });
});
