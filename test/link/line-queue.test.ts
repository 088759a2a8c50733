import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { Line } from '../../src/link/line.js';
import { answering, ask, Bench, pass } from './bench.js';

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
  bench.farEnd = answering;
});
afterEach(() => bench.close());

const done = (reads: { done: boolean }[]) => reads.filter((read) => read.done).length;

describe('equal requests', () => {
  it('are made once while the first waits', async () => {
    const line = await bench.line();
    const reads = [ask(line, 1), ask(line, 2), ask(line, 2), ask(line, 1)];
    await pass(1000);
    assert.equal(done(reads), 4);
    assert.deepEqual(bench.addresses, [1, 2]);
    assert.equal(reads[0]?.value, reads[3]?.value);
  });

  it('are made once while the first is in flight', async () => {
    const line = await bench.line();
    const first = ask(line, 1);
    await pass(15);
    assert.equal(bench.asked.length, 1);
    const second = ask(line, 1);
    await pass(1000);
    assert.deepEqual([first.done, second.done, bench.asked.length], [true, true, 1]);
  });

  it('are made again once the first is answered', async () => {
    const line = await bench.line();
    ask(line, 1);
    await pass(300);
    ask(line, 1);
    await pass(300);
    assert.equal(bench.asked.length, 2);
  });

  it('fail together', async () => {
    bench.farEnd = () => {};
    const line = await bench.line({ retries: 0 });
    const reads = [ask(line, 1), ask(line, 1, 'interval')];
    await pass(1100);
    assert.deepEqual(
      reads.map(({ error }) => error?.code),
      ['TIMEOUT', 'TIMEOUT'],
    );
  });
});

describe('order', () => {
  const cases: { name: string; asks: [address: number, priority: 'input' | 'interval'][]; order: number[] }[] = [
    {
      name: 'first come, first served',
      asks: [
        [1, 'interval'],
        [2, 'interval'],
        [3, 'interval'],
      ],
      order: [1, 2, 3],
    },
    {
      name: 'inputs before intervals',
      asks: [
        [1, 'interval'],
        [2, 'interval'],
        [3, 'input'],
        [4, 'input'],
      ],
      order: [3, 4, 1, 2],
    },
    {
      name: 'an input that joins an interval’s request takes it forward',
      asks: [
        [1, 'interval'],
        [2, 'interval'],
        [3, 'interval'],
        [4, 'input'],
        [3, 'input'],
      ],
      order: [4, 3, 1, 2],
    },
    {
      name: 'an interval that joins an input’s request does not take it back',
      asks: [
        [1, 'interval'],
        [3, 'input'],
        [4, 'input'],
        [3, 'interval'],
      ],
      order: [3, 4, 1],
    },
  ];
  for (const { name, asks, order } of cases) {
    it(name, async () => {
      const line = await bench.line(); // the first 10 ms after opening all wait
      for (const [address, priority] of asks) ask(line, address, priority);
      await pass(2000);
      assert.deepEqual(bench.addresses, order);
    });
  }
});

describe('the order of requests to the living and the silent', () => {
  /** A line at which 1 and 2 have answered, 3 and 4 were silent, and of 5 and 6 nothing is known. */
  async function lineOfSix() {
    bench.farEnd = (request, say, count) => {
      if (![3, 4].includes(Number.parseInt(request.slice(3, 5), 16))) answering(request, say, count);
    };
    const line = await bench.line({ retries: 0, timeoutMs: 300 });
    for (const address of [1, 2, 3, 4]) ask(line, address);
    await pass(4000, 10);
    bench.port.requests.length = 0;
    return line;
  }

  it('those that answered when last asked go first, else first come, first served', async () => {
    const line = await lineOfSix();
    for (const address of [6, 4, 3, 2, 5, 1]) ask(line, address, 'interval');
    await pass(4000, 10);
    // 6 is in flight before the others come; it has answered by then, 5 has not
    assert.deepEqual(bench.addresses, [6, 2, 1, 4, 3, 5]);
  });

  it('inputs to the silent go before intervals to the living', async () => {
    const line = await lineOfSix();
    ask(line, 5, 'interval');
    ask(line, 1, 'interval');
    for (const address of [3, 2]) ask(line, address, 'input');
    await pass(4000, 10);
    assert.deepEqual(bench.addresses, [5, 2, 3, 1]);
  });

  it('an input that takes an interval’s request forward goes before inputs to the silent', async () => {
    const line = await lineOfSix();
    ask(line, 5, 'interval');
    ask(line, 2, 'interval');
    for (const address of [3, 4, 2]) ask(line, address, 'input');
    await pass(4000, 10);
    assert.deepEqual(bench.addresses, [5, 2, 3, 4]);
  });

  it('one that answers again is one of the living', async () => {
    const line = await lineOfSix();
    bench.farEnd = answering;
    ask(line, 3);
    await pass(1000, 10);
    bench.port.requests.length = 0;
    for (const address of [5, 4, 3]) ask(line, address);
    await pass(4000, 10);
    assert.deepEqual(bench.addresses, [5, 3, 4]);
  });
});

describe('a full queue', () => {
  const fill = (line: Line) => Array.from({ length: 1000 }, (_, i) => ask(line, i % 250));

  it('refuses what comes on top, joined requests counted', async () => {
    const line = await bench.line();
    fill(line);
    const refused = ask(line, 1);
    await pass(1);
    assert.equal(refused.error?.code, 'QUEUE_FULL');
    await line.stop(true);
  });

  it('takes requests again when some are answered', async () => {
    const line = await bench.line({ spacingMs: 0 });
    const reads = fill(line);
    await pass(10_000, 10);
    assert.equal(done(reads), 1000);
    assert.deepEqual(
      reads.filter(({ error }) => error),
      [],
    );
    const more = ask(line, 1);
    await pass(100);
    assert.equal(more.error, undefined);
    assert.equal(more.done, true);
  });

  it('takes requests again after a loss', async () => {
    const line = await bench.line();
    const reads = fill(line);
    bench.port.destroy();
    await pass(1);
    assert.equal(done(reads), 1000);
    await pass(1100, 10);
    assert.equal(line.state.name, 'open');
    const again = fill(line);
    await pass(1);
    assert.deepEqual(
      again.filter(({ error }) => error),
      [],
    );
    await line.stop(true);
  });
});
