import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import type { AnalogReading } from '../../src/battery/analog.js';
import type { ReadKind } from '../../src/dialects/dialect.js';
import { seededRandom } from '../../src/simulator/random.js';
import { newReader, type PublishedPack, publishedAfter, replyBefore, type Truth, truths } from './damaged-replies.js';

/** Replies damaged for each figure; those that are none the worse for it do not count. */
const TRIES = 10_000;

type Random = () => number;
/** Characters of INFO damaged so that their sum stays as it was; null where these cannot be. */
type Damage = (truth: Truth, random: Random, others: readonly Truth[]) => string | null;

const pick = <T>(list: readonly T[], random: Random) => list[Math.floor(random() * list.length)] as T;

function changeOfTwo(change: (a: string, b: string) => readonly string[] | null): Damage {
  return ({ info }, random) => {
    const [i = 0, j = 0] = [random(), random()].map((share) => Math.floor(share * info.length)).sort((a, b) => a - b);
    const changed = i === j ? null : change(info[i] as string, info[j] as string);
    return changed && `${info.slice(0, i)}${changed[0]}${info.slice(i + 1, j)}${changed[1]}${info.slice(j + 1)}`;
  };
}

const DAMAGES: Record<string, Damage> = {
  'characters that changed places': changeOfTwo((a, b) => (a === b ? null : [b, a])),
  'changes that cancel out': changeOfTwo((a, b) => {
    const changed = [a.charCodeAt(0) + 1, b.charCodeAt(0) - 1].map((code) => String.fromCharCode(code));
    return changed.every((character) => /[0-9A-F]/.test(character)) ? changed : null;
  }),
  // taken as if the sum of the second were that of the mixture
  'splices of two replies': ({ info, target }, random, others) => {
    const alike = others.filter(
      (other) =>
        other.info !== info &&
        other.info.length === info.length &&
        (other.target.pack === 'all') === (target.pack === 'all'),
    );
    const cut = Math.floor(random() * info.length);
    return alike.length === 0 ? null : `${info.slice(0, cut)}${pick(alike, random).info.slice(cut)}`;
  },
};

interface Shown {
  truth: Truth;
  published: PublishedPack[];
}

/** Of damaged replies how many are refused or doubted, and what is shown of those that are not. */
function outcomes(kind: ReadKind, damage: Damage, hasReadingBefore: boolean) {
  const random = seededRandom(1);
  const all = truths(kind);
  const shown: Shown[] = [];
  let caught = 0;
  for (let tries = 0; tries < TRIES; tries++) {
    const truth = pick(all, random);
    const damaged = damage(truth, random, all);
    if (damaged === null) continue;
    const reader = newReader();
    if (hasReadingBefore) assert.ok(publishedAfter(reader, truth, [replyBefore(truth, random)]), truth.id);
    const published = publishedAfter(reader, truth, [damaged], 5000);
    if (published === null) caught += 1;
    else if (!all.some((other) => isDeepStrictEqual(published, other.published))) shown.push({ truth, published });
  }
  return { share: (100 * caught) / (caught + shown.length), of: caught + shown.length, shown };
}

/** The least shares caught, in percent: of a first reply, and of one that follows a good one. */
const LEAST_SHARES: readonly [kind: ReadKind, damage: string, first: number, later: number][] = [
  ['analog', 'characters that changed places', 65, 92],
  ['analog', 'changes that cancel out', 58, 84],
  ['analog', 'splices of two replies', 24, 97],
  ['alarms', 'characters that changed places', 63, 68],
  ['alarms', 'changes that cancel out', 45, 55],
  // their flags may all be true, and are never held back
  ['alarms', 'splices of two replies', 0, 0],
];

const REPLIES = { analog: 'measurements (42)', alarms: 'alarms (44)' };

describe('damage that the checksum cannot see', () => {
  for (const [kind, what, ...least] of LEAST_SHARES) {
    it(`${REPLIES[kind]}, ${what}: at least ${least[0]} % of first replies are caught, ${least[1]} % of later ones`, (t) => {
      const found = [false, true].map((hasReadingBefore) => outcomes(kind, DAMAGES[what] as Damage, hasReadingBefore));
      const [first, later] = found.map(({ share, of }) => `${share.toFixed(0)} % of ${of}`);
      t.diagnostic(`${REPLIES[kind]}, ${what}: caught ${first} first replies, ${later} later ones`);
      found.forEach(({ share }, i) => {
        assert.ok(share >= (least[i] as number), `${share} %`);
      });
    });
  }

  /** How far a published number may be off after damage, 5 s after a good reading: what can be believed in that time. */
  const FARTHEST: readonly [keyof AnalogReading, (pack: AnalogReading) => number][] = [
    ['cellMillivolts', () => 45],
    ['packMillivolts', () => 600],
    ['temperatureTenths', () => 50],
    ['remainingMilliampHours', ({ fullMilliampHours }) => fullMilliampHours * 0.055],
    ['fullMilliampHours', () => 0],
    ['designMilliampHours', () => 0],
    ['cycles', () => 20],
  ];

  for (const [what, damage] of Object.entries(DAMAGES)) {
    it(`measurements (42), ${what}: what is shown all the same is near the truth, but for the current`, () => {
      for (const { truth, published } of outcomes('analog', damage, true).shown) {
        for (const [i, { isThere, shown }] of published.entries()) {
          const real = truth.published[i] as PublishedPack;
          assert.equal(isThere, real.isThere, truth.id);
          if (!isThere) continue;
          for (const [field, farthest] of FARTHEST) {
            const [values, realValues] = [shown, real.shown].map((pack) => [pack[field] ?? 0].flat() as number[]);
            const errors = values?.map((value, item) => Math.abs(value - (realValues?.[item] ?? 0))) ?? [];
            const words = `${truth.id} ${field}: ${values}, not ${realValues}`;
            assert.ok(Math.max(0, ...errors) <= farthest(real.shown as AnalogReading), words);
          }
        }
      }
    });
  }
});
