import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { PaceError } from '../errors.js';
import type { SimulatedBms } from './simulated-bms.js';

/** A door to the simulated BMS that is open. */
export interface OpenDoor {
  /** Where clients find it. */
  readonly place: string;
  /** Resolves with what happened when it closes by itself. */
  readonly failed: Promise<string>;
  close(): Promise<void>;
}

/**
 * Lets clients reach `bms` over TCP, any number at once, like a serial server.
 * @param report takes a line for each client that comes or goes.
 * @throws PaceError `CONFIG` when the address cannot be listened on.
 */
export async function openTcpServer(
  bms: SimulatedBms,
  { host, port }: { host: string; port: number },
  report: (line: string) => void,
): Promise<OpenDoor> {
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    const client = `${socket.remoteAddress} port ${socket.remotePort}`;
    sockets.add(socket);
    report(`client connected: ${client}`);
    socket.once('close', () => {
      sockets.delete(socket);
      report(`client gone: ${client}`);
    });
    bms.attach(socket);
  });
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (thrown) {
    throw new PaceError('CONFIG', `cannot listen on ${host}:${port}: ${reasonOf(thrown)}`, { cause: thrown });
  }
  const failed = once(server, 'error').then(([error]) => `TCP server: ${reasonOf(error)}`);
  return {
    place: `tcp ${host}:${(server.address() as AddressInfo).port}`,
    failed,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

const REASONS: Record<string, string> = {
  EADDRINUSE: 'the port is already in use, choose another',
  EADDRNOTAVAIL: 'this machine has no such address',
  EACCES: 'not allowed, choose a port above 1023',
  ENOTFOUND: 'there is no such host',
};

function reasonOf(thrown: unknown): string {
  const { code, message } = thrown as NodeJS.ErrnoException;
  return REASONS[code ?? ''] ?? message;
}
