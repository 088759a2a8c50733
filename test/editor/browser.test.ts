import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import { type Browser, chromium, type Page } from 'playwright-core';

const ROOT = join(__dirname, '..', '..');
/** The built package that Node-RED loads. */
const PACKAGE = process.env.PACE_BMS_PACKAGE ?? ROOT;
const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const PATIENCE = 15_000;

const CONNECTION = 'c100000000000001';
const QUERIES = {
  'pace-bms-analog': 'a100000000000001',
  'pace-bms-warning': 'a100000000000002',
  'pace-bms-status': 'a100000000000003',
};
const HOME_ASSISTANT = 'a100000000000004';
const ON_CANVAS = { ...QUERIES, 'pace-bms-homeassistant': HOME_ASSISTANT };
const SHARED = { packs: '', interval: 0, output: 'pack', topic: 'pace', padPacks: 0, padCells: 0 };
const FLOW = [
  { id: 'f100000000000001', type: 'tab', label: 'Battery' },
  {
    ...{
      id: CONNECTION,
      type: 'pace-bms-connection',
      name: '',
      transport: 'simulator',
      serialPort: '',
      baudRate: 9600,
    },
    ...{ host: '', port: 5000, dialect: 'pace25', addressing: 'master', address: 1, addresses: '1', timeout: 1000 },
    ...{ spacing: 200, retries: 2, debugLevel: 0, simPacks: 2, simCells: 16, simScenario: 'idle' },
  },
  ...Object.entries(QUERIES).map(([type, id], index) => ({
    ...{ id, type, z: 'f100000000000001', x: 300, y: 100 + 80 * index, name: '', connection: CONNECTION, ...SHARED },
    ...(type === 'pace-bms-analog' ? { packOffset: '' } : {}),
    ...{ onlyChanges: false, staleAfter: '', includeRaw: false, wires: type === 'pace-bms-warning' ? [[], []] : [[]] },
  })),
  {
    ...{ id: HOME_ASSISTANT, type: 'pace-bms-homeassistant', z: 'f100000000000001', x: 600, y: 180 },
    ...{ name: '', connection: CONNECTION, wires: [[]] },
  },
];
const SETTINGS = {
  flowFile: 'flows.json',
  uiHost: '127.0.0.1',
  credentialSecret: 'test',
  telemetry: { enabled: false, updateNotification: false },
  externalModules: { palette: { allowInstall: false, allowUpload: false } },
  editorTheme: { tours: false, projects: { enabled: false }, palette: { catalogues: [] } },
};

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}

/** A folder for Node-RED with the flow, the settings and the package in it. */
function userFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'pace-bms-editor-'));
  writeFileSync(join(folder, 'flows.json'), JSON.stringify(FLOW));
  writeFileSync(join(folder, 'settings.js'), `module.exports = ${JSON.stringify(SETTINGS)};`);
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(PACKAGE, join(folder, 'node_modules', 'node-red-contrib-pace-bms'), 'junction');
  return folder;
}

/** Starts Node-RED and waits until its flows run. */
async function startNodeRed(folder: string, port: number): Promise<ChildProcess> {
  const red = join(ROOT, 'node_modules', 'node-red', 'red.js');
  const args = [red, '--userDir', folder, '--settings', join(folder, 'settings.js'), '--port', String(port)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`Node-RED does not start:\n${log}`)), PATIENCE);
    const read = (chunk: Buffer) => {
      log += chunk;
      if (!log.includes('Started flows')) return;
      clearTimeout(timer);
      resolve();
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('exit', (code) => {
      clearTimeout(timer);
      reject(new Error(`Node-RED ended with ${code}:\n${log}`));
    });
  });
  return child;
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill();
  const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await ended;
  clearTimeout(timer);
}

