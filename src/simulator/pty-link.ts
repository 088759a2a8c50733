import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, lstatSync, openSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { Duplex } from 'node:stream';
import { PaceError } from '../errors.js';
import type { SimulatedBms } from './simulated-bms.js';
import type { OpenDoor } from './tcp-server.js';

/** What socat logs when the port is there, with -d -d. */
const SOCAT_IS_READY = 'starting data transfer loop';

/**
 * Makes a serial port at the path `link` with `bms` behind it, as long as the program runs.
 * @throws PaceError `CONFIG` where socat is missing or cannot make the port.
 */
export async function openPtyLink(bms: SimulatedBms, link: string): Promise<OpenDoor> {
  if (lstatSync(link, { throwIfNoEntry: false })?.isSymbolicLink() === false) {
    throw new PaceError('CONFIG', `cannot make a serial port at ${link}: there is a file of that name`);
  }
  // Detached, so that Ctrl-C reaches this program alone, which then ends socat.
  const socat = spawn('socat', ['-d', '-d', `pty,raw,echo=0,link=${link}`, 'STDIO'], { detached: true });
  await untilReady(socat, link);
  const ended = once(socat, 'exit');
  const held = holdOpen(socat, link);
  bms.attach(Duplex.from({ readable: socat.stdout, writable: socat.stdin }));
  return {
    place: `serial port ${link}`,
    failed: ended.then(() => `the serial port ${link} is gone: socat has ended`),
    close: async () => {
      closeSync(held);
      socat.kill();
      await ended;
    },
  };
}

/** socat gives up when the last client closes the port, so one that never reads stays. */
function holdOpen(socat: ChildProcessWithoutNullStreams, link: string): number {
  try {
    return openSync(link, constants.O_RDWR | constants.O_NOCTTY);
  } catch (thrown) {
    socat.kill();
    throw new PaceError('CONFIG', `cannot open the serial port ${link}: ${(thrown as Error).message}`);
  }
}

async function untilReady(socat: ChildProcessWithoutNullStreams, link: string): Promise<void> {
  const complaints: string[] = [];
  await new Promise<void>((resolve, reject) => {
    const fail = (reason: string) => reject(new PaceError('CONFIG', `cannot make a serial port at ${link}: ${reason}`));
    socat.once('error', (error: NodeJS.ErrnoException) =>
      fail(error.code === 'ENOENT' ? 'socat is not installed; use --tcp instead' : error.message),
    );
    socat.once('close', () => fail(complaints.at(-1) ?? 'socat ended at once'));
    createInterface(socat.stderr).on('line', (line) => {
      if (line.includes(SOCAT_IS_READY)) resolve();
      else if (/ [EF] /.test(line)) complaints.push(line.replace(/^.* [EF] /, ''));
    });
  });
}
