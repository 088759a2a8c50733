import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import type { Browser, Page, Request } from 'playwright-core';
import { type Permissions, RealNodeRed } from '../support/real-node-red.js';
import { NO_BROWSER, startChromium } from './kit/chromium.js';

const PATIENCE = 15_000;

const TAB = 'f100000000000001';
const connection = (id: string, settings: object) => ({
  ...{ id, type: 'pace-bms-connection', name: '', serialPort: '', baudRate: 9600, host: '', port: 5000 },
  ...{ dialect: 'pace25', addressing: 'master', address: 1, addresses: '1', timeout: 1000, spacing: 200, retries: 2 },
  ...{ debugLevel: 0, simPacks: 2, simCells: 16, simScenario: 'idle', ...settings },
});
const WORKING = 'c100000000000001';
const WRONG = 'c100000000000002';
const DISABLED = 'c100000000000003';
const QUERY = 'a100000000000001';
const FLOW = [
  { id: TAB, type: 'tab', label: 'Battery' },
  connection(WORKING, { transport: 'simulator' }),
  connection(WRONG, { transport: 'tcp', host: `\${NO_SUCH_HOST_<b>}` }),
  connection(DISABLED, { transport: 'simulator', d: true }),
  {
    ...{ id: QUERY, type: 'pace-bms-analog', z: TAB, x: 300, y: 100, name: '', connection: WORKING, packs: '' },
    ...{ interval: 0.2, output: 'pack', topic: 'pace', padPacks: 0, padCells: 0, packOffset: '', onlyChanges: false },
    ...{ staleAfter: '', includeRaw: false, wires: [[]] },
  },
];
/** Of somebody who may see flows, but not batteries. */
const READER: Permissions = {
  anybody: ['flows', 'nodes', 'settings', 'plugins', 'library', 'status', 'debug'].map((what) => `${what}.read`),
};

