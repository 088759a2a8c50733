import { EventEmitter, once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

/** A way to a broker that can be slow, stuck or cut: who connects to its port is passed on to the broker's. */
export class BrokerLine {
  /** How long each piece of data is under way, ms. */
  delayMs = 0;
  readonly #brokerPort: number;
  readonly #sockets = new Set<Socket>();
  readonly #server = createServer((client) => this.#join(client));
  readonly #news = new EventEmitter();
  #isHeld = false;
  #clients = 0;

  private constructor(brokerPort: number) {
    this.#brokerPort = brokerPort;
  }

  static async open(broker: { port: number }): Promise<BrokerLine> {
    const line = new BrokerLine(broker.port);
    line.#server.listen(0, '127.0.0.1');
    await once(line.#server, 'listening');
    return line;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  #join(client: Socket): void {
    const broker = connect(this.#brokerPort, '127.0.0.1');
    this.#pass(client, broker);
    this.#pass(broker, client);
    this.#clients += 1;
    this.#news.emit('client');
  }

  #pass(from: Socket, to: Socket): void {
    this.#sockets.add(from);
    let passing = Promise.resolve();
    from.on('data', (chunk) => {
      passing = passing.then(async () => {
        if (this.delayMs > 0) await wait(this.delayMs);
        if (!to.destroyed) to.write(chunk);
      });
    });
    from.on('error', () => {});
    from.on('close', () => {
      this.#sockets.delete(from);
      to.destroy();
    });
    if (this.#isHeld) from.pause();
  }

  /** Lets nothing pass until `release`; clients still find a place to connect to. */
  hold(): void {
    this.#isHeld = true;
    for (const socket of this.#sockets) socket.pause();
  }

  release(): void {
    this.#isHeld = false;
    for (const socket of this.#sockets) socket.resume();
  }

  /** Drops all connections at once: neither side has said goodbye. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Waits until `count` clients have connected in all. */
  async visited(count: number): Promise<void> {
    while (this.#clients < count) await once(this.#news, 'client', { signal: AbortSignal.timeout(8000) });
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.cut();
    await closed;
  }
}
