import { mock } from 'node:test';
import type { BmsIdentity } from '../../src/battery/identity.js';
import { PaceError } from '../../src/errors.js';
import type { LinkState } from '../../src/link/connector.js';
import type { IdentityReading } from '../../src/link/identity-reading.js';
import type { Priority } from '../../src/link/request-queue.js';
import { type IdentityClient, InfoPoller, type InfoSettings } from '../../src/polling/info-poller.js';
import type { Delivery } from '../../src/polling/poller-types.js';
import { pass } from '../link/bench.js';
import { Told } from './poller-bench.js';

export const IDENTITY: BmsIdentity = {
  softwareVersion: 'P16S100A-1812-1.00',
  bmsSerial: '0907030493436D',
  packSerial: null,
  packCount: 4,
  remainingMilliampHours: 62_040,
  fullMilliampHours: 103_460,
  designMilliampHours: 100_000,
  clock: null,
};
export const named = (softwareVersion: string): BmsIdentity => ({ ...IDENTITY, softwareVersion });
export const SILENCE = new PaceError('TIMEOUT', 'no answer from address 1: check the cable');
const LOST = new PaceError('NOT_CONNECTED', 'the connection was lost', { badge: 'connection lost' });
export const BACKOFF: LinkState = { name: 'backoff', error: LOST, retryInMs: 1000 };

/** A line in the test's hands, and the BMS behind it; time is the test's too. */
export class FakeClient implements IdentityClient {
  state: LinkState = { name: 'connecting' };
  addresses: readonly number[] | null = null;
  /** What each BMS answers, by its address. */
  answers = new Map<number, BmsIdentity | PaceError>([[1, IDENTITY]]);
  latencyMs = 20;
  readonly asked: { at: number; priority: Priority }[] = [];
  readonly #listeners = new Set<(state: LinkState) => void>();

  constructor() {
    mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  }

  close(): void {
    mock.timers.reset();
  }

  onState(listener: (state: LinkState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  become(state: LinkState): void {
    this.state = state;
    for (const listener of this.#listeners) listener(state);
  }

  /** Lets the line open, and as much time pass as a reading takes. */
  async open(): Promise<void> {
    this.become({ name: 'open' });
    await pass(100, 10);
  }

  get listeners(): number {
    return this.#listeners.size;
  }

  async readIdentity(priority: Priority): Promise<IdentityReading> {
    if (this.state.name === 'backoff') throw this.state.error;
    this.asked.push({ at: Date.now(), priority });
    await new Promise<void>((resolve) => setTimeout(resolve, this.latencyMs));
    const all = [...this.answers];
    const failures = all.flatMap(([pack, error]) => (error instanceof PaceError ? [{ pack, error }] : []));
    const [first] = failures;
    if (first && failures.length === all.length) throw first.error;
    const identities = new Map(all.filter((entry): entry is [number, BmsIdentity] => !(entry[1] instanceof PaceError)));
    return { identities, failures, receivedAt: 1_790_000_000_000, durationMs: 100 };
  }
}

/** A poller that has been started. */
export function startInfo(client: FakeClient, settings: Partial<InfoSettings> = {}) {
  const told = new Told();
  const host = {
    deliver: (delivery: Delivery) => told.deliveries.push({ at: Date.now(), delivery }),
    failed: (error: PaceError) => told.failures.push(error),
    recovered: (whom: string) => told.recoveries.push(whom),
    status: (status: Told['statuses'][number]) => told.statuses.push(status),
  };
  const naming = { padPacks: 0, padCells: 0 };
  const all: InfoSettings = { intervalMs: 0, output: 'bank', topic: 'pace', naming, ...settings };
  const poller = new InfoPoller(client, all, host, () => Date.now());
  poller.start();
  return { poller, told };
}

/** The payload of the message at that place. */
export const payloadOf = (told: Told, at = -1) => told.messages.at(at)?.payload as Record<string, unknown> | undefined;