describe('the editor in a browser', {
  skip: existsSync(CHROMIUM) ? false : `there is no Chromium at ${CHROMIUM}`,
}, () => {
  const troubles: string[] = [];
  let folder: string;
  let nodeRed: ChildProcess | undefined;
  let browser: Browser | undefined;
  let page: Page;

  before(async () => {
    assert.ok(existsSync(join(PACKAGE, 'dist', 'nodes')), 'the package is not built: npm run build');
    folder = userFolder();
    const port = await freePort();
    nodeRed = await startNodeRed(folder, port);
    const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'];
    browser = await chromium.launch({ executablePath: CHROMIUM, args: [...args, '--disable-sync', '--no-first-run'] });
    page = await browser.newPage({ viewport: { width: 1400, height: 1100 } });
    page.setDefaultTimeout(PATIENCE);
    page.on('pageerror', (error) => troubles.push(error.message));
    page.on('console', (message) => {
      const trouble = message.type() === 'error' || /^(?:Validation|Definition) error|^oneditsave/.test(message.text());
      if (trouble) troubles.push(message.text());
    });
    await page.goto(`http://127.0.0.1:${port}/`, { waitUntil: 'domcontentloaded' });
    for (const id of Object.values(ON_CANVAS)) await page.waitForSelector(`[id="${id}"]`);
    await page.waitForSelector('#red-ui-loading-progress', { state: 'hidden' });
  });

  after(async () => {
    await browser?.close();
    if (nodeRed) await stop(nodeRed);
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  afterEach(() => assert.deepEqual(troubles.splice(0), []));

  /** What the editor holds of a node. */
  const saved = (id: string, property: string) =>
    page.evaluate<unknown>(`RED.nodes.node(${JSON.stringify(id)}).${property}`);

  async function openNode(id: string): Promise<void> {
    await page.dblclick(`[id="${id}"]`);
    await page.waitForSelector('#node-input-topic', { state: 'visible' });
  }

  async function openConnection(button: 'edit' | 'add'): Promise<void> {
    await openNode(QUERIES['pace-bms-analog']);
    await page.click(`#node-input-btn-connection-${button}`);
    await page.waitForSelector('#node-config-input-transport', { state: 'visible' });
  }

  /** Presses Done, Update, Add or Cancel, and waits until that dialog is gone. */
  async function leave(dialog: 'node-dialog' | 'node-config-dialog', button: 'ok' | 'cancel'): Promise<void> {
    const field = dialog === 'node-dialog' ? '#node-input-topic' : '#node-config-input-transport';
    await page.click(`#${dialog}-${button}`);
    await page.waitForSelector(field, { state: 'detached' });
  }

  /** Waits until the editor marks `field` as wrong, or no more. */
  const marked = (field: string, wrong: boolean) =>
    page.waitForSelector(wrong ? `${field}.input-error` : `${field}:not(.input-error)`, { state: 'attached' });

  const textOf = async (selector: string) => (await page.textContent(selector)) ?? '';

  /** Writes into a field; the last key lets the editor judge it. */
  async function write(field: string, text: string): Promise<void> {
    await page.fill(field, text);
    await page.press(field, 'End');
  }

  const shown = async (properties: string[]) => {
    const visible = await Promise.all(
      properties.map((property) =>
        page.isVisible(`#node-config-input-${property}, label[for="node-config-input-${property}"]`),
      ),
    );
    return properties.filter((_, index) => visible[index]);
  };

  async function assertWords(): Promise<void> {
    const text = await textOf('.red-ui-tray:last-child .red-ui-tray-body');
    assert.doesNotMatch(text, /pace-bms-\w+[.:]|node-red:|__\w+__/, 'a label has no text');
  }

  it('takes the flow as valid', async () => {
    for (const id of [CONNECTION, ...Object.values(ON_CANVAS)]) assert.equal(await saved(id, 'valid'), true, id);
    assert.equal(
      await page.evaluate('RED.utils.getNodeLabel(RED.nodes.node("c100000000000001"))'),
      'simulated bank of 2',
    );
  });

  it('shows the nodes in the palette, with help', async () => {
    for (const type of Object.keys(ON_CANVAS)) {
      assert.equal(await page.locator(`#red-ui-palette-battery [data-palette-type="${type}"]`).count(), 1);
      assert.match(await page.evaluate<string>(`RED.nodes.getNodeHelp("${type}")`), /<h3>Outputs<\/h3>/);
    }
  });

  for (const [type, id] of Object.entries(QUERIES)) {
    it(`edits ${type}`, async () => {
      await openNode(id);
      await assertWords();
      for (const [property, wrong, right] of [
        ['packs', '4-3', '1-2'],
        ['interval', 'abc', '20'],
        ['topic', 'a/#', 'home'],
        ['padPacks', '10', '2'],
        ['staleAfter', '0', ''],
      ] as const) {
        const field = `#node-input-${property}`;
        await write(field, wrong);
        await marked(field, true);
        await write(field, right);
        await marked(field, false);
      }
      assert.match(await textOf('#pace-bms-hint-topic'), new RegExp(` home/pack_01/${type.slice(9)}$`));
      await page.selectOption('#node-input-output', 'bank');
      assert.match(await textOf('#pace-bms-hint-topic'), new RegExp(` home/bank/${type.slice(9)}$`));
      assert.equal(await page.getAttribute('#node-input-staleAfter', 'placeholder'), '60');
      await page.check('#node-input-onlyChanges');
      assert.equal(await page.locator('#node-input-packOffset').count(), type === 'pace-bms-analog' ? 1 : 0);
      await leave('node-dialog', 'ok');
      assert.deepEqual(
        await Promise.all(
          ['packs', 'interval', 'topic', 'padPacks', 'output', 'onlyChanges', 'valid'].map((p) => saved(id, p)),
        ),
        ['1-2', '20', 'home', '2', 'bank', true, true],
      );
    });
  }

  it('edits pace-bms-homeassistant', async () => {
    await openNode(HOME_ASSISTANT);
    await assertWords();
    assert.equal(await page.isChecked('#node-input-perCellEntities'), true, 'the default of what a flow leaves out');
    for (const [property, wrong, right] of [
      ['discoveryPrefix', 'two words', 'ha'],
      ['topic', 'a/#', 'home'],
      ['padPacks', '10', '2'],
      ['expireAfter', '0.5', '90'],
    ] as const) {
      const field = `#node-input-${property}`;
      await write(field, wrong);
      await marked(field, true);
      await write(field, right);
      await marked(field, false);
    }
    for (const [layout, topic, unnamed] of [
      ['device', 'home/pack_01/analog/state', 'PACE battery'],
      ['bmspace', 'home/pack_01/v_pack', 'Generic Lithium'],
    ] as const) {
      await page.selectOption('#node-input-layout', layout);
      await assertWords();
      assert.match(await textOf('#pace-bms-hint-topic'), new RegExp(` ${topic} `));
      assert.equal(await page.getAttribute('#node-input-deviceName', 'placeholder'), unnamed);
    }
    await page.uncheck('#node-input-perCellEntities');
    await leave('node-dialog', 'ok');
    assert.deepEqual(
      await Promise.all(
        ['layout', 'discoveryPrefix', 'topic', 'padPacks', 'padCells', 'expireAfter', 'perCellEntities', 'valid'].map(
          (property) => saved(HOME_ASSISTANT, property),
        ),
      ),
      ['bmspace', 'ha', 'home', '2', '0', '90', false, true],
    );
  });

  it('deploys what was edited', async () => {
    await page.click('#red-ui-header-button-deploy');
    await page.waitForFunction('!RED.nodes.dirty()');
    const flows = await page.evaluate<{ id: string; topic?: string }[]>('fetch("flows").then((reply) => reply.json())');
    for (const id of Object.values(ON_CANVAS)) assert.equal(flows.find((node) => node.id === id)?.topic, 'home');
  });

  it('shows only the fields of the chosen line and addressing', async () => {
    await openConnection('edit');
    const line = ['serialPort', 'baudRate', 'host', 'port', 'simPacks', 'simCells', 'simScenario'];
    for (const [transport, fields] of Object.entries({
      serial: ['serialPort', 'baudRate'],
      tcp: ['host', 'port'],
      simulator: ['simPacks', 'simCells', 'simScenario'],
    })) {
      await page.selectOption('#node-config-input-transport', transport);
      assert.deepEqual(await shown(line), fields, transport);
      await assertWords();
    }
    for (const [addressing, fields] of Object.entries({
      master: ['address'],
      addressed: ['addresses'],
      relay: ['address', 'addresses'],
    })) {
      await page.selectOption('#node-config-input-addressing', addressing);
      assert.deepEqual(await shown(['address', 'addresses']), fields, addressing);
      await assertWords();
    }
    await leave('node-config-dialog', 'cancel');
    await leave('node-dialog', 'cancel');
    assert.equal(await saved(CONNECTION, 'transport'), 'simulator');
  });

  it('edits a connection', async () => {
    await openConnection('edit');
    await marked('#node-config-input-host', false);
    await page.selectOption('#node-config-input-transport', 'tcp');
    await marked('#node-config-input-host', true);
    await write('#node-config-input-host', '127.0.0.1');
    await marked('#node-config-input-host', false);
    await write('#node-config-input-port', '65536');
    await marked('#node-config-input-port', true);
    await write('#node-config-input-port', `\${BATTERY_PORT}`);
    await marked('#node-config-input-port', false);
    await page.selectOption('#node-config-input-addressing', 'addressed');
    await write('#node-config-input-addresses', '4-3');
    await marked('#node-config-input-addresses', true);
    await write('#node-config-input-addresses', '1-4,7');
    await marked('#node-config-input-addresses', false);
    await leave('node-config-dialog', 'ok');
    await leave('node-dialog', 'ok');
    assert.deepEqual(
      await Promise.all(
        ['transport', 'host', 'port', 'addresses', 'valid'].map((property) => saved(CONNECTION, property)),
      ),
      ['tcp', '127.0.0.1', `\${BATTERY_PORT}`, '1-4,7', true],
    );
  });

  it('starts a new connection with the defaults, and wants its port', async () => {
    await openConnection('add');
    assert.equal(await page.inputValue('#node-config-input-debugLevel'), '0');
    assert.equal(await page.inputValue('#node-config-input-baudRate'), '9600');
    await marked('#node-config-input-serialPort', true);
    await write('#node-config-input-serialPort', '/dev/ttyUSB0');
    await marked('#node-config-input-serialPort', false);
    await leave('node-config-dialog', 'ok');
    const id = await page.inputValue('#node-input-connection');
    assert.notEqual(id, CONNECTION);
    assert.deepEqual([await saved(id, 'debugLevel'), await saved(id, 'valid')], ['0', true]);
    assert.equal(await textOf('#node-input-connection option:checked'), '/dev/ttyUSB0 @ 9600');
    await leave('node-dialog', 'cancel');
  });
});
