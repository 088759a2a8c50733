import { type Curve, interpolate } from '../battery/curve.js';
import { concerns } from './alarm-directions.js';
import type { PackState } from './bank-state.js';
import type { Direction, LimitSettings } from './settings.js';

/** How much current something allows, and why. */
export interface Allowance {
  /** A. */
  amps: number;
  reason: string;
  /** Its cells must have none, not even of what the packs beside it are given. */
  forbids?: true;
}

/** A pack, and the way the current is to flow. */
interface Question {
  pack: PackState;
  direction: Direction;
  settings: LimitSettings;
  /** A. */
  maximum: number;
}

const MOST_WITH_WARNING = 0.5;

const volts = (value: number) => `${Number(value.toFixed(3))} V`;
const degrees = (value: number) => `${Number(value.toFixed(1))} °C`;

/** All that can limit a pack; each says nothing where it does not apply. */
const SOURCES: readonly ((question: Question) => readonly Allowance[])[] = [
  fromMaximum,
  fromUnsoundCells,
  fromCells,
  fromTemperatures,
  fromMosfetTemperature,
  fromSoc,
  fromAlarms,
  fromSwitches,
];

/** What a pack allows: the least of all sources, and those that allow no more. */
export function packCurrent(pack: PackState, direction: Direction, settings: LimitSettings): readonly Allowance[] {
  const question = { pack, direction, settings, maximum: settings.maxCurrent[direction] };
  const all = SOURCES.flatMap((source) => source(question));
  const least = Math.min(...all.map(({ amps }) => amps));
  return all.filter(({ amps }) => amps <= least);
}

function fromMaximum({ maximum }: Question): Allowance[] {
  return [{ amps: maximum, reason: `at most ${maximum} A a pack` }];
}

function fromUnsoundCells({ pack: { name, measurements } }: Question): Allowance[] {
  if (!measurements.cells) return [{ amps: 0, reason: `${name} has no cell voltages` }];
  return measurements.cells.unsound.map((cell) => ({
    amps: 0,
    reason: `cell ${name}/${cell.name} at ${Number.isNaN(cell.volts) ? 'an unknown voltage' : volts(cell.volts)}: check its sense wire`,
  }));
}

function fromCells({ pack: { name, measurements }, direction, settings: { curves }, maximum }: Question): Allowance[] {
  const { cells } = measurements;
  if (!cells || cells.unsound.length > 0) return [];
  const [curve, cell] =
    direction === 'charge' ? [curves.chargeByCell, cells.highest] : [curves.dischargeByCell, cells.lowest];
  return fromCurve(curve, cell.volts, maximum, () => `cell ${name}/${cell.name} at ${volts(cell.volts)}`);
}

function fromTemperatures({ pack, direction, settings: { curves }, maximum }: Question): Allowance[] {
  const { name, measurements } = pack;
  const known = [measurements.temperatureMin, measurements.temperatureMax].filter((value) => value !== null);
  const curve = direction === 'charge' ? curves.chargeByTemperature : curves.dischargeByTemperature;
  if (curve.length === 0) return [];
  if (known.length < 2 && direction === 'charge') {
    // The cells may be frozen, which only charging would damage.
    return [{ amps: 0, reason: `${name} tells no temperature of its cells` }];
  }
  return [...new Set(known)]
    .flatMap((value) => fromCurve(curve, value, maximum, () => `cells of ${name} at ${degrees(value)}`))
    .map((allowance) => (direction === 'charge' && allowance.amps === 0 ? { ...allowance, forbids: true } : allowance));
}

function fromMosfetTemperature({ pack: { name, measurements }, settings: { curves }, maximum }: Question): Allowance[] {
  const value = measurements.mosfetTemperature;
  if (value === null) return [];
  return fromCurve(curves.byMosfetTemperature, value, maximum, () => `MOSFETs of ${name} at ${degrees(value)}`);
}

function fromSoc({ pack: { name, measurements }, direction, settings: { curves }, maximum }: Question): Allowance[] {
  const { soc } = measurements;
  return soc === null ? [] : fromCurve(curves.bySoc[direction], soc, maximum, () => `${name} at ${soc} %`);
}

/** Where a curve allows all there is, it limits nothing. */
function fromCurve(curve: Curve | readonly [], at: number, maximum: number, reason: () => string): Allowance[] {
  const share = curve.length === 0 ? 1 : interpolate(curve, at);
  return share < 1 ? [{ amps: share * maximum, reason: reason() }] : [];
}

function fromAlarms({ pack, direction, maximum }: Question): Allowance[] {
  return (pack.alarms ?? [])
    .filter(({ code }) => concerns(code, direction))
    .map(({ level, label }) => ({
      amps: level === 'warning' ? maximum * MOST_WITH_WARNING : 0,
      reason: `${pack.name}: ${label}`,
    }));
}

function fromSwitches({ pack: { name, switches }, direction }: Question): Allowance[] {
  if (!switches) return [];
  const isOn = direction === 'charge' ? switches.chargeMosfet : switches.dischargeMosfet;
  const isForcedOff = direction === 'charge' ? switches.chargeMosfetForcedOff : switches.dischargeMosfetForcedOff;
  const isFull = direction === 'charge' && switches.fullyCharged && !isOn;
  const found: [is: boolean, reason: string][] = [
    [isFull, `${name} is full and takes no more charge`],
    [!isOn && !isFull, `${name}: ${direction} MOSFET is off`],
    [isForcedOff, `${name}: ${direction} MOSFET is switched off by command`],
    [switches.chargerReversed, `${name}: charger or terminals are connected the wrong way round`],
    [switches.shutdown, `${name} is shut down`],
  ];
  return found.filter(([is]) => is).map(([, reason]) => ({ amps: 0, reason }));
}
