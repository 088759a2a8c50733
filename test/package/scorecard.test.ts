import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RULES } from './scorecard.js';

describe('the scorecard of the Flow Library', () => {
  for (const { id, wants, judged, problems } of RULES) {
    it(`${id} ${wants}${judged === 'reported' ? ' (only reported)' : ''}`, (context) => {
      if (judged === 'fails') assert.deepEqual(problems(), []);
      else for (const problem of problems()) context.diagnostic(`${id} not met: ${problem}`);
    });
  }
});
