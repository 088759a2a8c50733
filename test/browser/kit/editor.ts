import assert from 'node:assert/strict';
import { after, afterEach, before } from 'node:test';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { RealNodeRed } from '../../support/real-node-red.js';
import { startChromium } from './chromium.js';
import { Dialog } from './dialog.js';
import { Troubles } from './troubles.js';
import { EDITOR } from './versions.js';

/** ms that anything on the page may take. */
const PATIENCE_MS = 30_000;
const VIEWPORT = { width: 1400, height: 1000 };

type Flow = readonly object[];
interface Point {
  x: number;
  y: number;
}
/** The status that a node shows. */
interface Status {
  fill: string;
  text: string;
}

/** How a page is opened. */
export interface Look extends Pick<BrowserContextOptions, 'locale' | 'timezoneId' | 'viewport' | 'deviceScaleFactor'> {
  theme?: 'light' | 'dark';
}

/** The editor of a Node-RED of its own in a browser, used as by hand. */
export class Editor {
  readonly troubles = new Troubles();
  readonly #nodeRed: RealNodeRed;
  readonly #browser: Browser;
  #page: Page | undefined;

  private constructor(nodeRed: RealNodeRed, browser: Browser) {
    this.#nodeRed = nodeRed;
    this.#browser = browser;
  }

  /** Starts Node-RED and a browser, and opens the editor. */
  static async start(flow: Flow, look: Look = {}, modules: string[] = []): Promise<Editor> {
    const browser = await startChromium();
    try {
      const editor = new Editor(await RealNodeRed.start(flow, null, modules), browser);
      await editor.open(look);
      return editor;
    } catch (thrown) {
      await browser.close();
      throw thrown;
    }
  }

  get page(): Page {
    assert.ok(this.#page, 'no page is open');
    return this.#page;
  }

  get url(): string {
    return this.#nodeRed.url;
  }

  /** The dialog on top. */
  get dialog(): Dialog {
    return new Dialog(this.page);
  }

  async stop(): Promise<void> {
    await this.#browser.close();
    await this.#nodeRed.stop();
  }

  /** Opens a page as a new visitor has it, in place of the last. */
  async newPage({ theme, ...look }: Look = {}): Promise<Page> {
    await this.#page?.context().close();
    const context = await this.#browser.newContext({ viewport: VIEWPORT, serviceWorkers: 'block', ...look });
    if (theme) await context.addInitScript(`localStorage.setItem('view-dark-theme', '${theme}')`);
    this.#page = await context.newPage();
    this.#page.setDefaultTimeout(PATIENCE_MS);
    this.troubles.watch(this.#page);
    return this.#page;
  }

  /** Opens the editor as a new visitor does, and waits until it can be used. */
  async open(look?: Look): Promise<void> {
    const page = await this.newPage(look);
    await page.goto(this.url, { waitUntil: 'domcontentloaded' });
    await page.waitForFunction('window.RED?.comms && RED.nodes?.getWorkspaceOrder?.().length > 0');
    await page.waitForSelector('#red-ui-loading-progress', { state: 'hidden' });
    await page.waitForSelector('[data-palette-type="pace-bms-analog"]');
  }

  /** Drags a node from the palette onto the canvas. @returns its id. */
  async dragIn(type: string, to: Point): Promise<string> {
    const known = await this.#ids();
    const inPalette = this.page.locator(`.red-ui-palette-node[data-palette-type="${type}"]`);
    await inPalette.scrollIntoViewIfNeeded();
    const canvas = await boxOf(this.page, '#red-ui-workspace-chart');
    await this.#drag(middleOf(await boxOf(this.page, inPalette)), { x: canvas.x + to.x, y: canvas.y + to.y });
    const dropped = (await this.#ids()).find((id) => !known.includes(id));
    assert.ok(dropped, `${type} was not dropped on the canvas`);
    return dropped;
  }

  /** Draws a wire from a node's output to another's input. */
  async wire(from: string, to: string, output = 0): Promise<void> {
    const start = this.page.locator(`[id="${from}"] .red-ui-flow-port-output .red-ui-flow-port`).nth(output);
    const end = this.page.locator(`[id="${to}"] .red-ui-flow-port-input .red-ui-flow-port`);
    await this.#drag(middleOf(await boxOf(this.page, start)), middleOf(await boxOf(this.page, end)));
  }

  async #drag(from: Point, to: Point): Promise<void> {
    const { mouse } = this.page;
    await mouse.move(from.x, from.y);
    await mouse.down();
    await mouse.move((from.x + to.x) / 2, (from.y + to.y) / 2, { steps: 5 });
    await mouse.move(to.x, to.y, { steps: 5 });
    await mouse.up();
  }

  #ids(): Promise<string[]> {
    return this.page.evaluate('RED.nodes.filterNodes({ z: RED.workspaces.active() }).map(({ id }) => id)');
  }

  /** Opens a node's dialog with a double click. */
  async edit(id: string): Promise<Dialog> {
    // What a failed test has left open would fail those that follow.
    if (await this.dialog.isOpen()) await this.open();
    await this.page.dblclick(`[id="${id}"] rect.red-ui-flow-node`);
    return this.#opened('#node-dialog-ok');
  }

  /** Opens the dialog of a node, and from there that of its connection or of a new one. */
  async editConnection(id: string, button: 'edit' | 'add' = 'edit'): Promise<Dialog> {
    await this.edit(id);
    return this.openConnection(button);
  }

  /** Opens the dialog of the connection of the node whose dialog is open, or of a new one. */
  async openConnection(button: 'edit' | 'add' = 'edit'): Promise<Dialog> {
    await this.page.click(`#node-input-btn-connection-${button}`);
    return this.#opened('#node-config-dialog-ok');
  }

  async #opened(button: string): Promise<Dialog> {
    await this.page.waitForSelector(button, { state: 'visible' });
    await this.dialog.waitUntilFocused();
    await this.dialog.waitUntilStill();
    return this.dialog;
  }

