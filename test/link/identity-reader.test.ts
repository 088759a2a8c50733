import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { pace25 } from '../../src/dialects/pace25/index.js';
import type { BankClient } from '../../src/link/bank-client.js';
import { seededRandom } from '../../src/simulator/random.js';
import { alarmBankReply, alarmsOf, analogBankReply, openClient, partsOf, within } from './bank-bench.js';
import { Bench, packOf, pass, settled, watch } from './bench.js';
import { type Answers, answerText, COMPLETE, NOTHING_TOLD, TOLD, telling } from './identity-bench.js';

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});
afterEach(() => bench.close());

const MASTER = { mode: 'master', address: 1 } as const;
const commands = () => bench.asked.map(({ text }) => partsOf(text).command);
type Command = keyof typeof COMPLETE;
/** What each answer tells. */
const MEMBERS: Record<Command, Partial<typeof NOTHING_TOLD>> = {
  C1: { softwareVersion: null },
  C2: { bmsSerial: null, packSerial: null },
  '90': { packCount: null },
  A6: { remainingMilliampHours: null, fullMilliampHours: null, designMilliampHours: null },
  B1: { clock: null },
};
const COMMANDS = ['C1', 'C2', '90', 'A6', 'B1'] as const;

/** What a reading told, and what was asked for it. */
async function readOnce(client: BankClient) {
  const before = bench.asked.length;
  const read = watch(client.readIdentity('input'));
  while (!read.done) await pass(10, 10);
  return { told: read.value?.identities.get(1), asked: commands().slice(before) };
}

const without = (unknown: Command, isRefused: boolean): Answers => {
  const { [unknown]: _unknown, ...others } = COMPLETE as Answers;
  return isRefused ? { ...others, [unknown]: 4 } : others;
};

describe('a question that a BMS does not know', () => {
  for (const unknown of COMMANDS) {
    for (const isRefused of [true, false]) {
      it(`${unknown}, ${isRefused ? 'refused' : 'silent'}: tells nothing, and is not asked a third time`, async () => {
        const client = await openClient(bench, MASTER);
        bench.farEnd = telling(without(unknown, isRefused));
        for (let reading = 1; reading <= 4; reading++) {
          const { told, asked } = await readOnce(client);
          assert.deepEqual(told, { ...TOLD, ...MEMBERS[unknown] });
          assert.equal(asked.includes(unknown), reading <= 2, `reading ${reading}`);
        }
      });
    }
  }

  it('is asked again when the line was opened anew', async () => {
    const client = await openClient(bench, MASTER);
    bench.farEnd = telling(without('C2', true));
    for (let reading = 1; reading <= 3; reading++) await readOnce(client);
    bench.farEnd = telling(COMPLETE);
    assert.equal((await readOnce(client)).told?.bmsSerial, null);
    bench.port.destroy();
    await pass(2000, 10);
    assert.deepEqual((await readOnce(client)).told, TOLD);
  });

  it('failed only once: tells nothing this time, and all the next', async () => {
    const client = await openClient(bench, MASTER);
    for (const answers of [without('A6', true), COMPLETE, without('A6', false), COMPLETE]) {
      bench.farEnd = telling(answers);
      const { told } = await readOnce(client);
      assert.deepEqual(told, answers === COMPLETE ? TOLD : { ...TOLD, ...MEMBERS.A6 });
    }
  });

  it('counts once for two who asked at once', async () => {
    const client = await openClient(bench, MASTER);
    bench.farEnd = telling(without('B1', true));
    await within(3000, Promise.all([client.readIdentity('input'), client.readIdentity('input')]));
    assert.ok((await readOnce(client)).asked.includes('B1'));
    assert.ok(!(await readOnce(client)).asked.includes('B1'));
  });

  it('all of them: nothing is asked any more, and nothing told', async () => {
    const client = await openClient(bench, MASTER);
    bench.farEnd = telling({ C1: 4, C2: 4, '90': 4, A6: 4, B1: 4 });
    for (let reading = 1; reading <= 2; reading++) assert.deepEqual((await readOnce(client)).told, NOTHING_TOLD);
    assert.deepEqual(await readOnce(client), { told: NOTHING_TOLD, asked: [] });
  });

  it('is no damaged answer: that is asked every time', async () => {
    const client = await openClient(bench, MASTER, { retries: 0 });
    const damaged: Record<string, string> = {
      C1: `${answerText(1, COMPLETE.C1).slice(0, -3)}00\r`,
      C2: answerText(1, Uint8Array.of(1, 2, 3)),
      A6: `${answerText(1, COMPLETE.A6).slice(0, 9)}9${answerText(1, COMPLETE.A6).slice(10)}`,
    };
    const tell = telling(COMPLETE);
    bench.farEnd = (request, say, count) => {
      const reply = damaged[partsOf(request).command];
      if (reply) say(reply);
      else tell(request, say, count);
    };
    for (let reading = 1; reading <= 3; reading++) {
      const { told, asked } = await readOnce(client);
      assert.deepEqual(told, { ...TOLD, ...MEMBERS.C1, ...MEMBERS.C2, ...MEMBERS.A6 });
      assert.deepEqual(
        COMMANDS.filter((command) => asked.includes(command)),
        [...COMMANDS],
      );
    }
  });
});

