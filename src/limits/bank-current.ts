import type { PackState } from './bank-state.js';
import { type Allowance, packCurrent } from './pack-current.js';
import type { Direction, LimitSettings } from './settings.js';

/** The current that the packs of a bank allow together. */
export interface BankAllowance {
  /** A. */
  amps: number;
  /** A that they would allow with nothing in the way. */
  maximum: number;
  /** What decides, the worst first. */
  reasons: readonly string[];
}

/** What the packs that are online allow, never more than the bank may. */
export function bankCurrent(packs: readonly PackState[], direction: Direction, settings: LimitSettings): BankAllowance {
  const allowances = packs.map((pack) => packCurrent(pack, direction, settings));
  const ceiling = settings.bankMaxCurrent[direction] ?? Number.POSITIVE_INFINITY;
  const maximum = Math.min(packs.length * settings.maxCurrent[direction], ceiling);
  // Packs in parallel share a current: frozen cells cannot be kept out of it as long as their BMS lets it flow.
  const forbidding = allowances.filter(
    (ofPack, i) => packs[i]?.switches?.chargeMosfet !== false && ofPack.some(({ forbids }) => forbids),
  );
  if (forbidding.length > 0) return { amps: 0, maximum, reasons: reasonsOf(forbidding, maximum) };
  const ofPacks = allowances.reduce((total, [least]) => total + (least as Allowance).amps, 0);
  return {
    amps: Math.min(ofPacks, ceiling),
    maximum,
    reasons: [
      ...(ceiling <= ofPacks ? [`at most ${ceiling} A for the bank`] : []),
      ...(ofPacks <= ceiling ? reasonsOf(allowances, settings.maxCurrent[direction]) : []),
    ],
  };
}

/** Why the packs allow no more: each reason once; the maximum only where it holds for all of them. */
function reasonsOf(allowances: readonly (readonly Allowance[])[], maximum: number): string[] {
  const all = allowances.flat();
  const lessened = all.filter(({ amps }) => amps < maximum);
  const deciding = lessened.length > 0 ? lessened : all;
  return [...new Set(deciding.sort((a, b) => a.amps - b.amps).map(({ reason }) => reason))];
}
