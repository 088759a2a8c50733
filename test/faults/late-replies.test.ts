import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { BankClient } from '../../src/link/bank-client.js';
import { seededRandom } from '../../src/simulator/random.js';
import { openClient } from '../link/bank-bench.js';
import { Bench, pass, watch } from '../link/bench.js';
import { type Command, NumberedBattery } from '../support/numbered-battery.js';

const TIMEOUT_MS = 1000;
const READS = 20;
/** How late the reply to a request is, ms; `count` counts the requests from 1. */
type Lateness = (random: () => number, count: number) => number;

const constantly = (ms: number): Lateness => {
  return () => ms;
};
const between = (from: number, to: number): Lateness => {
  return (random) => from + random() * (to - from);
};
/** A battery that answers at once, but for spells in which it is slow. */
const inSpells = (ms: number, length: number): Lateness => {
  return (_random, count) => (Math.floor(count / length) % 2 === 1 ? ms : 20);
};

/** `mostOld`: how many exchanges old an answer may be. */
const LATENESSES: [what: string, lateness: Lateness, mostOld?: number][] = [
  ...[1400, 1800, 2500].map((ms): [string, Lateness] => [`always ${ms} ms`, constantly(ms)]),
  ['always 4000 ms', constantly(4000), 3], // until the line is known for late replies
  ['0 to 2 s', between(0, 2000)],
  ['1 to 3 s', between(1000, 3000), 2], // each reply so late by another time cannot be told from one lost
  ['0.9 to 1.8 s, around the end of the pause', between(900, 1800)],
  ['2 s, for two requests in four', inSpells(2000, 2)],
  ['3 s, for three requests in six', inSpells(3000, 3)],
];

/** How a battery deals with requests that come while it is busy with another. */
const MANNERS = {
  /** Each reply is so late after its request, but comes after those to earlier requests. */
  'all at the same time': (askedAt: number, freeAt: number, ms: number) => Math.max(freeAt, askedAt + ms),
  /** Each reply is so late after the one before. */
  'one after the other': (askedAt: number, freeAt: number, ms: number) => Math.max(freeAt, askedAt) + ms,
};

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});
afterEach(() => bench.close());

/** Lets a battery without a line answer what comes on the bench, late. */
function answerLate(battery: NumberedBattery, lateness: Lateness, dueAt: (typeof MANNERS)[keyof typeof MANNERS]): void {
  const random = seededRandom(7);
  let freeAt = 0;
  bench.farEnd = (request, say, count) => {
    const now = Date.now();
    freeAt = dueAt(now, freeAt, lateness(random, count));
    say(battery.answer(request, count) as string, freeAt - now);
  };
}

/** Reads a command once. @returns how many requests had been made since the one that was answered, or why none was. */
async function ageOfAnswer(client: BankClient, battery: NumberedBattery, command: Command): Promise<number | string> {
  const frames = (async () => {
    const bank = await client.read(command === '42' ? 'analog' : 'alarms', { priority: 'input' });
    const [text] = bank.frames();
    return battery.asked(command) - (battery.replyOf(`${text}\r`)?.number ?? Number.NaN);
  })();
  const read = watch(frames);
  while (!read.done) await pass(5, 5);
  return read.value ?? read.error?.message ?? '';
}

describe('replies that come too late', () => {
  for (const [manner, dueAt] of Object.entries(MANNERS)) {
    for (const [what, lateness, mostOld = 1] of LATENESSES) {
      it(`${what}, dealt with ${manner}: none published is older than ${mostOld}`, async (test) => {
        const tooOld: string[] = [];
        for (const retries of [0, 2]) {
          for (const commands of [['42'], ['42', '44']] as Command[][]) {
            const battery = new NumberedBattery();
            answerLate(battery, lateness, dueAt);
            const client = await openClient(bench, { mode: 'master', address: 1 }, { retries, timeoutMs: TIMEOUT_MS });
            const ages: (number | string)[] = [];
            for (let i = 0; i < READS; i++) {
              ages.push(await ageOfAnswer(client, battery, commands[i % commands.length] as Command));
            }
            const published = ages.filter((age) => typeof age === 'number');
            const worst = Math.max(0, ...published);
            const text = `${retries} retries, ${commands}: ${published.length} of ${READS} published, age ${worst}`;
            test.diagnostic(text);
            if (worst > mostOld) tooOld.push(text);
            assert.ok(published.length > 0 || ages.some((age) => /set a longer timeout/.test(String(age))), text);
            await client.stop(true);
          }
        }
        assert.deepEqual(tooOld, []);
      });
    }
  }
});
