import type { Curve } from '../../src/battery/curve.js';
import { type LimitCurves, type LimitSettings, USUAL_CURVES } from '../../src/limits/settings.js';
import {
  choice,
  number,
  type Parser,
  parseProperties,
  type RawProperties,
  settingError,
  topic,
  withTopic,
} from './properties.js';

const amps = <Default extends number | null>(ifBlank: Default) =>
  number({ from: 0, to: 10_000, default: ifBlank, whole: false });
const cellVolts = (ifBlank: number) => number({ from: 1, to: 5, default: ifBlank, whole: false });

const PROPERTIES = {
  cellsInSeries: number({ from: 1, to: 32, default: null }),
  maxChargeCurrent: amps(50),
  maxDischargeCurrent: amps(60),
  bankMaxChargeCurrent: amps(null),
  bankMaxDischargeCurrent: amps(null),
  absorptionVoltage: cellVolts(3.45),
  floatVoltage: cellVolts(3.375),
  minVoltage: cellVolts(2.9),
  ceilingVoltage: cellVolts(3.65),
  absorptionTime: number({ from: 0, to: 86_400, default: 900, whole: false }),
  rebulkSoc: number({ from: 0, to: 100, default: 80, whole: false }),
  balanceDelta: number({ from: 0.001, to: 0.1, default: 0.01, whole: false }),
  curves: curves(),
  holdTime: number({ from: 0, to: 3600, default: 30, whole: false }),
  rampCurrent: number({ from: 0.01, to: 10_000, default: 5, whole: false }),
  rampVoltage: number({ from: 0.0001, to: 10, default: 0.001, whole: false }),
  staleAfter: number({ from: 1, to: 3600, default: 30, whole: false }),
  onStale: choice(['zero', 'hold30min'], 'zero'),
  topic: topic(),
};

/** What a limits node's properties say. */
export interface LimitsNodeSettings extends LimitSettings {
  topic: string;
}

/** @throws PaceError `CONFIG` */
export function limitsSettings(raw: RawProperties): LimitsNodeSettings {
  const properties = parseProperties(withTopic(raw), PROPERTIES);
  checkOrder(properties);
  const { cellsInSeries, balanceDelta, rebulkSoc, rampCurrent, rampVoltage, onStale } = properties;
  const { absorptionVoltage, floatVoltage, minVoltage, ceilingVoltage } = properties;
  return {
    ...{ cellsInSeries, balanceDelta, rebulkSoc, rampCurrent, rampVoltage, onStale },
    ...{ absorptionVoltage, floatVoltage, minVoltage, ceilingVoltage },
    maxCurrent: { charge: properties.maxChargeCurrent, discharge: properties.maxDischargeCurrent },
    bankMaxCurrent: { charge: properties.bankMaxChargeCurrent, discharge: properties.bankMaxDischargeCurrent },
    absorptionMs: properties.absorptionTime * 1000,
    curves: properties.curves,
    holdMs: properties.holdTime * 1000,
    staleAfterMs: properties.staleAfter * 1000,
    topic: properties.topic,
  };
}

/** From the lowest voltage of a cell to the highest. */
const RISING = ['minVoltage', 'floatVoltage', 'absorptionVoltage', 'ceilingVoltage'] as const;

function checkOrder(voltages: Readonly<Record<(typeof RISING)[number], number>>): void {
  for (const [i, name] of RISING.slice(1).entries()) {
    const below = RISING[i] as (typeof RISING)[number];
    if (voltages[name] < voltages[below]) throw settingError(name, `it must not be below ${below}`);
  }
}

/** The tables of a curve's points, each by what is measured and % of the maximum. */
const ONE_WAY = [
  'chargeByCell',
  'dischargeByCell',
  'chargeByTemperature',
  'dischargeByTemperature',
  'byMosfetTemperature',
] as const;
const KNOWN: readonly string[] = [...ONE_WAY, 'bySoc'];

/** Six tables; one that is missing is as usual, an empty one is off. */
function curves(): Parser<LimitCurves> {
  return (raw, name) => {
    const tables = (typeof raw === 'string' ? fromJson(raw, name) : (raw ?? {})) as Record<string, unknown> | null;
    if (typeof tables !== 'object' || tables === null || Array.isArray(tables)) {
      throw settingError(name, 'it is no set of tables');
    }
    const unknown = Object.keys(tables).find((table) => !KNOWN.includes(table));
    if (unknown !== undefined) throw settingError(name, `there is no table ${unknown}, but ${KNOWN.join(', ')}`);
    const oneWay = ONE_WAY.map((table) => [table, curve(tables[table], 1, `${name}: ${table}`) ?? USUAL_CURVES[table]]);
    const ofSoc = (column: number) => curve(tables.bySoc, column, `${name}: bySoc`) ?? [];
    return { ...Object.fromEntries(oneWay), bySoc: { charge: ofSoc(1), discharge: ofSoc(2) } } as LimitCurves;
  };
}

function fromJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw settingError(name, 'it is no set of tables');
  }
}

/** V, °C and % are nearer to 0; what is farther could not be reckoned with. */
const FARTHEST = 1000;

/** A table's points by what is measured, and the shares in one of its columns; null where there is no table. */
function curve(raw: unknown, column: number, name: string): Curve | [] | null {
  if (raw === undefined || raw === null) return null;
  if (!Array.isArray(raw)) throw settingError(name, 'it is no table');
  const points = raw.map((row): [number, number] => {
    const [at, percent] = Array.isArray(row) ? [numeric(row[0]), numeric(row[column])] : [null, null];
    if (at === null || Math.abs(at) > FARTHEST || percent === null || percent < 0 || percent > 100) {
      throw settingError(name, `${JSON.stringify(row)} is no row of a number and % from 0 to 100`);
    }
    return [at, percent / 100];
  });
  points.sort(([a], [b]) => a - b);
  if (points.length === 1) throw settingError(name, 'a curve needs two rows at least; none switches it off');
  if (points.some(([at], i) => at === points[i + 1]?.[0])) throw settingError(name, 'it has two rows for one value');
  return points;
}

function numeric(raw: unknown): number | null {
  const value = typeof raw === 'string' && raw.trim() !== '' ? Number(raw) : raw;
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}
