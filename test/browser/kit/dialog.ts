import type { Locator, Page } from 'playwright-core';

/** What a field holds. */
export type Value = string | boolean;

/** The dialog on top of the editor. */
export class Dialog {
  readonly page: Page;
  readonly tray: Locator;

  constructor(page: Page) {
    this.page = page;
    this.tray = page.locator('.red-ui-tray').last();
  }

  async isOpen(): Promise<boolean> {
    return (await this.tray.count()) > 0;
  }

  /** A property's field. */
  field(property: string): Locator {
    return this.tray.locator(`#node-config-input-${property}, #node-input-${property}`);
  }

  /** Opens all its parts that can be folded. */
  async unfold(): Promise<void> {
    await this.tray.locator('.pace-bms details').evaluateAll((all) => {
      for (const details of all) details.setAttribute('open', '');
    });
  }

  /** Waits until it has slid in. */
  async waitUntilStill(): Promise<void> {
    await this.page.waitForFunction(`(() => {
      const tray = [...document.querySelectorAll('.red-ui-tray')].at(-1);
      const right = tray.getBoundingClientRect().right;
      const still = right === window.lastRight && !tray.classList.contains('red-ui-tray-open-animation');
      window.lastRight = right;
      return still && $(':animated').length === 0;
    })()`);
  }

  /** Waits until the editor has given it the focus, as it does a moment after it shows: later, it would take it from a test. */
  async waitUntilFocused(): Promise<void> {
    await this.page.waitForFunction(
      `[...document.querySelectorAll('.red-ui-tray')].at(-1).contains(document.activeElement)`,
    );
  }

  /** Writes into a field; the last key lets the editor judge it. */
  async write(property: string, text: string): Promise<void> {
    await this.field(property).fill(text);
    await this.field(property).press('End');
  }

  async choose(property: string, value: string): Promise<void> {
    await this.field(property).selectOption(value);
  }

  /** Writes, chooses or ticks, as the field wants it. */
  async set(property: string, value: Value): Promise<void> {
    if (typeof value === 'boolean') await this.field(property).setChecked(value);
    else if ((await this.field(property).evaluate(({ tagName }) => tagName)) === 'SELECT')
      await this.choose(property, value);
    else await this.write(property, value);
  }

  /** What a field shows. */
  async value(property: string): Promise<Value> {
    const field = this.field(property);
    return (await field.getAttribute('type')) === 'checkbox' ? field.isChecked() : field.inputValue();
  }

  /** Which of these fields, with their labels, are to be seen. */
  async shown(properties: readonly string[]): Promise<string[]> {
    const visible = await Promise.all(properties.map((property) => this.field(property).isVisible()));
    return properties.filter((_, index) => visible[index]);
  }

  /** The text of an element beside the fields. */
  textOf(selector: string): Promise<string> {
    return this.tray.locator(selector).innerText();
  }

  /** Waits until the editor marks a field as wrong, or no more. */
  async waitUntilMarked(property: string, wrong: boolean): Promise<void> {
    const field = `#node-config-input-${property}, #node-input-${property}`;
    await this.tray
      .locator(`:is(${field})${wrong ? '.input-error' : ':not(.input-error)'}`)
      .waitFor({ state: 'attached' });
  }

  /** Presses "Try it". */
  async startTrial(): Promise<void> {
    await this.tray.locator('#pace-bms-try').click();
  }

  /** Waits until the button can be pressed again. @returns what the trial told. */
  async endOfTrial(): Promise<string> {
    await this.tray.locator('#pace-bms-try:enabled').waitFor();
    return (await this.tray.locator('#pace-bms-trial').innerText()).trim().replace(/\n+/g, '\n');
  }

  /** Presses "Try it". @returns what that told. */
  async tryIt(): Promise<string> {
    await this.startTrial();
    return this.endOfTrial();
  }

  /** The rows of the table of packs that a trial found. */
  async packsFound(): Promise<string[][]> {
    const rows = await this.tray.locator('#pace-bms-trial tr:has(td)').all();
    return Promise.all(rows.map((row) => row.locator('td').allTextContents()));
  }

  /** Closes it, and waits until it is gone. */
  async close(button: 'ok' | 'cancel' = 'ok'): Promise<void> {
    const tray = await this.tray.elementHandle();
    await this.tray.locator(`#node-dialog-${button}, #node-config-dialog-${button}`).click();
    await this.page.waitForFunction((element) => !element?.isConnected, tray);
    if ((await this.tray.count()) > 0) await this.waitUntilStill();
  }
}
