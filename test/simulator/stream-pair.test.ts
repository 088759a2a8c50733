import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { setImmediate as eventLoopTurn } from 'node:timers/promises';
import { streamPair } from '../../src/simulator/stream-pair.js';

async function readAll(stream: NodeJS.ReadableStream): Promise<string> {
  let all = '';
  for await (const chunk of stream) all += chunk;
  return all;
}

describe('a pair of streams', () => {
  it('carries what is written to the other end, both ways, to the end', async () => {
    const [left, right] = streamPair();
    left.end('to the right');
    right.end('to the left');
    assert.deepEqual(await Promise.all([readAll(left), readAll(right)]), ['to the left', 'to the right']);
    assert.ok(left.destroyed && right.destroyed);
  });

  it('holds the writer back while the reader has enough', async () => {
    const [left, right] = streamPair();
    const large = Buffer.alloc(left.writableHighWaterMark * 4, 'x');
    let written = false;
    left.write(large, () => {
      written = true;
    });
    await eventLoopTurn();
    assert.equal(written, false);
    const reading = readAll(right);
    left.end();
    assert.equal((await reading).length, large.length);
    assert.equal(written, true);
    right.destroy();
  });

  it('closes the other end when one is destroyed', async () => {
    const [left, right] = streamPair();
    const closed = once(right, 'close');
    left.destroy();
    await closed;
    right.on('error', () => {});
    right.write('to nobody');
    await eventLoopTurn();
    assert.ok(right.destroyed);
  });
});
