import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import type { OpenPort } from '../transport.js';

/** An open port that is a stream and nothing else: closing it destroys the stream and waits for its end. */
export function streamPort(stream: Duplex): OpenPort {
  return {
    stream,
    async close() {
      if (stream.closed) return;
      const closed = once(stream, 'close');
      stream.destroy();
      await closed;
    },
  };
}
