import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ReadKind } from '../../src/dialects/dialect.js';
import { judge, newReader, type Truth, truths } from '../dialects/damaged-replies.js';

const found = (kind: ReadKind, id: string): Truth => {
  const truth = truths(kind).find((other) => other.id === id);
  return truth ?? assert.fail(id);
};

describe('what real batteries say', () => {
  for (const kind of ['analog', 'alarms'] as const) {
    for (const truth of truths(kind)) {
      it(`${truth.id} is believed at once, and again`, () => {
        const reader = newReader();
        assert.equal(judge(reader, truth, [truth.info]).is, 'accepted');
        assert.equal(judge(reader, truth, [truth.info], 5000).is, 'accepted');
      });
    }
  }

  /** Replies of one pack some minutes or hours apart. */
  const SUCCESSIONS = [
    ['wild-025', 'wild-027'],
    ['wild-029', 'wild-030'],
    ['wild-031', 'wild-033'],
    ['wild-034', 'wild-035', 'wild-036', 'wild-037'],
  ];
  for (const ids of SUCCESSIONS) {
    it(`${ids.join(', ')} are believed one after the other`, () => {
      const reader = newReader();
      for (const [i, id] of ids.entries()) {
        const truth = found('analog', id);
        assert.equal(judge(reader, truth, [truth.info], i * 60_001).is, 'accepted', id);
      }
    });
  }
});

describe('a 44 reply that lost packs’ bytes and reads as unlike packs', () => {
  /** Their INFO cut at these lengths, in bytes, is a whole reply by itself (`prefixes.test.ts`). */
  const AMBIGUOUS: readonly [id: string, bytes: number][] = [
    ['wild-061', 60],
    ['wild-062', 75],
  ];
  for (const [id, bytes] of AMBIGUOUS) {
    const truth = found('alarms', id);
    const cut = truth.info.slice(0, bytes * 2);

    it(`${id} cut to ${bytes} bytes is doubted after measurements of the same packs`, () => {
      const reader = newReader();
      const analog = found('analog', 'wild-060');
      assert.equal(judge(reader, analog, [analog.info]).is, 'accepted');
      assert.equal(judge(reader, truth, [cut], 1000).is, 'doubted');
      assert.equal(judge(reader, truth, [truth.info], 2000).is, 'accepted');
    });

    it(`${id} cut to ${bytes} bytes is doubted after a whole one`, () => {
      const reader = newReader();
      assert.equal(judge(reader, truth, [truth.info]).is, 'accepted');
      assert.equal(judge(reader, truth, [cut], 1000).is, 'doubted');
    });
  }
});
