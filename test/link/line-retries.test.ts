import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { Line } from '../../src/link/line.js';
import { analogReply, answering, ask, Bench, type FarEnd, packOf, pass, readOf, watch } from './bench.js';

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});
afterEach(() => bench.close());

/** Answers all addresses but these. */
const silentAt =
  (...silent: number[]): FarEnd =>
  (request, say, count) => {
    if (!silent.includes(Number.parseInt(request.slice(3, 5), 16))) answering(request, say, count);
  };

describe('retries', () => {
  for (const retries of [0, 1, 2, 5]) {
    it(`a silent address is asked ${retries + 1} times with ${retries} retries`, async () => {
      const line = await bench.line({ retries });
      const read = ask(line, 1);
      await pass((retries + 1) * 4000, 10);
      assert.equal(read.error?.code, 'TIMEOUT');
      assert.equal(bench.asked.length, retries + 1);
    });
  }

  it('go behind what waits for other addresses, before what waits for the same', async () => {
    const line = await bench.line({ retries: 1 });
    bench.farEnd = silentAt(1);
    for (const address of [1, 2, 3]) ask(line, address);
    watch(line.request({ ...readOf(4), target: 1 }, 'input')); // another request of the dead one
    await pass(8000, 10);
    assert.deepEqual(bench.addresses, [1, 2, 3, 1, 4]);
  });

  it('succeed when the second try is answered', async () => {
    const line = await bench.line();
    bench.farEnd = (request, say, count) => count > 1 && answering(request, say, count);
    const read = ask(line, 1);
    await pass(3000);
    assert.equal(read.error, undefined);
    assert.equal(read.done, true);
    assert.equal(bench.asked.length, 2);
  });
});

describe('an address that was silent last time', () => {
  it('is tried once, until it answers again', async () => {
    const line = await bench.line({ retries: 2 });
    const asks = async () => {
      const before = bench.asked.length;
      ask(line, 1);
      await pass(6000, 10);
      return bench.asked.length - before;
    };
    assert.equal(await asks(), 3);
    assert.equal(await asks(), 1);
    assert.equal(await asks(), 1);
    bench.farEnd = answering;
    assert.equal(await asks(), 1);
    bench.farEnd = () => {};
    assert.equal(await asks(), 3);
  });

  it('is tried once by a request that waited while it fell silent', async () => {
    const line = await bench.line({ retries: 2 });
    ask(line, 1);
    watch(line.request({ ...readOf(2), target: 1 }, 'input'));
    await pass(12_000, 10);
    assert.deepEqual(bench.addresses, [1, 1, 1, 2]);
  });

  it('does not spoil the tries of others', async () => {
    const line = await bench.line({ retries: 2 });
    ask(line, 1);
    await pass(6000, 10);
    ask(line, 2);
    await pass(6000, 10);
    assert.deepEqual(bench.addresses, [1, 1, 1, 2, 2, 2]);
  });
});

