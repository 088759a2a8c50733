import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import { Schedule } from '../../src/polling/schedule.js';

beforeEach(() => mock.timers.enable({ apis: ['setTimeout', 'Date'] }));
afterEach(() => mock.timers.reset());

/** A schedule with the times at which it has ticked; `onTick` may take time of its own. */
function scheduled(intervalMs: number, onTick: () => void = () => {}, now: () => number = Date.now) {
  const ticks: number[] = [];
  const tick = () => {
    ticks.push(Date.now());
    onTick();
  };
  return { ticks, schedule: new Schedule(intervalMs, tick, now) };
}

function pass(ms: number): void {
  for (let passed = 0; passed < ms; passed++) mock.timers.tick(1);
}

describe('Schedule', () => {
  for (const intervalMs of [50, 250, 5000]) {
    it(`every ${intervalMs} ms: ticks at the start and at each multiple`, () => {
      const { ticks, schedule } = scheduled(intervalMs);
      schedule.start();
      pass(intervalMs * 4);
      assert.deepEqual(
        ticks,
        [0, 1, 2, 3, 4].map((k) => k * intervalMs),
      );
    });
  }

  it('does not drift where ticks take time', () => {
    const { ticks, schedule } = scheduled(100, () => mock.timers.setTime(Date.now() + 30));
    schedule.start();
    while (Date.now() < 1000) mock.timers.tick(1);
    assert.deepEqual(ticks, [0, 100, 200, 300, 400, 500, 600, 700, 800, 900, 1000].slice(0, ticks.length));
    assert.ok(ticks.length >= 10);
  });

  it('leaves out what fell due while the process was held up', () => {
    const { ticks, schedule } = scheduled(100);
    schedule.start();
    mock.timers.tick(350);
    pass(150);
    assert.deepEqual(ticks, [0, 350, 400, 500]);
  });

  it('ticks once where the timer fires a little early, as timers of whole milliseconds do', () => {
    let offset = 0.9; // the clock is finer than the timers: started at 0.9, it is 0.2 past when they fire
    const { ticks, schedule } = scheduled(
      100,
      () => {},
      () => Date.now() + offset,
    );
    schedule.start();
    offset = 0.2;
    pass(450);
    assert.equal(ticks.length, 5, ticks.join(' '));
  });

  it('of interval 0 never ticks', () => {
    const { ticks, schedule } = scheduled(0);
    schedule.start();
    pass(1000);
    assert.deepEqual(ticks, []);
  });

  it('stops, and starts anew from its new start', () => {
    const { ticks, schedule } = scheduled(100);
    schedule.start();
    pass(150);
    schedule.stop();
    pass(500);
    schedule.start();
    pass(100);
    assert.deepEqual(ticks, [0, 100, 650, 750]);
  });
});
