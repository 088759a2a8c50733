import type { PROTECTION_1, PROTECTION_2, WARNING_1, WARNING_2 } from '../dialects/pace25/flags.js';
import type { FlagId } from '../wire/field-codec.js';

/** What limits are set on. A pack's voltage counts per cell, so that one table serves every cell count. */
export type LimitedQuantity =
  | 'cell'
  | 'packPerCell'
  | 'cellTemperature'
  | 'mosfetTemperature'
  | 'environmentTemperature'
  | 'chargeCurrent'
  | 'dischargeCurrent'
  | 'stateOfCharge';

/** A direction of current, each with its own MOSFET. */
export type Direction = 'charging' | 'discharging';

type WarningId = FlagId<typeof WARNING_1> | FlagId<typeof WARNING_2>;
type ProtectionId = FlagId<typeof PROTECTION_1> | FlagId<typeof PROTECTION_2>;
type NameBefore<Id extends string, Suffix extends string> = Id extends `${infer Name}${Suffix}` ? Name : never;

/** Where a protection trips, how it ends, and which MOSFETs it opens. */
export interface ProtectionLimit {
  readonly at: number;
  readonly release: number | { readonly afterSeconds: number };
  readonly blocks: readonly Direction[];
}

interface LimitBase {
  readonly of: LimitedQuantity;
  readonly side: 'above' | 'below';
  readonly warnAt: number;
  readonly clearAt: number;
  /** Applies only while the pack does not do the opposite; a pack at rest counts as charging. */
  readonly only?: Direction;
}

/** One limit; its flags are called `<name>Warning` and `<name>Protection`. */
export type Limit = LimitBase &
  (
    | {
        readonly name: NameBefore<WarningId, 'Warning'> & NameBefore<ProtectionId, 'Protection'>;
        readonly protect: ProtectionLimit;
      }
    | { readonly name: NameBefore<WarningId, 'Warning'>; readonly protect?: undefined }
  );

const CHARGING = ['charging'] as const;
const DISCHARGING = ['discharging'] as const;
const BOTH = ['charging', 'discharging'] as const;
/** How long an over-current keeps the MOSFET open: no capture tells, a minute is usual. */
const OVER_CURRENT = { afterSeconds: 60 } as const;

/**
 * Every limit, in the units of a reading: mV, tenths of a °C, mA, %. Warning, protection and release levels are those
 * captured in `pace-v25.md` 3.12; where a warning clears is our choice, since no setting for it exists.
 */
export const LIMITS: readonly Limit[] = [
  {
    name: 'cellOverVoltage',
    of: 'cell',
    side: 'above',
    warnAt: 3600,
    clearAt: 3580,
    protect: { at: 3700, release: 3380, blocks: CHARGING },
  },
  {
    name: 'cellUnderVoltage',
    of: 'cell',
    side: 'below',
    warnAt: 2800,
    clearAt: 2820,
    protect: { at: 2500, release: 2900, blocks: DISCHARGING },
  },
  {
    name: 'packOverVoltage',
    of: 'packPerCell',
    side: 'above',
    warnAt: 3600,
    clearAt: 3580,
    protect: { at: 3700, release: 3375, blocks: CHARGING },
  },
  {
    name: 'packUnderVoltage',
    of: 'packPerCell',
    side: 'below',
    warnAt: 2800,
    clearAt: 2820,
    protect: { at: 2500, release: 2900, blocks: DISCHARGING },
  },
  {
    name: 'chargeOverCurrent',
    of: 'chargeCurrent',
    side: 'above',
    warnAt: 104_000,
    clearAt: 102_000,
    protect: { at: 110_000, release: OVER_CURRENT, blocks: CHARGING },
  },
  {
    name: 'dischargeOverCurrent',
    of: 'dischargeCurrent',
    side: 'above',
    warnAt: 105_000,
    clearAt: 103_000,
    protect: { at: 110_000, release: OVER_CURRENT, blocks: DISCHARGING },
  },
  {
    name: 'chargeOverTemperature',
    of: 'cellTemperature',
    side: 'above',
    only: 'charging',
    warnAt: 510,
    clearAt: 500,
    protect: { at: 550, release: 500, blocks: CHARGING },
  },
  {
    name: 'dischargeOverTemperature',
    of: 'cellTemperature',
    side: 'above',
    only: 'discharging',
    warnAt: 560,
    clearAt: 550,
    protect: { at: 600, release: 550, blocks: DISCHARGING },
  },
  {
    name: 'chargeUnderTemperature',
    of: 'cellTemperature',
    side: 'below',
    only: 'charging',
    warnAt: 0,
    clearAt: 10,
    protect: { at: -50, release: 0, blocks: CHARGING },
  },
  {
    name: 'dischargeUnderTemperature',
    of: 'cellTemperature',
    side: 'below',
    only: 'discharging',
    warnAt: -150,
    clearAt: -140,
    protect: { at: -200, release: -150, blocks: DISCHARGING },
  },
  {
    name: 'mosfetOverTemperature',
    of: 'mosfetTemperature',
    side: 'above',
    warnAt: 900,
    clearAt: 850,
    protect: { at: 1100, release: 850, blocks: BOTH },
  },
  {
    name: 'environmentOverTemperature',
    of: 'environmentTemperature',
    side: 'above',
    warnAt: 650,
    clearAt: 640,
    protect: { at: 700, release: 650, blocks: BOTH },
  },
  {
    name: 'environmentUnderTemperature',
    of: 'environmentTemperature',
    side: 'below',
    warnAt: -200,
    clearAt: -190,
    protect: { at: -250, release: -200, blocks: BOTH },
  },
  { name: 'lowCapacity', of: 'stateOfCharge', side: 'below', warnAt: 5, clearAt: 6 },
];
