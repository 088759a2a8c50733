import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import helper from 'node-red-node-test-helper';
import { bench, CONNECTION, type QueryDefinition, type RunningFlow } from './kit/flow.js';
import { alarmReply, analogReply, frame, refusal, request } from './kit/replies.js';

const { run, listen, connect, load } = bench();

const PACKS = 3;
/** Nobody waits for the second poll. */
const ONCE = { interval: 3600 };
const QUERIES = ['analog', 'warning', 'status'] as const;
const OUTPUTS = ['pack', 'bank', 'value'] as const;

/** 20 nodes, no two alike: every query in every shape, twice, padded differently, and two that wait for inputs. */
const TWENTY: QueryDefinition[] = [
  ...QUERIES.flatMap((query) =>
    OUTPUTS.flatMap((output) => [
      { ...ONCE, id: `${query}-${output}`, query, output, topic: `${query}-${output}` },
      { ...ONCE, id: `${query}-${output}-2`, query, output, padPacks: 2, padCells: 3, packs: '2', topic: 'second' },
    ]),
  ),
  { id: 'analog-input', packs: '3', padPacks: 4 },
  { id: 'status-input', query: 'status', packs: '1' },
];

/** Three packs, each with a voltage and cycles of its own. */
const THREE = [1, 2, 3].map((pack) => ({ cells: Array(16).fill(3200 + pack), cycles: pack }));
const commandOf = (text: string) => text.slice(7, 9);
const bankOfThree = (text: string) =>
  commandOf(text) === '42' ? analogReply(THREE) : alarmReply([{}, { warning1: 1 }, {}]);

const statistics = async () =>
  (await helper.request().get(`/pace-bms/connections/${CONNECTION}/statistics`).expect(200)).body;

/** How many messages each of the twenty sends of a poll in pack or bank shape; of values there are many. */
const countOf = ({ output = 'pack', packs }: QueryDefinition) => (output === 'pack' && !packs ? PACKS : 1);

/** The messages of every node that polls. */
const allOut = (flow: RunningFlow, nodes: readonly QueryDefinition[]) =>
  Promise.all(nodes.map((node) => flow.out(node.id as string).has(countOf(node))));

describe('20 nodes on one connection', () => {
  it('cost the battery one request of each kind, and each gets its replies', async () => {
    const { flow, server } = await run(bankOfThree, { timeout: 8000 }, ...TWENTY);
    const polling = TWENTY.filter(({ interval }) => interval);
    await allOut(flow, polling);
    assert.deepEqual([...server.requests].sort(), [request(0x42, 1, 0xff), request(0x44, 1, 0xff)]);

    const payloads = (id: string) => flow.out(id).messages.map(({ payload }) => payload);
    const topics = (id: string) => flow.out(id).messages.map(({ topic }) => topic);
    assert.deepEqual(
      payloads('analog-pack').map(({ name, cycles, cellMax }) => [name, cycles, cellMax.voltage, cellMax.name]),
      [
        ['pack_1', 1, 3.201, 'cell_1'],
        ['pack_2', 2, 3.202, 'cell_1'],
        ['pack_3', 3, 3.203, 'cell_1'],
      ],
    );
    assert.deepEqual(
      payloads('analog-pack-2').map(({ name, cycles, cellMax }) => [name, cycles, cellMax.voltage, cellMax.name]),
      [['pack_02', 2, 3.202, 'cell_001']],
    );
    const [bank] = payloads('analog-bank');
    assert.deepEqual([Object.keys(bank.packs), bank.bank.packCount], [['pack_1', 'pack_2', 'pack_3'], 3]);
    assert.deepEqual(Object.keys(payloads('analog-bank-2')[0].packs), ['pack_02']);
    assert.ok(topics('analog-value').includes('analog-value/pack_3/v_cells/cell_16'));
    assert.ok(topics('analog-value-2').includes('second/pack_02/v_cells/cell_016'));
    assert.deepEqual(
      payloads('warning-pack').map(({ name, level }) => [name, level]),
      [
        ['pack_1', 'normal'],
        ['pack_2', 'warning'],
        ['pack_3', 'normal'],
      ],
    );
    assert.equal(payloads('warning-bank-2')[0].bank.level, 'warning');
    assert.deepEqual(topics('status-pack-2'), ['second/pack_02/status']);
    assert.equal(payloads('status-bank')[0].bank.onlineCount, 3);
    assert.equal(flow.out('analog-input').messages.length + flow.out('status-input').messages.length, 0);
  });

  it('join the inputs of all to one request of each kind', async () => {
    const { flow, server } = await run(bankOfThree, { timeout: 8000 }, ...TWENTY);
    await allOut(
      flow,
      TWENTY.filter(({ interval }) => interval),
    );
    const before = server.requests.length;
    for (const { id } of TWENTY) flow.input(id as string, { packs: '3' });
    await flow.completed.has(TWENTY.length);
    assert.deepEqual(server.requests.slice(before).map(commandOf).sort(), ['42', '44']);
    assert.deepEqual(flow.errors.messages, []);
    assert.equal(flow.out('analog-input').messages[0]?.payload.name, 'pack_0003');
    assert.equal(flow.out('status-input').messages[0]?.payload.name, 'pack_3');
  });
});

