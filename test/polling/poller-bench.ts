import type { AlarmRecord, AnalogRecord } from '../../src/dialects/pace25/records.js';
import type { PaceError } from '../../src/errors.js';
import type { BankClient } from '../../src/link/bank-client.js';
import type { OutgoingMessage } from '../../src/messages/outgoing.js';
import type { NodeStatus } from '../../src/polling/node-status.js';
import { Poller } from '../../src/polling/poller.js';
import type { Delivery, PollerSettings } from '../../src/polling/poller-types.js';
import type { Query } from '../../src/polling/queries.js';
import { alarmBankReply, alarmsOf, analogBankReply, openClient, partsOf } from '../link/bank-bench.js';
import { analogReply, type Bench, packOf, pass, settled } from '../link/bench.js';

const SETTINGS: PollerSettings = {
  packs: null,
  intervalMs: 1000,
  staleAfterMs: 10_000,
  output: 'pack',
  topic: 'pace',
  naming: { padPacks: 0, padCells: 0 },
  onlyChanges: false,
};

/** A bank at the far end of a bench, which tests change as they go. */
export interface FarBank {
  /** By place; null where an addressed pack does not answer. */
  packs: (AnalogRecord | null)[];
  alarms: AlarmRecord[];
  silent: boolean;
  /** ms from a request to its reply. */
  latencyMs: number;
}

/** Puts two packs at the far end, behind a master. */
export function masterBank(bench: Bench): FarBank {
  const bank: FarBank = { packs: [packOf(3300), packOf(3310)], alarms: [alarmsOf()], silent: false, latencyMs: 20 };
  bench.farEnd = (request, say) => {
    if (bank.silent) return;
    const packs = bank.packs.filter((pack) => pack !== null);
    say(partsOf(request).command === '42' ? analogBankReply(packs) : alarmBankReply(bank.alarms), bank.latencyMs);
  };
  return bank;
}

/** Puts three packs at the far end, each at its own address. */
export function addressedBank(bench: Bench): FarBank {
  const bank = masterBank(bench);
  bank.packs = [packOf(3300), packOf(3310), packOf(3320)];
  bench.farEnd = (request, say) => {
    const { address } = partsOf(request);
    const pack = bank.packs[address - 1];
    if (pack && !bank.silent) say(analogReply(address, pack), bank.latencyMs);
  };
  return bank;
}

export const masterClient = (bench: Bench, options: Parameters<typeof openClient>[2] = {}) =>
  openClient(bench, { mode: 'master', address: 1 }, options);
export const addressedClient = (bench: Bench, options: Parameters<typeof openClient>[2] = {}) =>
  openClient(bench, { mode: 'addressed', packs: [1, 2, 3] }, options);

/** A node as its poller sees it: all that it was told. */
export class Told {
  readonly deliveries: { at: number; delivery: Delivery }[] = [];
  readonly failures: PaceError[] = [];
  readonly recoveries: string[] = [];
  readonly statuses: NodeStatus[] = [];

  /** All messages, with when they came. */
  get messages(): (OutgoingMessage & { at: number })[] {
    return this.deliveries.flatMap(({ at, delivery }) => delivery.messages.map((message) => ({ ...message, at })));
  }

  /** All alarm events' payloads. */
  get events(): Record<string, unknown>[] {
    return this.deliveries.flatMap(({ delivery }) =>
      delivery.events.map(({ payload }) => payload as Record<string, unknown>),
    );
  }

  get codes(): string[] {
    return this.failures.map(({ code }) => code);
  }

  /** The present status. */
  get look(): string {
    const { fill, shape, text } = this.statuses.at(-1) ?? { fill: '', shape: '', text: '' };
    return `${fill} ${shape}: ${text}`;
  }

  /** Forgets what was told so far. */
  forget(): void {
    for (const list of [this.deliveries, this.failures, this.recoveries]) list.length = 0;
  }
}

/** A poller that has been started. */
export function startPoller<Reading>(
  query: Query<Reading>,
  client: BankClient,
  settings: Partial<PollerSettings> = {},
): { poller: Poller<Reading>; told: Told } {
  const told = new Told();
  const host = {
    deliver: (delivery: Delivery) => told.deliveries.push({ at: Date.now(), delivery }),
    failed: (error: PaceError) => told.failures.push(error),
    recovered: (whom: string) => told.recoveries.push(whom),
    status: (status: NodeStatus) => told.statuses.push(status),
  };
  const poller = new Poller(query, client, { ...SETTINGS, ...settings }, host, () => Date.now());
  poller.start();
  return { poller, told };
}

/** Takes the way to the bank away; it is there again after the first back-off of a second. */
export async function dropConnection(bench: Bench): Promise<void> {
  bench.port.destroy();
  await settled();
}

/** Lets seconds pass, in steps that are short enough for replies to come one by one. */
export const seconds = (count: number): Promise<void> => pass(count * 1000, 10);

type Payload = Record<string, unknown>;
/** A pack's or bank's payload. */
export const payloadOf = (message: OutgoingMessage | undefined) =>
  message?.payload as Payload & { bank: Payload; packs: Payload };

/** Messages as `pack_1` for a reading, `pack_1 gone` for its end. */
export const packsTold = (messages: readonly OutgoingMessage[]): string[] =>
  messages.map((message) => {
    const { name, online } = payloadOf(message);
    return online ? `${name}` : `${name} gone`;
  });
