import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import fc from 'fast-check';
import { PaceError, type PaceErrorCode } from '../../src/errors.js';
import type { Outcome } from '../../src/link/exchange.js';
import { LinkStatistics } from '../../src/link/statistics.js';
import { frame } from '../nodes/kit/replies.js';
import { analogReply, answering, ask, Bench, pass, settled } from './bench.js';

const TIMING = { receivedAt: 0, durationMs: 0, answeredAt: 0 };
const failed = (code: PaceErrorCode): Outcome<unknown> => ({
  is: 'failed',
  error: new PaceError(code, code),
  late: code === 'TIMEOUT',
});
/** What each way to end counts as. */
const OUTCOMES: { outcome: Outcome<unknown>; answers?: 1; timeouts?: 1; doubts?: 1 }[] = [
  { outcome: { is: 'accepted', value: null, timing: TIMING }, answers: 1 },
  { outcome: { is: 'doubted', reason: '', isLate: false }, doubts: 1 },
  { outcome: { is: 'refused', error: new PaceError('REFUSED', '', { rtn: 4 }) } },
  { outcome: failed('TIMEOUT'), timeouts: 1 },
  { outcome: failed('CHECKSUM') },
  { outcome: failed('NOT_CONNECTED') },
];

const sumOf = (ends: typeof OUTCOMES, what: 'answers' | 'timeouts' | 'doubts') =>
  ends.reduce((total, end) => total + (end[what] ?? 0), 0);

describe('the figures of a link', () => {
  let now = 0;
  let statistics: LinkStatistics;
  beforeEach(() => {
    now = 1000;
    statistics = new LinkStatistics(() => now);
  });

  it('count every exchange by its end', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...OUTCOMES), { minLength: 1, maxLength: 300 }), (ends) => {
        const counted = new LinkStatistics(() => 0);
        for (const { outcome } of ends) counted.ended(outcome);
        const { exchanges, answers, timeouts, doubts, linkQuality } = counted.figures();
        const latest = ends.slice(-100);
        assert.deepEqual(
          { exchanges, answers, timeouts, doubts },
          {
            exchanges: ends.length,
            answers: sumOf(ends, 'answers'),
            timeouts: sumOf(ends, 'timeouts'),
            doubts: sumOf(ends, 'doubts'),
          },
        );
        const share = (100 * sumOf(latest, 'answers')) / latest.length;
        assert.ok(Math.abs((linkQuality as number) - share) <= 0.05001, `${linkQuality} of ${share}`);
      }),
    );
  });

  it('do not hold our own closing against the link', () => {
    statistics.ended(failed('CLOSED'));
    assert.deepEqual([statistics.figures().exchanges, statistics.figures().linkQuality], [0, null]);
  });

  it('give the quality to one decimal', () => {
    const [accepted] = OUTCOMES as [(typeof OUTCOMES)[0]];
    for (const outcome of [accepted.outcome, accepted.outcome, failed('TIMEOUT')]) statistics.ended(outcome);
    assert.equal(statistics.figures().linkQuality, 66.7);
  });

  it('tell how old the last answer is', () => {
    assert.equal(statistics.figures().lastGoodAgeMs, null);
    statistics.ended({ is: 'accepted', value: null, timing: TIMING });
    now += 1500;
    statistics.ended(failed('TIMEOUT'));
    assert.equal(statistics.figures().lastGoodAgeMs, 1500);
  });

  it('name every reason of a refusal, those of the BMS by their return code', () => {
    for (const code of ['CHECKSUM', 'FRAME', 'CHECKSUM'] as const) statistics.rejected(new PaceError(code, ''));
    for (const rtn of [4, 0xe1, 4]) {
      statistics.judged({ is: 'refused', error: new PaceError('REFUSED', '', { rtn }) });
    }
    statistics.judged({ is: 'rejected', error: new PaceError('SHAPE', '') });
    statistics.judged({ is: 'accepted', value: 1 });
    statistics.judged({ is: 'ignored', reason: 'an echo' });
    assert.deepEqual(statistics.figures().refusals, {
      CHECKSUM: 2,
      FRAME: 1,
      'REFUSED 04': 2,
      'REFUSED E1': 1,
      SHAPE: 1,
    });
  });
});

