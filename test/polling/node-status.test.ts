import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { PaceError, type PaceErrorCode } from '../../src/errors.js';
import type { LinkState } from '../../src/link/connector.js';
import {
  errorStatus,
  linkStatus,
  type NodeStatus,
  partialStatus,
  readingStatus,
  staleStatus,
  waitingStatus,
} from '../../src/polling/node-status.js';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const backoff = (retryInMs: number, badge: string): LinkState => {
  return { name: 'backoff', retryInMs, error: new PaceError('NOT_CONNECTED', 'a long story', { badge }) };
};

describe('a node’s status', () => {
  const cases: [what: string, status: NodeStatus, look: string, text: string][] = [
    ['idle', linkStatus({ name: 'idle' }), 'yellow ring', 'connecting'],
    ['connecting', linkStatus({ name: 'connecting' }), 'yellow ring', 'connecting'],
    ['closed', linkStatus({ name: 'closed' }), 'yellow ring', 'closed'],
    ['back-off', linkStatus(backoff(4000, 'port busy')), 'yellow ring', 'port busy, retry in 4 s'],
    ['back-off of less than a second', linkStatus(backoff(300, 'x')), 'yellow ring', 'x, retry in 1 s'],
    ['waiting', waitingStatus('an input'), 'yellow ring', 'waiting for an input'],
    ['a reading', readingStatus('81 % · 52.98 V · −12.3 A'), 'green dot', '81 % · 52.98 V · −12.3 A'],
    ['an error', errorStatus('no answer'), 'red ring', 'no answer'],
    ['one pack missing', partialStatus(['pack_2'], 'no answer'), 'yellow ring', 'pack_2 no answer'],
    ['two packs missing', partialStatus(['pack_2', 'pack_3'], 'no answer'), 'yellow ring', 'pack_2, pack_3 no answer'],
    ['many packs missing', partialStatus(Array(15).fill('pack_2'), 'no answer'), 'yellow ring', '15 packs no answer'],
    ['another trouble', partialStatus(['pack_2'], 'damaged reply'), 'yellow ring', 'pack_2 damaged reply'],
    ['stale', staleStatus(25 * SECOND), 'grey ring', 'no answer for 25 s'],
  ];
  for (const [what, status, look, text] of cases) {
    it(what, () => assert.deepEqual([`${status.fill} ${status.shape}`, status.text], [look, text]));
  }

  const ages: [ms: number, text: string][] = [
    [0, '0 s'],
    [1499, '1 s'],
    [119 * SECOND, '119 s'],
    [120 * SECOND, '2 min'],
    [119 * MINUTE, '119 min'],
    [120 * MINUTE, '2 h'],
    [47 * HOUR, '47 h'],
    [48 * HOUR, '2 days'],
    [365 * DAY, '365 days'],
  ];
  for (const [ms, text] of ages) {
    it(`stale for ${text}`, () => assert.equal(staleStatus(ms).text, `no answer for ${text}`));
  }
});

describe('the text of a status', () => {
  const STATUSES: Record<string, (text: string, number: number) => NodeStatus> = {
    reading: readingStatus,
    error: errorStatus,
    waiting: waitingStatus,
    'a pack missing': (text) => partialStatus(['pack_2'], text),
    'packs missing': (text, count) => partialStatus(Array(1 + (count % 256)).fill(text), 'no answer'),
    'back-off': (text, ms) => linkStatus(backoff(ms, text)),
    stale: (_text, ms) => staleStatus(ms),
  };
  for (const [what, statusOf] of Object.entries(STATUSES)) {
    it(`${what}: never longer than 32 characters`, () => {
      fc.assert(
        fc.property(fc.string({ maxLength: 80 }), fc.nat(100 * 365 * DAY), (words, number) => {
          const { text } = statusOf(words, number);
          assert.ok(text.length <= 32, text);
        }),
      );
    });
  }

  it('is left whole at 32 characters, and is marked where it is cut', () => {
    assert.equal(errorStatus('x'.repeat(32)).text, 'x'.repeat(32));
    assert.equal(errorStatus('x'.repeat(33)).text, `${'x'.repeat(31)}…`);
  });

  const CODES: PaceErrorCode[] = [
    'NOT_CONNECTED',
    'TIMEOUT',
    'CHECKSUM',
    'FRAME',
    'SHAPE',
    'REFUSED',
    'NO_PACK',
    'QUEUE_FULL',
    'CLOSED',
    'UNSUPPORTED',
    'CONFIG',
  ];
  for (const code of CODES) {
    it(`of ${code} is not cut`, () => {
      const { badge } = new PaceError(code, 'a long story');
      assert.equal(errorStatus(badge).text, badge);
    });
  }
});
