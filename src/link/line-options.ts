import type { Frame } from '../wire/frame.js';
import type { Transport } from './transport.js';

/** 0 state changes, 1 rejected frames, 2 a line an exchange, 3 raw frames. */
export type DebugLevel = 0 | 1 | 2 | 3;
/** Takes a line for the log, with the debug level from which on it is written; only then is its text made. */
export type Log = (level: DebugLevel, text: () => string) => void;

/** How a line paces itself. */
export interface LineSettings {
  /** ms of silence before a request is given up. */
  timeoutMs: number;
  /** ms between the starts of two requests, at least. */
  spacingMs: number;
  /** More tries of a read after silence or a rejected frame. */
  retries: number;
}

/** Whose reply a frame is. */
export type Sender =
  /** Of the target with this number. */
  | { target: number }
  /** A reply that does not say whose it is. */
  | 'anybody'
  /** It is no reply. */
  | 'nobody';

/** What a line needs besides its settings; the defaults serve all but tests. */
export interface LineOptions extends LineSettings {
  transport: Transport;
  log: Log;
  senderOf: (frame: Frame) => Sender;
  /** Is told of a frame that came while nothing was asked. */
  onOverheard: (frame: Frame) => void;
  /** Monotonic ms. */
  now?: () => number;
  random?: () => number;
}
