import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { statusOf } from '../support/node-red.js';
import { byCommand } from '../support/replay-bms.js';
import { bench, CONNECTION, flowOf, type Properties } from './kit/flow.js';
import { ANSWERS, COMMANDS, commandsOf, info, NOTHING, TOLD } from './kit/info.js';
import { frame, refusal } from './kit/replies.js';

const { run, connect, redeploy } = bench();

/** A flow with an info node whose BMS answers as the captures do, but for `answers`. */
const tell = (answers: Record<string, string | null> = {}, properties: Properties = {}) =>
  run(byCommand({ ...ANSWERS, ...answers }), {}, info(properties));
const text = (characters: string) => frame([...Buffer.from(characters, 'latin1')]);
const addressOf = (request: string) => Number.parseInt(request.slice(3, 5), 16);

describe('when the line opens', () => {
  it('one message tells all that the captured BMS does', async () => {
    const { flow, server } = await tell();
    const [message] = await flow.out('info').has(1);
    assert.equal(message?.topic, 'pace/bank/info');
    assert.deepEqual(message?.payload, TOLD);
    const { durationMs, receivedAt, ...origin } = message?.pace ?? {};
    assert.deepEqual(origin, { connection: CONNECTION, connectionName: 'Shed', query: 'info', dialect: 'pace25' });
    assert.ok(durationMs >= 0 && receivedAt <= Date.now());
    assert.ok(message?._msgid && !('parts' in message));
    assert.deepEqual(commandsOf(server.requests), COMMANDS);
    const shown = await statusOf('info', ({ fill }) => fill === 'green');
    assert.deepEqual(shown, { fill: 'green', shape: 'dot', text: 'P16S100A-1812-1.00 · 5 packs' });
  });

  it('anew, it is read anew', async () => {
    const { flow, server } = await tell();
    await flow.out('info').has(1);
    server.dropClients();
    const [, second] = await flow.out('info').has(2);
    assert.deepEqual(second?.payload, TOLD);
    assert.equal(server.connections, 2);
    assert.deepEqual(
      flow.errors.messages.map(({ pace }) => pace.error.code),
      ['NOT_CONNECTED'],
    );
  });

  it('after a deploy of the node alone, on the same line', async () => {
    const { flow, server } = await tell();
    await flow.out('info').has(1);
    await redeploy(flowOf(connect(server), [info({ topic: 'home' })]), 'nodes');
    await server.asked(10);
    await statusOf('info', ({ fill }) => fill === 'green');
    assert.equal(server.connections, 1);
  });
});

describe('what a BMS does not tell', () => {
  const cases: [what: string, answers: Record<string, string | null>, told: object][] = [
    ['refused', { A6: refusal(4), B1: refusal(4) }, { clock: null, remainingCapacity: null, soc: null, soh: null }],
    ['met with silence', { 90: null }, { packCount: null }],
    ['damaged', { B1: `${(ANSWERS.B1 ?? '').slice(0, -2)}F\r` }, { clock: null }],
    ['a clock never set', { B1: frame([0, 0, 0, 0, 0, 0]) }, { clock: null }],
    ['no capacity at all', { A6: frame([0, 0, 0, 0, 0, 0]) }, { remainingCapacity: 0, soc: null, soh: null }],
    ['an empty serial number', { C2: text(' '.repeat(40)) }, { bmsSerial: null, packSerial: null }],
    ['a serial number of NUL', { C2: text('\0'.repeat(20)) }, { bmsSerial: null, packSerial: null }],
    ['a text between blanks and NUL', { C1: text(' V1.0\0'.padEnd(20, '\0')) }, { softwareVersion: 'V1.0' }],
    ['only that it is there', { 90: frame([]) }, { packCount: null }],
  ];
  for (const [what, answers, expected] of cases) {
    it(`${what}: no error`, async () => {
      const { flow } = await tell(answers);
      const [message] = await flow.out('info').has(1);
      for (const [member, value] of Object.entries(expected)) assert.equal(message?.payload[member], value, member);
      assert.deepEqual(Object.keys(message?.payload), Object.keys(TOLD));
      assert.deepEqual(flow.errors.messages, []);
    });
  }

  it('is not asked a third time', async () => {
    const { flow, server } = await tell({ A6: refusal(4) });
    await flow.out('info').has(1);
    await flow.ask('info');
    const asked = server.requests.length;
    const [message] = await flow.ask('info');
    assert.deepEqual(commandsOf(server.requests.slice(asked)), ['C1', 'C2', '90', 'B1']);
    assert.equal(message?.payload.fullCapacity, null);
  });

  it('all of it refused: all null', async () => {
    const { flow } = await run(() => refusal(4), {}, info());
    const [message] = await flow.out('info').has(1);
    assert.deepEqual(message?.payload, NOTHING);
  });
});

