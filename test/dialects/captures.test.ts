import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ReadKind, Target } from '../../src/dialects/dialect.js';
import { decodeIdentity, IDENTITY, type IdentityKind } from '../../src/dialects/pace25/identity.js';
import { pace25 } from '../../src/dialects/pace25/index.js';
import { fieldCapture, frameOf } from '../support/captures.js';
import { split } from '../support/split.js';
import { CAPTURES, type CapturedFrame, type CaptureEntry, entryOfFieldCapture } from './capture-entries.js';
import { becomesAsTold, ownRequestLike } from './envelope-checks.js';
import { tells } from './identity-checks.js';
import { isNoReplyTo, readsAsAlarms, readsAsAnalog, replyInfo } from './pack-reply-checks.js';
import { infoOf } from './replies.js';

/** What a reply answers, by its entry's kind. */
const QUESTIONS: Record<string, Question> = {
  analog: 'analog',
  warn: 'alarms',
  status: 'alarms',
  packnumber: 'packCount',
  packCount: 'packCount',
  capacity: 'capacity',
  clockRead: 'clock',
  version: 'softwareVersion',
  softwareVersion: 'softwareVersion',
  serial: 'serialNumbers',
  serialNumber: 'serialNumbers',
};

/** Kinds of commands that this package never sends: only another master does. */
const NEVER_SENT = ['clockWrite', 'configRead', 'configWrite', 'history', 'mosfetCommand', 'shutdown', 'switchCommand'];

type Question = ReadKind | IdentityKind;
type Fate = 'decoded' | 'refused' | 'requests' | 'neverSent';

const isIdentity = (question: Question | undefined): question is IdentityKind => !!question && question in IDENTITY;

/** Asserts that the entry's frames become what they should, and its content what it tells. */
function check(entry: CaptureEntry): Fate {
  const frames = entry.frames.map((frame) => becomesAsTold(frame, entry));
  const outcome = entry.frames.at(-1)?.outcome;
  const isRefused = outcome !== 'reply' && outcome !== 'request';
  assert.ok(isRefused || !entry.isMarked, 'it is marked, but nothing tells what is wrong with it');
  if (outcome === 'request') return 'requests';
  if (outcome === 'SHAPE') return isFoundOutByContent(entry);
  if (outcome !== 'reply') return 'refused';
  const question = QUESTIONS[entry.kind];
  if (question) return readsAsTold(question, entry);
  const advice = `kind "${entry.kind}" is new: add it to QUESTIONS with what it answers, or to NEVER_SENT`;
  assert.ok(NEVER_SENT.includes(entry.kind), advice);
  for (const frame of frames.slice(0, -1)) assert.equal(frame && ownRequestLike(frame), null, 'this command is sent');
  isNoReadOfPacks(entry);
  return 'neverSent';
}

function readsAsTold(question: Question, entry: CaptureEntry): Fate {
  if (isIdentity(question)) tells(question, entry);
  else if (question === 'analog') readsAsAnalog(entry);
  else readsAsAlarms(entry);
  return 'decoded';
}

function isFoundOutByContent(entry: CaptureEntry): Fate {
  isNoReadOfPacks(entry);
  const question = QUESTIONS[entry.kind];
  if (isIdentity(question)) assert.throws(() => decodeIdentity(question, replyInfo(entry)), { code: 'SHAPE' });
  return 'refused';
}

function isNoReadOfPacks(entry: CaptureEntry): void {
  for (const kind of ['analog', 'alarms'] as const) isNoReplyTo(kind, replyInfo(entry));
}

/** The requests of an entry that this package sends too. */
function requestsSentToo({ frames }: CaptureEntry): CapturedFrame[] {
  return frames.filter(({ text, outcome }) => {
    const [frame] = outcome === 'request' ? split(text).frames : [];
    return frame && ownRequestLike(frame);
  });
}

/** What an entry is to become, for its test's name. */
function titleOf({ id, kind, frames }: CaptureEntry): string {
  const outcome = frames.at(-1)?.outcome;
  const unasked = NEVER_SENT.includes(kind) ? 'of a command never sent' : 'of an unknown kind';
  return `${id}, ${kind}: ${outcome === 'reply' ? (QUESTIONS[kind] ?? unasked) : outcome}`;
}

for (const [file, entries] of Object.entries(CAPTURES)) {
  describe(`the captures of ${file}`, () => {
    const fates: Record<Fate, number> = { decoded: 0, refused: 0, requests: 0, neverSent: 0 };
    for (const entry of entries) {
      it(titleOf(entry), () => {
        fates[check(entry)] += 1;
      });
    }

    it('are all accounted for', (context) => {
      const { decoded, refused, requests, neverSent } = fates;
      context.diagnostic(
        `${file}: ${entries.length} entries: ${decoded} decoded to their values, ${refused} refused with the right ` +
          `code, ${requests} requests recognised, ${neverSent} intact but of commands never sent`,
      );
      const sentToo = entries.flatMap(requestsSentToo).length;
      context.diagnostic(`${file}: ${sentToo} of the requests are what this package sends, to the character`);
      assert.ok(sentToo > 0);
      assert.equal(decoded + refused + requests + neverSent, entries.length);
    });
  });
}

describe('an entry added to a fixture', () => {
  const { frame, ...twoPacks } = fieldCapture('wild-060');

  it('that is intact and marked NEGATIVE is refused by its content', () => {
    const marked = { ...twoPacks, note: 'NEGATIVE: counts 3 packs', expected: null };
    const wrongCount = `${twoPacks.info}`.replace(/^0002/, '0003');
    assert.equal(check(entryOfFieldCapture({ ...marked, info: wrongCount })), 'refused');
    assert.throws(() => check(entryOfFieldCapture(marked)), assert.AssertionError);
  });

  it('of a kind that nobody knows fails with what to do', () => {
    assert.throws(
      () => check(entryOfFieldCapture({ ...twoPacks, kind: 'weather' })),
      /"weather" is new: add it to QUESTIONS/,
    );
  });
});

describe('the number of a pack', () => {
  const info = infoOf(frameOf(fieldCapture('wild-075'))); // count 0, one record
  const cases: { target: Target; pack: number }[] = [
    { target: { address: 5, pack: 'all' }, pack: 5 },
    { target: { address: 5, pack: 3 }, pack: 3 },
  ];
  for (const { target, pack } of cases) {
    it(`is ${pack} where ${target.pack} was asked of address ${target.address} and the count is 0`, () => {
      assert.deepEqual(
        pace25.decode('analog', info, target).slots.map((slot) => slot.pack),
        [pack],
      );
    });
  }
});
