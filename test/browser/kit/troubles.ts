import type { ConsoleMessage, Page } from 'playwright-core';

/** What the editor logs as no error, but is one. */
const IS_TROUBLE = /^(?:Validation|Definition) error|^oneditsave/;
/** The browser's word for what is kept with its address anyway. */
const IS_KEPT_ELSEWHERE = /^Failed to load resource/;

/** What goes wrong in a page: script errors, errors in the console, and requests without a good answer. */
export class Troubles {
  #kept: string[] = [];

  watch(page: Page): void {
    const keep = (text: string) => this.#kept.push(text);
    const pathOf = (url: string) => new URL(url).pathname.slice(1);
    page.on('pageerror', (error) => keep(`${error.stack ?? error.message}`));
    page.on('console', (message: ConsoleMessage) => {
      const text = message.text();
      if ((message.type() === 'error' && !IS_KEPT_ELSEWHERE.test(text)) || IS_TROUBLE.test(text)) keep(text);
    });
    page.on('requestfailed', (request) => {
      keep(`${request.method()} ${pathOf(request.url())}: ${request.failure()?.errorText}`);
    });
    page.on('response', (response) => {
      if (response.status() < 400) return;
      keep(`${response.request().method()} ${pathOf(response.url())}: ${response.status()}`);
    });
  }

  /** What there was since this was last asked. */
  take(): string[] {
    const taken = this.#kept;
    this.#kept = [];
    return taken;
  }
}
