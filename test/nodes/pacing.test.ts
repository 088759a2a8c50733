import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bench } from './kit/flow.js';
import { alarmReply, analogReply } from './kit/replies.js';

const { run, listen, connect, load } = bench();

const replyTo = (text: string) => (text.slice(7, 9) === '42' ? analogReply([{}]) : alarmReply([{}]));

/** A BMS that notes when it is asked, ms. */
function noting(answer: (text: string, count: number) => string | null) {
  const askedAt: number[] = [];
  return {
    askedAt,
    answer: (text: string, count: number) => {
      askedAt.push(performance.now());
      return answer(text, count);
    },
    /** The times between requests, ms. */
    gaps: () => askedAt.slice(1).map((at, i) => at - (askedAt[i] as number)),
  };
}

/** Timers may fire this much early, ms. */
const EARLY_MS = 2;

describe('the time for an answer', () => {
  it('begins anew at every byte of a frame', async () => {
    const server = await listen(replyTo, { baudRate: 9600, pieceBytes: 12 });
    const flow = await load(connect(server, { timeout: 80 }), {});
    assert.equal((await flow.ask('analog')).length, 1);
  });

  it('has an end, however slowly the bytes come', async () => {
    const server = await listen(() => ['~2501', ...Array(900).fill('0')], { baudRate: 400, pieceBytes: 1 });
    const flow = await load(connect(server, { timeout: 60 }), {});
    await flow.ask('analog');
    assert.ok(['TIMEOUT', 'FRAME'].includes(flow.errors.messages[0]?.pace.error.code));
  });

  it('is not prolonged by noise', async () => {
    const server = await listen(() => Array(400).fill('x'), { baudRate: 400, pieceBytes: 1 });
    const flow = await load(connect(server, { timeout: 100 }), {});
    const started = performance.now();
    await flow.ask('analog');
    assert.equal(flow.errors.messages[0]?.pace.error.code, 'TIMEOUT');
    assert.ok(performance.now() - started < 3000);
  });
});

describe('a line that does not fall silent', () => {
  it('is opened anew', { timeout: 20_000 }, async () => {
    const server = await listen((text) => (server.connections > 1 ? replyTo(text) : Array(3000).fill('x')), {
      baudRate: 4000,
      pieceBytes: 10,
    });
    const flow = await load(connect(server, { timeout: 50, retries: 1 }), {});
    flow.input('analog');
    await server.visited(2);
    assert.equal((await flow.out('analog').has(1)).length, 1);
  });
});

describe('the time between requests', () => {
  it('is 10 ms of quiet after a reply, whatever the spacing', async () => {
    const bms = noting(replyTo);
    const { flow } = await run(bms.answer, { spacing: 0 }, {}, { query: 'warning' });
    for (let i = 1; i <= 3; i++) {
      flow.input('analog');
      flow.input('warning');
      await flow.completed.has(2 * i);
    }
    for (const gap of bms.gaps()) assert.ok(gap >= 10 - EARLY_MS, `${gap} ms`);
  });

  it('is the spacing from start to start', async () => {
    const bms = noting(replyTo);
    const { flow } = await run(bms.answer, { spacing: 300 }, {}, { query: 'warning' });
    flow.input('analog');
    flow.input('warning');
    await flow.completed.has(2);
    for (const gap of bms.gaps()) assert.ok(gap >= 250, `${gap} ms`);
  });

  it('is 500 ms of quiet after a timeout', async () => {
    const bms = noting((text, count) => (count === 1 ? null : replyTo(text)));
    const { flow } = await run(bms.answer, { timeout: 50, retries: 1 }, {});
    await flow.ask('analog');
    const [gap = 0] = bms.gaps();
    assert.ok(gap >= 550 - EARLY_MS, `${gap} ms`);
  });

  it('is 500 ms of quiet after the last late byte', async () => {
    let lateAt = 0;
    const bms = noting((text, count) => (count === 1 ? null : replyTo(text)));
    const { flow, server } = await run(bms.answer, { timeout: 50, retries: 1 }, {});
    flow.input('analog');
    await server.asked(1);
    setTimeout(() => {
      lateAt = performance.now();
      for (const socket of server.sockets) socket.write(analogReply([{ cycles: 99 }]));
    }, 300);
    const [message] = await flow.out('analog').has(1);
    assert.equal(message?.payload.cycles, 7);
    assert.ok((bms.askedAt[1] as number) - lateAt >= 500 - EARLY_MS);
  });
});
