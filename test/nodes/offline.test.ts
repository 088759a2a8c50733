import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Message } from '../support/node-red.js';
import { bench, type Properties, type QueryDefinition } from './kit/flow.js';
import { type AnalogPack, alarmReply, analogReply, EMPTY_SLOT, refusal } from './kit/replies.js';

const { run } = bench();

const QUICK = { interval: 0.05, staleAfter: 0.3 };
const ADDRESSED = { addressing: 'addressed', addresses: '1-3' };
/** A silent address keeps the line for its timeout and 500 ms more, in which the others must not go stale. */
const PATIENT = { interval: 0.05, staleAfter: 1.5 };

/** A bank whose packs are set one by one; null where a pack does not answer. */
async function addressedBank(...queries: QueryDefinition[]) {
  const packs: (AnalogPack | null)[] = [{}, {}, {}];
  const answer = (request: string) => {
    const address = Number.parseInt(request.slice(3, 5), 16);
    const pack = packs[address - 1];
    return pack ? analogReply([pack], { address, packField: address }) : null;
  };
  return { packs, ...(await run(answer, ADDRESSED, ...queries)) };
}

/** A bank behind a master, whose slots a test changes; null for silence. */
async function masterBank(slots: AnalogPack[] | null, ...queries: QueryDefinition[]) {
  const bank = { slots };
  return { bank, ...(await run(() => bank.slots && analogReply(bank.slots), {}, ...queries)) };
}

const isOffline = (pack: number) => (message: Message) =>
  message.payload.pack === pack && message.payload.online === false;

const offline = (pack: number, lastSeen: unknown) => ({ pack, name: `pack_${pack}`, online: false, lastSeen });

/** What a bank's summary is when no pack is online. */
const DEAD_ANALOG: Properties = {
  packCount: 0,
  onlineCount: 0,
  voltage: null,
  current: null,
  power: null,
  soc: null,
  soh: null,
  remainingCapacity: null,
  fullCapacity: null,
  designCapacity: null,
  cellMin: null,
  cellMax: null,
  cellDelta: null,
  temperatureMin: null,
  temperatureMax: null,
};

describe('a pack that stops answering', () => {
  it('pack shape: says so once, and is back with its next answer', async () => {
    const { packs, flow } = await addressedBank(PATIENT);
    const { messages } = flow.out('analog');
    await flow.out('analog').has(3);
    packs[1] = null;
    const gone = await flow.out('analog').find(isOffline(2));
    const last = messages.findLast(({ payload }) => payload.pack === 2 && payload.online);
    assert.deepEqual(gone.payload, offline(2, last?.payload.lastSeen));
    assert.equal(gone.topic, 'pace/pack_2/analog');
    assert.deepEqual([gone.parts.type, gone.parts.key, gone.parts.count], ['object', 'pack_2', 1]);
    await flow.out('analog').has(messages.length + 6);
    assert.equal(messages.filter(isOffline(2)).length, 1);
    packs[1] = { cycles: 99 };
    await flow.out('analog').find(({ payload }) => payload.pack === 2 && payload.cycles === 99);
    assert.equal(messages.filter(({ payload }) => payload.online === false).length, 1);
  });

  it('bank shape: keeps its last reading and counts until it is stale', async () => {
    const { packs, flow } = await addressedBank({ ...PATIENT, output: 'bank' });
    const { messages } = flow.out('analog');
    await flow.out('analog').has(1);
    packs[1] = null;
    await flow.errors.has(1);
    const gone = await flow.out('analog').find(({ payload }) => payload.bank.onlineCount === 2);
    const before = messages[messages.indexOf(gone) - 1]?.payload;
    assert.equal(before.packs.pack_2.online, true);
    assert.deepEqual([before.bank.packCount, before.bank.onlineCount, before.bank.remainingCapacity], [3, 3, 150]);
    assert.deepEqual(gone.payload.packs.pack_2, offline(2, before.packs.pack_2.lastSeen));
    assert.deepEqual(Object.keys(gone.payload.packs), ['pack_1', 'pack_2', 'pack_3']);
    assert.deepEqual([gone.payload.bank.packCount, gone.payload.bank.remainingCapacity], [3, 100]);
    packs[1] = {};
    await flow
      .out('analog')
      .find((message) => messages.indexOf(message) > messages.indexOf(gone) && message.payload.bank.onlineCount === 3);
  });

  it('value shape: sends nothing of it, and stays available', async () => {
    const { packs, flow } = await addressedBank({ ...PATIENT, output: 'value' }, { ...PATIENT, id: 'pack' });
    const { messages } = flow.out('analog');
    await flow.out('analog').has(60);
    packs[1] = null;
    await flow.out('pack').find(isOffline(2));
    const from = messages.length;
    await flow.out('analog').has(from + 40);
    assert.ok(!messages.slice(from).some(({ topic }) => topic.includes('pack_2')));
    assert.deepEqual(messages.filter(({ topic }) => topic === 'pace/availability').length, 1);
  });

  it('a pack never read is in no message, and counts not', async () => {
    const { packs, flow } = await addressedBank({ output: 'bank' });
    packs[1] = null;
    await flow.ask('analog');
    const { payload } = flow.out('analog').messages[0] as Message;
    assert.deepEqual(Object.keys(payload.packs), ['pack_1', 'pack_3']);
    assert.deepEqual([payload.bank.packCount, payload.bank.onlineCount], [2, 2]);
  });
});

