import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { connectError } from '../connect-errors.js';
import type { OpenPort, Transport } from '../transport.js';
import { streamPort } from './stream-port.js';

const CONNECT_TIMEOUT_MS = 5000;
/** A name server that takes longer is taken for one that does not know, ms. */
const LOOKUP_TIMEOUT_MS = 2000;
const KEEP_ALIVE_AFTER_MS = 10_000;
/** A serial server hides its line's speed; nearly all PACE boards use this one. */
const USUAL_BAUD_RATE = 9600;

/** A raw TCP serial server, such as a network adapter for RS232. */
export function tcpTransport({ host, port }: { host: string; port: number }): Transport {
  const name = withPort(host, port);
  return {
    name,
    baudRate: USUAL_BAUD_RATE,
    place: async () => `tcp ${withPort(await addressOf(host), port)}`,
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

const withPort = (host: string, port: number) => `${host.includes(':') ? `[${host}]` : host}:${port}`;

/** The address of a host, the same for all its names; its name where it cannot be looked up. */
async function addressOf(host: string): Promise<string> {
  const tooLate = new AbortController();
  const asNamed = host.toLowerCase();
  const found = lookup(host, { verbatim: false }).then(
    ({ address }) => address,
    () => asNamed,
  );
  const late = wait(LOOKUP_TIMEOUT_MS, asNamed, { signal: tooLate.signal }).catch(() => asNamed);
  return Promise.race([found, late]).finally(() => tooLate.abort());
}