describe('an answer that says little', () => {
  const bytes = (text: string) => Buffer.from(text, 'latin1');
  const cases: { what: string; answers: Answers; told: Partial<Record<keyof typeof TOLD, unknown>> }[] = [
    {
      what: 'no serial numbers, only blanks',
      answers: { C2: bytes(' '.repeat(40)) },
      told: { bmsSerial: null, packSerial: null },
    },
    {
      what: 'no serial numbers, only NULs',
      answers: { C2: bytes('\0'.repeat(40)) },
      told: { bmsSerial: null, packSerial: null },
    },
    {
      what: 'NULs and blanks around and in a serial number',
      answers: { C2: bytes(` 12\x0034\0 `.padEnd(20, '\0') + '  9-8 7\0'.padEnd(20)) },
      told: { bmsSerial: '1234', packSerial: '9-8 7' },
    },
    {
      what: 'one serial number',
      answers: { C2: bytes('0123456789ABCDEFGHIJ') },
      told: { bmsSerial: '0123456789ABCDEFGHIJ', packSerial: null },
    },
    {
      what: 'a version with the name of a Bluetooth module, which is not told',
      answers: { C1: bytes('P16S-1'.padEnd(20) + 'PACE-0815'.padEnd(20)) },
      told: { softwareVersion: 'P16S-1' },
    },
    { what: 'no number of packs', answers: { '90': new Uint8Array() }, told: { packCount: null } },
    { what: 'a clock never set', answers: { B1: new Uint8Array(6) }, told: { clock: null } },
    { what: 'a day that there is not', answers: { B1: Uint8Array.of(25, 2, 30, 1, 1, 1) }, told: { clock: null } },
  ];
  for (const { what, answers, told } of cases) {
    it(`is no failure: ${what}`, async () => {
      const client = await openClient(bench, MASTER);
      bench.farEnd = telling({ ...COMPLETE, ...answers });
      for (let reading = 1; reading <= 3; reading++) {
        assert.deepEqual(await readOnce(client), { told: { ...TOLD, ...told }, asked: [...COMMANDS] });
      }
    });
  }
});

describe('what is no answer', () => {
  it('replies to reads of packs, however short', async () => {
    const client = await openClient(bench, MASTER, { retries: 0 });
    for (const reply of [
      analogBankReply([packOf(3300)]),
      alarmBankReply([alarmsOf({ cellStates: Array(8).fill('normal') })]),
    ]) {
      const tell = telling(COMPLETE);
      bench.farEnd = (request, say, count) => {
        if (['C1', 'C2'].includes(partsOf(request).command)) say(reply);
        else tell(request, say, count);
      };
      assert.deepEqual((await readOnce(client)).told, { ...TOLD, ...MEMBERS.C1, ...MEMBERS.C2 });
    }
  });

  it('the request that comes back, which is nobody else’s', async () => {
    const client = await openClient(bench, MASTER, { retries: 0 });
    const tell = telling(COMPLETE);
    bench.farEnd = (request, say, count) => {
      say(request, 2);
      tell(request, say, count);
    };
    assert.deepEqual((await readOnce(client)).told, TOLD);
    assert.ok(!bench.log.some((line) => line.includes('another master')), bench.log.join('; '));
  });

  it('the request that comes back, and what is said to another master', async () => {
    const client = await openClient(bench, MASTER, { retries: 0 });
    const tell = telling(COMPLETE);
    bench.farEnd = (request, say, count) => {
      say(request, 2);
      say(pace25.encodeIdentityRequest('softwareVersion', 9).toString('latin1'), 5);
      say(answerText(9, Buffer.from('of another'.padEnd(20))), 10);
      tell(request, say, count);
    };
    assert.deepEqual((await readOnce(client)).told, TOLD);
  });
});

