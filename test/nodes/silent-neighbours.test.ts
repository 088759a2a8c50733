import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bench } from './kit/flow.js';
import { analogReply } from './kit/replies.js';

const { run } = bench();

/** Answers for every pack but `silent`; in relay mode the reply is the master's. */
const allBut =
  (...silent: number[]) =>
  (request: string) => {
    const pack = Number.parseInt(request.slice(13, 15), 16);
    return silent.includes(pack) ? null : analogReply([{}], { address: pack, packField: pack });
  };

describe('a silent pack among others that are asked often', () => {
  for (const addressing of ['addressed', 'relay']) {
    for (const output of ['pack', 'bank']) {
      it(`${addressing}, ${output} shape: the others are never called offline`, async () => {
        const connection = { addressing, addresses: '1-3', timeout: 120, spacing: 30, retries: 0 };
        const { flow } = await run(allBut(2), connection, { interval: 0.45, staleAfter: 1.35, output });
        const messages = await flow.out('analog').has(12);
        const told = messages.flatMap(({ payload }) => (output === 'pack' ? [payload] : Object.values(payload.packs)));
        assert.deepEqual(
          told.filter(({ online }) => !online).map(({ pack }) => pack),
          [],
        );
        assert.deepEqual(new Set(told.map(({ pack }) => pack)), new Set([1, 3]));
      });
    }
  }

  it('many dead addresses: the pack that lives is sent within its time', async () => {
    const connection = { addressing: 'addressed', addresses: '1-6', timeout: 50, spacing: 0, retries: 2 };
    const { flow } = await run(allBut(2, 3, 4, 5, 6), connection, { interval: 0.2, staleAfter: 3 });
    const messages = await flow.out('analog').has(6);
    assert.deepEqual(
      messages.map(({ payload }) => [payload.pack, payload.online]),
      Array(6).fill([1, true]),
    );
  });
});
