import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import { callAfter } from '../../src/polling/long-timeout.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

beforeEach(() => mock.timers.enable({ apis: ['setTimeout', 'Date'] }));
afterEach(() => mock.timers.reset());

const pass = (ms: number) => {
  for (let passed = 0; passed < ms; passed += HOUR) mock.timers.tick(HOUR);
};

describe('callAfter', () => {
  for (const days of [1, 24, 25, 100]) {
    it(`calls after ${days} days, once`, () => {
      let calls = 0;
      callAfter(days * DAY, () => calls++);
      pass((days - 1) * DAY);
      assert.equal(calls, 0);
      pass(2 * DAY);
      assert.equal(calls, 1);
      pass(60 * DAY);
      assert.equal(calls, 1);
    });
  }

  it('can be ended at any time', () => {
    let calls = 0;
    const ends = [1, 25, 60].map((days) => callAfter(days * DAY, () => calls++));
    mock.timers.tick(HOUR);
    ends[0]?.();
    pass(50 * DAY);
    for (const end of ends.slice(1)) end();
    pass(50 * DAY);
    assert.equal(calls, 1);
  });
});
