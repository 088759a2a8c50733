import { type AlarmPack, type AnalogPack, alarmReply, analogReply } from '../nodes/kit/replies.js';
import { ReplayServer } from '../support/replay-bms.js';

const TAIL = Array<number>(10).fill(0);

/** A battery of two packs behind a TCP serial server on 127.0.0.1, whose readings a test sets. */
export class SettableBattery {
  analog: AnalogPack[] = [{}, {}];
  alarms: AlarmPack[] = [{}, {}];
  #server: ReplayServer | null = null;
  #port = 0;

  /** Begins to answer, at the same port as before. */
  async open(): Promise<void> {
    this.#server = await ReplayServer.listen((request) => this.#answer(request.slice(7, 9)), {}, this.#port);
    this.#port = this.#server.port;
  }

  async close(): Promise<void> {
    await this.#server?.close();
  }

  /** The connection node's properties that lead to it. */
  get connection() {
    return { transport: 'tcp', host: '127.0.0.1', port: this.#port, spacing: 0, timeout: 300, retries: 0 };
  }

  #answer(command: string): string | null {
    if (command === '42') return analogReply(this.analog.map((pack) => ({ tail: TAIL, ...pack })));
    return command === '44' ? alarmReply(this.alarms) : null;
  }
}
