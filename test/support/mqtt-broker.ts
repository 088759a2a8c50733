import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { Aedes } from 'aedes';
import { connectAsync, type MqttClient } from 'mqtt';
import { freePort } from '../examples/project-copy.js';

/** A user that a broker lets in. */
export interface Login {
  user: string;
  password: string;
}

/** An MQTT broker on 127.0.0.1 that keeps nothing from one start to the next. */
export interface MqttBroker {
  /** The same from the first start on. */
  readonly port: number;
  /** Whom it lets in from the next start on; null for everyone. */
  login: Login | null;
  /** Takes clients. */
  start(): Promise<void>;
  /** Drops all clients at once, without a word to them, and takes no more. */
  stop(): Promise<void>;
  /** Stops, and starts on the same port. */
  restart(): Promise<void>;
}

export type BrokerKind = 'aedes' | 'mosquitto';

const MOSQUITTO = '/usr/sbin/mosquitto';
const isMissing = !existsSync(MOSQUITTO);

/** The brokers that tests go through, and why one is left out; where `CI` is set none is, and what is missing fails. */
export const BROKERS: readonly { kind: BrokerKind; skip: string | false }[] = [
  { kind: 'aedes', skip: false },
  { kind: 'mosquitto', skip: isMissing && !process.env.CI ? `${MOSQUITTO} is not installed` : false },
];

/** Starts a broker, on any free port unless one is given. */
export async function startBroker(
  kind: BrokerKind,
  { port = 0, login = null }: { port?: number; login?: Login | null } = {},
): Promise<MqttBroker> {
  const broker = kind === 'aedes' ? new AedesBroker(port) : new Mosquitto(port || (await freePort()));
  broker.login = login;
  await broker.start();
  return broker;
}

async function listening(server: Server, port: number): Promise<number> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

async function closed(server: Server): Promise<void> {
  const end = once(server, 'close');
  server.close();
  await end;
}

class AedesBroker implements MqttBroker {
  login: Login | null = null;
  port: number;
  #running: { aedes: Aedes; server: Server; sockets: Set<Socket> } | null = null;

  constructor(port: number) {
    this.port = port;
  }

  async start(): Promise<void> {
    const aedes = await Aedes.createBroker();
    const { login } = this;
    if (login) {
      aedes.authenticate = (_client, user, password, done) =>
        done(null, user === login.user && password?.toString() === login.password);
    }
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
      aedes.handle(socket);
    });
    this.port = await listening(server, this.port);
    this.#running = { aedes, server, sockets };
  }

  async stop(): Promise<void> {
    if (!this.#running) return;
    const { aedes, server, sockets } = this.#running;
    this.#running = null;
    for (const socket of sockets) socket.destroy();
    await closed(server);
    await new Promise<void>((resolve) => aedes.close(resolve));
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }
}

class Mosquitto implements MqttBroker {
  login: Login | null = null;
  readonly port: number;
  #running: { program: ChildProcess; folder: string; onExit: () => void } | null = null;

  constructor(port: number) {
    this.port = port;
  }

  async start(): Promise<void> {
    const folder = mkdtempSync(join(tmpdir(), 'mosquitto-'));
    const program = spawn(MOSQUITTO, ['-c', this.#configure(folder)], { stdio: ['ignore', 'ignore', 'pipe'] });
    const onExit = () => program.kill('SIGKILL');
    process.once('exit', onExit);
    this.#running = { program, folder, onExit };
    await this.#isRunning(program).catch(async (cause) => {
      await this.stop();
      throw cause;
    });
  }

