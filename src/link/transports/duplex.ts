import type { Duplex } from 'node:stream';
import type { OpenPort, Transport } from '../transport.js';
import { streamPort } from './stream-port.js';

/** Any stream of bytes both ways; `open` makes a new one each time. */
export function duplexTransport({ name, open }: { name: string; open: () => Duplex }): Transport {
  return {
    name,
    baudRate: 9600,
    async open(): Promise<OpenPort> {
      const stream = open();
      stream.on('error', () => {}); // the close event that follows carries the news
      return streamPort(stream);
    },
  };
}