describe('after a timeout', () => {
  it('nothing is sent for 500 ms', async () => {
    const line = await bench.line({ timeoutMs: 300, retries: 1 });
    ask(line, 1);
    await pass(2000);
    const [first = 0, second = 0] = bench.times;
    assert.equal(second - first, 300 + 500);
  });

  it('500 ms of quiet are waited for after a late reply too', async () => {
    const line = await bench.line({ timeoutMs: 300, retries: 1 });
    bench.farEnd = (_request, say, count) => count === 1 && say(analogReply(1), 300 + 450);
    ask(line, 1);
    await pass(3000);
    const [first = 0, second = 0] = bench.times;
    assert.equal(second - first, 300 + 450 + 500);
  });

  it('a late reply is never taken for the answer to another request', async () => {
    for (let late = 301; late < 1200; late += 7) {
      const line = await bench.line({ timeoutMs: 300, retries: 0, spacingMs: 0 });
      bench.farEnd = (_request, say, count) => {
        if (count === 1) say(analogReply(0, packOf(3300), 9), late);
        else say(analogReply(0, packOf(3400), 9), 250);
      };
      const first = ask(line, 1);
      const second = ask(line, 2);
      await pass(2500, 10);
      assert.equal(first.error?.code, 'TIMEOUT');
      // what comes within 500 ms of quiet is thrown away; later it cannot be told from the answer
      if (late < 300 + 500) assert.equal(Buffer.from(second.value?.info ?? []).readUInt16BE(3), 3400, `${late} ms`);
      await line.stop(true);
    }
  });

  it('half a reply does not join the next', async () => {
    const line = await bench.line({ timeoutMs: 300, retries: 1 });
    bench.farEnd = (request, say, count) => {
      if (count === 1) say(analogReply(1).slice(0, 40), 100);
      else answering(request, say, count);
    };
    const read = ask(line, 1);
    await pass(2000);
    assert.equal(read.done, true);
    assert.equal(read.error, undefined);
  });

  it('a line that does not fall silent is opened anew after 5 s', async () => {
    const line = await bench.line({ timeoutMs: 300, retries: 1 });
    const babble = (port: Bench['port'], until: number) => {
      for (let after = 100; after < until; after += 100) setTimeout(() => port.say('\0'), after);
    };
    babble(bench.port, 20_000);
    ask(line, 1);
    await pass(10 + 300 + 4900, 10);
    assert.equal(bench.ports.length, 1);
    await pass(1000, 10);
    assert.equal(bench.ports.length, 2);
    assert.equal(bench.asked.length, 2, 'the request is made on the new port');
    assert.ok(bench.ports[0]?.destroyed);
    assert.match(bench.log.join('\n'), /does not fall silent/);
    await line.stop(true);
  });
});

describe('after a rejected frame', () => {
  it('500 ms of quiet are waited for', async () => {
    const line = await bench.line({ retries: 1 });
    bench.farEnd = (_request, say) => say(analogReply(1).replace('25', '26'), 100);
    ask(line, 1);
    await pass(3000);
    const [first = 0, second = 0] = bench.times;
    assert.equal(second - first, 100 + 500);
  });
});

describe('a way on which nothing comes any more', () => {
  /** Asks every 2 s, until another port is opened or the seconds are over. */
  const goOnAsking = async (line: Line, seconds: number, addressAt: (i: number) => number = () => 1) => {
    const before = bench.ports.length;
    for (let i = 0; i < seconds / 2 && bench.ports.length === before; i++) {
      ask(line, addressAt(i));
      await pass(2000, 10);
    }
  };

  it('is opened anew after 10 s, and again after twice as long', async () => {
    const line = await bench.line({ retries: 0 });
    bench.farEnd = answering;
    ask(line, 1);
    await pass(1000, 10);
    bench.farEnd = () => {};
    await goOnAsking(line, 40);
    assert.equal(bench.ports.length, 2);
    const openedAt = Date.now();
    assert.ok(openedAt > 10_000 && openedAt < 20_000, `${openedAt}`);
    assert.match(bench.log.join('\n'), /nothing has come/);
    assert.equal(line.state.name, 'open');
    await goOnAsking(line, 40);
    assert.equal(bench.ports.length, 3);
    assert.ok(Date.now() - openedAt >= 20_000, `${Date.now() - openedAt}`);
    bench.farEnd = answering;
    const read = ask(line, 1);
    await pass(5000, 10);
    assert.equal(read.error, undefined);
    assert.equal(read.done, true);
  });

  it('stays open where nobody has answered since the start: that is no lost connection', async () => {
    await goOnAsking(await bench.line({ retries: 0 }), 90);
    assert.equal(bench.ports.length, 1);
  });

  it('stays open while only those are silent that never answered', async () => {
    const line = await bench.line({ retries: 0 });
    bench.farEnd = silentAt(2, 3);
    ask(line, 1);
    await goOnAsking(line, 90, (i) => 2 + (i % 2));
    assert.equal(bench.ports.length, 1);
  });

  it('stays open while anything answers', async () => {
    const line = await bench.line({ retries: 0 });
    bench.farEnd = silentAt(1);
    for (let i = 0; i < 40; i++) {
      ask(line, i % 2);
      await pass(2000, 10);
    }
    assert.equal(bench.ports.length, 1);
  });
});
