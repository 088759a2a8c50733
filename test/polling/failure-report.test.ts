import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PaceError, type PaceErrorCode } from '../../src/errors.js';
import { type Concern, FailureReport } from '../../src/polling/failure-report.js';

const bank = (code: PaceErrorCode = 'TIMEOUT') => new PaceError(code, 'no answer');
const packs = (...numbers: number[]) => new PaceError('TIMEOUT', 'no answer', { packs: numbers });

/** Polls one after the other: how each ended, who answered, whether it is told, and what is told to be well again. */
const CASES: Record<string, [error: PaceError | null, answered: number[], told: boolean, recovered?: Concern[]][]> = {
  'all is well': [
    [null, [1, 2], false],
    [null, [1, 2], false],
  ],
  'a bank that goes on failing, then recovers': [
    [bank(), [], true],
    [bank(), [], false],
    [bank('CHECKSUM'), [], false],
    [null, [1], false, ['bank']],
    [null, [1], false],
    [bank(), [], true],
  ],
  'a pack that goes on failing, then recovers': [
    [packs(2), [1], true],
    [packs(2), [1], false],
    [null, [1, 2], false, [2]],
    [packs(2), [1], true],
  ],
  'another pack fails too': [
    [packs(2), [1], true],
    [packs(2, 3), [1], true],
    [packs(2, 3), [1], false],
  ],
  'one of two recovers': [
    [packs(2, 3), [1], true],
    [packs(3), [1, 2], false, [2]],
    [null, [1, 2, 3], false, [3]],
  ],
  'one recovers as another fails': [
    [packs(2), [1, 3], true],
    [packs(3), [1, 2], true, [2]],
  ],
  'a pack that is expected no more, but has not answered, has not recovered': [
    [packs(2), [1], true],
    [null, [1], false],
    [packs(2), [1], false],
    [null, [1, 2], false, [2]],
  ],
  'a bank without an error, but without an answer, has not recovered': [
    [bank(), [], true],
    [null, [], false],
    [bank(), [], false],
  ],
  'the bank falls silent, and of the pack nothing is known': [
    [packs(2), [1], true],
    [bank(), [], true],
    [packs(2), [1], false, ['bank']],
    [null, [1, 2], false, [2]],
  ],
  'all recovers at once': [
    [packs(2), [1], true],
    [bank(), [], true],
    [null, [1, 2], false, [2, 'bank']],
  ],
};

describe('FailureReport', () => {
  for (const [what, polls] of Object.entries(CASES)) {
    it(what, () => {
      const report = new FailureReport();
      polls.forEach(([error, answered, told, recovered = []], i) => {
        assert.deepEqual(report.update(error, answered), { failed: told ? error : null, recovered }, `poll ${i + 1}`);
      });
    });
  }
});
