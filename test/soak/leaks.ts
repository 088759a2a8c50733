import { readdirSync, readlinkSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';

/** How long Node-RED may take to let go of what it holds, ms. */
const GRACE_MS = 8000;
const LOOK_EVERY_MS = 50;

/** How many there are of each kind of what keeps a process busy: sockets, timers, open devices and the like. */
export type Handles = Record<string, number>;

/** The sockets and serial ports that the process has open, where the system tells. */
function openFiles(): string[] {
  try {
    return readdirSync('/proc/self/fd').flatMap((fd) => kindOfFile(`/proc/self/fd/${fd}`) ?? []);
  } catch {
    return [];
  }
}

function kindOfFile(path: string): string | null {
  try {
    const target = readlinkSync(path);
    if (target.startsWith('socket:')) return 'open sockets';
    return target.startsWith('/dev/pts/') || target.startsWith('/dev/tty') ? 'open ports' : null;
  } catch {
    return null; // the one that the folder itself was read with
  }
}

/** The handles that the process has now. */
export function handlesNow(): Handles {
  const handles: Handles = {};
  for (const kind of [...process.getActiveResourcesInfo(), ...openFiles()]) handles[kind] = (handles[kind] ?? 0) + 1;
  return handles;
}

/** The kinds of which there are more than before. */
export const moreThan = (before: Handles, now: Handles): string[] =>
  Object.keys(now).filter((kind) => (now[kind] ?? 0) > (before[kind] ?? 0));

/** The handles once there are no more than before; those that are left after some time. */
export async function handlesOnceBackTo(before: Handles): Promise<Handles> {
  const endsAt = performance.now() + GRACE_MS;
  let now = handlesNow();
  while (moreThan(before, now).length > 0 && performance.now() < endsAt) {
    await wait(LOOK_EVERY_MS);
    now = handlesNow();
  }
  return now;
}

/** Bytes of the heap that are still used after all that can be freed was freed. */
export async function heapUsed(): Promise<number> {
  const { gc } = globalThis;
  if (!gc) throw new Error('run it with node --expose-gc, as npm run soak does');
  for (let round = 0; round < 3; round++) {
    await wait(1); // lets finalizers run
    gc();
  }
  return process.memoryUsage().heapUsed;
}
