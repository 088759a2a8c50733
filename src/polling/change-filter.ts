import type { OutgoingMessage } from '../messages/outgoing.js';

/** An unchanged message is sent again after this long, ms. */
const LONGEST_SILENCE_MS = 10 * 60 * 1000;

/** Knows what was sent last on each topic, to leave out what says the same. */
export class ChangeFilter {
  readonly #sent = new Map<string, { text: string; at: number; pack: number | undefined }>();
  /** What waited longer would be silent for too long at the next poll. */
  readonly #repeatAfterMs: number;
  readonly #now: () => number;

  /** @param intervalMs from one poll to the next. @param now monotonic ms. */
  constructor(intervalMs: number, now: () => number) {
    this.#repeatAfterMs = Math.max(0, LONGEST_SILENCE_MS - intervalMs);
    this.#now = now;
  }

  /** Whether the message says something new, or its topic has been silent for long. */
  isNews({ topic, payload }: OutgoingMessage): boolean {
    const last = this.#sent.get(topic);
    return !last || last.text !== textOf(payload) || this.#now() - last.at > this.#repeatAfterMs;
  }

  /** Notes a message that is sent. */
  note({ topic, payload, pack }: OutgoingMessage): void {
    this.#sent.set(topic, { text: textOf(payload), at: this.#now(), pack });
  }

  /** Forgets a pack: its next messages are news. */
  forgetPack(pack: number): void {
    for (const [topic, sent] of this.#sent) if (sent.pack === pack) this.#sent.delete(topic);
  }

  /** Forgets all. */
  clear(): void {
    this.#sent.clear();
  }
}

/** The payload as text, without the times of its readings. */
function textOf(payload: unknown): string {
  return JSON.stringify(payload, (key, value) => (key === 'lastSeen' ? undefined : value));
}
