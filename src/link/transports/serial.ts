import { realpathSync } from 'node:fs';
import { promisify } from 'node:util';
import { PaceError } from '../../errors.js';
import { connectError } from '../connect-errors.js';
import type { OpenPort, Transport } from '../transport.js';

/** Who in this process holds a port. */
interface Owner {
  /** The name of the connection. */
  name: string;
  /** Whether it holds the port only to try it. */
  isTrial: boolean;
}

/** By the port's own path. */
const owners = new Map<string, Owner>();

/** The name of the connection that holds a port, but for one that only tries it; null where there is none. */
export function portOwner(path: string): string | null {
  const owner = owners.get(devicePath(path));
  return owner && !owner.isTrial ? owner.name : null;
}

/** The device behind a link such as `/dev/serial/by-id/…`; the path itself where there is none to follow. */
export function devicePath(path: string): string {
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
  isTrial = false,
}: {
  path: string;
  baudRate: number;
  owner: string;
  isTrial?: boolean;
}): Transport {
  const name = `${path} at ${baudRate} baud`;
  return {
    name,
    baudRate,
    place: async () => `serial ${devicePath(path)}`,
    async open(): Promise<OpenPort> {
      const device = devicePath(path);
      const otherOwner = owners.get(device);
      if (otherOwner) throw inUseError(path, otherOwner);
      owners.set(device, { name: owner, isTrial });
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

function inUseError(path: string, { name, isTrial }: Owner): PaceError {
  const text = isTrial
    ? `${path} is being tried in the editor: it will be free in a moment`
    : `${path} is already used by the connection "${name}": let the nodes share that one`;
  return new PaceError('NOT_CONNECTED', text, { badge: 'port in use', likelyCause: 'portBusy' });
}

/** `call`, but only the first time: a port that was freed may have another owner since. */
function once(call: () => void): () => void {
  let isDone = false;
  return () => {
    if (!isDone) call();
    isDone = true;
  };
}

/** Loaded only when it is needed, since it is native. */
const loadBinding = () => import('serialport');

/** A serial port as the system knows it. */
export interface SystemPort {
  path: string;
  manufacturer?: string | undefined;
}

/** The serial ports that the system knows. @throws Error where it cannot tell. */
export async function listSystemPorts(): Promise<SystemPort[]> {
  const { SerialPort } = await loadBinding();
  return SerialPort.list();
}

async function openPort(path: string, baudRate: number, release: () => void): Promise<OpenPort> {
  const { SerialPort } = await loadBinding();
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
