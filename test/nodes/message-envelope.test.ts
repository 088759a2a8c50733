import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Message } from '../support/node-red.js';
import { bench, CONNECTION } from './kit/flow.js';
import { alarmReply, analogReply, EMPTY_SLOT } from './kit/replies.js';

const { run } = bench();

const BANK = analogReply([{}, {}, {}]);
const topicsOf = (messages: readonly Message[]) => messages.map(({ topic }) => topic);

describe('topics', () => {
  const cases: [topic: unknown, base: string][] = [
    [undefined, 'pace/'],
    ['', ''],
    ['/', ''],
    ['home/battery', 'home/battery/'],
    ['//home/battery/', 'home/battery/'],
  ];
  for (const [topic, base] of cases) {
    it(JSON.stringify(topic) ?? 'not set', async () => {
      const { flow } = await run(
        (request) => (request.slice(7, 9) === '42' ? BANK : alarmReply([{ fault: 1 }])),
        {},
        { topic, packs: '1' },
        { topic, id: 'bank', output: 'bank' },
        { topic, id: 'value', output: 'value', packs: '1' },
        { topic, query: 'warning' },
      );
      assert.deepEqual(topicsOf(await flow.ask('analog')), [`${base}pack_1/analog`]);
      assert.deepEqual(topicsOf(await flow.ask('bank')), [`${base}bank/analog`]);
      const values = topicsOf(await flow.ask('value'));
      assert.equal(values[0], `${base}availability`);
      assert.equal(values[1], `${base}pack_1/v_cells/cell_1`);
      assert.deepEqual(topicsOf(await flow.ask('warning')), [`${base}pack_1/warning`]);
      assert.deepEqual(topicsOf(await flow.events('warning').has(1)), [`${base}pack_1/event`]);
    });
  }
});

describe('padding', () => {
  it('pads names, keys, labels and topics', async () => {
    const cells = Array(16).fill(0).with(3, 1);
    const pads = { padPacks: '3', padCells: 2, output: 'bank' };
    const { flow } = await run((request) => (request.slice(7, 9) === '42' ? BANK : alarmReply([{ cells }])), {}, pads, {
      ...pads,
      query: 'warning',
    });
    const { packs, bank } = (await flow.ask('analog'))[0]?.payload ?? {};
    assert.deepEqual(Object.keys(packs), ['pack_001', 'pack_002', 'pack_003']);
    assert.equal(packs.pack_002.name, 'pack_002');
    assert.equal(Object.keys(packs.pack_001.cellVoltages)[0], 'cell_01');
    assert.equal(packs.pack_001.cells[0].name, 'cell_01');
    assert.equal(packs.pack_001.cellMin.name, 'cell_01');
    assert.equal(Object.keys(packs.pack_001.temperatures)[0], 'temp_1');
    assert.deepEqual(bank.cellMax, { pack: 'pack_001', name: 'cell_01', voltage: 3.3 });
    const warning = (await flow.ask('warning'))[0]?.payload;
    const alarm = { code: 'cellBelowLimit', level: 'warning', label: 'cell_04 below limit', cell: 'cell_04' };
    assert.deepEqual(warning.bank.active, [{ pack: 'pack_001', ...alarm }]);
    assert.equal(warning.packs.pack_001.cellStates.cell_04, 'low');
    const [event] = await flow.events('warning').has(1);
    assert.equal(event?.topic, 'pace/pack_001/event');
    assert.deepEqual([event?.payload.name, event?.payload.cell], ['pack_001', 'cell_04']);
  });

  it('never cuts a number', async () => {
    const { flow } = await run(() => analogReply(Array(10).fill({})), {}, { padPacks: 1, packs: '10' });
    assert.deepEqual(topicsOf(await flow.ask('analog')), ['pace/pack_10/analog']);
  });
});

describe('msg.parts', () => {
  it('of packs: those really sent', async () => {
    const { flow } = await run(() => analogReply([{}, EMPTY_SLOT, {}]), {}, {});
    const parts = (await flow.ask('analog')).map(({ parts }) => parts);
    const id = parts[0].id;
    assert.ok(id);
    assert.deepEqual(parts, [
      { id, type: 'object', key: 'pack_1', index: 0, count: 2 },
      { id, type: 'object', key: 'pack_3', index: 1, count: 2 },
    ]);
  });

  it('of values: those of a pack join to one object', async () => {
    const { flow } = await run(() => alarmReply([{}, {}]), {}, { query: 'warning', output: 'value' });
    const messages = await flow.ask('warning');
    assert.deepEqual(
      messages.slice(0, 4).map(({ parts }) => [parts.type, parts.key, parts.count]),
      ['warnings', 'prot_short_circuit', 'prot_discharge_current', 'prot_charge_current'].map((k) => ['object', k, 4]),
    );
    const groups = new Set(messages.map(({ parts }) => parts.id));
    assert.equal(groups.size, 2);
  });

  it('is new for every poll, and not on a bank', async () => {
    const { flow } = await run(() => BANK, {}, {}, { id: 'bank', output: 'bank' });
    const [first] = await flow.ask('analog');
    const [second] = await flow.ask('analog');
    assert.notEqual(first?.parts.id, second?.parts.id);
    const [bank] = await flow.ask('bank');
    assert.ok(bank && !('parts' in bank));
  });
});

describe('msg.pace', () => {
  it('tells where a message comes from', async () => {
    const { flow } = await run(() => BANK, {}, {});
    const before = Date.now();
    const [message] = await flow.ask('analog');
    const { durationMs, receivedAt, ...rest } = message?.pace ?? {};
    assert.deepEqual(rest, { connection: CONNECTION, connectionName: 'Shed', query: 'analog', dialect: 'pace25' });
    assert.ok(durationMs >= 0 && durationMs < 5000);
    assert.ok(receivedAt >= before && receivedAt <= Date.now());
    assert.equal(message?.payload.lastSeen, receivedAt);
  });

  it('carries the frame where that is wanted', async () => {
    const { flow } = await run(() => BANK, {}, { includeRaw: true }, { id: 'other' });
    for (const { pace } of await flow.ask('analog')) assert.equal(pace.frame, BANK.slice(0, -1));
    assert.ok(!('frame' in ((await flow.ask('other'))[0]?.pace ?? {})));
  });

  it('of a bank of several exchanges: all frames, the sum and the oldest', async () => {
    const replyOf = (request: string) => {
      const address = Number.parseInt(request.slice(3, 5), 16);
      return analogReply([{ cycles: address }], { address, packField: address });
    };
    const connection = { addressing: 'addressed', addresses: '1-3' };
    const { flow, server } = await run(replyOf, connection, { output: 'bank', includeRaw: true });
    const [message] = await flow.ask('analog');
    const { frame, receivedAt } = message?.pace ?? {};
    assert.deepEqual(
      frame.split('\n'),
      server.requests.map((request) => replyOf(request).slice(0, -1)),
    );
    const seen = Object.values(message?.payload.packs as Record<string, { lastSeen: number }>);
    assert.equal(receivedAt, Math.min(...seen.map(({ lastSeen }) => lastSeen)));
  });

  it('is on events too', async () => {
    const { flow } = await run(() => alarmReply([{ fault: 1 }]), {}, { query: 'warning' });
    await flow.ask('warning');
    const [event] = await flow.events('warning').has(1);
    assert.equal(event?.pace.query, 'warning');
    assert.equal(event?.pace.connection, CONNECTION);
  });
});
