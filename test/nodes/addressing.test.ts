import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bench, type Properties } from './kit/flow.js';
import { type AnalogPack, alarmReply, analogReply, EMPTY_ALARM_SLOT, EMPTY_SLOT, request } from './kit/replies.js';

const { run } = bench();

const ADDRESSED = { addressing: 'addressed', addresses: '1-3' };
const RELAY = { addressing: 'relay', address: 1, addresses: '1-3' };

/** ADR and INFO of a request. */
const askedIn = (text: string) => ({
  address: Number.parseInt(text.slice(3, 5), 16),
  info: Number.parseInt(text.slice(13, 15), 16),
});

/** A reply as the pack asked gives it, with its number as its cycles. */
function ownReply(text: string, pack: AnalogPack = {}): string {
  const { address, info } = askedIn(text);
  return analogReply([{ cycles: info, ...pack }], { address, packField: info });
}

describe('requests on the wire', () => {
  const cases: [what: string, connection: Properties, analog: string[], alarms: string[]][] = [
    ['master', {}, ['~25014642E002FFFD05'], ['~25014644E002FFFD03']],
    ['master at 0', { address: 0 }, ['~25004642E002FFFD06'], ['~25004644E002FFFD04']],
    ['master at 255', { address: '255' }, ['~25FF4642E002FFFCDA'], ['~25FF4644E002FFFCD8']],
    ['master at 11', { address: 11 }, ['~250B4642E002FFFCF4'], ['~250B4644E002FFFCF2']],
    [
      'addressed',
      { addressing: 'addressed', addresses: '1-2,16' },
      ['~25014642E00201FD30', '~25024642E00202FD2E', '~25104642E00210FD30'],
      ['~25014644E00201FD2E', '~25024644E00202FD2C', '~25104644E00210FD2E'],
    ],
    [
      'relay',
      { addressing: 'relay', address: 1, addresses: '1-2,10' },
      ['~25014642E00201FD30', '~25014642E00202FD2F', '~25014642E0020AFD20'],
      ['~25014644E00201FD2E', '~25014644E00202FD2D', '~25014644E0020AFD1E'],
    ],
  ];
  for (const [what, connection, analog, alarms] of cases) {
    it(what, async () => {
      const all = what.startsWith('master');
      const answer = (text: string) => {
        const { address, info } = askedIn(text);
        const envelope = all ? {} : { address, packField: info };
        return text.slice(7, 9) === '42' ? analogReply([{}], envelope) : alarmReply([{}], envelope);
      };
      const { flow, server } = await run(answer, connection, {}, { query: 'status' });
      await flow.ask('analog');
      await flow.ask('status');
      assert.deepEqual(
        server.requests,
        [...analog, ...alarms].map((text) => `${text}\r`),
      );
      assert.equal(flow.errors.messages.length, 0);
    });
  }
});

describe('addressed mode', () => {
  it('asks only the packs wanted', async () => {
    const { flow, server } = await run((text) => ownReply(text), ADDRESSED, { packs: '2-3' });
    assert.deepEqual(
      (await flow.ask('analog')).map(({ payload }) => payload.cycles),
      [2, 3],
    );
    await flow.ask('analog', { packs: 1 });
    assert.deepEqual(
      server.requests.map((text) => askedIn(text).address),
      [2, 3, 1],
    );
  });

  it('an address that is not in the list: NO_PACK, and nothing is sent', async () => {
    const { flow, server } = await run((text) => ownReply(text), ADDRESSED, {});
    await flow.ask('analog', { packs: '7' });
    assert.deepEqual(flow.errors.messages[0]?.pace.error, { code: 'NO_PACK', packs: [7] });
    assert.equal(server.requests.length, 0);
    assert.equal((await flow.ask('analog', { packs: '1,7' })).length, 1);
    assert.deepEqual(flow.errors.messages[1]?.pace.error, { code: 'NO_PACK', packs: [7] });
  });

  it('one silent address of three: the good ones are sent, then the error names it', async () => {
    const { flow } = await run((text) => (askedIn(text).address === 2 ? null : ownReply(text)), ADDRESSED, {});
    const sent = await flow.ask('analog');
    assert.deepEqual(
      sent.map(({ payload }) => payload.pack),
      [1, 3],
    );
    assert.deepEqual(
      sent.map(({ parts }) => parts.count),
      [2, 2],
    );
    assert.deepEqual(flow.errors.messages[0]?.pace.error, { code: 'TIMEOUT', packs: [2] });
  });

  it('all silent: one error that names all', async () => {
    const { flow } = await run(() => null, { ...ADDRESSED, addresses: '1-2' }, {});
    assert.deepEqual(await flow.ask('analog'), []);
    assert.deepEqual(flow.errors.messages[0]?.pace.error, { code: 'TIMEOUT', packs: [1, 2] });
  });

  for (const [kind, query, empty] of [
    ['42', 'analog', analogReply([EMPTY_SLOT], { address: 2, packField: 2 })],
    ['44', 'warning', alarmReply([EMPTY_ALARM_SLOT], { address: 2, packField: 2 })],
  ] as const) {
    it(`${kind}: zeros are asked again with INFO 01, which is remembered`, async () => {
      const full = query === 'analog' ? analogReply([{}], { address: 2 }) : alarmReply([{}], { address: 2 });
      const answer = (text: string) => (askedIn(text).info === 2 ? empty : full);
      const { flow, server } = await run(answer, { ...ADDRESSED, addresses: '2' }, { query });
      for (let i = 0; i < 2; i++) {
        const [message] = await flow.ask(query);
        assert.equal(message?.payload.name, 'pack_2');
      }
      const command = Number.parseInt(kind, 16) as 0x42 | 0x44;
      assert.deepEqual(server.requests, [request(command, 2, 2), request(command, 2, 1), request(command, 2, 1)]);
    });
  }

  it('zeros from INFO 01 too: no pack', async () => {
    const answer = (text: string) => analogReply([EMPTY_SLOT], { address: 2, packField: askedIn(text).info });
    const { flow, server } = await run(answer, { ...ADDRESSED, addresses: '2' }, { packs: 2 });
    assert.deepEqual(await flow.ask('analog'), []);
    assert.deepEqual(flow.errors.messages[0]?.pace.error, { code: 'NO_PACK', packs: [2] });
    assert.equal(server.requests.length, 2);
  });
});