describe('a slot that turns empty, or goes', () => {
  const cases: [what: string, slots: AnalogPack[]][] = [
    ['empty', [{}, EMPTY_SLOT]],
    ['gone from the count', [{}]],
  ];
  for (const [what, slots] of cases) {
    it(`${what}, pack shape`, async () => {
      const { bank, flow } = await masterBank([{}, {}], QUICK);
      const { messages } = flow.out('analog');
      await flow.out('analog').has(2);
      bank.slots = slots;
      const gone = await flow.out('analog').find(isOffline(2));
      assert.ok(gone.payload.lastSeen > 0);
      await flow.out('analog').has(messages.length + 3);
      assert.equal(messages.filter(isOffline(2)).length, 1);
      bank.slots = [{}, { cycles: 99 }];
      await flow.out('analog').find(({ payload }) => payload.cycles === 99);
    });

    it(`${what}, bank shape`, async () => {
      const { bank, flow } = await masterBank([{}, {}], { ...QUICK, output: 'bank' });
      const [first] = await flow.out('analog').has(1);
      bank.slots = slots;
      const gone = await flow.out('analog').find(({ payload }) => payload.bank.onlineCount === 1);
      const { packs, bank: totals } = gone.payload;
      assert.deepEqual(Object.keys(packs), ['pack_1', 'pack_2']);
      assert.equal(packs.pack_2.online, false);
      assert.ok(packs.pack_2.lastSeen >= first?.payload.packs.pack_2.lastSeen);
      assert.deepEqual([totals.packCount, totals.remainingCapacity], [2, 50]);
    });
  }

  it('a pack that comes to an empty slot is a pack', async () => {
    const { bank, flow } = await masterBank([{}, EMPTY_SLOT], { output: 'bank' });
    const [before] = await flow.ask('analog');
    assert.deepEqual(before?.payload.packs.pack_2, offline(2, null));
    assert.equal(before?.payload.bank.packCount, 1);
    bank.slots = [{}, {}];
    const [after] = await flow.ask('analog');
    assert.equal(after?.payload.packs.pack_2.online, true);
    assert.equal(after?.payload.bank.packCount, 2);
  });
});

