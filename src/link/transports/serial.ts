import { realpathSync } from 'node:fs';
import { promisify } from 'node:util';
import { PaceError } from '../../errors.js';
import { connectError } from '../connect-errors.js';
import type { OpenPort, Transport } from '../transport.js';

/** Which connection of this process holds a port, by the port's own path. */
const owners = new Map<string, string>();

/** The device behind a link such as `/dev/serial/by-id/…`; the path itself where there is none to follow. */
function devicePath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/** A serial port of this machine, 8 data bits, no parity, 1 stop bit; `owner` names the connection to others. */
export function serialTransport({
  path,
  baudRate,
  owner,
}: {
  path: string;
  baudRate: number;
  owner: string;
}): Transport {
  const name = `${path} at ${baudRate} baud`;
  return {
    name,
    baudRate,
    async open(): Promise<OpenPort> {
      const device = devicePath(path);
      const otherOwner = owners.get(device);
      if (otherOwner !== undefined) {
        const text = `${path} is already used by the connection "${otherOwner}": let the nodes share that one`;
        throw new PaceError('NOT_CONNECTED', text, { badge: 'port in use' });
      }
      owners.set(device, owner);
      try {
        return await openPort(
          path,
          baudRate,
          once(() => owners.delete(device)),
        );
      } catch (cause) {
        owners.delete(device);
        throw connectError(name, cause);
      }
    },
  };
}

/** `call`, but only the first time: a port that was freed may have another owner since. */
function once(call: () => void): () => void {
  let isDone = false;
  return () => {
    if (!isDone) call();
    isDone = true;
  };
}

async function openPort(path: string, baudRate: number, release: () => void): Promise<OpenPort> {
  const { SerialPort } = await import('serialport'); // only here, since it loads a native binding
  const port = new SerialPort({ path, baudRate, autoOpen: false });
  port.on('error', () => {}); // the close event that follows carries the news
  await promisify(port.open.bind(port))();
  port.once('close', release);
  return {
    stream: port,
    async close() {
      if (port.isOpen) await promisify(port.close.bind(port))().catch(() => {});
      release();
    },
  };
}
