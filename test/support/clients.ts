import type { Socket } from 'node:net';

/** Waits until those that are clients of a server now have left it. */
export async function allLeft({ sockets }: { sockets: ReadonlySet<Socket> }): Promise<void> {
  await Promise.all([...sockets].map((socket) => new Promise((resolve) => socket.once('close', resolve))));
}