describe('a bank that falls silent', () => {
  it('bank shape: one message with nothing that looks healthy', async () => {
    const { bank, server, flow } = await masterBank([{}, EMPTY_SLOT, {}], { ...QUICK, output: 'bank' });
    const { messages } = flow.out('analog');
    await flow.out('analog').has(1);
    bank.slots = null;
    const dead = await flow.out('analog').find(({ payload }) => payload.bank.onlineCount === 0);
    const last = messages[messages.indexOf(dead) - 1]?.payload.packs;
    assert.equal(JSON.stringify(dead.payload.bank), JSON.stringify({ ...DEAD_ANALOG, packCount: 2 }));
    assert.deepEqual(dead.payload.packs, {
      pack_1: offline(1, last.pack_1.lastSeen),
      pack_2: offline(2, null),
      pack_3: offline(3, last.pack_3.lastSeen),
    });
    await server.asked(server.requests.length + 2);
    assert.equal(messages.at(-1), dead);
    bank.slots = [{}, EMPTY_SLOT, {}];
    await flow.out('analog').find((message) => messages.indexOf(message) > messages.indexOf(dead));
    assert.equal(messages.at(-1)?.payload.bank.onlineCount, 2);
  });

  const deadBanks: [query: 'warning' | 'status', bank: object][] = [
    ['warning', { packCount: 2, onlineCount: 0, level: null, text: null, active: [] }],
    [
      'status',
      {
        packCount: 2,
        onlineCount: 0,
        mode: null,
        fullyCharged: null,
        chargeMosfet: null,
        dischargeMosfet: null,
        balancing: null,
      },
    ],
  ];
  for (const [query, expected] of deadBanks) {
    it(`bank shape: ${query}`, async () => {
      const bank = { silent: false };
      const reply = alarmReply([{ fault: 1 }, {}]);
      const { flow } = await run(() => (bank.silent ? null : reply), {}, { ...QUICK, query, output: 'bank' });
      await flow.out(query).has(1);
      bank.silent = true;
      const dead = await flow.out(query).find(({ payload }) => payload.bank.onlineCount === 0);
      assert.equal(JSON.stringify(dead.payload.bank), JSON.stringify(expected));
    });
  }

  it('pack shape: a message a pack', async () => {
    const { bank, server, flow } = await masterBank([{}, EMPTY_SLOT, {}], QUICK);
    const { messages } = flow.out('analog');
    await flow.out('analog').has(2);
    bank.slots = null;
    await flow.out('analog').find(isOffline(1));
    await flow.out('analog').find(isOffline(3));
    await server.asked(server.requests.length + 2);
    assert.deepEqual(
      messages.filter(({ payload }) => !payload.online).map(({ payload }) => payload.pack),
      [1, 3],
    );
  });

  it('value shape: availability', async () => {
    const { bank, flow } = await masterBank([{}, {}], { ...QUICK, output: 'value' });
    const told = () => flow.out('analog').messages.filter(({ topic }) => topic === 'pace/availability');
    await flow.out('analog').has(1);
    bank.slots = null;
    const offlineMessage = await flow.out('analog').find(({ payload }) => payload === 'offline');
    assert.equal(offlineMessage.topic, 'pace/availability');
    bank.slots = [{}, {}];
    await flow.out('analog').find((message) => message !== told()[0] && message.payload === 'online');
    assert.deepEqual(
      told().map(({ payload }) => payload),
      ['online', 'offline', 'online'],
    );
  });

  it('with no interval it goes stale only when that is wanted', async () => {
    const { flow } = await masterBank([{}], { output: 'bank', staleAfter: 0.05 }, { id: 'never', output: 'bank' });
    await flow.ask('never');
    await flow.ask('analog');
    const [, dead] = await flow.out('analog').has(2);
    assert.equal(dead?.payload.bank.onlineCount, 0);
    assert.equal(flow.out('never').messages.length, 1);
  });
});

describe('a bank never read', () => {
  const silences: [what: string, reply: string | null][] = [
    ['silent', null],
    ['that refuses', refusal(4)],
    ['without a pack', analogReply([EMPTY_SLOT, EMPTY_SLOT])],
  ];
  for (const [what, reply] of silences) {
    it(`${what}: an empty bank, once`, async () => {
      const { server, flow } = await run(() => reply, {}, { ...QUICK, output: 'bank' });
      const [dead] = await flow.out('analog').has(1);
      assert.equal(JSON.stringify(dead?.payload), JSON.stringify({ packs: {}, bank: DEAD_ANALOG }));
      assert.equal(dead?.topic, 'pace/bank/analog');
      await server.asked(server.requests.length + 3);
      assert.equal(flow.out('analog').messages.length, 1);
    });
  }

  it('nothing in the other shapes', async () => {
    const value = { ...QUICK, id: 'value', output: 'value' };
    const { flow } = await run(() => null, {}, QUICK, value, { ...QUICK, id: 'bank', output: 'bank', staleAfter: 0.4 });
    await flow.out('bank').has(1);
    assert.equal(flow.out('analog').messages.length, 0);
    assert.deepEqual(flow.out('value').messages.filter(({ payload }) => payload === 'online').length, 0);
  });

  it('an answer in time: no empty bank', async () => {
    const { bank, flow } = await masterBank([{}], { ...QUICK, output: 'bank', staleAfter: 0.15 });
    await flow.out('analog').has(8);
    assert.ok(flow.out('analog').messages.every(({ payload }) => payload.bank.onlineCount === 1));
    assert.ok(bank);
  });
});

describe('packs selected', () => {
  it('totals, packs and counts cover them only', async () => {
    const { flow } = await masterBank([{}, {}, EMPTY_SLOT, {}], { output: 'bank', packs: '2-3' });
    const { packs, bank } = (await flow.ask('analog'))[0]?.payload ?? {};
    assert.deepEqual(Object.keys(packs), ['pack_2', 'pack_3']);
    assert.deepEqual([bank.packCount, bank.onlineCount, bank.remainingCapacity], [1, 1, 50]);
  });
});
