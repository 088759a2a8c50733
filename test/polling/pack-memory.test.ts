import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import { PackMemory } from '../../src/polling/pack-memory.js';

const STALE_AFTER = 10_000;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

beforeEach(() => mock.timers.enable({ apis: ['setTimeout', 'Date'] }));
afterEach(() => mock.timers.reset());

/** A memory of packs, with those that went stale and when. */
function remembering(staleAfterMs: number | null = STALE_AFTER) {
  const gone: [pack: number, lastSeen: number, at: number][] = [];
  const onStale = (pack: number, lastSeen: number) => gone.push([pack, lastSeen, Date.now()]);
  const memory = new PackMemory<string>(staleAfterMs, onStale, () => Date.now());
  const read = (pack: number, reading: string | null = 'a', ageMs = 0, receivedAt = Date.now() - ageMs) =>
    memory.update(pack, { reading, receivedAt, ageMs });
  return { memory, gone, read };
}

/** Moves the time on in small steps, so that timers see when they fire. */
function pass(ms: number, stepMs = 100): void {
  for (let passed = 0; passed < ms; passed += stepMs) mock.timers.tick(stepMs);
}

describe('PackMemory', () => {
  it('a pack counts until it is stale, which is told once', () => {
    const { memory, gone, read } = remembering();
    read(1);
    pass(STALE_AFTER - 100);
    assert.deepEqual(memory.online, [1]);
    assert.deepEqual(gone, []);
    pass(100);
    assert.deepEqual(memory.online, []);
    pass(STALE_AFTER * 3);
    assert.deepEqual(gone, [[1, 0, STALE_AFTER]]);
    assert.deepEqual(memory.known, [1]);
  });

  it('each reading gives it new time, and brings it back', () => {
    const { memory, gone, read } = remembering();
    read(1);
    pass(6000);
    read(1);
    pass(6000);
    assert.deepEqual(gone, []);
    pass(4000);
    assert.deepEqual(gone, [[1, 6000, 16_000]]);
    read(1);
    assert.deepEqual(memory.online, [1]);
    pass(STALE_AFTER);
    assert.equal(gone.length, 2);
  });

  it('each pack has its own time', () => {
    const { memory, gone, read } = remembering();
    read(1);
    pass(3000);
    read(2);
    pass(8000);
    assert.deepEqual(memory.online, [2]);
    pass(2000);
    assert.deepEqual(
      gone.map(([pack, , at]) => [pack, at]),
      [
        [1, 10_000],
        [2, 13_000],
      ],
    );
  });

  it('an older reply goes stale by its own age', () => {
    const { gone, read } = remembering();
    pass(5000);
    read(1, 'a', 4000);
    pass(STALE_AFTER);
    assert.deepEqual(gone, [[1, 1000, 11_000]]);
  });

  it('an older reply may be the first to go stale, though others came before it', () => {
    const { gone, read } = remembering();
    read(1);
    pass(1000);
    read(2, 'a', 4000);
    pass(STALE_AFTER - 4000);
    assert.deepEqual(gone, [[2, -3000, STALE_AFTER - 3000]]);
    pass(3000);
    assert.deepEqual(gone.slice(1), [[1, 0, STALE_AFTER]]);
  });

  it('tells nothing more once it is closed, though that happens while it tells', () => {
    const gone: number[] = [];
    const memory = new PackMemory<string>(
      STALE_AFTER,
      (pack) => {
        gone.push(pack);
        memory.close();
      },
      () => Date.now(),
    );
    for (const pack of [1, 2]) memory.update(pack, { reading: 'a', receivedAt: 0, ageMs: 0 });
    memory.update(3, { reading: 'a', receivedAt: 0, ageMs: -5000 });
    pass(STALE_AFTER * 3);
    assert.deepEqual(gone, [1]);
  });

  for (const receivedAt of [-1_000_000, 1_000_000]) {
    it(`the clock was set by ${receivedAt} ms meanwhile: that changes nothing`, () => {
      const { memory, gone, read } = remembering();
      read(1, 'a', 4000, receivedAt);
      pass(STALE_AFTER - 4000 - 100);
      assert.deepEqual(memory.online, [1]);
      pass(100);
      assert.deepEqual(gone, [[1, receivedAt, STALE_AFTER - 4000]]);
    });
  }

  it('what is already stale is not taken', () => {
    const { memory, gone, read } = remembering();
    read(1, 'a', STALE_AFTER);
    assert.deepEqual([memory.known, memory.view(1)], [[], null]);
    read(1, 'b', STALE_AFTER - 1000);
    read(1, 'c', STALE_AFTER);
    assert.equal(memory.view(1)?.reading, 'b');
    pass(1000);
    assert.equal(gone.length, 1);
    assert.deepEqual(
      [STALE_AFTER - 1, STALE_AFTER].map((ageMs) => memory.isFresh(ageMs)),
      [true, false],
    );
    assert.equal(remembering(null).memory.isFresh(30 * DAY), true);
  });

  it('knows which count, with their readings, and which do not any more', () => {
    const { memory, read } = remembering();
    read(10, 'x');
    read(3, null);
    pass(5000);
    read(2, 'b');
    read(1, 'a');
    assert.deepEqual(
      memory.readings.map(({ pack, reading }) => [pack, reading]),
      [
        [1, 'a'],
        [2, 'b'],
        [10, 'x'],
      ],
    );
    assert.deepEqual(memory.offline, []);
    pass(5000);
    assert.deepEqual(
      memory.readings.map(({ pack }) => pack),
      [1, 2],
    );
    assert.deepEqual(memory.offline, [10]);
  });

  it('without a limit never goes stale', () => {
    const { memory, gone, read } = remembering(null);
    read(1);
    pass(30 * DAY, DAY);
    assert.deepEqual([memory.online, gone], [[1], []]);
  });

  for (const days of [24, 25, 365]) {
    it(`a limit of ${days} days is kept`, () => {
      const { memory, gone, read } = remembering(days * DAY);
      read(1);
      pass((days - 1) * DAY, HOUR);
      assert.deepEqual([memory.online, gone], [[1], []]);
      pass(2 * DAY, HOUR);
      assert.deepEqual([memory.online, gone.length], [[], 1]);
    });
  }

  it('an empty slot is no pack, and does not overwrite one', () => {
    const { memory, gone, read } = remembering();
    const emptySlot = { pack: 2, reading: null, lastSeen: null, online: false, fresh: false };
    read(1);
    read(1, null);
    read(2, null);
    assert.deepEqual([memory.online, memory.known], [[1], [1]]);
    assert.deepEqual(memory.view(1), { pack: 1, reading: 'a', lastSeen: 0, online: true, fresh: false });
    assert.deepEqual(memory.view(2), emptySlot);
    pass(STALE_AFTER);
    assert.deepEqual(
      gone.map(([pack]) => pack),
      [1],
    );
    assert.deepEqual(memory.views(), [{ pack: 1, reading: 'a', lastSeen: 0, online: false, fresh: false }, emptySlot]);
  });

  it('a pack that comes to an empty slot is a pack', () => {
    const { memory, read } = remembering();
    read(3, null);
    read(10);
    read(3, 'b');
    assert.deepEqual(
      memory.views().map(({ pack, reading }) => [pack, reading]),
      [
        [3, 'b'],
        [10, 'a'],
      ],
    );
    assert.equal(memory.view(4), null);
  });

  it('tells nothing after its end', () => {
    const { memory, gone, read } = remembering();
    read(1);
    memory.close();
    pass(STALE_AFTER * 2);
    assert.deepEqual(gone, []);
  });
});