describe('a message for each value', () => {
  it('has the topics, units and numbers of bmspace, and joins to one object', async () => {
    const { flow } = await tell({}, { output: 'value', topic: '/home/' });
    const messages = await flow.out('info').has(8);
    const values = {
      bms_version: 'P16S100A-1812-1.00',
      bms_sn: '705350371133334A',
      pack_sn: 'GPSR7PC733YW79370036',
      pack_remain_cap: 62_040,
      pack_full_cap: 103_460,
      pack_design_cap: 100_000,
      pack_soc: 59.97,
      pack_soh: 100,
    };
    assert.deepEqual(
      messages.map(({ topic, payload }) => [topic, payload]),
      Object.entries(values).map(([leaf, value]) => [`home/${leaf}`, value]),
    );
    assert.deepEqual(
      messages.map(({ parts: { id, ...parts } }) => [id, parts]),
      Object.keys(values).map((key, index) => [messages[0]?.parts.id, { type: 'object', key, index, count: 8 }]),
    );
  });

  it('has nothing for what is not known', async () => {
    const { flow } = await tell({ C2: refusal(4), A6: refusal(4) }, { output: 'value' });
    const [version] = await flow.out('info').has(1);
    assert.equal(version?.topic, 'pace/bms_version');
    assert.equal(version?.parts.count, 1);
    assert.equal((await flow.ask('info')).length, 1);
  });
});

describe('packs that are asked each for itself', () => {
  const versions = (request: string) => `P16S100A-${addressOf(request)}`;
  const bank = (dead: number[]) => (request: string) => {
    const command = request.slice(7, 9);
    if (dead.includes(addressOf(request))) return null;
    const told = command === 'C1' ? [...Buffer.from(versions(request).padEnd(20))] : [addressOf(request)];
    return command === 'C1' || command === '90' ? frame(told, { address: addressOf(request) }) : refusal(4);
  };
  const connection = { addressing: 'addressed', addresses: '2-4' };

  it('are all told by padded names, the first beside them', async () => {
    const { flow } = await run(bank([]), connection, info({ padPacks: '2' }));
    const [message] = await flow.out('info').has(1);
    const { packs, ...first } = message?.payload ?? {};
    assert.deepEqual(Object.keys(packs), ['pack_02', 'pack_03', 'pack_04']);
    assert.deepEqual(first, { ...NOTHING, softwareVersion: 'P16S100A-2', packCount: 2 });
    assert.deepEqual(packs.pack_02, first);
    assert.deepEqual(packs.pack_04, { ...NOTHING, softwareVersion: 'P16S100A-4', packCount: 4 });
    await statusOf('info', ({ text: shown }) => shown === 'P16S100A-2 · 3 packs');
  });

  it('the first of which is dead: all null beside the others, and an error names it', async () => {
    const { flow } = await run(bank([2]), connection, info());
    const [message] = await flow.out('info').has(1);
    const { packs, ...first } = message?.payload ?? {};
    assert.deepEqual([first, Object.keys(packs)], [NOTHING, ['pack_3', 'pack_4']]);
    const [error] = await flow.errors.has(1);
    assert.deepEqual(error?.pace.error, { code: 'TIMEOUT', packs: [2] });
    assert.match(error?.error.message, /pack_2/);
    await statusOf('info', ({ fill, text: shown }) => fill === 'yellow' && shown === 'pack_2 no answer');
  });

  it('through the first are one BMS', async () => {
    const { flow, server } = await run(
      byCommand(ANSWERS),
      { addressing: 'relay', address: 1, addresses: '1-5' },
      info(),
    );
    assert.deepEqual((await flow.out('info').has(1))[0]?.payload, TOLD);
    assert.deepEqual(commandsOf(server.requests), COMMANDS);
  });
});
