/** Silence after a reply before the next request, ms. */
const QUIET_AFTER_REPLY_MS = 10;
/** Silence after a failed request, in which a late answer is thrown away, ms. */
export const QUIET_AFTER_FAILURE_MS = 500;
/** A line that does not fall silent in this time never will, ms. */
const LONGEST_WAIT_MS = 5000;

/** When the next request may be sent: times are monotonic ms. */
export class Pacing {
  readonly #spacingMs: number;
  #sentAt = Number.NEGATIVE_INFINITY;
  /** The last byte that came, or the opening of the line. */
  #byteAt = Number.NEGATIVE_INFINITY;
  /** Silence counts from here on, at the earliest. */
  #quietFrom = Number.NEGATIVE_INFINITY;
  #quietMs = QUIET_AFTER_REPLY_MS;
  /** Since when the next request has been ready to go. */
  #readySince: number | null = null;

  constructor(spacingMs: number) {
    this.#spacingMs = spacingMs;
  }

  opened(now: number): void {
    this.#sentAt = Number.NEGATIVE_INFINITY;
    this.#byteAt = now;
    this.#quietMs = QUIET_AFTER_REPLY_MS;
    this.#readySince = null;
  }

  sent(now: number): void {
    this.#sentAt = now;
    this.#readySince = null;
  }

  heard(now: number): void {
    this.#byteAt = now;
  }

  /** The request was answered. */
  answered(): void {
    this.#quietMs = QUIET_AFTER_REPLY_MS;
  }

  /** The request failed; `late` when its answer may still come, however long the line has been silent. */
  failed(now: number, late: boolean): void {
    if (late) this.#quietFrom = now;
    this.#quietMs = QUIET_AFTER_FAILURE_MS;
  }

  /** Nothing may be sent until the line has been silent for `quietMs`. */
  drain(quietMs: number): void {
    this.#quietMs = quietMs;
  }

  /** ms until a request that is ready may be sent, 0 for now; null when the line does not fall silent. */
  waitMs(now: number): number | null {
    this.#readySince ??= now;
    const quietAt = Math.max(this.#byteAt, this.#quietFrom) + this.#quietMs;
    if (quietAt > now && now - this.#readySince > LONGEST_WAIT_MS) return null;
    return Math.max(0, Math.ceil(Math.max(quietAt, this.#sentAt + this.#spacingMs) - now));
  }

  /** How long nothing has come. */
  silentMs(now: number): number {
    return now - this.#byteAt;
  }
}