describe('the figures in the dialog of a connection', { skip: NO_BROWSER }, () => {
  let browser: Browser | undefined;
  let nodeRed: RealNodeRed | undefined;
  let page: Page;
  const troubles: string[] = [];
  /** The questions for statistics. */
  const asked: Request[] = [];

  before(async () => {
    browser = await startChromium();
  });
  after(() => browser?.close());
  afterEach(() => assert.deepEqual(troubles.splice(0), []));

  /** Starts Node-RED and opens its editor, at a clock that the tests can move. */
  async function openEditor(permissions: Permissions | null): Promise<void> {
    nodeRed = await RealNodeRed.start(FLOW, permissions);
    page = await (browser as Browser).newPage({ viewport: { width: 1400, height: 1100 } });
    page.setDefaultTimeout(PATIENCE);
    await page.clock.install();
    page.on('pageerror', (error) => troubles.push(error.message));
    page.on('request', (request) => request.url().endsWith('/statistics') && asked.push(request));
    await page.goto(nodeRed.url, { waitUntil: 'domcontentloaded' });
    await page.waitForSelector(`[id="${QUERY}"]`);
    await page.waitForSelector('#red-ui-loading-progress', { state: 'hidden' });
  }

  async function close(): Promise<void> {
    await page.close();
    await nodeRed?.stop();
  }

  /** Opens a connection's dialog as the sidebar of the configuration nodes does. */
  async function openConnection(id: string): Promise<void> {
    await page.evaluate(`RED.editor.editConfig('', 'pace-bms-connection', '${id}')`);
    await page.waitForSelector('#node-config-input-transport', { state: 'visible' });
  }

  /** Presses a button of the dialog, and waits until the dialog is gone. */
  async function leave(button: 'Update' | 'Cancel' | 'Delete'): Promise<void> {
    await page.click(`.red-ui-tray:last-child .red-ui-tray-toolbar button:text-is("${button}")`);
    await page.waitForSelector('#node-config-input-transport', { state: 'detached' });
  }

  const shown = async (name: string) => (await page.textContent(`#pace-bms-now-${name}`)) ?? '';
  const shows = (name: string, text: RegExp) =>
    page.locator(`#pace-bms-now-${name}`, { hasText: text }).waitFor({ state: 'visible' });
  /** How many questions come in the next 10 s. */
  async function askedAfterwards(): Promise<number> {
    asked.length = 0;
    await page.clock.runFor(10_000);
    await page.evaluate('fetch("settings").then((reply) => reply.text())'); // what was asked before has gone out
    return asked.length;
  }
  const answered = () => page.waitForResponse((response) => response.url().endsWith('/statistics'));

  describe('for somebody who may see all', () => {
    before(() => openEditor(null));
    after(close);

    it('are those of the running connection, and go on', async () => {
      await openConnection(WORKING);
      await shows('state', /^open$/);
      assert.equal(await shown('detail'), 'simulated bank of 2, opened 1 ×');
      assert.match(await shown('quality'), /^100 % of the last \d+ requests were answered well$/);
      assert.match(await shown('lastGood'), /^\d sec\. ago$/);
      assert.equal(await shown('refusals'), 'none');
      assert.match(await shown('waiting'), /^[01]$/);
      const counted = async () => Number(/^(\d+) made, \1 answered, 0 timed out$/.exec(await shown('exchanges'))?.[1]);
      const before = await counted();
      await answered();
      await page.waitForFunction(
        `!document.querySelector('#pace-bms-now-exchanges').textContent.startsWith('${before} ')`,
      );
      assert.ok((await counted()) > before);
      assert.equal(await page.isVisible('#pace-bms-now-note'), false);
      await leave('Cancel');
    });

    it('give way to what is wrong with the settings, word for word', async () => {
      await openConnection(WRONG);
      await shows('state', /^not working: a setting is wrong$/);
      assert.match(await shown('detail'), /^host: .*NO_SUCH_HOST_<b>/);
      assert.equal(await page.isVisible('#pace-bms-now-exchanges'), false);
      await leave('Cancel');
    });

    it('are not asked for while a connection is being made', async () => {
      asked.length = 0;
      await page.dblclick(`[id="${QUERY}"]`);
      await page.click('#node-input-btn-connection-add');
      await shows('note', /deployed and enabled/);
      assert.equal(await page.isVisible('#pace-bms-now-state'), false);
      await leave('Cancel');
      await page.click('#node-dialog-cancel');
      await page.waitForSelector('#node-input-topic', { state: 'detached' });
      assert.equal(asked.length, 0);
    });

    it('are promised for one that is not deployed, which is asked about once', async () => {
      await openConnection(DISABLED);
      await shows('note', /deployed and enabled/);
      assert.equal(await page.isVisible('#pace-bms-now-state'), false);
      assert.equal(await askedAfterwards(), 0);
      await leave('Cancel');
    });

    it('are asked for again when Node-RED is back', async () => {
      await page.route('**/statistics', (route) => route.abort(), { times: 1 });
      await openConnection(WORKING);
      await shows('note', /^Node-RED does not answer; asking again\.$/);
      await shows('state', /^open$/);
      assert.equal(await page.isVisible('#pace-bms-now-note'), false);
      await leave('Cancel');
    });

    it('are asked for again and again while the dialog is open', async () => {
      await openConnection(WORKING);
      await shows('state', /^open$/);
      asked.length = 0;
      for (let count = 0; count < 3; count++) {
        const answer = answered();
        await page.clock.runFor(2000);
        await answer;
      }
      assert.ok(asked.length >= 3);
      await leave('Cancel');
    });

    it('are asked for no more when the answer comes after the dialog was left', async () => {
      let answer = () => {};
      await page.route('**/statistics', (route) => {
        answer = () => void route.continue();
      });
      const request = page.waitForRequest('**/statistics');
      await openConnection(WORKING);
      await request;
      await leave('Cancel');
      const response = answered();
      answer();
      await response;
      await page.unroute('**/statistics');
      assert.equal(await askedAfterwards(), 0);
    });

    for (const button of ['Update', 'Delete'] as const) {
      it(`are asked for no more after ${button}`, async () => {
        await openConnection(WORKING);
        await shows('state', /^open$/);
        await leave(button);
        assert.equal(await askedAfterwards(), 0);
      });
    }
  });

  describe('for somebody who may not see batteries', () => {
    before(() => openEditor(READER));
    after(close);

    it('are not shown, nor asked for again', async () => {
      await openConnection(WORKING);
      await shows('note', /permission pace-bms\.read/);
      assert.equal(await page.isVisible('#pace-bms-now-state'), false);
      assert.equal(await askedAfterwards(), 0);
    });
  });
});
