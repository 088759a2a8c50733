import { asPaceError, PaceError } from '../errors.js';

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

/**
 * Asks packs one by one, and does not let those that are silent hold up the others for good: after `patienceMs`, once a
 * pack has answered, the rest is not waited for. Of that rest, packs silent last time count as failed again, the others
 * are pending. Without `patienceMs` all are waited for.
 * @param silent the packs silent last time, with their errors; kept up to date.
 */
export function askPacks<T>(
  packs: readonly number[],
  ask: (pack: number) => Promise<T>,
  silent: Map<number, PaceError>,
  patienceMs: number | undefined,
): Promise<Answers<T>> {
  const answers: T[] = [];
  const failures: PackFailure[] = [];
  const waiting = new Set(packs);
  return new Promise((resolve) => {
    let isPatient = true;
    const finish = () => {
      clearTimeout(patience);
      const known = [...waiting].flatMap((pack) => {
        const error = silent.get(pack);
        return error ? [{ pack, error }] : [];
      });
      const pending = [...waiting].filter((pack) => !silent.has(pack));
      resolve({ answers: [...answers], failures: [...failures, ...known], pending });
    };
    const check = () => {
      if (waiting.size === 0 || (!isPatient && answers.length > 0)) finish();
    };
    const patience =
      patienceMs === undefined
        ? undefined
        : setTimeout(() => {
            isPatient = false;
            check();
          }, patienceMs);
    const settle = async (pack: number) => {
      try {
        answers.push(await ask(pack));
        silent.delete(pack);
      } catch (thrown) {
        const error = asPaceError(thrown, 'SHAPE');
        if (error.code === 'TIMEOUT') silent.set(pack, error);
        failures.push({ pack, error });
      }
      waiting.delete(pack);
      check();
    };
    for (const pack of packs) void settle(pack);
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
  const rtn = failures.find(({ error }) => error.rtn !== undefined)?.error.rtn;
  return new PaceError(first.error.code, texts.join('; '), {
    packs,
    badge: first.error.badge,
    cause: first.error,
    ...(rtn === undefined ? {} : { rtn }),
  });
}
