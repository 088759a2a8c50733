import { type LikelyCause, PaceError } from '../errors.js';
import { type Frame, LARGEST_FRAME_CHARACTERS } from '../wire/frame.js';

/** When and how long an exchange took. */
export interface Timing {
  /** Epoch ms when the reply was complete. */
  receivedAt: number;
  /** From the request to the end of the reply, ms. */
  durationMs: number;
  /** Monotonic ms when the reply was complete. */
  answeredAt: number;
}

/** What a frame means to the request that waits. */
export type Verdict<T> =
  | { is: 'accepted'; value: T }
  /** Not for this request: waiting goes on. The cause is that of a silence in which nothing else comes. */
  | { is: 'ignored'; reason: string; likelyCause?: LikelyCause }
  /** A reply, but not one to be used: waiting goes on for a short while, then the try has failed. */
  | { is: 'rejected'; error: PaceError }
  /** A good reply that is hard to believe: it is asked again. */
  | { is: 'doubted'; reason: string }
  /** The BMS says no. */
  | { is: 'refused'; error: PaceError };

/** How a try ended. */
export type Outcome<T> =
  | { is: 'accepted'; value: T; timing: Timing }
  /** It is to be asked again; `isLate` when replies to earlier requests may be under way. */
  | { is: 'doubted'; reason: string; isLate: boolean }
  | { is: 'refused'; error: PaceError }
  /** `late`: an answer may still be on its way. */
  | { is: 'failed'; error: PaceError; late: boolean };

/** How long a rejected frame may still be followed by the good one, ms: the BMS's limit for an answer (`pace-v25.md` 1.4). */
const AFTER_REJECTION_MS = 500;

/** So few bytes outside of frames are line ends and the like, not noise. */
const STRAY_BYTES = 2;

/** What an exchange needs to know of its line. */
export interface ExchangeSettings {
  /** ms of silence before the request is given up. */
  timeoutMs: number;
  /** Speed of the line, baud; it bounds how long a reply can take. */
  baudRate: number;
  /** Monotonic ms. */
  now: () => number;
  /** The end of "no answer from …", such as `address 1 at 9600 baud`. */
  whom: string;
  /** Whether a frame has begun and not ended. */
  midFrame: () => boolean;
  /** How long a reply that has just come is held back, ms, since another may follow that makes it worthless. */
  holdMs: (frame: Frame) => number;
  /** Whether replies have come after their requests were given up. */
  repliesComeLate: () => boolean;
}

/** One request on the line and the wait for its answer. Ends once, by telling `onEnd`. */
export class Exchange<T> {
  readonly #settings: ExchangeSettings;
  readonly #judge: (frame: Frame, timing: Timing) => Verdict<T>;
  readonly #onEnd: (outcome: Outcome<T>) => void;
  readonly #sentAt: number;
  #longest: NodeJS.Timeout | undefined;
  #silence: NodeJS.Timeout | undefined;
  #rejection: PaceError | null = null;
  /** The answer, while another may follow. */
  #held: { outcome: Outcome<T>; forMs: number } | null = null;
  #noiseBytes = 0;
  #ignored: { reason: string; likelyCause?: LikelyCause } | null = null;
  #ended = false;

  constructor(
    settings: ExchangeSettings,
    judge: (frame: Frame, timing: Timing) => Verdict<T>,
    onEnd: (outcome: Outcome<T>) => void,
  ) {
    this.#settings = settings;
    this.#judge = judge;
    this.#onEnd = onEnd;
    this.#sentAt = settings.now();
    this.#giveUpIn(settings.timeoutMs);
    this.#waitForSilence();
  }

