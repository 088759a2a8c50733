import { BankModel, type BankOptions } from '../../../src/simulator/bank-model.js';
import { SimulatedBms, type SimulatedBmsOptions } from '../../../src/simulator/simulated-bms.js';
import { openTcpServer } from '../../../src/simulator/tcp-server.js';

export const HOST = '127.0.0.1';

/** A bank behind a TCP serial server. */
export interface ServedBank {
  bank: BankModel;
  port: number;
  close(): Promise<void>;
}

async function serve(bank: BankModel, options: SimulatedBmsOptions = {}, port = 0): Promise<ServedBank> {
  const door = await openTcpServer(new SimulatedBms(bank, options), { host: HOST, port }, () => {});
  return { bank, port: Number(door.place.split(':').at(-1)), close: () => door.close() };
}

/** Serves a simulated bank at rest. */
export function serveBank(options: SimulatedBmsOptions = {}, bank: Partial<BankOptions> = {}): Promise<ServedBank> {
  return serve(new BankModel({ packs: 2, cells: 16, scenario: 'idle', ...bank }), options);
}

/** Serves a simulated bank that stays as it is after so many seconds of its scenario. */
export function serveStill(bank: BankOptions, seconds: number, port?: number): Promise<ServedBank> {
  const model = new BankModel(bank);
  model.advance(1000 * seconds);
  model.advance = () => {};
  return serve(model, {}, port);
}