describe('answers that come late', () => {
  const ALIKE: readonly (readonly [Command, Command])[] = [
    ['A6', 'B1'],
    ['C1', 'C2'],
  ];
  /** Whatever came, nothing may be told that another question was answered. */
  const isTrue = (told: object) => {
    for (const [member, value] of Object.entries(told)) {
      if (value !== null) assert.equal(value, TOLD[member as keyof typeof TOLD], member);
    }
  };

  for (const [first, second] of ALIKE) {
    it(`${first} while ${second} is asked, whose answer is lost: asked again, and never taken for it`, async () => {
      const client = await openClient(bench, MASTER, { retries: 0 });
      const tell = telling(COMPLETE);
      bench.farEnd = (request, say, count) => {
        const { command } = partsOf(request);
        if (command === first) return;
        if (command === second && !commands().slice(0, -1).includes(second)) say(answerText(1, COMPLETE[first]));
        else tell(request, say, count);
      };
      const { told, asked } = await readOnce(client);
      assert.deepEqual(told, { ...TOLD, ...MEMBERS[first] });
      assert.equal(asked.filter((command) => command === second).length, 2);
    });

    it(`${second}, in the next reading while ${first} is asked`, async () => {
      const client = await openClient(bench, MASTER, { retries: 0 });
      const tell = telling(COMPLETE);
      bench.farEnd = (request, say, count) => partsOf(request).command !== second && tell(request, say, count);
      assert.deepEqual((await readOnce(client)).told, { ...TOLD, ...MEMBERS[second] });
      let isFirst = true;
      bench.farEnd = (request, say, count) => {
        if (partsOf(request).command === first && isFirst) {
          isFirst = false;
          say(answerText(1, COMPLETE[second]));
        } else tell(request, say, count);
      };
      assert.deepEqual((await readOnce(client)).told, TOLD);
    });
  }

  it('doubt is over after one good answer', async () => {
    const client = await openClient(bench, MASTER);
    let isLost = true;
    const tell = telling(COMPLETE);
    bench.farEnd = (request, say, count) => {
      if (partsOf(request).command === 'A6' && isLost) isLost = false;
      else tell(request, say, count);
    };
    assert.deepEqual(await readOnce(client), { told: TOLD, asked: ['C1', 'C2', '90', 'A6', 'A6', 'A6', 'B1'] });
    assert.deepEqual((await readOnce(client)).asked, [...COMMANDS]);
  });

  /** Reads over and over. @returns how many values were told. */
  async function readWith(client: BankClient, readings: number): Promise<number> {
    let told = 0;
    for (let reading = 0; reading < readings; reading++) {
      const identity = (await readOnce(client)).told ?? {};
      isTrue(identity);
      told += Object.values(identity).filter((value) => value !== null).length;
    }
    return told;
  }

  it('all by the same time: nothing is told that is not so', async () => {
    for (let delay = 105; delay < 1000; delay += 15) {
      const client = await openClient(bench, MASTER, { timeoutMs: 100, spacingMs: 0 });
      bench.farEnd = telling(COMPLETE, () => delay);
      await readWith(client, 3);
      await client.stop(true);
    }
  });

  it('some, each by another time, a tenth lost: nothing is told that is not so', async () => {
    const random = seededRandom(1);
    let told = 0;
    for (let run = 0; run < 30; run++) {
      const client = await openClient(bench, MASTER, { timeoutMs: 100, spacingMs: 0 });
      let lastAt = 0;
      const tell = telling(COMPLETE, () => {
        const delay = random() < 0.15 ? 100 + random() * 1400 : 20;
        lastAt = Math.max(lastAt + 1, Date.now() + delay);
        return lastAt - Date.now();
      });
      bench.farEnd = (request, say, count) => random() < 0.1 || tell(request, say, count);
      told += await readWith(client, 10);
      await client.stop(true);
    }
    assert.ok(told > 1500, `${told} values were told`);
  });

  it('while packs are read: they are told apart', async () => {
    const client = await openClient(bench, MASTER, { retries: 0 });
    const tell = telling(COMPLETE, (count) => (count === 1 ? 1700 : 20));
    bench.farEnd = (request, say, count) =>
      partsOf(request).command === '42' ? say(analogBankReply([packOf(3300)]), 400) : tell(request, say, count);
    const identity = client.readIdentity('interval');
    const analog = client.read('analog', { priority: 'interval' });
    await settled();
    const [{ identities }, bank] = await within(10_000, Promise.all([identity, analog]));
    assert.equal(bank.packs.get(1)?.reading?.packMillivolts, 13_200);
    assert.deepEqual(identities.get(1), { ...TOLD, ...MEMBERS.C1 });
  });

  it('of a master that relays, while a pack is asked: that has its answer', async () => {
    const addressing = { mode: 'relay', address: 1, packs: [1, 7] } as const; // the clock shows the seventh month
    const client = await openClient(bench, addressing, { retries: 0 });
    bench.farEnd = (request, say, count) => {
      const { command, info } = partsOf(request);
      const packReply = () => analogBankReply([packOf(3300)], undefined, info);
      if (command === '42') say(packReply(), 900);
      else telling(COMPLETE, () => (command === 'B1' ? 1700 : 20))(request, say, count);
    };
    const identity = watch(client.readIdentity('interval'));
    while (!commands().includes('B1')) await pass(10, 10);
    const bank = await within(5000, client.read('analog', { priority: 'interval', packs: [1] }));
    assert.equal(bank.packs.get(1)?.reading?.packMillivolts, 13_200);
    assert.deepEqual(identity.value?.identities.get(1), { ...TOLD, ...MEMBERS.B1 });
  });
});
