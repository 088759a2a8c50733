import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { after, afterEach, before, describe, it } from 'node:test';
import { freePort } from '../examples/project-copy.js';
import { NO_BROWSER } from './kit/chromium.js';
import type { Dialog } from './kit/dialog.js';
import { editorForTests } from './kit/editor.js';
import { CONNECTION, connectionWith, flowWith, NODES } from './kit/flow.js';
import { HOST, type ServedBank, serveBank } from './kit/simulated-bank.js';
import { Words } from './kit/words.js';

const ANALOG = NODES['pace-bms-analog'];
const words = new Words('pace-bms-connection');
const NAME = 'Shed';

/** All that is said of a likely cause, as the page has it. */
const causeText = (cause: string) =>
  [words.text(`cause.${cause}.title`), ...words.text(`cause.${cause}.check`).split('\n')].join('\n');

describe('a line is tried in the dialog of its connection', { skip: NO_BROWSER }, () => {
  let running: ServedBank;
  let silent: Server;
  const banks: ServedBank[] = [];
  before(async () => {
    running = await serveBank();
    silent = createServer().listen(0, HOST);
    await once(silent, 'listening');
  });
  after(async () => {
    await running.close();
    silent.close();
  });
  const theEditor = editorForTests(() =>
    flowWith({ name: NAME, transport: 'tcp', host: HOST, port: running.port }, ['pace-bms-analog']),
  );
  let dialog: Dialog;
  afterEach(async () => {
    await Promise.all(banks.splice(0).map((bank) => bank.close()));
  });

  const silentPort = () => (silent.address() as AddressInfo).port;
  const bankWith = async (...options: Parameters<typeof serveBank>) => {
    const bank = await serveBank(...options);
    banks.push(bank);
    return bank;
  };

  /** Fills in the dialog of a new connection to a port of this machine, that asks once. */
  async function fill(port: number, fields: Record<string, string> = {}): Promise<void> {
    if (!(await theEditor().dialog.isOpen())) dialog = await theEditor().editConnection(ANALOG, 'add');
    await dialog.choose('transport', 'tcp');
    await dialog.choose('addressing', fields.addresses ? 'addressed' : 'master');
    const asksOnce = { host: HOST, port, timeout: 1000, retries: 0 };
    for (const [property, text] of Object.entries({ name: '', ...asksOnce, ...fields })) {
      await dialog.write(property, String(text));
    }
  }

  it('says that nothing listens at a port', async () => {
    await fill(await freePort());
    const told = await dialog.tryIt();
    assert.ok(told.startsWith(causeText('connectionRefused')), told);
  });

  it('tells what to check where nothing comes back', async () => {
    await fill(silentPort(), { timeout: '200' });
    const told = await dialog.tryIt();
    assert.ok(told.startsWith(causeText('silent')), told);
    assert.match(told, /Cable:.*\nLevels:.*\nDIP switches:.*\nBaud rate:/);
    assert.match(told, /TIMEOUT: /);
  });

  it('finds packs at their addresses, and names those that are silent', async () => {
    const { port } = await bankWith({ addressing: 'addressed', address: 3 });
    await fill(port, { addresses: '1' });
    assert.ok((await dialog.tryIt()).startsWith(causeText('silent')));
    await dialog.write('addresses', '3-5');
    const told = await dialog.tryIt();
    assert.deepEqual(
      (await dialog.packsFound()).map(([pack]) => pack),
      ['3', '4'],
    );
    assert.ok(told.includes(words.text('try.fact.missing', { value: '5' })), told);
  });

  it('asks a bank of another size than the last', async () => {
    const { port } = await bankWith({}, { packs: 3, cells: 8 });
    await fill(port);
    await dialog.tryIt();
    assert.deepEqual(
      (await dialog.packsFound()).map(([pack, cells]) => [pack, cells]),
      ['1', '2', '3'].map((pack) => [pack, '8']),
    );
  });

  it('says that a setting is wrong, where one is marked', async () => {
    await fill(65_536);
    await dialog.waitUntilMarked('port', true);
    const told = await dialog.tryIt();
    assert.ok(told.startsWith(causeText('setting')), told);
    assert.match(told, /CONFIG: .*port/);
  });

  it('asks through the connection of the running flow where that has the line', async () => {
    await fill(running.port, { name: 'another' });
    const told = await dialog.tryIt();
    assert.equal((await dialog.packsFound()).length, 2);
    assert.ok(told.endsWith(words.text('try.through', { connection: NAME })), told);
  });

  it('waits for another trial of the same line', async () => {
    const editor = theEditor();
    const other = new AbortController();
    const body = JSON.stringify(connectionWith({ transport: 'tcp', host: HOST, port: silentPort(), timeout: 20_000 }));
    const headers = { 'content-type': 'application/json' };
    const asked = once(silent, 'connection') as Promise<[Socket]>;
    const request = { method: 'POST', body, headers, signal: other.signal };
    const answer = fetch(`${editor.url}pace-bms/connections/try`, request).catch(() => null);
    const [socket] = await asked;
    await fill(silentPort());
    assert.equal(await dialog.tryIt(), words.text('try.busy'));
    assert.deepEqual(editor.troubles.take(), ['POST pace-bms/connections/try: 409']);
    other.abort();
    socket.destroy();
    assert.equal(await answer, null);
  });

  it('is not for who may not write', async () => {
    const editor = theEditor();
    await editor.page.route('**/pace-bms/connections/try', (route) => route.fulfill({ status: 401 }));
    await fill(silentPort());
    assert.equal(await dialog.tryIt(), words.text('try.forbidden'));
    assert.deepEqual(editor.troubles.take(), ['POST pace-bms/connections/try: 401']);
    await editor.page.unroute('**/pace-bms/connections/try');
  });

  it('forgets what it found when a field changes', async () => {
    await fill(running.port);
    assert.notEqual(await dialog.tryIt(), '');
    await dialog.write('host', 'localhost');
    assert.equal(await dialog.endOfTrial(), '');
  });

  for (const [what, leave] of [
    ['a field changes', () => dialog.write('retries', '1')],
    ['the dialog is closed', () => dialog.close('cancel')],
  ] as const) {
    it(`asks once at a time, and lets go of the line when ${what} meanwhile`, async () => {
      const editor = theEditor();
      await fill(silentPort(), { timeout: '20000' });
      const [[socket]] = await Promise.all([once(silent, 'connection') as Promise<[Socket]>, dialog.startTrial()]);
      assert.equal(await dialog.tray.locator('#pace-bms-try').isDisabled(), true);
      assert.equal(await dialog.textOf('#pace-bms-trial'), words.text('try.asking'));
      const hungUp = once(socket.resume(), 'close');
      await leave();
      await hungUp;
      assert.deepEqual(editor.troubles.take(), ['POST pace-bms/connections/try: net::ERR_ABORTED']);
      assert.equal(await editor.held(CONNECTION, 'port'), running.port);
    });
  }
});