describe('the report of a line', () => {
  let bench: Bench;
  beforeEach(() => {
    bench = new Bench();
    bench.farEnd = answering;
  });
  afterEach(() => bench.close());

  const damaged = (reply: string) => reply.replace(/..\r$/, (end) => (end === '00\r' ? '11\r' : '00\r'));

  it('counts each try as an exchange', async () => {
    bench.farEnd = () => {};
    const line = await bench.line({ retries: 2 });
    ask(line, 1);
    await pass(10_000, 10);
    const { exchanges, timeouts, linkQuality, refusals } = line.report;
    assert.equal(exchanges, bench.asked.length);
    assert.deepEqual({ timeouts, linkQuality, refusals }, { timeouts: 3, linkQuality: 0, refusals: {} });
  });

  it('counts a damaged frame also when the good one follows', async () => {
    bench.farEnd = (_request, say) => say(`${damaged(analogReply(1))}${analogReply(1)}`);
    const line = await bench.line();
    ask(line, 1);
    await pass(1000);
    const { exchanges, answers, refusals, linkQuality } = line.report;
    assert.deepEqual([exchanges, answers, refusals, linkQuality], [1, 1, { CHECKSUM: 1 }, 100]);
  });

  it('counts a damaged frame that nobody asked for, as no exchange', async () => {
    const line = await bench.line();
    bench.port.say(damaged(analogReply(1)));
    await settled();
    assert.deepEqual([line.report.refusals, line.report.exchanges], [{ CHECKSUM: 1 }, 0]);
  });

  const replies: { name: string; reply: string; reason: string; exchanges: number }[] = [
    { name: 'the BMS says no', reply: frame([], { rtn: 4 }), reason: 'REFUSED 04', exchanges: 1 },
    { name: 'another protocol', reply: frame([0, 1], { version: 0x20 }), reason: 'UNSUPPORTED', exchanges: 3 },
    { name: 'what does not fit', reply: frame([0, 1, 2]), reason: 'SHAPE', exchanges: 3 },
  ];
  for (const { name, reply, reason, exchanges } of replies) {
    it(`names the reason: ${name}`, async () => {
      bench.farEnd = (_request, say) => say(reply);
      const line = await bench.line();
      ask(line, 1);
      await pass(10_000, 10);
      const { refusals, timeouts, linkQuality } = line.report;
      assert.deepEqual(refusals, { [reason]: exchanges });
      assert.deepEqual([line.report.exchanges, timeouts, linkQuality], [exchanges, 0, 0]);
    });
  }

  it('tells the state, how often it was opened, and what waits', async () => {
    const line = await bench.line();
    const { transport, state, opened, queueDepth } = line.report;
    assert.deepEqual([transport, state.name, opened, queueDepth], ['the bench', 'open', 1, 0]);
    for (const address of [1, 2, 3, 1]) ask(line, address);
    assert.equal(line.report.queueDepth, 3);
    await pass(15);
    assert.equal(line.report.queueDepth, 3, 'one is under way, two wait');
    bench.port.destroy();
    await pass(1);
    assert.deepEqual([line.report.state.name, line.report.queueDepth], ['backoff', 0]);
    assert.deepEqual([line.report.exchanges, line.report.answers], [1, 0], 'the one that the loss cut short');
    await pass(1100, 10);
    assert.deepEqual([line.report.state.name, line.report.opened], ['open', 2]);
  });

  it('is kept while nobody uses the line', async () => {
    const line = await bench.line();
    ask(line, 1);
    await pass(300);
    await line.stop(false);
    await pass(700);
    const { state, answers, lastGoodAgeMs } = line.report;
    assert.deepEqual([state.name, answers], ['idle', 1]);
    assert.ok((lastGoodAgeMs as number) >= 900, `${lastGoodAgeMs} ms`);
  });
});
