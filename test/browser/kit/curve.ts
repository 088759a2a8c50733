import type { Locator } from 'playwright-core';
import type { Dialog } from './dialog.js';

/** A curve of the limits node in its dialog: its list and its plot. */
export class Curve {
  readonly section: Locator;
  readonly #dialog: Dialog;
  readonly #id: string;

  constructor(dialog: Dialog, name: string) {
    this.#dialog = dialog;
    this.#id = `pace-bms-curve-${name}`;
    this.section = dialog.tray.locator(`#${this.#id}`);
  }

  /** Opens it with the keyboard. */
  async open(): Promise<void> {
    await this.section.locator('summary').focus();
    await this.#dialog.page.keyboard.press('Enter');
    await this.button('add').waitFor();
  }

  isOpen(): Promise<boolean> {
    return this.section.evaluate((details) => details.hasAttribute('open'));
  }

  /** A field by its row and column, from 0. */
  field(row: number, column: number): Locator {
    return this.section.locator('li').nth(row).locator('input').nth(column);
  }

  /** The button that removes a row. */
  remover(row: number): Locator {
    return this.section.locator('li').nth(row).getByRole('button');
  }

  button(what: 'add' | 'usual' | 'off'): Locator {
    return this.section.locator(`#${this.#id}-${what}`);
  }

  /** What is in the fields, by row. */
  async rows(): Promise<string[][]> {
    const rows = await this.section.locator('li').all();
    return Promise.all(
      rows.map(async (row) => {
        const fields = await row.locator('input').all();
        return Promise.all(fields.map((field) => field.inputValue()));
      }),
    );
  }

  /** What of the rows is marked as wrong, to the eye and to the ear. */
  async marked(): Promise<string[]> {
    const wrong = await this.section.locator('input.input-error[aria-invalid="true"]').all();
    return Promise.all(wrong.map((field) => field.inputValue()));
  }

  /** What is said to be wrong. */
  fault(): Promise<string> {
    return this.section.locator('.pace-bms-fault').innerText();
  }

  /** What the plot shows, in words. */
  async plot(): Promise<string> {
    return (await this.section.locator('[role=img]').getAttribute('aria-label')) ?? '';
  }

  /** The corners of the lines in the plot and in the small one beside the title. */
  async lines(): Promise<string[]> {
    const lines = await this.section.locator('svg polyline').all();
    return Promise.all(lines.map(async (line) => (await line.getAttribute('points')) ?? ''));
  }
}
