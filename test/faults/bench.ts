import assert from 'node:assert/strict';
import { after, afterEach, before } from 'node:test';
import type { NodeMessage } from 'node-red';
import type { RunningFlow } from '../nodes/kit/flow.js';
import { FaultProxy, type FaultProxyOptions } from '../support/fault-proxy.js';
import { type Message, nodeOf, startRuntime, stopRuntime, unloadFlow } from '../support/node-red.js';
import { COMMAND_OF, NumberedBattery, type NumberedQuery, PACKS, payloadsOf } from '../support/numbered-battery.js';

/** A numbered battery and the line to it, which lets replies go wrong. */
export interface FaultyBank {
  battery: NumberedBattery;
  proxy: FaultProxy;
}

/** Something that a test closes at its end. */
interface Closable {
  close(): Promise<void>;
}

/** A faulty bank that a TCP client can reach. */
export async function listenFaulty(options: FaultProxyOptions): Promise<FaultyBank & Closable> {
  const battery = await NumberedBattery.listen();
  const proxy = new FaultProxy(battery, options);
  await proxy.listen();
  return {
    battery,
    proxy,
    async close() {
      await proxy.close();
      await battery.close();
    },
  };
}

/** Runs Node-RED for a test file; closes what its tests opened after each of them. */
export function faultBench() {
  const open: Closable[] = [];
  before(startRuntime);
  after(stopRuntime);
  afterEach(async () => {
    await unloadFlow();
    for (const closable of open.splice(0).reverse()) await closable.close();
  });
  const keep = <T extends Closable>(closable: T): T => {
    open.push(closable);
    return closable;
  };
  return { keep, bank: async (options: FaultProxyOptions) => keep(await listenFaulty(options)) };
}

/** The properties of a connection node that reaches `proxy`; `timeoutMs` is that of the proxy. */
export const connectionTo = (target: { port: number }, timeoutMs: number, retries: number) => ({
  transport: 'tcp',
  host: '127.0.0.1',
  port: target.port,
  timeout: timeoutMs,
  spacing: 0,
  retries,
});

/** Gives inputs to the nodes of the flow that is loaded, and waits until each has ended. */
export class Asker {
  readonly #ends = new Map<string, (errorCode: string | null) => void>();

  constructor() {
    for (const id of ['completed', 'errors']) {
      nodeOf(id).on('input', (message) => {
        const { input, pace } = message as Message;
        this.#ends.get(input)?.(id === 'errors' ? pace.error.code : null);
      });
    }
  }

  /** Gives a node an input. @returns the code of the error that it ended with; null where it was answered. */
  ask(id: string): Promise<string | null> {
    return new Promise((resolve) => {
      const input = `input ${this.#ends.size + 1}`;
      this.#ends.set(input, resolve);
      nodeOf(id).receive({ input } as NodeMessage);
    });
  }
}

/**
 * The numbers of the replies that a query node published, in its order.
 * Every message must say, value by value, what one reply of the battery said; the node includes the raw frame.
 */
export function publishedNumbers(
  battery: NumberedBattery,
  query: NumberedQuery,
  messages: readonly Message[],
): number[] {
  assert.equal(messages.length % PACKS.length, 0, `${messages.length} messages are no whole polls`);
  const numbers: number[] = [];
  for (let first = 0; first < messages.length; first += PACKS.length) {
    const poll = messages.slice(first, first + PACKS.length);
    const text = `${poll[0]?.pace.frame}\r`;
    const reply = battery.replyOf(text);
    assert.ok(reply, `the battery never sent ${text}`);
    assert.equal(reply.command, COMMAND_OF[query]);
    const seen = poll.map(({ payload: { lastSeen, ...payload }, pace }) => {
      assert.equal(lastSeen, pace.receivedAt);
      assert.ok(lastSeen >= reply.at, `received ${reply.at - lastSeen} ms before it was sent`);
      return payload;
    });
    assert.deepEqual(seen, payloadsOf(query, reply));
    numbers.push(reply.number);
  }
  return numbers;
}

/** Waits for two more whole polls of the analog node. */
export async function goesOn(flow: RunningFlow): Promise<void> {
  const { messages } = flow.out('analog');
  const begun = Math.ceil(messages.length / PACKS.length);
  await flow.out('analog').has((begun + 2) * PACKS.length);
}

/** Asserts that every number is higher than the one before: nothing twice, nothing old. */
export function assertRising(numbers: readonly number[]): void {
  const fallen = numbers.findIndex((number, i) => i > 0 && number <= (numbers[i - 1] ?? 0));
  assert.equal(fallen, -1, `published ${numbers[fallen]} after ${numbers[fallen - 1]}`);
}

/** What a node has told the log by `log`, `warn` and `error`. */
export function toldBy(id: string): string[] {
  const node = nodeOf(id) as unknown as Record<'log' | 'warn' | 'error', Spied>;
  return (['log', 'warn', 'error'] as const).flatMap((method) => {
    const { args, thisValues } = node[method];
    return args.filter((_, i) => thisValues[i]?.id === id).map(([told]) => String(told));
  });
}

interface Spied {
  args: [unknown][];
  thisValues: { id: string }[];
}
