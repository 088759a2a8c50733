import { EventEmitter, once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { FrameSplitter } from '../../src/wire/frame-splitter.js';

/** What a replayed BMS sends to a request: whole characters, or pieces; null for silence. */
export type Answer = (request: string, count: number) => string | readonly string[] | null;

/** How a replayed BMS sends. */
export interface Manner {
  /** Bytes go out at this speed; 0 for at once. */
  baudRate?: number;
  /** Bytes in one write. */
  pieceBytes?: number;
}

/** Answers every request on `stream` as `answer` says. */
export function replay(
  stream: Duplex,
  answer: Answer,
  requests: string[],
  manner: Manner = {},
  onRequest: () => void = () => {},
): void {
  const { baudRate = 0, pieceBytes = Number.POSITIVE_INFINITY } = manner;
  let sending = Promise.resolve();
  const send = async (pieces: readonly string[]) => {
    for (const piece of pieces.flatMap((text) => cut(text, pieceBytes))) {
      if (baudRate > 0) await wait((piece.length * 10_000) / baudRate);
      if (!stream.destroyed) stream.write(piece, 'latin1');
    }
  };
  const splitter = new FrameSplitter({
    onFrame: ({ characters }) => {
      const request = Buffer.from(characters).toString('latin1');
      requests.push(request);
      const reply = answer(request, requests.length);
      onRequest();
      if (reply !== null) sending = sending.then(() => send(typeof reply === 'string' ? [reply] : reply));
    },
    onRejected: () => {},
  });
  stream.on('data', (chunk: Buffer) => splitter.push(chunk));
  stream.on('error', () => {});
}

function cut(text: string, pieceBytes: number): string[] {
  const pieces: string[] = [];
  for (let at = 0; at < text.length; at += pieceBytes) pieces.push(text.slice(at, at + pieceBytes));
  return pieces;
}

/** A BMS behind a TCP serial server on 127.0.0.1. */
export class ReplayServer {
  readonly requests: string[] = [];
  readonly sockets = new Set<Socket>();
  /** Connections made so far. */
  connections = 0;
  readonly #server: Server;
  readonly #news = new EventEmitter();

  private constructor(answer: Answer, manner: Manner) {
    this.#server = createServer((socket) => {
      this.connections += 1;
      this.sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('close', () => this.sockets.delete(socket));
      replay(socket, answer, this.requests, manner, () => this.#news.emit('request'));
      this.#news.emit('client');
    });
  }

  static async listen(answer: Answer, manner: Manner = {}, port = 0): Promise<ReplayServer> {
    const server = new ReplayServer(answer, manner);
    server.#server.listen(port, '127.0.0.1');
    await once(server.#server, 'listening');
    return server;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Waits until `count` requests have come in all. */
  async asked(count: number): Promise<readonly string[]> {
    while (this.requests.length < count) await this.#next('request');
    return this.requests;
  }

  /** Waits until `count` clients have connected in all. */
  async visited(count: number): Promise<void> {
    while (this.connections < count) await this.#next('client');
  }

  async #next(what: string): Promise<void> {
    await once(this.#news, what, { signal: AbortSignal.timeout(8000) });
  }

  /** Drops every client. */
  dropClients(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  async close(): Promise<void> {
    if (!this.#server.listening) return;
    this.dropClients();
    const closed = once(this.#server, 'close');
    this.#server.close();
    await closed;
  }
}

/** Answers by the command of the request: CID2 in hex, such as `42`. */
export function byCommand(answers: Record<string, string | null>): Answer {
  return (request) => answers[request.slice(7, 9)] ?? null;
}
