import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import { PaceError } from '../../src/errors.js';
import { type Answers, askPacks, combinedError } from '../../src/link/ask-packs.js';
import { SilentPacks } from '../../src/link/silent-packs.js';
import { pass, settled, watch } from './bench.js';

beforeEach(() => mock.timers.enable({ apis: ['setTimeout', 'Date'] }));
afterEach(() => mock.timers.reset());

const PATIENCE = 4000;
const WITHOUT_PATIENCE = { patienceMs: undefined, onAnswer: () => {} };
const TIMEOUT_TAKES = 1500;
const timeout = (pack: number) => new PaceError('TIMEOUT', `no answer from ${pack}`);

function silentPacksOf(silent: readonly number[]): SilentPacks {
  const silentPacks = new SilentPacks(TIMEOUT_TAKES, () => Date.now());
  for (const pack of silent) silentPacks.failed(pack, timeout(pack));
  return silentPacks;
}

const silentOf = (silentPacks: SilentPacks, packs: readonly number[]) =>
  packs.filter((pack) => silentPacks.errorOf(pack));

/** Asks packs of which each answers after so many ms, or fails after as many below 0. */
function asking(
  times: Record<number, number>,
  silent: readonly number[] = [],
  patienceMs: number | undefined = PATIENCE,
) {
  const late: number[] = [];
  const onAnswer = (pack: number, isLate: boolean) => isLate && late.push(pack);
  const silentPacks = silentPacksOf(silent);
  const ask = async (pack: number) => {
    const ms = times[pack] as number;
    await new Promise<void>((resolve) => setTimeout(resolve, Math.abs(ms)));
    if (ms < 0) throw timeout(pack);
    return pack;
  };
  const packs = Object.keys(times).map(Number);
  return {
    result: watch(askPacks(packs, ask, silentPacks, { patienceMs, onAnswer })),
    silentPacks,
    late,
  };
}

const outcome = (result: { value?: Answers<number> }) => {
  const { answers, failures, pending } = result.value ?? { answers: [], failures: [], pending: [] };
  return { answers, failed: failures.map(({ pack }) => pack), pending };
};

describe('askPacks', () => {
  it('waits for all while its patience lasts', async () => {
    const { result } = asking({ 1: 100, 2: 3000, 3: -2000 });
    await pass(2900, 10);
    assert.equal(result.done, false);
    await pass(200, 10);
    assert.deepEqual(outcome(result), { answers: [1, 2], failed: [3], pending: [] });
  });

  it('does not wait for one silent last time once another has answered: it has failed as before', async () => {
    const { result, silentPacks } = asking({ 1: 100, 2: -3000 }, [2]);
    await pass(90, 10);
    assert.equal(result.done, false);
    await pass(20, 10);
    assert.deepEqual(outcome(result), { answers: [1], failed: [2], pending: [] });
    await pass(3000, 10);
    assert.deepEqual(silentOf(silentPacks, [1, 2]), [2]);
  });

  it('waits for those silent last time while nobody has answered', async () => {
    const { result } = asking({ 1: -1000, 2: 2000 }, [1, 2]);
    await pass(1900, 10);
    assert.equal(result.done, false);
    await pass(200, 10);
    assert.deepEqual(outcome(result), { answers: [2], failed: [1], pending: [] });
  });

  it('unknown ones that it does not wait for are pending', async () => {
    const { result, silentPacks } = asking({ 1: 100, 2: -6000 });
    await pass(100 + PATIENCE + 10, 10);
    assert.deepEqual(outcome(result), { answers: [1], failed: [], pending: [2] });
    await pass(3000, 10);
    assert.deepEqual(silentOf(silentPacks, [1, 2]), [2], 'the request went on');
  });

  it('each answer renews the patience, as in a bank that is slow but well', async () => {
    const { result } = asking({ 1: 3000, 2: 6000, 3: 9000 });
    await pass(9010, 10);
    assert.deepEqual(outcome(result), { answers: [1, 2, 3], failed: [], pending: [] });
  });

  it('patience begins with the first answer', async () => {
    const { result } = asking({ 1: 5000, 2: 12_000 });
    await pass(8900, 10);
    assert.equal(result.done, false);
    await pass(200, 10);
    assert.deepEqual(outcome(result), { answers: [1], failed: [], pending: [2] });
  });

  it('hands on what is answered late, once', async () => {
    const { result, silentPacks, late } = asking({ 1: 100, 2: 500 }, [2]);
    await pass(200, 10);
    assert.deepEqual([outcome(result).failed, late], [[2], []]);
    await pass(2000, 10);
    assert.deepEqual([silentOf(silentPacks, [1, 2]), late], [[], [2]]);
    assert.deepEqual(outcome(result).answers, [1], 'what was given stays as it was');
  });

  it('without a patience all are waited for, however silent', async () => {
    const ask = (pack: number) => new Promise<number>((resolve) => setTimeout(() => resolve(pack), pack * 1000));
    const result = watch(askPacks([1, 60], ask, silentPacksOf([60]), WITHOUT_PATIENCE));
    await pass(59_000, 100);
    assert.equal(result.done, false);
    await pass(1100, 100);
    assert.deepEqual(outcome(result), { answers: [1, 60], failed: [], pending: [] });
  });

  it('only silence makes a pack silent', async () => {
    const silent = silentPacksOf([]);
    const ask = (pack: number) => Promise.reject(new PaceError(pack === 1 ? 'CHECKSUM' : 'TIMEOUT', 'x'));
    const result = watch(askPacks([1, 2], ask, silent, WITHOUT_PATIENCE));
    await settled();
    assert.deepEqual(outcome(result), { answers: [], failed: [1, 2], pending: [] });
    assert.deepEqual(silentOf(silent, [1, 2]), [2]);
  });
});

