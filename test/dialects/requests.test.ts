import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodePackCount, encodePackCountRequest, pace25 } from '../../src/dialects/pace25/index.js';
import { DIALECTS } from '../../src/dialects/registry.js';
import { fieldCaptures, frameOf, referenceVectors } from '../support/captures.js';
import { split, textOf } from '../support/split.js';
import { infoOf } from './replies.js';

const READS = { '42': 'analog', '44': 'alarms' } as const;

const requests = referenceVectors.flatMap(({ id, request }) =>
  request && !id.startsWith('neg-') ? [{ id, request }] : [],
);
const commandOf = (request: string) => request.slice(7, 9);

describe('requests', () => {
  let compared = 0;
  for (const { id, request } of requests) {
    const kind = READS[commandOf(request) as keyof typeof READS];
    if (!kind) continue;
    compared += 1;
    it(`${id}: asks for ${kind} with the very characters`, () => {
      const [frame] = split(request).frames;
      const pack = frame?.info[0] as number;
      const target = { address: frame?.address as number, pack: pack === 0xff ? ('all' as const) : pack };
      assert.equal(textOf(pace25.encodeRead(kind, target)), request);
    });
  }

  for (const { id, request } of requests.filter((entry) => commandOf(entry.request) === '90')) {
    compared += 1;
    it(`${id}: asks for the pack count with the very characters`, () => {
      assert.equal(textOf(encodePackCountRequest(Number.parseInt(request.slice(3, 5), 16))), request);
    });
  }

  it('of the vectors are compared', () => assert.ok(compared >= 19, `${compared}`));
});

describe('pack count replies', () => {
  const replies = [
    ...fieldCaptures
      .filter(({ kind }) => kind === 'packnumber')
      .map((capture) => ({ id: capture.id, text: frameOf(capture), count: capture.expected?.count_or_address })),
    ...referenceVectors
      .filter(({ kind }) => kind === 'packCount')
      .map(({ id, response, expected }) => ({ id, text: response as string, count: expected.packCount })),
  ];
  for (const { id, text, count } of replies) {
    it(`${id}: ${count ?? 'present, number not told'}`, () => {
      assert.equal(decodePackCount({ info: infoOf(text) }), count);
    });
  }
});

describe('the registry', () => {
  it('knows every dialect by its own name', () => {
    assert.deepEqual(
      [...DIALECTS].map(([name, dialect]) => [name, dialect.name]),
      [['pace25', 'pace25']],
    );
  });
});
