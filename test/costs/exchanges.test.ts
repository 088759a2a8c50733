import assert from 'node:assert/strict';
import { afterEach, describe, it, mock } from 'node:test';
import { bench, type QueryDefinition } from '../nodes/kit/flow.js';
import { alarmReply, analogReply, request } from '../nodes/kit/replies.js';

const { run } = bench();
// The one that runs: another version has functions of its own.
const { util } = require(process.env.NODE_RED ?? 'node-red');
afterEach(() => mock.restoreAll());

const PACKS = 4;
const packs = <Pack extends object>(pack: Pack) => Array.from({ length: PACKS }, () => pack);
const answer = (text: string) => (text.slice(7, 9) === '42' ? analogReply(packs({})) : alarmReply(packs({ fault: 1 })));

const FOUR: QueryDefinition[] = [
  { id: 'analog', output: 'bank' },
  { id: 'values', output: 'value', padPacks: 2, padCells: 2 },
  { id: 'warning', query: 'warning', output: 'bank' },
  { id: 'status', query: 'status', output: 'bank' },
];
const ROUNDS = 5;

describe('what a cycle costs the line', () => {
  it('two exchanges and 40 bytes for four queries, again and again', async () => {
    const { flow, server } = await run(answer, { timeout: 8000 }, ...FOUR);
    for (let round = 1; round <= ROUNDS; round++) {
      for (const { id } of FOUR) flow.input(id as string);
      await flow.completed.has(round * FOUR.length);
      const asked = server.requests.splice(0);
      assert.deepEqual(asked.sort(), [request(0x42, 1, 0xff), request(0x44, 1, 0xff)]);
      assert.equal(asked.join('').length, 40);
    }
    assert.deepEqual(flow.errors.messages, []);
    assert.equal(server.connections, 1);
  });
});

describe('what a poll costs Node-RED', () => {
  const shapes: [output: string, query: 'analog' | 'warning', messages: number, events: number][] = [
    ['pack', 'analog', PACKS, 0],
    ['bank', 'analog', 1, 0],
    ['value', 'analog', 1 + PACKS * 31, 0],
    ['pack', 'warning', PACKS, PACKS],
  ];
  for (const [output, query, messages, events] of shapes) {
    it(`no copy of a message: ${query}, ${output} shape`, async () => {
      const copies = mock.method(util, 'cloneMessage');
      const { flow } = await run(answer, { timeout: 8000 }, { query, output, interval: 3600 });
      await flow.out(query).has(messages);
      await flow.events(query).has(events);
      assert.deepEqual([flow.out(query).messages.length, flow.events(query).messages.length], [messages, events]);
      assert.equal(copies.mock.callCount(), 0);
      assert.equal(new Set(flow.out(query).messages.map(({ _msgid }) => _msgid)).size, 1, 'one id for one reading');
    });
  }
});
