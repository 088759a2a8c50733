import type { AnalogReading } from '../battery/analog.js';
import type { PackOf } from '../battery/bank-summary.js';
import { type BmsIdentity, NOTHING_TOLD } from '../battery/identity.js';
import type { IdentityKind } from '../dialects/dialect.js';
import { asPaceError, PaceError } from '../errors.js';
import { BankClient } from './bank-client.js';
import type { BankOptions, BankReading } from './bank-reading.js';

/** What a look at a bank has found. */
export interface BankFound {
  /** At least one, by number. */
  packs: readonly PackOf<AnalogReading>[];
  /** The addresses that gave no reading. */
  missing: readonly number[];
  /** Of the BMS that answers for all, or of the first that answered. */
  identity: BmsIdentity;
  /** From a request to the end of its reply, ms; the longest of several. */
  roundTripMs: number;
}

/** The part of a bank client that a look needs. */
export type LookingClient = Pick<BankClient, 'addresses' | 'read' | 'readIdentity'>;

/** So long somebody waits who has pressed a button, ms; and for the first reading. */
const LONGEST_MS = 20_000;
const LONGEST_READING_MS = 15_000;
/** With one more try, and the pauses, this fits into it, ms. */
const LONGEST_TIMEOUT_MS = 6000;

const SHOWN: readonly IdentityKind[] = ['softwareVersion', 'serialNumbers', 'packCount'];

/**
 * Opens the way to a bank, looks at the bank and closes the way again, whatever comes of it.
 * @param signal ends it early; its reason is the error then.
 * @throws PaceError why nothing was found.
 */
export async function tryBank(options: Omit<BankOptions, 'log'>, signal: AbortSignal): Promise<BankFound> {
  const { addressing, timeoutMs, retries } = options;
  const asksSeveral = addressing.mode !== 'master' && addressing.packs.length > 1;
  const client = new BankClient({
    ...options,
    timeoutMs: Math.min(timeoutMs, LONGEST_TIMEOUT_MS),
    retries: Math.min(retries, asksSeveral ? 0 : 1),
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
  const banks = await readBanks(client, signal);
  const packs = banks
    .flatMap((bank) => [...bank.packs].map(([pack, { reading }]) => ({ pack, reading })))
    .filter((of): of is PackOf<AnalogReading> => of.reading !== null)
    .sort((a, b) => a.pack - b.pack);
  const [first] = packs;
  if (!first) {
    const advice = 'check the DIP addresses and the cables between the packs';
    throw new PaceError('NO_PACK', `the BMS answers, but there is no pack: ${advice}`);
  }
  const missing = (client.addresses ?? []).filter((address) => !packs.some(({ pack }) => pack === address));
  const roundTripMs = Math.max(...banks.map(({ durationMs }) => durationMs));
  const timeLeftMs = () => LONGEST_MS - (performance.now() - startedAt);
  return { packs, missing, identity: await identityOf(client, first.pack, timeLeftMs, signal), roundTripMs };
}

/**
 * One reading of all packs, or of each where they are asked by themselves: those that came in time.
 * @throws PaceError where none did.
 */
async function readBanks(client: LookingClient, signal: AbortSignal): Promise<readonly BankReading<AnalogReading>[]> {
  const banks: BankReading<AnalogReading>[] = [];
  const errors: PaceError[] = [];
  const read = async (packs?: readonly number[]) => {
    try {
      banks.push(await client.read('analog', { packs, priority: 'input' }));
    } catch (thrown) {
      errors.push(asPaceError(thrown, 'SHAPE'));
    }
  };
  const reads = client.addresses?.map((pack) => read([pack])) ?? [read()];
  await within(LONGEST_READING_MS, Promise.all(reads), signal);
  if (banks.length > 0) return [...banks];
  const [error = new PaceError('TIMEOUT', `no answer within ${LONGEST_READING_MS / 1000} s`)] = errors;
  throw errors.find(({ likelyCause }) => likelyCause !== 'silent') ?? error;
}

/** What the BMS tells of itself while there is time; what it does not tell is null, as not all do. */
async function identityOf(
  client: LookingClient,
  address: number,
  timeLeftMs: () => number,
  signal: AbortSignal,
): Promise<BmsIdentity> {
  const identity = { ...NOTHING_TOLD };
  for (const kind of SHOWN) {
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
