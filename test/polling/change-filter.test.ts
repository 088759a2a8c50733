import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import type { OutgoingMessage } from '../../src/messages/outgoing.js';
import { ChangeFilter } from '../../src/polling/change-filter.js';

const TEN_MINUTES = 600_000;
/** From one poll to the next, ms. */
const EVERY = 5000;

let changes: ChangeFilter;
beforeEach(() => {
  mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  changes = new ChangeFilter(EVERY, () => Date.now());
});
afterEach(() => mock.timers.reset());

const message = (payload: unknown, topic = 'pace/pack_1/analog', pack = 1): OutgoingMessage => {
  return { topic, payload, pack };
};

describe('ChangeFilter', () => {
  const cases: [what: string, before: unknown, after: unknown, news: boolean][] = [
    ['the same number', 1, 1, false],
    ['another number', 1, 2, true],
    ['0 and null', 0, null, true],
    ['the same text', 'online', 'online', false],
    ['an equal object', { soc: 1, cells: [1, 2] }, { soc: 1, cells: [1, 2] }, false],
    ['another object', { soc: 1, cells: [1, 2] }, { soc: 1, cells: [1, 3] }, true],
    ['only lastSeen', { soc: 1, lastSeen: 1 }, { soc: 1, lastSeen: 2 }, false],
    ['lastSeen of a bank’s packs', { packs: { a: { lastSeen: 1 } } }, { packs: { a: { lastSeen: 2 } } }, false],
    ['a member more', { soc: 1 }, { soc: 1, soh: 1 }, true],
    ['a pack less', { packs: { a: {}, b: {} } }, { packs: { a: {} } }, true],
  ];
  for (const [what, before, after, news] of cases) {
    it(`${what}: ${news ? 'news' : 'none'}`, () => {
      changes.note(message(before));
      assert.equal(changes.isNews(message(after)), news);
    });
  }

  it('everything is news on a topic of which nothing was sent', () => {
    assert.equal(changes.isNews(message(1)), true);
    changes.note(message(1));
    assert.equal(changes.isNews(message(1, 'pace/pack_2/analog', 2)), true);
  });

  it('what was left out, or asked about, does not count as sent', () => {
    changes.note(message(1));
    assert.equal(changes.isNews(message(2)), true);
    assert.equal(changes.isNews(message(2)), true);
    assert.equal(changes.isNews(message(1)), false);
  });

  it('the same is news when by the next poll it would be older than ten minutes', () => {
    changes.note(message(1));
    for (let k = 0; k < 3; k++) {
      mock.timers.tick(TEN_MINUTES - EVERY);
      assert.equal(changes.isNews(message(1)), false);
      mock.timers.tick(1);
      assert.equal(changes.isNews(message(1)), true);
      changes.note(message(1));
    }
  });

  for (const [minutes, silences] of [
    [1, [10]],
    [3, [9]],
    [5, [10]],
    [7, [7]],
    [10, [10]],
    [60, [60]],
  ] as const) {
    it(`polls every ${minutes} minutes: the same is sent again after ${silences} minutes`, () => {
      const filter = new ChangeFilter(minutes * 60_000, () => Date.now());
      const sentAt: number[] = [];
      for (let poll = 0; poll < 40; poll++) {
        if (filter.isNews(message(1))) {
          filter.note(message(1));
          sentAt.push(Date.now());
        }
        mock.timers.tick(minutes * 60_000);
      }
      const gaps = sentAt.slice(1).map((at, i) => (at - (sentAt[i] as number)) / 60_000);
      assert.deepEqual([...new Set(gaps)], silences);
    });
  }

  it('each topic has its own ten minutes', () => {
    changes.note(message(1));
    mock.timers.tick(TEN_MINUTES / 2);
    changes.note(message(1, 'other'));
    mock.timers.tick(TEN_MINUTES / 2);
    assert.deepEqual([changes.isNews(message(1)), changes.isNews(message(1, 'other'))], [true, false]);
  });

  it('forgets a pack on all its topics, and no other', () => {
    const topics: [topic: string, pack: number][] = [
      ['pace/pack_1/soc', 1],
      ['pace/pack_1/soh', 1],
      ['pace/pack_10/soc', 10],
    ];
    const bank = { topic: 'pace/bank/analog', payload: 1 };
    for (const [topic, pack] of topics) changes.note(message(1, topic, pack));
    changes.note(bank);
    changes.forgetPack(1);
    assert.deepEqual(
      topics.map(([topic, pack]) => changes.isNews(message(1, topic, pack))),
      [true, true, false],
    );
    assert.equal(changes.isNews(bank), false);
  });

  it('forgets all', () => {
    changes.note(message(1));
    changes.clear();
    assert.equal(changes.isNews(message(1)), true);
  });
});
