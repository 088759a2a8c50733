import type { Duplex } from 'node:stream';
import { BankModel, type BankOptions } from './bank-model.js';
import { SimulatedBms, type SimulatedBmsOptions } from './simulated-bms.js';
import { streamPair } from './stream-pair.js';

/** What bank is at the other end, and how its BMS appears on the line. */
export interface SimulatedPortOptions extends BankOptions, SimulatedBmsOptions {}

/**
 * A port with a virtual bank at its other end: the client's end of a pair of streams. Ending or destroying it ends the
 * bank too; nothing of it runs on by itself.
 * @throws PaceError `CONFIG` when there can be no such bank.
 */
export function openSimulatedPort(options: SimulatedPortOptions): Duplex {
  const bms = new SimulatedBms(new BankModel(options), options);
  const [client, battery] = streamPair();
  bms.attach(battery);
  return client;
}