describe('who answers, in addressed and relay mode', () => {
  const cases: [what: string, address: number, packField: number, isTaken: boolean][] = [
    ['both are the one asked', 2, 2, true],
    ['the address is', 2, 9, true],
    ['the address is, the pack another of the list', 2, 1, true],
    ['the pack is', 9, 2, true],
    ['the pack is, the address another of the list', 1, 2, true],
    ['neither, nor is either in the list', 0, 9, true],
    ['neither, but the address is another of the list', 3, 9, false],
    ['neither, but the pack is another of the list', 0, 3, false],
  ];
  for (const [what, address, packField, isTaken] of cases) {
    for (const connection of [ADDRESSED, RELAY]) {
      it(`${connection.addressing}: ${what}`, async () => {
        const { flow } = await run(() => analogReply([{}], { address, packField }), connection, { packs: 2 });
        const sent = await flow.ask('analog');
        assert.deepEqual(
          sent.map(({ payload }) => payload.pack),
          isTaken ? [2] : [],
        );
        const errors = flow.errors.messages.map(({ pace }) => pace.error);
        assert.deepEqual(errors, isTaken ? [] : [{ code: 'SHAPE', packs: [2] }]);
      });
    }
  }
});

describe('master mode', () => {
  for (const address of [0, 1, 7]) {
    it(`count 0: one record, the pack is the address asked (${address})`, async () => {
      const { flow } = await run(
        (text) =>
          text.slice(7, 9) === '42'
            ? analogReply([{}], { packField: 0, address: 2 })
            : alarmReply([{}], { packField: 0, address: 2 }),
        { address },
        {},
        { query: 'warning' },
      );
      assert.deepEqual(
        (await flow.ask('analog')).map(({ payload }) => payload.pack),
        [address],
      );
      assert.deepEqual(
        (await flow.ask('warning')).map(({ payload }) => payload.pack),
        [address],
      );
    });
  }

  it('any address may answer', async () => {
    const { flow } = await run(() => analogReply([{}], { address: 9 }), {}, {});
    assert.deepEqual(
      (await flow.ask('analog')).map(({ payload }) => payload.pack),
      [1],
    );
  });

  for (const packField of [1, 3]) {
    it(`two records, but a count of ${packField}: refused whole`, async () => {
      const { flow } = await run(() => analogReply([{}, {}], { packField }), {}, {});
      assert.deepEqual(await flow.ask('analog'), []);
      assert.equal(flow.errors.messages[0]?.pace.error.code, 'SHAPE');
    });
  }

  it('44: a slot that the last 42 showed empty is empty', async () => {
    const { flow } = await run(
      (text) => (text.slice(7, 9) === '42' ? analogReply([{}, EMPTY_SLOT]) : alarmReply([{}, { warning1: 1 }])),
      {},
      {},
      { query: 'warning', output: 'bank' },
    );
    await flow.ask('analog');
    const { packs } = (await flow.ask('warning'))[0]?.payload ?? {};
    assert.deepEqual(packs.pack_2, { pack: 2, name: 'pack_2', online: false, lastSeen: null });
  });

  it('44: a slot that an earlier 42 showed empty is there, when the last 42 had no such slot', async () => {
    const bank = { packs: [{}, EMPTY_SLOT, {}] as AnalogPack[] };
    const { flow } = await run(
      (text) => (text.slice(7, 9) === '42' ? analogReply(bank.packs) : alarmReply([{}, { protection1: 0x40 }, {}])),
      {},
      {},
      { query: 'warning' },
    );
    await flow.ask('analog');
    bank.packs = [{}];
    await flow.ask('analog');
    const messages = await flow.ask('warning');
    assert.deepEqual(
      messages.map(({ payload }) => [payload.pack, payload.level]),
      [
        [1, 'normal'],
        [2, 'protection'],
        [3, 'normal'],
      ],
    );
  });

  it('44: a slot of zeros is empty', async () => {
    const reply = alarmReply([{}, { ...EMPTY_ALARM_SLOT, tail: [0] }].map((pack) => ({ tail: [0], ...pack })));
    const { flow } = await run(() => reply, {}, { query: 'status' });
    assert.deepEqual(
      (await flow.ask('status')).map(({ payload }) => payload.pack),
      [1],
    );
  });
});