  /** @returns the path of the configuration. */
  #configure(folder: string): string {
    const config = join(folder, 'mosquitto.conf');
    const lines = [
      `listener ${this.port} 127.0.0.1`,
      // as root it would become another user, who may not read the folder
      `user ${userInfo().username}`,
      'persistence false',
      'log_dest stderr',
      // it drops messages of QoS 0 beyond this for a client that is slow
      'max_queued_messages 0',
      `allow_anonymous ${this.login === null}`,
    ];
    if (this.login) {
      const passwords = join(folder, 'passwords');
      execFileSync('mosquitto_passwd', ['-c', '-b', passwords, this.login.user, this.login.password]);
      lines.push(`password_file ${passwords}`);
    }
    writeFileSync(config, `${lines.join('\n')}\n`);
    return config;
  }

  /** Waits until it says that it takes clients. @throws Error with what it said when it ends instead. */
  async #isRunning(program: ChildProcess): Promise<void> {
    let said = '';
    await new Promise<void>((resolve, reject) => {
      program.stderr?.on('data', (chunk: Buffer) => {
        said += chunk;
        if (said.includes(' running\n')) resolve();
      });
      program.once('error', reject);
      program.once('exit', () => reject(new Error(`${MOSQUITTO} ended: ${said}`)));
    });
  }

  async stop(): Promise<void> {
    if (!this.#running) return;
    const { program, folder, onExit } = this.#running;
    this.#running = null;
    process.off('exit', onExit);
    const hasEnded = program.exitCode !== null || program.signalCode !== null;
    if (program.pid !== undefined && !hasEnded) {
      const end = once(program, 'exit');
      program.kill('SIGKILL');
      await end;
    }
    rmSync(folder, { recursive: true });
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }
}

/** A message that a broker passed on. */
export interface Received {
  topic: string;
  /** The payload as text. */
  payload: string;
  /** Whether the broker had kept it from before this client came. */
  retain: boolean;
  qos: number;
}

/** A test that waits longer than this for something has failed, ms. */
const LONGEST_WAIT_MS = 8000;

/** A client that is subscribed to everything and keeps it in the order it came; it does not reconnect. */
export class MqttInbox {
  readonly messages: Received[] = [];
  readonly #client: MqttClient;
  readonly #arrivals = new EventEmitter();

  private constructor(client: MqttClient) {
    this.#client = client;
    client.on('error', () => {});
    client.on('message', (topic, payload, { retain, qos }) => {
      this.messages.push({ topic, payload: payload.toString(), retain, qos });
      this.#arrivals.emit('message');
    });
  }

  /** Connects and subscribes. */
  static async open({ port, login }: Pick<MqttBroker, 'port' | 'login'>): Promise<MqttInbox> {
    const credentials = login ? { username: login.user, password: login.password } : {};
    const client = await connectAsync({ host: '127.0.0.1', port, reconnectPeriod: 0, ...credentials });
    const inbox = new MqttInbox(client);
    await client.subscribeAsync('#', { qos: 2 });
    return inbox;
  }

  /** Publishes a message of its own. */
  async publish(topic: string, payload: string, options: { retain?: boolean; qos?: 0 | 1 | 2 } = {}): Promise<void> {
    await this.#client.publishAsync(topic, payload, options);
  }

  /** Waits until `count` messages have come in all. */
  has(count: number): Promise<Received[]> {
    return this.#until(() => (this.messages.length >= count ? this.messages : undefined), `${count} messages`);
  }

  /** Waits for a message that `fits`, looking at those from the `from`-th on that came too. */
  find(fits: (message: Received) => boolean, from = 0): Promise<Received> {
    return this.#until(() => this.messages.slice(from).find(fits), 'a message');
  }

  /** Waits until something has come at each of `topics`, counting those from the `from`-th message on. */
  async covers(topics: Iterable<string>, from = 0): Promise<void> {
    const missing = new Set(topics);
    let next = from;
    const look = () => {
      for (; next < this.messages.length; next += 1) missing.delete(this.messages[next]?.topic as string);
      return missing.size === 0 ? true : undefined;
    };
    await this.#until(look, () => `a message at each of ${[...missing].slice(0, 5).join(', ')} …`);
  }

  async #until<T>(look: () => T | undefined, what: string | (() => string)): Promise<T> {
    const signal = AbortSignal.timeout(LONGEST_WAIT_MS);
    for (;;) {
      const found = look();
      if (found !== undefined) return found;
      await once(this.#arrivals, 'message', { signal }).catch((cause) => {
        throw new Error(`${typeof what === 'string' ? what : what()}: not in ${LONGEST_WAIT_MS} ms`, { cause });
      });
    }
  }

  /** Goes without a word to the broker. */
  async close(): Promise<void> {
    await this.#client.endAsync(true);
  }
}
