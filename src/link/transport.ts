import type { Duplex } from 'node:stream';

/** An open way to a BMS. */
export interface OpenPort {
  /** Bytes both ways; its `close` event says that the way is gone. */
  stream: Duplex;
  /** Gives the port or socket back; resolves when another may open it. */
  close(): Promise<void>;
}

/** A way to a BMS that can be opened again and again. */
export interface Transport {
  /** What it is, for people: `/dev/ttyUSB0 at 9600 baud`. */
  readonly name: string;
  /** Speed of the serial line at the BMS, baud; a guess where another device owns it. */
  readonly baudRate: number;
  /** Where it leads now, the same for all ways to one device or server; absent where each opening is a line of its own. */
  place?(): Promise<string>;
  /**
   * Opens the way.
   * @param signal gives up opening.
   * @throws PaceError `NOT_CONNECTED` with what a person can do about it.
   */
  open(signal: AbortSignal): Promise<OpenPort>;
}
