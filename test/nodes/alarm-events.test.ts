import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bench, type RunningFlow } from './kit/flow.js';
import { type AlarmPack, alarmReply, EMPTY_ALARM_SLOT } from './kit/replies.js';

const { run } = bench();

/** A flow whose BMS answers with `packs`, which a test changes. */
async function warningFlow(packs: AlarmPack[], properties: object = {}) {
  const bank = { packs };
  const { flow, server } = await run(() => alarmReply(bank.packs), {}, { query: 'warning', ...properties });
  return { bank, flow, server };
}

/** Asks once. @returns the events that came of it, in short. */
async function edges(flow: RunningFlow): Promise<string[]> {
  const { messages } = flow.events('warning');
  const sent = messages.length;
  await flow.ask('warning');
  return messages.slice(sent).map(({ payload }) => {
    const { name, code, cell, temperature, state } = payload;
    return [name, code, cell ?? temperature, state].filter(Boolean).join(' ');
  });
}

const cellStates = (states: Record<number, number>) => Array.from({ length: 16 }, (_, i) => states[i + 1] ?? 0);

describe('alarm events', () => {
  it('raised once, cleared once', async () => {
    const { bank, flow } = await warningFlow([{ fault: 1 }, {}]);
    assert.deepEqual(await edges(flow), ['pack_1 chargeMosfetFault raised']);
    assert.deepEqual(await edges(flow), []);
    bank.packs = [{ fault: 1, warning2: 0x80 }, { protection1: 1 }];
    assert.deepEqual(await edges(flow), [
      'pack_1 lowCapacityWarning raised',
      'pack_2 cellOverVoltageProtection raised',
    ]);
    bank.packs = [{ warning2: 0x80 }, { protection1: 1 }];
    assert.deepEqual(await edges(flow), ['pack_1 chargeMosfetFault cleared']);
    bank.packs = [{ fault: 1 }, {}];
    assert.deepEqual((await edges(flow)).sort(), [
      'pack_1 chargeMosfetFault raised',
      'pack_1 lowCapacityWarning cleared',
      'pack_2 cellOverVoltageProtection cleared',
    ]);
  });

  it('an alarm is one of its pack, code and cell', async () => {
    const { bank, flow } = await warningFlow([{ cells: cellStates({ 3: 2, 4: 2 }) }]);
    assert.deepEqual(await edges(flow), ['pack_1 cellAboveLimit cell_3 raised', 'pack_1 cellAboveLimit cell_4 raised']);
    bank.packs = [{ cells: cellStates({ 4: 2, 5: 2 }), temperatures: [0, 0, 0, 0, 1, 0] }];
    assert.deepEqual((await edges(flow)).sort(), [
      'pack_1 cellAboveLimit cell_3 cleared',
      'pack_1 cellAboveLimit cell_5 raised',
      'pack_1 temperatureBelowLimit temp_5 raised',
    ]);
    bank.packs = [{ cells: cellStates({ 4: 1, 5: 2 }), temperatures: [0, 0, 0, 0, 1, 0] }];
    assert.deepEqual((await edges(flow)).sort(), [
      'pack_1 cellAboveLimit cell_4 cleared',
      'pack_1 cellBelowLimit cell_4 raised',
    ]);
  });

  it('carries when it began and when it changed', async () => {
    const { bank, flow } = await warningFlow([{ cells: cellStates({ 4: 2 }) }], { padCells: 2 });
    const [first] = await flow.ask('warning');
    const [raised] = await flow.events('warning').has(1);
    const alarm = { code: 'cellAboveLimit', level: 'warning', label: 'cell_04 above limit', cell: 'cell_04' };
    const since = first?.pace.receivedAt;
    const expected = { pack: 1, name: 'pack_1', ...alarm, state: 'raised', since, at: since };
    assert.equal(JSON.stringify(raised?.payload), JSON.stringify(expected));
    bank.packs = [{}];
    const [second] = await flow.ask('warning');
    const [, cleared] = await flow.events('warning').has(2);
    assert.deepEqual(cleared?.payload, { ...expected, state: 'cleared', since, at: second?.pace.receivedAt });
  });

  it('each is a message of its own', async () => {
    const { flow } = await warningFlow([{ fault: 3 }]);
    const [reading] = await flow.ask('warning', { own: 'mine', _msgid: 'input' });
    const [first, second] = await flow.events('warning').has(2);
    assert.equal(reading?._msgid, 'input');
    assert.ok(first && second && first !== second && !('own' in first) && !('parts' in first));
    assert.notEqual(first._msgid, 'input');
  });

  it('the first output gets no events, other queries have none', async () => {
    const reply = alarmReply([{ fault: 1 }]);
    const { flow } = await run(() => reply, {}, { query: 'warning' }, { query: 'status' });
    assert.equal((await flow.ask('warning')).length, 1);
    await flow.ask('status');
    assert.equal(flow.events('warning').messages.length, 1);
    assert.equal(flow.events('status').messages.length, 0);
  });

  for (const output of ['bank', 'value']) {
    it(`come in ${output} shape too`, async () => {
      const { flow } = await warningFlow([{ fault: 1 }], { output });
      assert.deepEqual(await edges(flow), ['pack_1 chargeMosfetFault raised']);
    });
  }

  it('a pack that goes offline clears nothing, and is compared when it is back', async () => {
    const { bank, flow } = await warningFlow([{ fault: 1 }, { fault: 2, warning1: 1 }], { staleAfter: 0.05 });
    assert.equal((await edges(flow)).length, 3);
    bank.packs = [{ fault: 1 }, EMPTY_ALARM_SLOT];
    assert.deepEqual(await edges(flow), []);
    await flow.out('warning').find(({ payload }) => payload.pack === 2 && payload.online === false);
    bank.packs = [{ fault: 1 }, { fault: 6 }];
    assert.deepEqual((await edges(flow)).sort(), [
      'pack_2 cellOverVoltageWarning cleared',
      'pack_2 temperatureSensorFault raised',
    ]);
  });

  it('a reconnect raises nothing anew', async () => {
    const { flow, server } = await warningFlow([{ fault: 1 }], { interval: 0.05, onlyChanges: true });
    await flow.events('warning').has(1);
    const before = server.requests.length;
    server.dropClients();
    await server.visited(2);
    await server.asked(before + 3);
    assert.equal(flow.events('warning').messages.length, 1);
  });

  it('with only changes the events still come', async () => {
    const { bank, flow } = await warningFlow([{}], { interval: 0.05, onlyChanges: true });
    await flow.out('warning').has(1);
    bank.packs = [{ fault: 1 }];
    await flow.events('warning').has(1);
    bank.packs = [{}];
    const [, cleared] = await flow.events('warning').has(2);
    assert.equal(cleared?.payload.state, 'cleared');
  });

  it('an input for some packs tells of those only', async () => {
    const { flow } = await warningFlow([{ fault: 1 }, { fault: 1 }]);
    await flow.ask('warning', { packs: 2 });
    assert.deepEqual(
      flow.events('warning').messages.map(({ payload }) => payload.name),
      ['pack_2'],
    );
    assert.deepEqual(await edges(flow), ['pack_1 chargeMosfetFault raised']);
  });
});
