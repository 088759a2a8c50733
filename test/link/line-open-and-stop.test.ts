import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { Line } from '../../src/link/line.js';
import { answering, ask, Bench, pass, settled } from './bench.js';
import { SlowTransport } from './slow-transport.js';

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});
afterEach(() => bench.close());

const refused = () => Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:5000'), { code: 'ECONNREFUSED' });

describe('a request while the line is being opened', () => {
  it('waits and is made when it is open', async () => {
    const transport = new SlowTransport(answering);
    const line = new Line(bench.options({ transport }));
    line.start();
    const read = ask(line, 1);
    await pass(9000, 10);
    assert.equal(read.done, false);
    transport.openings[0]?.succeed();
    await pass(500);
    assert.equal(read.error, undefined);
    assert.equal(read.done, true);
    await line.stop(true);
  });

  it('fails after 10 s, and is not made later', async () => {
    const transport = new SlowTransport(() => {});
    const line = new Line(bench.options({ transport }));
    line.start();
    await pass(3000, 10);
    const read = ask(line, 1);
    await pass(9990, 10);
    assert.equal(read.done, false);
    await pass(20, 10);
    assert.equal(read.error?.code, 'NOT_CONNECTED');
    assert.match(read.error?.message ?? '', /a slow way: no connection within 10 s/);
    transport.openings[0]?.succeed();
    await pass(500);
    assert.equal(bench.asked.length, 0);
    await line.stop(true);
  });

  it('fails when the opening does', async () => {
    const line = await bench.line();
    bench.openingErrors.push(refused());
    bench.port.destroy();
    await pass(990, 10);
    assert.equal(line.state.name, 'backoff');
    const asked = new Promise<ReturnType<typeof ask>>((resolve) => {
      line.onState(({ name }) => name === 'connecting' && resolve(ask(line, 1)));
    });
    await pass(20, 10);
    assert.equal((await asked).error?.code, 'NOT_CONNECTED');
    await line.stop(true);
  });
});

describe('stopping', () => {
  it('fails what is under way and waits with CLOSED', async () => {
    const line = await bench.line();
    const reads = [ask(line, 1), ask(line, 2)];
    await pass(20);
    await line.stop(true);
    const later = ask(line, 3);
    await settled();
    assert.deepEqual(
      [...reads, later].map(({ error }) => error?.code),
      ['CLOSED', 'CLOSED', 'CLOSED'],
    );
    assert.ok(bench.port.closed);
    assert.equal(line.state.name, 'closed');
  });

  it('for good lets nothing follow', async () => {
    const line = await bench.line();
    await line.stop(true);
    line.start();
    await pass(100);
    assert.equal(bench.ports.length, 1);
    assert.equal(line.state.name, 'closed');
  });

  it('for now refuses requests until the next start', async () => {
    const line = await bench.line();
    await line.stop(false);
    const read = ask(line, 1);
    await settled();
    assert.equal(read.error?.code, 'NOT_CONNECTED');
    line.start();
    await settled();
    assert.equal(line.state.name, 'open');
    assert.equal(bench.ports.length, 2);
    await line.stop(true);
  });

  it('in back-off ends the tries', async () => {
    bench.openingErrors.push(refused());
    const line = await bench.line();
    assert.equal(line.state.name, 'backoff');
    await line.stop(true);
    await pass(60_000, 100);
    assert.equal(bench.ports.length, 0);
  });

  it('while opening gives the opening up and closes what it still gave', async () => {
    const transport = new SlowTransport(() => {});
    const line = new Line(bench.options({ transport }));
    line.start();
    await settled();
    const read = ask(line, 1);
    const stopped = line.stop(true);
    const [opening] = transport.openings;
    assert.equal(opening?.signal.aborted, true);
    opening?.succeed();
    await stopped;
    await settled();
    assert.equal(read.error?.code, 'CLOSED');
    assert.equal(transport.inUse, 0);
    assert.equal(line.state.name, 'closed');
  });

  it('while opening and starting again never has two ways at once', async () => {
    const transport = new SlowTransport(() => {});
    const line = new Line(bench.options({ transport }));
    line.start();
    await settled();
    const stopped = line.stop(false);
    line.start();
    await settled();
    transport.openings[0]?.succeed();
    await stopped;
    await pass(100);
    transport.openings[1]?.succeed();
    await pass(100);
    assert.equal(transport.mostInUse, 1);
    assert.equal(transport.inUse, 1);
    assert.equal(line.state.name, 'open');
  });
});
