import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';

/** A serial server on 127.0.0.1 that has room for one client: while one is connected it shuts the door on the next. */
export class OneClientGateway {
  /** Clients let in so far. */
  admitted = 0;
  /** Clients turned away so far. */
  refused = 0;
  readonly #onClient: (socket: Socket) => void;
  readonly #server: Server;
  #client: Socket | null = null;

  private constructor(onClient: (socket: Socket) => void) {
    this.#onClient = onClient;
    this.#server = createServer((socket) => void this.#knock(socket));
  }

  /** @param onClient is given each client that is let in. */
  static async listen(onClient: (socket: Socket) => void): Promise<OneClientGateway> {
    const gateway = new OneClientGateway(onClient);
    gateway.#server.listen(0, '127.0.0.1');
    await once(gateway.#server, 'listening');
    return gateway;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async #knock(socket: Socket): Promise<void> {
    socket.on('error', () => {}); // the close event that follows carries the news
    await turn(); // the end of the last client may arrive in the same turn as this knock
    if (this.#client) {
      this.refused += 1;
      socket.destroy();
      return;
    }
    this.admitted += 1;
    this.#client = socket.setNoDelay(true);
    for (const end of ['end', 'close']) {
      socket.once(end, () => {
        if (this.#client === socket) this.#client = null;
      });
    }
    this.#onClient(socket);
  }

  async close(): Promise<void> {
    this.#client?.destroy();
    const closed = once(this.#server, 'close');
    this.#server.close();
    await closed;
  }
}
