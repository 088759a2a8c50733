import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fieldCapture, frameOf } from '../support/captures.js';
import type { Answer } from '../support/replay-bms.js';
import { bench } from './kit/flow.js';
import { alarmReply, analogReply, frame, refusal, request } from './kit/replies.js';

const { run } = bench();

const GOOD = analogReply([{ cycles: 1 }, {}]);
const ALARMS = alarmReply([{}, {}]);

/** `text` with its last checksum digit changed. */
const spoilt = (text: string) => `${text.slice(0, -2)}${text.at(-2) === '0' ? '1' : '0'}\r`;

describe('a reply that cannot be used', () => {
  const cases: [what: string, reply: string | null, code: string, facts?: object][] = [
    ['silence', null, 'TIMEOUT'],
    ['a bad checksum', spoilt(GOOD), 'CHECKSUM'],
    ['a digit changed', GOOD.replace('0CE4', '0CE5'), 'CHECKSUM'],
    ['cut short, with its end', `${GOOD.slice(0, 100)}\r`, 'FRAME'],
    ['a bad length', `${GOOD.slice(0, 9)}0${GOOD.slice(10)}`, 'FRAME'],
    ['no hex', `${GOOD.slice(0, 60)}G${GOOD.slice(61)}`, 'FRAME'],
    ['one character too long', `${GOOD.slice(0, -1)}0\r`, 'FRAME'],
    ['a refusal', refusal(4), 'REFUSED', { rtn: 4 }],
    ['a refusal with INFO', frame([0x04], { rtn: 9 }), 'REFUSED', { rtn: 9 }],
    ['a refusal nobody documents', refusal(0x0b), 'REFUSED', { rtn: 0x0b }],
    ['a refusal with a high code', refusal(0xe4), 'REFUSED', { rtn: 0xe4 }],
    ['VER 20', frameOf(fieldCapture('wild-086')), 'UNSUPPORTED'],
    ['another CID1', analogReply([{}], { cid1: 0x4a }), 'UNSUPPORTED'],
    ['a 44 reply to a 42 request', ALARMS, 'SHAPE'],
    ['the reply to another command', frame([2]), 'SHAPE'],
    ['no INFO', frame([]), 'SHAPE'],
    ['the echo alone', request(0x42, 1, 0xff), 'TIMEOUT'],
    ['requests of another master alone', request(0x42, 2, 2), 'TIMEOUT'],
    ['noise alone', 'gobel\r\n\0\0', 'TIMEOUT'],
  ];
  for (const [what, reply, code, facts = {}] of cases) {
    it(`${what}: ${code}`, async () => {
      const { flow } = await run(() => reply, {}, {});
      assert.deepEqual(await flow.ask('analog'), []);
      const [error] = flow.errors.messages;
      assert.deepEqual(error?.pace.error, { code, ...facts });
      assert.equal(error?.error.code, code);
      assert.ok(error?.error.message.length > 20);
    });
  }

  it('a 42 reply to a 44 request', async () => {
    const { flow } = await run(() => GOOD, {}, { query: 'warning' });
    assert.deepEqual(await flow.ask('warning'), []);
    assert.equal(flow.errors.messages[0]?.pace.error.code, 'SHAPE');
  });

  it('the error of VER 20 names the protocol', async () => {
    const { flow } = await run(() => frameOf(fieldCapture('wild-086')), {}, {});
    await flow.ask('analog');
    assert.match(flow.errors.messages[0]?.error.message, /VER 20|2\.0/);
  });

  it('the error of silence tells what to do', async () => {
    const { flow } = await run(() => null, { address: 3 }, {});
    await flow.ask('analog');
    assert.match(flow.errors.messages[0]?.error.message, /no answer from address 3.*check/);
  });
});

