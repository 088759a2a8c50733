import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { LinkState } from '../../src/link/connector.js';
import { Line } from '../../src/link/line.js';
import { analogReply, answering, ask, Bench, pass, settled } from './bench.js';
import { SlowTransport } from './slow-transport.js';

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});
afterEach(() => bench.close());

const refused = () => Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:5000'), { code: 'ECONNREFUSED' });

describe('back-off', () => {
  it('tries again after 1, 2, 4, 8, 16, 30, 30 s', async () => {
    bench.openingErrors.push(...Array.from({ length: 7 }, refused));
    const line = new Line(bench.options());
    const pauses: number[] = [];
    line.onState((state) => state.name === 'backoff' && pauses.push(state.retryInMs));
    line.start();
    await settled();
    await pass(91_000, 100);
    assert.deepEqual(pauses, [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
    assert.equal(line.state.name, 'open');
    assert.ok(Date.now() >= 91_000);
  });

  it('varies its pauses', async () => {
    const pauses: number[] = [];
    for (const random of [0, 0.25, 0.999]) {
      bench.openingErrors.push(refused());
      const line = new Line(bench.options({ random: () => random }));
      line.onState((state) => state.name === 'backoff' && pauses.push(state.retryInMs));
      line.start();
      await settled();
      await line.stop(true);
    }
    assert.deepEqual(pauses, [900, 950, 1100]);
  });

  it('begins anew only after an answer, not after an opening', async () => {
    const line = new Line(bench.options());
    const pauses: number[] = [];
    line.onState((state) => state.name === 'backoff' && pauses.push(state.retryInMs));
    line.start();
    for (let i = 0; i < 3; i++) {
      await settled();
      bench.port.destroy();
      await pass(8000, 100);
    }
    bench.farEnd = answering;
    ask(line, 1);
    await pass(100);
    bench.port.destroy();
    await settled();
    assert.deepEqual(pauses, [1000, 2000, 4000, 1000]);
    await line.stop(true);
  });

  it('fails what waits and what is asked at once, with the reason', async () => {
    const line = await bench.line();
    const inFlight = ask(line, 1);
    const waiting = ask(line, 2);
    await pass(20);
    bench.port.destroy(new Error('the adapter was unplugged'));
    await settled();
    const later = ask(line, 3);
    await settled();
    for (const read of [inFlight, waiting, later]) {
      assert.equal(read.error?.code, 'NOT_CONNECTED');
      assert.match(read.error?.message ?? '', /the bench: the connection was lost \(the adapter was unplugged\)/);
    }
    await line.stop(true);
  });

  it('tells each state to its users', async () => {
    bench.openingErrors.push(refused());
    const line = new Line(bench.options());
    const states: LinkState['name'][] = [];
    const end = line.onState(({ name }) => states.push(name));
    line.start();
    await pass(1100, 100);
    await line.stop(false);
    end();
    line.start();
    await settled();
    assert.deepEqual(states, ['connecting', 'backoff', 'connecting', 'open', 'idle']);
    assert.equal(line.state.name, 'open');
    await line.stop(true);
  });
});

describe('an old connection', () => {
  it('says nothing any more: not data, not errors, not its end', async () => {
    const line = await bench.line({ retries: 0 });
    const old = bench.port;
    ask(line, 1);
    await pass(20);
    old.emit('close');
    await pass(1000, 10);
    assert.equal(bench.ports.length, 2);
    const read = ask(line, 1);
    await pass(20);
    assert.equal(bench.asked.length, 2);
    old.emit('data', Buffer.from(analogReply(1), 'latin1'));
    old.emit('error', new Error('late'));
    old.emit('close');
    await pass(900, 10);
    assert.equal(read.done, false);
    assert.equal(line.state.name, 'open');
    assert.equal(bench.ports.length, 2);
    await line.stop(true);
  });

  it('is closed before another is opened, by itself or by a stop and a start', async () => {
    const transport = new SlowTransport((...request) => bench.farEnd(...request), 2000);
    const line = new Line(bench.options({ transport, retries: 0 }));
    line.start();
    await settled();
    transport.openings[0]?.succeed();
    bench.farEnd = answering;
    ask(line, 1);
    await pass(1000, 10);
    bench.farEnd = () => {};
    for (let i = 0; i < 35; i++) {
      ask(line, 1);
      await pass(1000, 10);
    }
    assert.equal(transport.openings.length, 2, 'silence opened it anew');
    transport.openings[1]?.succeed();
    await pass(100, 10);
    line.stop(false);
    line.start();
    await pass(5000, 10);
    assert.equal(transport.openings.length, 3);
    assert.equal(transport.mostInUse, 1);
  });
});
