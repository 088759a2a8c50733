import { once } from 'node:events';
import { connect } from 'node:net';
import { connectError } from '../connect-errors.js';
import type { OpenPort, Transport } from '../transport.js';
import { streamPort } from './stream-port.js';

const CONNECT_TIMEOUT_MS = 5000;
const KEEP_ALIVE_AFTER_MS = 10_000;
/** A serial server hides its line's speed; nearly all PACE boards use this one. */
const USUAL_BAUD_RATE = 9600;

/** A raw TCP serial server, such as a network adapter for RS232. */
export function tcpTransport({ host, port }: { host: string; port: number }): Transport {
  const name = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  return {
    name,
    baudRate: USUAL_BAUD_RATE,
    place: () => `tcp ${name.toLowerCase()}`,
    async open(signal): Promise<OpenPort> {
      const socket = connect({
        host,
        port,
        noDelay: true,
        keepAlive: true,
        keepAliveInitialDelay: KEEP_ALIVE_AFTER_MS,
      });
      socket.on('error', () => {}); // the close event that follows carries the news
      socket.setTimeout(CONNECT_TIMEOUT_MS, () => socket.destroy(new Error('ETIMEDOUT')));
      try {
        await once(socket, 'connect', { signal });
      } catch (cause) {
        socket.destroy();
        throw connectError(name, cause);
      }
      socket.setTimeout(0);
      return streamPort(socket);
    },
  };
}