describe('a reply among other things', () => {
  const cut = (text: string, at: number) => [text.slice(0, at), text.slice(at)];
  const cases: [what: string, answer: ReturnType<Answer>][] = [
    ['garbage before', `\0\xff~2501garbage${GOOD}`],
    ['a line end after', `${GOOD}\n\0`],
    ['lower-case hex', lowerCase(GOOD)],
    ['the echo before', `${request(0x42, 1, 0xff)}${GOOD}`],
    ["another master's request before", `${request(0x44, 2, 2)}${GOOD}`],
    ['a 44 reply before', [ALARMS, GOOD]],
    ['a foreign frame before', [frameOf(fieldCapture('wild-086')), GOOD]],
    ['a damaged frame before', [spoilt(GOOD), GOOD]],
    ['a frame begun before', `${GOOD.slice(0, 50)}${GOOD}`],
    ['twice', `${GOOD}${GOOD}`],
    ['in two pieces', cut(GOOD, 100)],
    ['byte by byte', [...GOOD]],
    ['CID1 4F', analogReply([{ cycles: 1 }, {}], { cid1: 0x4f })],
  ];
  for (const [what, answer] of cases) {
    it(what, async () => {
      const { flow, server } = await run(() => answer, {}, {});
      assert.deepEqual(
        (await flow.ask('analog')).map(({ payload }) => payload.cycles),
        [1, 7],
      );
      assert.equal(flow.errors.messages.length, 0);
      assert.equal(server.requests.length, 1);
      assert.equal((await flow.ask('analog')).length, 2);
    });
  }

  it('a second reply glued to the first is nothing to the next request', async () => {
    const answer = (text: string) => (text.slice(7, 9) === '42' ? `${GOOD}${GOOD}` : ALARMS);
    const { flow, server } = await run(answer, { retries: 2 }, {}, { query: 'warning' });
    flow.input('analog');
    flow.input('warning');
    await flow.completed.has(2);
    assert.equal(server.requests.length, 2);
  });

  it('a late reply is thrown away', async () => {
    const late = { reply: null as string | null };
    const { flow, server } = await run(() => late.reply, { retries: 0 }, {});
    await flow.ask('analog');
    for (const socket of server.sockets) socket.write(GOOD);
    late.reply = analogReply([{ cycles: 2 }, {}]);
    assert.equal((await flow.ask('analog'))[0]?.payload.cycles, 2);
    assert.equal(server.requests.length, 2);
  });
});

function lowerCase(text: string): string {
  const body = text.slice(1, -5).toLowerCase();
  const sum = [...body].reduce((total, character) => total + character.charCodeAt(0), 0);
  return `~${body}${(-sum & 0xffff).toString(16).padStart(4, '0')}\r`;
}

describe('tries', () => {
  const cases: [what: string, reply: string | null, retries: number, first: number, second: number][] = [
    ['silence: 2 more, then 1 while it stays silent', null, 2, 3, 1],
    ['silence without retries', null, 0, 1, 1],
    ['a bad checksum: 2 more, each time', spoilt(GOOD), 2, 3, 3],
    ['a wrong shape: 1 more', ALARMS, 1, 2, 2],
    ['a refusal: none', refusal(4), 2, 1, 1],
  ];
  for (const [what, reply, retries, first, second] of cases) {
    it(what, async () => {
      const { flow, server } = await run(() => reply, { retries, timeout: 30 }, {});
      await flow.ask('analog');
      assert.equal(server.requests.length, first);
      await flow.ask('analog');
      assert.equal(server.requests.length, first + second);
    });
  }

  it('after an answer a silent address is tried in full again', async () => {
    const bank = { reply: null as string | null };
    const { flow, server } = await run(() => bank.reply, { retries: 1, timeout: 30 }, {});
    await flow.ask('analog');
    bank.reply = GOOD;
    await flow.ask('analog');
    bank.reply = null;
    await flow.ask('analog');
    assert.equal(server.requests.length, 2 + 1 + 2);
  });

  it('the good reply of a later try is taken', async () => {
    const { flow } = await run((_text, count) => [null, spoilt(GOOD), GOOD][count - 1] ?? GOOD, { retries: 2 }, {});
    assert.equal((await flow.ask('analog')).length, 2);
    assert.equal(flow.errors.messages.length, 0);
  });

  it('are behind what waits for other addresses', async () => {
    const answer = (text: string, count: number) => {
      const address = Number.parseInt(text.slice(3, 5), 16);
      return count === 1 ? null : analogReply([{}], { address, packField: address });
    };
    const connection = { addressing: 'addressed', addresses: '1-3', retries: 1 };
    const { flow, server } = await run(answer, connection, {});
    assert.equal((await flow.ask('analog')).length, 3);
    assert.deepEqual(
      server.requests.map((text) => text.slice(3, 5)),
      ['01', '02', '03', '01'],
    );
  });
});

describe('cells that do not add up to the voltage', () => {
  const offBy = (share: number, cycles = 7) => ({ cells: Array(16).fill(3300), voltage: 52_800 * share, cycles });

  it('up to 1 % nothing is asked again', async () => {
    const { flow, server } = await run(() => analogReply([offBy(1.009), {}]), {}, {});
    assert.equal((await flow.ask('analog')).length, 2);
    assert.equal(server.requests.length, 1);
  });

  it('beyond, asked again, and published when the next says the same', async () => {
    const { flow, server } = await run((_text, count) => analogReply([offBy(1.05, count), {}]), {}, {});
    const messages = await flow.ask('analog');
    assert.deepEqual(
      messages.map(({ payload }) => [payload.voltage, payload.cycles]),
      [
        [55.44, 2],
        [52.8, 7],
      ],
    );
    assert.equal(server.requests.length, 2);
  });

  it('a reply that was wrong once is not published', async () => {
    const { flow } = await run((_text, count) => analogReply([offBy(count === 1 ? 1.5 : 1), {}]), {}, {});
    const messages = await flow.ask('analog');
    assert.deepEqual(
      messages.map(({ payload }) => payload.voltage),
      [52.8, 52.8],
    );
  });
});
