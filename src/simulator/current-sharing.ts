import type { Direction } from './limits.js';

/** What decides how much of a bank's current a pack takes. */
export interface SharingPack {
  readonly openCircuitVolts: number;
  readonly resistanceOhms: number;
  accepts(direction: Direction): boolean;
}

/**
 * The amps of each pack when `amps` flow into packs in parallel: all see one voltage, and each takes what its own
 * voltage and resistance let through. A pack takes none in a direction that it blocks; the others take its part.
 */
export function shareAmps(packs: readonly SharingPack[], amps: number): number[] {
  let sharing = packs;
  for (;;) {
    const conductance = sharing.reduce((total, pack) => total + 1 / pack.resistanceOhms, 0);
    const shorted = sharing.reduce((total, pack) => total + pack.openCircuitVolts / pack.resistanceOhms, 0);
    const bankVolts = (amps + shorted) / conductance;
    const ampsOf = (pack: SharingPack) => (bankVolts - pack.openCircuitVolts) / pack.resistanceOhms;
    const willing = sharing.filter((pack) => pack.accepts(ampsOf(pack) > 0 ? 'charging' : 'discharging'));
    if (willing.length === sharing.length) {
      return packs.map((pack) => (sharing.includes(pack) ? ampsOf(pack) : 0));
    }
    sharing = willing;
  }
}

/**
 * How many times a pack's resistance a charger sees: with this its current falls for half an hour near full, as the slow
 * processes inside real cells make it, and not within a minute. By choice.
 */
const TAPER = 8;

/** The amps that `packs` take from a charger that is set to `volts`; never negative, a charger draws nothing. */
export function ampsAtVolts(packs: readonly SharingPack[], volts: number): number {
  return packs.reduce((total, { openCircuitVolts, resistanceOhms }) => {
    return total + Math.max(0, volts - openCircuitVolts) / (resistanceOhms * TAPER);
  }, 0);
}
