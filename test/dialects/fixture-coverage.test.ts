import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pace25 } from '../../src/dialects/pace25/index.js';
import { fieldCaptures, frameOf, referenceVectors } from '../support/captures.js';
import { split } from '../support/split.js';
import { refusedTexts } from './refused.js';
import { alarmReplies, analogReplies, infoOf } from './replies.js';

/** What nothing asks for yet, by kind, with how many entries wait for it. */
const NOT_YET_COVERED: Record<string, Record<string, number>> = {
  'field-captures.json': { version: 6, serial: 6, capacity: 1 },
  'pace-v25.json': {
    softwareVersion: 4,
    serialNumber: 4,
    capacity: 1,
    clockRead: 1,
    clockWrite: 1,
    history: 2,
    shutdown: 1,
    switchCommand: 8,
    mosfetCommand: 3,
    configRead: 19,
    configWrite: 18,
    requestOnly: 1,
  },
};

const covered = new Set([
  ...[...analogReplies, ...alarmReplies, ...refusedTexts].map(({ id }) => id),
  ...fieldCaptures.filter(({ kind }) => kind === 'packnumber').map(({ id }) => id),
  ...referenceVectors.filter(({ kind }) => kind === 'packCount').map(({ id }) => id),
  ...referenceVectors
    .filter(({ kind, expected }) => kind === 'requestOnly' && expected.cid2 !== 0xa6)
    .map(({ id }) => id),
]);

describe('the entries of the fixtures', () => {
  const files = { 'field-captures.json': fieldCaptures, 'pace-v25.json': referenceVectors };
  for (const [file, entries] of Object.entries(files)) {
    it(`${file}: each is covered by a test here or waits, by kind`, (context) => {
      const waiting: Record<string, number> = {};
      for (const { id, kind } of entries) if (!covered.has(id)) waiting[kind] = (waiting[kind] ?? 0) + 1;
      const count = entries.filter(({ id }) => covered.has(id)).length;
      const kinds = Object.entries(waiting).map(([kind, waits]) => `${kind} ${waits}`);
      context.diagnostic(`${file}: ${count} of ${entries.length} entries covered; not yet: ${kinds.join(', ')}`);
      assert.deepEqual(waiting, NOT_YET_COVERED[file]);
    });
  }
});

describe('entries of kinds that nothing asks for yet', () => {
  const waiting = [
    ...fieldCaptures
      .filter(({ id }) => !covered.has(id))
      .map((capture) => ({ id: capture.id, text: frameOf(capture) })),
    ...referenceVectors
      .filter(({ id, response }) => !covered.has(id) && response)
      .map(({ id, response }) => ({ id, text: response as string })),
  ];
  for (const { id, text } of waiting) {
    it(`${id} is never taken for a 42 or 44 reply`, () => {
      const info = infoOf(text);
      assert.equal(split(text).rejected.length, 0);
      for (const pack of ['all', 1] as const) {
        for (const kind of ['analog', 'alarms'] as const) {
          assert.equal(pace25.fits(kind, info, { address: 1, pack }), false);
          assert.throws(() => pace25.decode(kind, info, { address: 1, pack }), { code: 'SHAPE' });
        }
      }
    });
  }
});