describe('a silent pack among others that answer', () => {
  const asks: number[] = [];
  const live = async (pack: number) => {
    asks.push(pack);
    if (pack === 2) throw timeout(pack);
    return pack;
  };
  beforeEach(() => asks.splice(0));

  /** Asks packs 1 and 2 every 5 s. @returns at which seconds pack 2 was asked. */
  async function secondsAsked(silent: SilentPacks, seconds: number, restAtMostMs: number | undefined) {
    const patienceMs = restAtMostMs && PATIENCE;
    const at: number[] = [];
    const start = Date.now();
    for (let passed = 0; passed <= seconds; passed += 5) {
      asks.splice(0);
      const result = watch(askPacks([1, 2], live, silent, { patienceMs, restAtMostMs, onAnswer: () => {} }));
      await settled();
      assert.deepEqual(outcome(result), { answers: [1], failed: [2], pending: [] });
      if (asks.includes(2)) at.push((Date.now() - start) / 1000);
      await pass(5000, 1000);
    }
    return at;
  }

  it('is asked less and less often, but within 30 s, and by every input', async () => {
    assert.deepEqual(await secondsAsked(silentPacksOf([]), 120, 60_000), [0, 5, 15, 30, 55, 85, 115]);
    assert.deepEqual(await secondsAsked(silentPacksOf([]), 60, 12_000), [0, 5, 15, 30, 45, 60]);
    assert.deepEqual(await secondsAsked(silentPacksOf([]), 20, undefined), [0, 5, 10, 15, 20]);
  });

  it('is asked at once again when all had been silent, or the line was opened anew', async () => {
    const silent = silentPacksOf([1, 2]);
    assert.equal(silent.isResting(2, 60_000), false);
    silent.answered(1);
    assert.equal(silent.isResting(2, 60_000), false);
    silent.failed(2, timeout(2));
    assert.equal(silent.isResting(2, 60_000), true);
    silent.wake();
    assert.equal(silent.isResting(2, 60_000), false);
  });

  it('fails again, unasked, where it alone is wanted', async () => {
    const silent = silentPacksOf([]);
    silent.answered(1);
    silent.failed(2, timeout(2));
    const result = watch(askPacks([2], live, silent, { ...WITHOUT_PATIENCE, restAtMostMs: 60_000 }));
    await settled();
    assert.deepEqual([outcome(result).failed, asks], [[2], []]);
  });
});

describe('combinedError', () => {
  const nameOf = (pack: number) => `pack_${pack}`;
  const failed = (pack: number, error: PaceError) => ({ pack, error });

  it('names each reason once, with its packs', () => {
    const same = new PaceError('TIMEOUT', 'no answer');
    const error = combinedError(
      [failed(1, same), failed(2, new PaceError('CHECKSUM', 'damaged')), failed(4, same)],
      nameOf,
    );
    assert.equal(error.message, 'pack_1, pack_4: no answer; pack_2: damaged');
    assert.deepEqual([error.code, error.packs, error.rtn], ['TIMEOUT', [1, 2, 4], undefined]);
  });

  it('has code and badge of the first, and what the BMS refused with only where that is the first', () => {
    const refusal = new PaceError('REFUSED', 'no', { rtn: 4 });
    const first = new PaceError('TIMEOUT', 'no answer', { badge: 'no answer, only noise' });
    const error = combinedError([failed(1, first), failed(2, refusal)], nameOf);
    assert.deepEqual([error.badge, error.rtn, error.cause], [first.badge, undefined, first]);
  });
});
