import { asPaceError, PaceError } from '../errors.js';
import { QUIET_AFTER_FAILURE_MS } from './pacing.js';
import type { SilentPacks } from './silent-packs.js';

/** A pack that did not answer, and why. */
export interface PackFailure {
  pack: number;
  error: PaceError;
}

/** How packs that are asked one by one have answered. */
export interface Answers<T> {
  answers: readonly T[];
  failures: readonly PackFailure[];
  /** Packs of which nothing is known yet: their requests go on. */
  pending: readonly number[];
}

/** How packs are waited for. */
export interface Waiting<T> {
  /** ms without a further answer until the rest is not waited for; absent: all are. */
  patienceMs: number | undefined;
  /** How long a silent pack may be left alone, ms; absent: all are asked. */
  restAtMostMs?: number | undefined;
  /** Is told of every answer as it comes; `isLate` when nobody waits for it any more. */
  onAnswer(answer: T, isLate: boolean): void;
}

/** A pack may take as long as a dead one before it, and the pause after that, ms. */
const LONGEST_PAUSE_MS = 1000;
/** A silent pack rests no longer than so many intervals wait, or so many timeouts last. */
const LONGEST_REST_IN_PATIENCES = 6;
const LONGEST_REST_IN_TIMEOUTS = 4;

/** How a reader waits that has `patienceMs` for packs that may be dead; one without it asks all and waits for all. */
export function patienceWith(
  patienceMs: number | undefined,
  timeoutMs: number,
): Pick<Waiting<never>, 'patienceMs' | 'restAtMostMs'> {
  if (patienceMs === undefined) return { patienceMs: undefined };
  const timeoutTakesMs = timeoutMs + QUIET_AFTER_FAILURE_MS;
  return {
    patienceMs: Math.max(patienceMs, timeoutMs + LONGEST_PAUSE_MS),
    restAtMostMs: Math.max(LONGEST_REST_IN_PATIENCES * patienceMs, LONGEST_REST_IN_TIMEOUTS * timeoutTakesMs),
  };
}

/**
 * Asks packs one by one, and does not let those that are silent hold up the others: once a pack has answered, packs
 * silent last time are not waited for, packs that are tried again no longer than the patience lasts, others no longer than
 * it lasts without a further answer; those that rest are not asked.
 * Of what was not waited for, packs silent last time count as failed again, the others are pending; their requests go on.
 * @param silent the packs silent last time; kept up to date.
 */
export function askPacks<T>(
  packs: readonly number[],
  ask: (pack: number, onRetry: () => void) => Promise<T>,
  silent: SilentPacks,
  { patienceMs, restAtMostMs, onAnswer }: Waiting<T>,
): Promise<Answers<T>> {
  const answers: T[] = [];
  const failures: PackFailure[] = [];
  const waiting = new Set(packs);
  const resting = new Set(packs.filter((pack) => restAtMostMs !== undefined && silent.isResting(pack, restAtMostMs)));
  return new Promise((resolve) => {
    let isFinished = false;
    let isPatienceOver = false;
    let endOfPatience: NodeJS.Timeout | undefined;
    let timer: NodeJS.Timeout | undefined;
    const finish = () => {
      isFinished = true;
      clearTimeout(endOfPatience);
      clearTimeout(timer);
      const rest = [...waiting];
      const failedAgain = rest.flatMap((pack) => {
        const error = silent.errorOf(pack);
        return error ? [{ pack, error }] : [];
      });
      const pending = rest.filter((pack) => !silent.errorOf(pack) && !resting.has(pack));
      resolve({ answers: [...answers], failures: [...failures, ...failedAgain], pending });
    };
    const maySkip = (pack: number) => {
      if (resting.has(pack)) return true;
      if (patienceMs === undefined || answers.length === 0) return false;
      return silent.errorOf(pack) !== undefined || (isPatienceOver && silent.isSuspected(pack));
    };
    const take = (answer: T) => {
      onAnswer(answer, isFinished);
      if (isFinished) return;
      answers.push(answer);
      clearTimeout(timer);
      if (patienceMs !== undefined) timer = setTimeout(finish, patienceMs);
    };
    const check = () => {
      if (!isFinished && [...waiting].every(maySkip)) finish();
    };
    const settle = async (pack: number) => {
      try {
        const answer = await ask(pack, () => {
          silent.suspect(pack);
          check();
        });
        silent.answered(pack);
        take(answer);
      } catch (thrown) {
        const error = asPaceError(thrown, 'SHAPE');
        if (error.code === 'TIMEOUT') silent.failed(pack, error);
        else silent.clear(pack);
        failures.push({ pack, error });
      }
      waiting.delete(pack);
      check();
    };
    if (patienceMs !== undefined) {
      endOfPatience = setTimeout(() => {
        isPatienceOver = true;
        check();
      }, patienceMs);
    }
    for (const pack of packs) if (!resting.has(pack)) void settle(pack);
    check();
  });
}

/** One error for all packs that failed: each reason once, with the packs it holds for. */
export function combinedError(failures: readonly PackFailure[], nameOf: (pack: number) => string): PaceError {
  const [first] = failures as readonly [PackFailure, ...PackFailure[]];
  const packs = failures.map(({ pack }) => pack);
  const packsByReason = new Map<string, number[]>();
  for (const { pack, error } of failures) {
    packsByReason.set(error.message, [...(packsByReason.get(error.message) ?? []), pack]);
  }
  const texts = [...packsByReason].map(([reason, held]) => `${held.map(nameOf).join(', ')}: ${reason}`);
  const { rtn } = first.error;
  return new PaceError(first.error.code, texts.join('; '), {
    packs,
    badge: first.error.badge,
    likelyCause: first.error.likelyCause,
    cause: first.error,
    ...(rtn === undefined ? {} : { rtn }),
  });
}
