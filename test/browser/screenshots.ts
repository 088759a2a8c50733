/** Takes the pictures of the docs; `scripts/screenshots.mjs` runs it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { Curve } from './kit/curve.js';
import { Editor, type Look } from './kit/editor.js';
import { HOST, type ServedBank, serveBank, serveStill } from './kit/simulated-bank.js';

const ROOT = join(__dirname, '..', '..');
const LOOK: Look = { locale: 'en-GB', timezoneId: 'UTC' };
const BANK = { packs: 4, cells: 16, scenario: 'solar-day' } as const;
/** Into the day of the bank in the editor: charging. */
const CHARGING_SECONDS = 220;
/** Into the day of the bank on the dashboard: it gets full, and its cells begin to balance, while its charts fill. */
const NEARLY_FULL_SECONDS = 256;
const CHARTS_FILL_MS = 33_000;
/** The usual port of a serial server, for the dialog. */
const USUAL_PORT = 5000;

/** An example with its connection to a bank behind a TCP server. */
function exampleOn({ port }: ServedBank, name: string, properties: object = {}) {
  const text = readFileSync(join(ROOT, 'examples', `${name}.json`), 'utf8');
  return (JSON.parse(text) as { id: string; type: string; interval?: number }[]).map((node) => {
    if (node.type === 'pace-bms-connection') return { ...node, name: 'Shed', transport: 'tcp', host: HOST, port };
    return node.interval ? { ...node, ...properties } : node;
  });
}

async function take(name: string, from: Locator | Editor['page'], options = {}): Promise<void> {
  const path = join(ROOT, 'docs', 'images', `${name}.png`);
  await from.screenshot({ path, animations: 'disabled', caret: 'hide', ...options });
}

async function pictureEditor(bank: ServedBank): Promise<void> {
  // Seldom enough that the debug sidebar keeps what is in the picture.
  const flow = exampleOn(bank, '01-quick-start', { interval: 3600 });
  const analog = flow.find(({ type }) => type === 'pace-bms-analog')?.id as string;
  const editor = await Editor.start(flow);
  try {
    await editor.open({ ...LOOK, deviceScaleFactor: 1.5, viewport: { width: 1300, height: 700 } });
    const { page } = editor;
    await page.locator('.red-ui-palette-search input').pressSequentially('pace');
    await page.locator('.red-ui-palette-node[data-palette-type="inject"]').waitFor({ state: 'hidden' });
    await editor.showDebug();
    await editor.press(analog);
    await editor.debugMessages(BANK.packs);
    await page.locator('.red-ui-notification').waitFor({ state: 'hidden' });
    // The first message and its payload, opened.
    for (const depth of [0, 1]) {
      const handles = page.locator('.red-ui-debug-msg').first().locator('.red-ui-debug-msg-object-handle');
      await handles.nth(depth).click();
    }
    await page.locator('.red-ui-debug-content-list').evaluate((list) => list.scrollTo(0, 0));
    await page.mouse.move(700, 690);
    await take('editor', page);
  } finally {
    await editor.stop();
  }
}

async function pictureDialogs(bank: ServedBank): Promise<void> {
  const flow = exampleOn(bank, '01-quick-start');
  const analog = flow.find(({ type }) => type === 'pace-bms-analog')?.id as string;
  // Of this flow, only the connection runs.
  const editor = await Editor.start(flow.map((node) => (node.type === 'tab' ? { ...node, disabled: true } : node)));
  try {
    await editor.open({ ...LOOK, deviceScaleFactor: 1.5, viewport: { width: 1300, height: 1030 } });
    const query = await editor.edit(analog);
    await take('query-dialog', query.tray);
    await editor.page.setViewportSize({ width: 1300, height: 905 });
    const connection = await editor.openConnection();
    await connection.tryIt();
    await editor.page.mouse.move(700, 690);
    await take('connection-dialog', connection.tray);
  } finally {
    await editor.stop();
  }
}

async function pictureLimits(bank: ServedBank): Promise<void> {
  const flow = exampleOn(bank, '09-limits-victron');
  const limits = flow.find(({ type }) => type === 'pace-bms-limits')?.id as string;
  const editor = await Editor.start(flow.map((node) => (node.type === 'tab' ? { ...node, disabled: true } : node)));
  try {
    await editor.open({ ...LOOK, deviceScaleFactor: 1.5, viewport: { width: 1300, height: 830 } });
    const dialog = await editor.edit(limits);
    for (const name of ['chargeByCell', 'chargeByTemperature']) await new Curve(dialog, name).open();
    await dialog.tray.getByRole('heading', { name: 'Curves' }).evaluate((heading) => heading.scrollIntoView());
    await editor.page.mouse.move(700, 690);
    await take('limits-dialog', dialog.tray);
  } finally {
    await editor.stop();
  }
}

async function pictureDashboard(bank: ServedBank): Promise<void> {
  const editor = await Editor.start(exampleOn(bank, '02-dashboard'), {}, ['@flowfuse/node-red-dashboard']);
  try {
    const look = { ...LOOK, deviceScaleFactor: 1.5, viewport: { width: 1100, height: 830 } };
    const open = async (path: string) => {
      const page = await editor.newPage(look);
      await page.goto(`${editor.url}dashboard/${path}`);
      await page
        .getByText(/^\d+ %$/)
        .first()
        .waitFor();
      return page;
    };
    const bankPage = await open('battery');
    await bankPage.waitForTimeout(CHARTS_FILL_MS);
    await take('dashboard', bankPage, { fullPage: true });
    await take('dashboard-packs', await open('packs'), { fullPage: true });
  } finally {
    await editor.stop();
  }
}

async function withBank(serving: Promise<ServedBank>, picture: (bank: ServedBank) => Promise<void>): Promise<void> {
  const bank = await serving;
  try {
    await picture(bank);
  } finally {
    await bank.close();
  }
}

async function main(): Promise<void> {
  await withBank(serveStill(BANK, CHARGING_SECONDS), pictureEditor);
  await withBank(serveStill(BANK, CHARGING_SECONDS, USUAL_PORT), pictureDialogs);
  await withBank(serveStill(BANK, CHARGING_SECONDS), pictureLimits);
  const bank = serveBank({}, BANK);
  (await bank).bank.advance(1000 * NEARLY_FULL_SECONDS);
  await withBank(bank, pictureDashboard);
}

main().catch((thrown) => {
  process.exitCode = 1;
  throw thrown;
});
