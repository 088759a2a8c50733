import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, openSync } from 'node:fs';
import type { Duplex } from 'node:stream';
import { SerialPort } from 'serialport';

/** Why there can be no pty here; false where there can. */
export const ptyMissing: string | false =
  spawnSync('socat', ['-V']).status === 0 ? false : 'socat is not installed, so there is no pty to test with';

/** Two serial ports joined by a null-modem cable: a path for the nodes, and the BMS's end as a stream. */
export interface PtyCable {
  path: string;
  /** The device that `path` leads to, such as `/dev/pts/4`. */
  device: string;
  bms: Duplex;
  /** Pulls the cable out; done already where it is out. */
  close(): Promise<void>;
}

/** Makes a pty pair; `link` gives the nodes' end a fixed name. */
export async function layPtyCable(link?: string): Promise<PtyCable> {
  const end = 'PTY,raw,echo=0';
  const socat = spawn('socat', ['-d', '-d', link ? `${end},link=${link}` : end, end], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const exited = once(socat, 'exit');
  const paths: string[] = [];
  let isOut = false;
  let told = '';
  for await (const chunk of socat.stderr.iterator({ destroyOnReturn: false })) {
    told += String(chunk);
    paths.splice(0, paths.length, ...[...told.matchAll(/PTY is (\S+)/g)].map(([, path]) => path as string));
    if (paths.length === 2 && told.includes('starting data transfer')) break;
  }
  socat.stderr.resume();
  const [path, bmsPath] = paths as [string, string];
  const bms = new SerialPort({ path: bmsPath, baudRate: 9600, autoOpen: false });
  await new Promise<void>((resolve, reject) => bms.open((error) => (error ? reject(error) : resolve())));
  const held = openSync(path, constants.O_RDWR | constants.O_NOCTTY); // socat ends when the last client has gone
  return {
    path: link ?? path,
    device: path,
    bms,
    async close() {
      if (isOut) return;
      isOut = true;
      if (bms.isOpen) await new Promise<void>((resolve) => bms.close(() => resolve()));
      socat.kill();
      await exited;
      closeSync(held);
    },
  };
}
