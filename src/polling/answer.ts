import { PaceError } from '../errors.js';
import { combinedError } from '../link/ask-packs.js';
import type { BankReading } from '../link/bank-reading.js';
import { type Naming, packName } from '../messages/names.js';
import type { PackView } from '../messages/outgoing.js';
import { emptySlot, type PackMemory } from './pack-memory.js';
import type { Selection } from './selection.js';

/** How the packs asked for stand after an answer: what they read now, or what is remembered of them. */
export function viewsOf<Reading>(
  bank: BankReading<Reading>,
  selection: Selection,
  memory: PackMemory<Reading>,
): PackView<Reading>[] {
  const packs = selection ?? [...new Set([...bank.packs.keys(), ...memory.known])].sort((a, b) => a - b);
  return packs.map((pack) => viewOf(pack, bank, memory)).filter((view) => view !== null);
}

function viewOf<Reading>(
  pack: number,
  bank: BankReading<Reading>,
  memory: PackMemory<Reading>,
): PackView<Reading> | null {
  const answer = bank.packs.get(pack);
  if (answer && answer.reading !== null && memory.isFresh(answer.ageMs)) {
    return { pack, reading: answer.reading, lastSeen: answer.receivedAt, online: true, fresh: true };
  }
  return memory.view(pack) ?? (answer ? emptySlot(pack) : null);
}

/** What is wanting in an answer: packs that failed, and packs asked for, or read before, that are not there. */
export function shortfallOf<Reading>(
  bank: BankReading<Reading>,
  expected: readonly number[],
  naming: Naming,
): PaceError | null {
  const accountedFor = [...bank.failures.map(({ pack }) => pack), ...bank.pending];
  const packs = expected.filter((pack) => !accountedFor.includes(pack) && !bank.packs.get(pack)?.reading);
  if (bank.failures.length > 0) {
    const absent = packs.map((pack) => ({ pack, error: absentError([pack], bank, naming) }));
    const failures = [...bank.failures, ...absent].sort((a, b) => a.pack - b.pack);
    return combinedError(failures, (pack) => packName(pack, naming));
  }
  if (packs.length > 0) return absentError(packs, bank, naming);
  if ([...bank.packs.values()].some(({ reading }) => reading !== null)) return null;
  const advice = 'check the DIP addresses and the cables between the packs';
  return new PaceError('NO_PACK', `the BMS answers but knows no pack: ${advice}`);
}

function absentError(packs: readonly number[], bank: BankReading<unknown>, naming: Naming): PaceError {
  const present = [...bank.packs].filter(([, { reading }]) => reading !== null).map(([pack]) => pack);
  const rest = present.length > 0 ? `which now has ${namesOf(present, naming)}` : 'which now has none';
  const names = namesOf(packs, naming);
  const text = `${names} not in the bank, ${rest}: check the packs asked for, the DIP addresses and the cables`;
  return new PaceError('NO_PACK', text, { packs, badge: `${names} not there` });
}

function namesOf(packs: readonly number[], naming: Naming): string {
  return packs.map((pack) => packName(pack, naming)).join(', ');
}
