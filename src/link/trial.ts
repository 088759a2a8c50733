import type { AnalogReading } from '../battery/analog.js';
import type { PackOf } from '../battery/bank-summary.js';
import { type BmsIdentity, NOTHING_TOLD } from '../battery/identity.js';
import type { IdentityKind } from '../dialects/dialect.js';
import { asPaceError, type PaceError } from '../errors.js';
import { BankClient } from './bank-client.js';
import type { Addressing, BankOptions, BankReading } from './bank-reading.js';
import { whyNothing } from './trial-failure.js';

/** What a look at a bank has found. */
export interface BankFound {
  /** At least one, by number. */
  packs: readonly PackOf<AnalogReading>[];
  /** The addresses whose request failed, or where no pack is. */
  missing: readonly number[];
  /** The addresses that time ran out for. */
  unreached: readonly number[];
  /** Of the BMS that answers for all, or of the first that answered. */
  identity: BmsIdentity;
  /** From a request to the end of its reply, ms; the longest of several. */
  roundTripMs: number;
}

/** The part of a bank client that a look needs. */
export type LookingClient = Pick<BankClient, 'addressing' | 'addresses' | 'report' | 'read' | 'readIdentity'>;

/** How long somebody waits who has pressed a button. */
interface Patience {
  /** For all readings, ms. */
  readingMs: number;
  /** For one reply, ms. */
  timeoutMs: number;
  retries: number;
}
/** Both tries fit into the time, even with a line between them that does not fall silent. */
const FOR_ONE: Patience = { readingMs: 15_000, timeoutMs: 4500, retries: 1 };
const FOR_SEVERAL: Patience = { readingMs: 60_000, timeoutMs: 2000, retries: 0 };
const patienceWith = (addressing: Addressing) => (asksSeveral(addressing) ? FOR_SEVERAL : FOR_ONE);
const asksSeveral = (addressing: Addressing) => addressing.mode !== 'master' && addressing.packs.length > 1;
/** The identity has so much more time, ms. */
const IDENTITY_MS = 5000;

const SHOWN: readonly IdentityKind[] = ['softwareVersion', 'serialNumbers', 'packCount'];
/** A pack at its own address does not know how many there are. */
const SHOWN_OF_ONE: readonly IdentityKind[] = ['softwareVersion', 'serialNumbers'];

/**
 * Opens the way to a bank, looks at the bank and closes the way again, whatever comes of it.
 * @param signal ends it early; its reason is the error then.
 * @throws PaceError why nothing was found.
 */
export async function tryBank(options: Omit<BankOptions, 'log'>, signal: AbortSignal): Promise<BankFound> {
  const { timeoutMs, retries } = patienceWith(options.addressing);
  const client = new BankClient({
    ...options,
    timeoutMs: Math.min(options.timeoutMs, timeoutMs),
    retries: Math.min(options.retries, retries),
    log: () => {},
  });
  client.start();
  try {
    return await lookAt(client, signal);
  } finally {
    await client.stop(true);
  }
}

/**
 * Looks at a bank whose line is open or being opened: reads it once, then asks who it is.
 * @param signal ends it early; its reason is the error then.
 * @throws PaceError why nothing was found.
 */
export async function lookAt(client: LookingClient, signal: AbortSignal): Promise<BankFound> {
  const startedAt = performance.now();
  const { readingMs } = patienceWith(client.addressing);
  const { banks, packs, unreached } = await readPacks(client, readingMs, signal);
  const accounted = new Set([...packs.map(({ pack }) => pack), ...unreached]);
  const missing = (client.addresses ?? []).filter((address) => !accounted.has(address));
  const roundTripMs = Math.max(...banks.map(({ durationMs }) => durationMs));
  const timeLeftMs = () => readingMs + IDENTITY_MS - (performance.now() - startedAt);
  const identity = await identityOf(client, packs[0].pack, timeLeftMs, signal);
  return { packs, missing, unreached, identity, roundTripMs };
}

/** Packs that were found. */
interface Readings {
  banks: readonly BankReading<AnalogReading>[];
  /** By number. */
  packs: readonly [PackOf<AnalogReading>, ...PackOf<AnalogReading>[]];
  unreached: readonly number[];
}

/**
 * One reading of all packs, or of each where they are asked by themselves: those that came in time.
 * @throws PaceError where no pack was found.
 */
async function readPacks(client: LookingClient, limitMs: number, signal: AbortSignal): Promise<Readings> {
  const banks: BankReading<AnalogReading>[] = [];
  const errors: PaceError[] = [];
  const waiting = new Set(client.addresses);
  const before = client.report;
  const read = async (packs?: readonly number[]) => {
    try {
      banks.push(await client.read('analog', { packs, priority: 'input' }));
    } catch (thrown) {
      errors.push(asPaceError(thrown, 'SHAPE'));
    }
    for (const pack of packs ?? []) waiting.delete(pack);
  };
  const reads = client.addresses?.map((pack) => read([pack])) ?? [read()];
  await within(limitMs, Promise.all(reads), signal);
  const unreached = [...waiting];
  const [first, ...others] = packsOf(banks);
  if (first) return { banks: [...banks], packs: [first, ...others], unreached };
  throw whyNothing({
    errors,
    hasReplies: banks.length > 0,
    unreached: asksSeveral(client.addressing) ? unreached : [],
    before,
    after: client.report,
    limitMs,
  });
}

function packsOf(banks: readonly BankReading<AnalogReading>[]): readonly PackOf<AnalogReading>[] {
  return banks
    .flatMap((bank) => [...bank.packs].map(([pack, { reading }]) => ({ pack, reading })))
    .filter((of): of is PackOf<AnalogReading> => of.reading !== null)
    .sort((a, b) => a.pack - b.pack);
}

/** What the BMS tells of itself while there is time; what it does not tell is null, as not all do. */
async function identityOf(
  client: LookingClient,
  address: number,
  timeLeftMs: () => number,
  signal: AbortSignal,
): Promise<BmsIdentity> {
  const identity = { ...NOTHING_TOLD };
  for (const kind of client.addressing.mode === 'addressed' ? SHOWN_OF_ONE : SHOWN) {
    try {
      const reading = client.readIdentity('input', { kinds: [kind], addresses: [address] });
      const [told = NOTHING_TOLD] = (await within(timeLeftMs(), reading, signal))?.identities.values() ?? [];
      const members = Object.entries(told).filter(([, value]) => value !== null);
      Object.assign(identity, Object.fromEntries(members));
    } catch (thrown) {
      if (signal.aborted) throw thrown;
    }
  }
  return identity;
}

/** What a promise comes to; null where that takes longer than `ms`. @throws PaceError that the signal gives. */
function within<T>(ms: number, promise: Promise<T>, signal: AbortSignal): Promise<T | null> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => settle(() => resolve(null)), ms);
    const end = () => settle(() => reject(asPaceError(signal.reason, 'CLOSED')));
    const settle = (call: () => void) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      call();
    };
    promise.then(
      (value) => settle(() => resolve(value)),
      (thrown) => settle(() => reject(thrown)),
    );
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) end();
  });
}