  /** Judges a frame that came while this waits. @returns why it is not the answer; null when it is. */
  take(frame: Frame): string | null {
    if (this.#ended) return null;
    const answeredAt = this.#settings.now();
    const timing = { receivedAt: Date.now(), durationMs: answeredAt - this.#sentAt, answeredAt };
    const verdict = this.#judge(frame, timing);
    if (verdict.is === 'ignored') {
      this.#ignored = verdict;
      return verdict.reason;
    }
    if (this.#held) return this.#endOvertaken();
    switch (verdict.is) {
      case 'accepted':
        this.#accept({ ...verdict, timing }, frame);
        return null;
      case 'doubted':
        this.#end({ ...verdict, isLate: false });
        return verdict.reason;
      case 'rejected':
        this.reject(verdict.error);
        return verdict.error.message;
      case 'refused':
        this.#end(verdict);
        return verdict.error.message;
    }
  }

  /** Notes that something came that is no usable reply. */
  reject(error: PaceError): void {
    if (this.#held) {
      this.#endOvertaken();
      return;
    }
    this.#rejection = error;
    this.#waitForSilence();
  }

  /** Notes bytes; those of a frame prove that the other side is talking. */
  hear(count: number, framed: boolean): void {
    if (this.#ended) return;
    if (framed) this.#waitForSilence();
    else this.#noiseBytes += count;
  }

  /** Ends the wait: the connection is gone. */
  abort(error: PaceError): void {
    this.#end({ is: 'failed', error, late: false });
  }

  #accept(outcome: Outcome<T> & { is: 'accepted' }, frame: Frame): void {
    const forMs = this.#settings.holdMs(frame);
    if (forMs === 0) {
      this.#end(outcome);
    } else {
      this.#held = { outcome, forMs };
      this.#giveUpIn(forMs);
      this.#waitForSilence();
    }
  }

  #endOvertaken(): string {
    const reason = 'a reply came that may be a late one: asked again';
    this.#end({ is: 'doubted', reason, isLate: true });
    return reason;
  }

  /** However the bytes trickle, the wait ends `quietMs` after the longest frame could have come. */
  #giveUpIn(quietMs: number): void {
    clearTimeout(this.#longest);
    const wireTimeMs = (LARGEST_FRAME_CHARACTERS * 10 * 1000) / this.#settings.baudRate;
    this.#longest = setTimeout(() => this.#giveUp(), quietMs + wireTimeMs);
  }

  #waitForSilence(): void {
    if (this.#ended) return;
    clearTimeout(this.#silence);
    const { timeoutMs } = this.#settings;
    const rejectedMs = this.#rejection ? Math.min(timeoutMs, AFTER_REJECTION_MS) : timeoutMs;
    this.#silence = setTimeout(() => this.#giveUp(), this.#held?.forMs ?? rejectedMs);
  }

  #giveUp(): void {
    if (this.#held) this.#end(this.#held.outcome);
    else if (this.#rejection) this.#end({ is: 'failed', error: this.#rejectedError(this.#rejection), late: false });
    else this.#end({ is: 'failed', error: this.#timeoutError(), late: true });
  }

  #rejectedError({ code, message, badge, likelyCause }: PaceError): PaceError {
    const { whom } = this.#settings;
    const isDamaged = code === 'FRAME' || code === 'CHECKSUM';
    const text = isDamaged
      ? `damaged reply from ${whom} (${message}): check the cable, the ground and the baud rate`
      : `unusable reply from ${whom}: ${message}`;
    return new PaceError(code, text, { badge, likelyCause });
  }

  #timeoutError(): PaceError {
    const { whom, midFrame, repliesComeLate, timeoutMs } = this.#settings;
    if (midFrame()) {
      const text = `no complete answer from ${whom}: the reply broke off`;
      return new PaceError('TIMEOUT', text, { likelyCause: 'damaged' });
    }
    if (repliesComeLate()) {
      const text = `no answer from ${whom} within ${timeoutMs} ms, but later: set a longer timeout`;
      return new PaceError('TIMEOUT', text, { badge: 'answers too late', likelyCause: 'late' });
    }
    if (this.#ignored) {
      const { reason, likelyCause } = this.#ignored;
      return new PaceError('TIMEOUT', `no answer from ${whom}, only ${reason}`, { likelyCause });
    }
    if (this.#noiseBytes > STRAY_BYTES) {
      const text = `no answer from ${whom}, but ${this.#noiseBytes} bytes of noise: check the baud rate, and that the adapter is RS232, not TTL`;
      return new PaceError('TIMEOUT', text, { badge: 'no answer, only noise', likelyCause: 'noise' });
    }
    return new PaceError('TIMEOUT', `no answer from ${whom}: check the cable, the DIP address and the baud rate`);
  }

  #end(outcome: Outcome<T>): void {
    if (this.#ended) return;
    this.#ended = true;
    clearTimeout(this.#silence);
    clearTimeout(this.#longest);
    this.#onEnd(outcome);
  }
}