describe('a battery with much to do', () => {
  const ADDRESSES = Array.from({ length: 8 }, (_, i) => i + 1);
  /** 16 nodes that poll one pack each, and four for inputs: two of packs that are polled, two of packs that are not. */
  const NODES: QueryDefinition[] = [
    ...ADDRESSES.flatMap((pack) => [
      { ...ONCE, id: `analog-${pack}`, packs: `${pack}`, padPacks: pack % 3 },
      { ...ONCE, id: `warning-${pack}`, query: 'warning' as const, packs: `${pack}` },
    ]),
    { id: 'input-8', packs: '8' },
    { id: 'input-9', packs: '9' },
    { id: 'input-10', query: 'status', packs: '10' },
    { id: 'input-7', query: 'status', packs: '7' },
  ];
  const INPUTS = NODES.filter(({ interval }) => !interval).map(({ id }) => id as string);
  const answerOf = (text: string) => {
    const address = Number.parseInt(text.slice(3, 5), 16);
    return commandOf(text) === '42' ? analogReply([{}], { address }) : alarmReply([{}], { address });
  };

  it('serves inputs before the interval polls that wait', async () => {
    // The first request is answered only when all the others wait behind it.
    const server = await listen((text, count) => (count === 1 ? null : answerOf(text)));
    const slow = { addressing: 'addressed', addresses: '1-10', timeout: 8000 };
    const flow = await load(connect(server, slow), ...NODES);
    const [first = ''] = await server.asked(1);
    for (const id of INPUTS) flow.input(id);
    assert.equal((await statistics()).queueDepth, 18, '8 x 2 interval polls and the inputs of packs 9 and 10');
    for (const socket of server.sockets) socket.write(answerOf(first));
    await flow.completed.has(INPUTS.length);
    await allOut(
      flow,
      NODES.filter(({ interval }) => interval),
    );

    const asked = server.requests.map((text) => [commandOf(text), Number.parseInt(text.slice(3, 5), 16)]);
    assert.deepEqual(asked.slice(1, 5), [
      ['42', 8],
      ['42', 9],
      ['44', 10],
      ['44', 7],
    ]);
    assert.equal(new Set(server.requests).size, server.requests.length, 'no request is made twice');
    assert.equal(asked.length, 18);
    for (const { id, packs } of NODES) {
      const [message] = flow.out(id as string).messages;
      assert.equal(message?.payload.pack, Number(packs), id);
    }
    assert.deepEqual(flow.errors.messages, []);
    const { exchanges, answers, queueDepth, linkQuality } = await statistics();
    assert.deepEqual(
      { exchanges, answers, queueDepth, linkQuality },
      {
        exchanges: 18,
        answers: 18,
        queueDepth: 0,
        linkQuality: 100,
      },
    );
  });
});

describe('a battery that does not always answer well', () => {
  /** What it may do instead of a good reply, and what that counts as. */
  const FAULTS: Record<string, { spoil: (reply: string) => string; counted: string }> = {
    damaged: { spoil: (reply) => reply.replace('0C', '1C'), counted: 'CHECKSUM' },
    refused: { spoil: () => refusal(4), counted: 'REFUSED 04' },
    ofAnother: { spoil: () => frame([0, 1, 2, 3]), counted: 'SHAPE' },
    cut: { spoil: (reply) => reply.slice(0, 200), counted: 'timeouts' },
  };
  /** The requests to which it does, of 24. */
  const FAULTY: Record<number, string> = { 3: 'damaged', 7: 'refused', 11: 'ofAnother', 15: 'cut', 19: 'refused' };

  it('has counted what the connection counts', async () => {
    const told: Record<string, number> = {};
    const queries = TWENTY.map((node) => ({ ...node, interval: 0 }));
    const answer = (text: string, count: number) => {
      const fault = FAULTS[FAULTY[count % 24] ?? ''];
      const name = fault?.counted ?? 'answers';
      told[name] = (told[name] ?? 0) + 1;
      return fault ? fault.spoil(bankOfThree(text)) : bankOfThree(text);
    };
    const { flow, server } = await run(answer, { timeout: 300, retries: 1 }, ...queries);
    for (const { id } of queries) await flow.ask(id as string);

    const { exchanges, answers, timeouts, refusals, linkQuality } = await statistics();
    assert.deepEqual({ answers, timeouts, ...refusals }, told);
    assert.equal(exchanges, server.requests.length);
    assert.equal(linkQuality, Math.round((1000 * answers) / exchanges) / 10);
    assert.deepEqual(Object.keys(told).length, 5, 'every kind of fault has come');
  });
});
