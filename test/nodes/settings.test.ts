import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { statusesOf, statusOf } from '../support/node-red.js';
import { bench, CONNECTION, flowOf, type Properties, type QueryDefinition, type RunningFlow } from './kit/flow.js';
import { analogReply } from './kit/replies.js';

const { run, load, redeploy } = bench();

const UNSET = '$' + '{PACE_BMS_UNSET}';

/** Checks that a node says once what is wrong with its settings, and to every input. */
async function assertRefuses(flow: RunningFlow, says: RegExp): Promise<void> {
  const [error] = await flow.errors.has(1);
  assert.deepEqual([error?.pace.error.code, error?.error.code], ['CONFIG', 'CONFIG']);
  assert.match(error?.error.message, says);
  const shown = await statusOf('analog', ({ fill }) => fill === 'red');
  assert.equal(shown.shape, 'ring');
  assert.ok(shown.text.length > 0 && shown.text.length <= 32, shown.text);
  assert.deepEqual(await flow.ask('analog', { _msgid: 'asked' }), []);
  const { messages } = flow.errors;
  assert.deepEqual(
    messages.map(({ pace }) => pace.error.code),
    ['CONFIG', 'CONFIG'],
  );
  assert.equal(messages[1]?._msgid, 'asked');
  assert.equal(flow.completed.messages.length, 0);
}

const NONSENSE: Record<string, unknown[]> = {
  packs: ['x', '1-', '3-1', '1;2', '300'],
  interval: ['abc', '0.01', -1, '86401', '5s', true],
  output: ['packs'],
  topic: ['a/+/b', '#', 'a\0b'],
  padPacks: [-1, '1.5', 'x'],
  padCells: [-1, 'x'],
  packOffset: [1, '3', 82, -2, 'abc', 2.5],
  onlyChanges: ['maybe'],
  staleAfter: ['soon', -1],
  includeRaw: ['maybe'],
};

describe('settings of a query', () => {
  for (const [property, values] of Object.entries(NONSENSE)) {
    for (const value of values) {
      it(`${property} ${JSON.stringify(value)}`, async () => {
        const { server, flow } = await run(() => analogReply([{}]), {}, { interval: 0.05, [property]: value });
        await assertRefuses(flow, new RegExp(property));
        assert.equal(server.requests.length, 0);
      });
    }
    it(`${property} from a variable that is not set`, async () => {
      const { flow } = await run(() => analogReply([{}]), {}, { [property]: UNSET });
      await assertRefuses(flow, /PACE_BMS_UNSET/);
    });
  }

  it('a variable inside a text is not filled in', async () => {
    const { flow } = await run(() => analogReply([{}]), {}, { topic: `home/${UNSET}` });
    await assertRefuses(flow, /PACE_BMS_UNSET/);
  });

  it('texts, numbers and variables say the same', async () => {
    process.env.PACE_BMS_PACKS = '2';
    process.env.PACE_BMS_INTERVAL = '0.05';
    const query = { packs: '$' + '{PACE_BMS_PACKS}', interval: '$' + '{PACE_BMS_INTERVAL}', padPacks: ' 2 ' };
    const { flow } = await run(() => analogReply([{}, {}]), {}, query);
    const [first] = await flow.out('analog').has(2);
    assert.equal(first?.topic, 'pace/pack_02/analog');
  });

  for (const connection of ['', undefined, 'nothing', 'errors', UNSET]) {
    it(`connection ${JSON.stringify(connection)}`, async () => {
      const { flow } = await run(() => analogReply([{}]), {}, { connection });
      await assertRefuses(flow, connection === UNSET ? /PACE_BMS_UNSET|connection/ : /connection/);
    });
  }

  it('a connection that is disabled', async () => {
    const { flow } = await run(() => analogReply([{}]), { d: true }, {});
    await assertRefuses(flow, /connection/);
  });

  it('one bad node does not disturb the others', async () => {
    const { flow } = await run(() => analogReply([{}]), {}, { id: 'bad', interval: 'abc' }, {});
    await flow.errors.has(1);
    assert.equal((await flow.ask('analog')).length, 1);
    assert.equal(flow.errors.messages.length, 1);
  });
});

describe('settings of a connection', () => {
  const TCP = { transport: 'tcp', host: '127.0.0.1', port: 1 };
  const SIMULATOR = { transport: 'simulator' };
  const SERIAL = { transport: 'serial', serialPort: '/dev/pace-bms-none' };
  const bad: [base: Properties, property: string, values: unknown[]][] = [
    [{}, 'transport', ['usb', UNSET]],
    [SERIAL, 'serialPort', ['', '  ', UNSET]],
    [SERIAL, 'baudRate', ['fast', 0, -9600, 9600.5, UNSET]],
    [TCP, 'host', ['', UNSET]],
    [TCP, 'port', ['abc', 0, 65536, '80.5', -1, UNSET]],
    [TCP, 'dialect', ['pace99', UNSET]],
    [TCP, 'addressing', ['broadcast', UNSET]],
    [TCP, 'address', [-1, 256, 'one', 1.5, UNSET]],
    [{ ...TCP, addressing: 'addressed' }, 'addresses', ['', 'x', '255', '4-1', UNSET]],
    [{ ...TCP, addressing: 'relay' }, 'addresses', ['', '1,,2', UNSET]],
    [{ ...TCP, addressing: 'relay' }, 'address', [256, UNSET]],
    [TCP, 'timeout', ['abc', 0, -1, UNSET]],
    [TCP, 'spacing', ['abc', -1, UNSET]],
    [TCP, 'retries', ['abc', -1, 1.5, UNSET]],
    [TCP, 'debugLevel', [4, -1, 'all', UNSET]],
    [SIMULATOR, 'simPacks', [0, 17, 'x', UNSET]],
    [SIMULATOR, 'simCells', [12, 'x', UNSET]],
    [SIMULATOR, 'simScenario', ['storm', UNSET]],
  ];
  for (const [base, property, values] of bad) {
    for (const value of values) {
      it(`${base.transport ?? ''} ${base.addressing ?? ''} ${property} ${JSON.stringify(value)}`, async () => {
        const flow = await load({ ...base, [property]: value }, {});
        await assertRefuses(flow, value === UNSET ? /PACE_BMS_UNSET/ : new RegExp(property));
      });
    }
  }
});

describe('a connection that is deleted', () => {
  const queries: QueryDefinition[] = [{ interval: 0.05 }];
  for (const type of ['full', 'nodes', 'flows'] as const) {
    it(`by a deploy of ${type}: the node says so, inputs fail, nothing dies`, async () => {
      const { server, flow } = await run(() => analogReply([{}]), {}, ...queries);
      await flow.out('analog').has(1);
      await redeploy(flowOf(null, queries), type);
      await statusOf('analog', ({ fill, text }) => fill === 'red' || text === 'closed');
      while (server.sockets.size > 0) await new Promise((resolve) => setImmediate(resolve));
      assert.ok(statusesOf('analog').length > 0 && CONNECTION);
    });
  }
});