  /** Deploys, and waits until that is done. */
  async deploy(): Promise<void> {
    await this.page.click('#red-ui-header-button-deploy');
    await this.page.waitForFunction('!RED.nodes.dirty()');
  }

  /** What the editor holds of a node. */
  held<T = unknown>(id: string, property: string): Promise<T> {
    return this.page.evaluate<T>(`RED.nodes.node(${JSON.stringify(id)})[${JSON.stringify(property)}]`);
  }

  /** The flow as Node-RED runs it. */
  deployed(): Promise<Record<string, unknown>[]> {
    return this.page.evaluate('fetch("flows").then((reply) => reply.json())');
  }

  /** Waits until the status beneath a node reads like `text`. */
  async waitForStatus(id: string, text: RegExp): Promise<Status> {
    const label = this.page.locator(`[id="${id}"] .red-ui-flow-node-status-label`, { hasText: text });
    await label.waitFor();
    const mark = this.page.locator(`[id="${id}"] .red-ui-flow-node-status`);
    const fill = /red-ui-flow-node-status-(?:dot|ring)-(\w+)/.exec((await mark.getAttribute('class')) ?? '')?.[1] ?? '';
    return { fill, text: (await label.textContent()) ?? '' };
  }

  /** Shows the debug sidebar. */
  async showDebug(): Promise<void> {
    if (EDITOR.debugTab) await this.page.click(EDITOR.debugTab);
    await this.page.waitForSelector('.red-ui-debug-content-list', { state: 'visible' });
  }

  /** Waits until the debug sidebar has so many messages. @returns what heads them. */
  async debugMessages(count: number): Promise<string[]> {
    const heads = this.page.locator('.red-ui-debug-msg .red-ui-debug-msg-topic');
    await heads.nth(count - 1).waitFor();
    return heads.allTextContents();
  }

  /** Waits for what the editor has to say at the top of the page, and takes it away. */
  async notification(): Promise<string> {
    const shown = this.page.locator('.red-ui-notification').last();
    await shown.waitFor();
    const text = (await shown.textContent()) ?? '';
    await shown.click();
    return text.trim();
  }

  /** Presses the button on a node. */
  async press(id: string): Promise<void> {
    await this.page.click(`[id="${id}"] .red-ui-flow-node-button-button`);
  }
}

async function boxOf(page: Page, place: string | ReturnType<Page['locator']>) {
  const box = await (typeof place === 'string' ? page.locator(place) : place).boundingBox();
  assert.ok(box, `${place} is not to be seen`);
  return box;
}

const middleOf = ({ x, y, width, height }: Point & { width: number; height: number }): Point => ({
  x: x + width / 2,
  y: y + height / 2,
});

/** An editor for the tests of a file; what goes wrong in it fails the test at hand. */
export function editorForTests(flow: () => Flow, look?: Look, modules?: string[]) {
  const place: { editor?: Editor } = {};
  before(async () => {
    place.editor = await Editor.start(flow(), look, modules);
  });
  after(() => place.editor?.stop());
  afterEach(() => assert.deepEqual(place.editor?.troubles.take(), []));
  return () => place.editor as Editor;
}
