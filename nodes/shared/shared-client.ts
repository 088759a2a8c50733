import type { BankClient } from '../../src/link/bank-client.js';

/** How long a line stays open for users that a deploy restarts, ms. */
const RESTART_MS = 5000;

/** A bank client that its users keep open together: from the first to the last. */
export class SharedClient {
  readonly client: BankClient;
  #users = 0;
  #closed = false;
  #closeLater: NodeJS.Timeout | undefined;

  constructor(client: BankClient) {
    this.client = client;
  }

  register(): void {
    clearTimeout(this.#closeLater);
    this.#users += 1;
    this.client.start();
  }

  /** @param removed whether the user is gone for good; else a deploy is about to bring it back. */
  async deregister(removed: boolean): Promise<void> {
    this.#users -= 1;
    if (this.#users > 0 || this.#closed) return;
    if (removed) await this.client.stop(false);
    else this.#closeLater = setTimeout(() => void this.client.stop(false), RESTART_MS);
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#closeLater);
    await this.client.stop(true);
  }
}
