import { isDeepStrictEqual } from 'node:util';

// biome-ignore lint/suspicious/noExplicitAny: payloads differ by query; each check knows its own
type Payload = any;

/** A pack of a bank message that is online, by its name. */
type OnlinePacks = readonly (readonly [name: string, pack: Payload])[];

const isNear = (value: number, expected: number, tolerance: number) => Math.abs(value - expected) <= tolerance;
const one = (values: readonly unknown[], otherwise: unknown) => (new Set(values).size === 1 ? values[0] : otherwise);

/** The sums of a bank, by how far rounding each pack may move them. */
const SUMS = { current: 0.005, power: 0.05, remainingCapacity: 0.005, fullCapacity: 0.005, designCapacity: 0.005 };
const FLOAT_NOISE = 1e-6;

function analogFaults(bank: Payload, online: OnlinePacks): string[] {
  const packs = online.map(([, pack]) => pack);
  const total = (quantity: string) => packs.reduce((sum, pack) => sum + pack[quantity], 0);
  const cells = online.flatMap(([pack, { cells }]) => cells.map((cell: Payload) => ({ pack, ...cell })));
  const voltages: number[] = cells.map(({ voltage }) => voltage);
  const located = (voltage: number) => {
    const { pack, name } = cells[voltages.indexOf(voltage)];
    return { pack, name, voltage };
  };
  const [lowest, highest] = [Math.min(...voltages), Math.max(...voltages)];
  const holds: Record<string, boolean> = {
    voltage: isNear(bank.voltage, total('voltage') / packs.length, 0.0005 + FLOAT_NOISE),
    soc: isNear(bank.soc, (100 * total('remainingCapacity')) / total('fullCapacity'), 0.01),
    soh: isNear(bank.soh, Math.min(100, (100 * total('fullCapacity')) / total('designCapacity')), 0.01),
    cellMin: isDeepStrictEqual(bank.cellMin, located(lowest)),
    cellMax: isDeepStrictEqual(bank.cellMax, located(highest)),
    cellDelta: isNear(bank.cellDelta, highest - lowest, FLOAT_NOISE),
    temperatureMin: bank.temperatureMin === Math.min(...packs.map((pack) => pack.temperatureMin)),
    temperatureMax: bank.temperatureMax === Math.max(...packs.map((pack) => pack.temperatureMax)),
  };
  for (const [quantity, each] of Object.entries(SUMS)) {
    holds[quantity] = isNear(bank[quantity], total(quantity), each * (packs.length + 1) + FLOAT_NOISE);
  }
  return Object.keys(holds).filter((name) => !holds[name]);
}

const LEVELS = ['normal', 'warning', 'protection', 'fault'];

function warningFaults(bank: Payload, online: OnlinePacks): string[] {
  const worst = Math.max(...online.map(([, { level }]) => LEVELS.indexOf(level)));
  const active = online.flatMap(([pack, payload]) => payload.active.map((alarm: object) => ({ pack, ...alarm })));
  return [
    ...(bank.level === LEVELS[worst] ? [] : ['level']),
    ...(isDeepStrictEqual(bank.active, active) ? [] : ['active']),
  ];
}

function statusFaults(bank: Payload, online: OnlinePacks): string[] {
  const packs = online.map(([, pack]) => pack);
  const cells = online.flatMap(([name, { balancing }]) => balancing.cells.map((cell: string) => `${name}/${cell}`));
  const expected: Record<string, unknown> = {
    mode: one(
      packs.map(({ mode }) => mode),
      'mixed',
    ),
    fullyCharged: packs.every((pack) => pack.fullyCharged),
    chargeMosfet: packs.every((pack) => pack.chargeMosfet),
    dischargeMosfet: packs.every((pack) => pack.dischargeMosfet),
    balancing: { active: cells.length > 0, cells },
  };
  return Object.keys(expected).filter((name) => !isDeepStrictEqual(bank[name], expected[name]));
}

const FAULTS = { analog: analogFaults, warning: warningFaults, status: statusFaults };

/** The members of a bank's summary that do not follow from its packs. */
export function faultsOfSummary(query: keyof typeof FAULTS, { packs, bank }: Payload): string[] {
  const all = Object.entries<Payload>(packs);
  const online = all.filter(([, { online }]) => online);
  const { packCount, onlineCount, ...rest } = bank;
  const counts = [
    ...(packCount === all.filter(([, { lastSeen }]) => lastSeen !== null).length ? [] : ['packCount']),
    ...(onlineCount === online.length ? [] : ['onlineCount']),
  ];
  if (online.length > 0) return [...counts, ...FAULTS[query](rest, online)];
  const isNothing = (value: unknown) => value === null || (Array.isArray(value) && value.length === 0);
  return [...counts, ...Object.keys(rest).filter((name) => !isNothing(rest[name]))];
}
