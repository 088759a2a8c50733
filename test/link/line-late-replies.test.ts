import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { Line } from '../../src/link/line.js';
import { seededRandom } from '../../src/simulator/random.js';
import { analogReply, ask, Bench, type FarEnd, packOf, pass, settled } from './bench.js';

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});
afterEach(() => bench.close());

/** A reply that carries the number of the request that it answers. */
const numbered = (count: number) => analogReply(1, packOf(3300, { cycles: count }));

/** The number of the reply that a read was given. */
const numberOf = (read: ReturnType<typeof ask>) =>
  read.value && Buffer.from(read.value.info).readUInt16BE(read.value.info.length - 4);

/** Answers every request so many ms after it. */
const lateBy =
  (delayMs: (count: number) => number): FarEnd =>
  (_request, say, count) =>
    say(numbered(count), delayMs(count));

/** Reads over and over for `ms`. @returns how many exchanges old each answer was, when it was given. */
async function readFor(line: Line, ms: number): Promise<number[]> {
  const ages: number[] = [];
  const until = Date.now() + ms;
  let read = ask(line, 1);
  while (Date.now() < until) {
    await pass(5, 5);
    if (!read.done) continue;
    const number = numberOf(read);
    if (number !== undefined) ages.push(bench.port.requests.length - number);
    read = ask(line, 1);
  }
  return ages;
}

describe('replies that come after their requests were given up', () => {
  const QUICK = { timeoutMs: 100, retries: 2, spacingMs: 0 };

  it('all by the same time: none is given that is older than one exchange', async () => {
    for (let delay = 105; delay < 1500; delay += 15) {
      const line = await bench.line(QUICK);
      bench.farEnd = lateBy(() => delay);
      const ages = await readFor(line, 12_000);
      assert.ok(Math.max(0, ...ages) <= 1, `late by ${delay} ms: ${ages}`);
      await line.stop(true);
    }
  });

  it('all by the same time on a fast line, where a frame takes no time', async () => {
    for (let delay = 1050; delay < 5000; delay += 150) {
      const options = bench.options({ timeoutMs: 1000, retries: 2, spacingMs: 0 });
      const line = new Line({ ...options, transport: { ...options.transport, baudRate: 115_200 } });
      line.start();
      await settled();
      bench.farEnd = lateBy(() => delay);
      const ages = await readFor(line, 40_000);
      assert.ok(Math.max(0, ...ages) <= 1, `late by ${delay} ms: ${ages}`);
      await line.stop(true);
    }
  });

  it('one of them among quick ones: the numbers never go back', async () => {
    for (let delay = 105; delay < 1500; delay += 15) {
      const line = await bench.line(QUICK);
      bench.farEnd = lateBy((count) => (count === 4 ? delay : 20));
      const ages = await readFor(line, 6000);
      assert.ok(ages.length > 10, `late by ${delay} ms: ${ages.length} answers`);
      assert.deepEqual(
        ages.filter((age) => age > 1),
        [],
        `late by ${delay} ms`,
      );
      await line.stop(true);
    }
  });

  // Three in a row that are lost or late, each by another time, can deceive; nothing in them tells which is which.
  for (const lost of [0, 0.1]) {
    it(`some, each by another time, ${100 * lost} % lost: at most one in a thousand is older than one exchange`, async () => {
      const random = seededRandom(1);
      const ages: number[] = [];
      for (let run = 0; run < 40; run++) {
        const line = await bench.line(QUICK);
        let lastAt = 0;
        bench.farEnd = (_request, say, count) => {
          if (random() < lost) return;
          const delay = random() < 0.08 ? 100 + random() * 1400 : 20;
          lastAt = Math.max(lastAt + 1, Date.now() + delay);
          say(numbered(count), lastAt - Date.now());
        };
        ages.push(...(await readFor(line, 20_000)));
        await line.stop(true);
      }
      assert.ok(ages.length > 1500, `${ages.length} answers`);
      assert.ok(ages.filter((age) => age > 1).length <= ages.length / 1000);
    });
  }

  it('say that the timeout is too short', async () => {
    const line = await bench.line(QUICK);
    bench.farEnd = lateBy(() => 250);
    const read = ask(line, 1);
    await pass(8000, 10);
    assert.equal(read.error?.code, 'TIMEOUT');
    assert.match(read.error?.message ?? '', /within 100 ms, but later: set a longer timeout/);
  });
});

describe('a target that does not answer', () => {
  it('is asked at longer and longer times, and at once again when it has answered', async () => {
    const line = await bench.line({ timeoutMs: 500, retries: 9 });
    let isSilent = true;
    bench.farEnd = (_request, say, count) => isSilent || say(numbered(count));
    ask(line, 1);
    await pass(12_000, 10);
    const gaps = bench.times.slice(1).map((at, i) => at - (bench.times[i] as number));
    assert.deepEqual(gaps.slice(0, 5), [1000, 1000, 2000, 2000, 2000]);
    isSilent = false;
    await pass(6000, 10);
    const asked = bench.asked.length;
    for (let i = 0; i < 5; i++) {
      ask(line, 1);
      await pass(400, 10);
    }
    assert.equal(bench.asked.length, asked + 5);
  });

  it('does not slow down the others', async () => {
    const line = await bench.line({ timeoutMs: 500, retries: 9 });
    bench.farEnd = (request, say) => request.slice(3, 5) === '02' && say(analogReply(2));
    ask(line, 1);
    await pass(5000, 10);
    const other = ask(line, 2);
    await pass(500 + 500 + 50, 10);
    assert.equal(other.done, true);
  });
});
