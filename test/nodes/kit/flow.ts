import { after, afterEach, before } from 'node:test';
import {
  Inbox,
  loadFlow,
  type Message,
  nodeOf,
  redeploy,
  startRuntime,
  stopRuntime,
  unloadFlow,
} from '../../support/node-red.js';
import { type Answer, ReplayServer } from '../../support/replay-bms.js';

export type Properties = Record<string, unknown>;
type QueryType = 'analog' | 'warning' | 'status' | 'info' | 'homeassistant' | 'limits';
/** Node types that not every flow needs. */
type Modules = NonNullable<Parameters<typeof loadFlow>[1]>['modules'];

/** A query node of a flow: its type, and what differs from an input-only node with quick answers. */
export type QueryDefinition = Properties & { query?: QueryType; id?: string };

/** Where a node stands in the editor: what stands nowhere is a configuration node. */
const PLACE = { z: 'tab', x: 0, y: 0 };
/** The id of the flows' connection node. */
export const CONNECTION = 'bank';

/** A flow with one connection and query nodes on it; outputs, errors and ends of inputs arrive at inboxes. */
export function flowOf(
  connection: Properties | null,
  queries: readonly QueryDefinition[],
  others: readonly Properties[] = [],
): Properties[] {
  const inboxNode = (id: string) => ({ id, type: 'inbox', ...PLACE, wires: [] });
  const queryNodes = queries.flatMap(({ query = 'analog', id = query, ...properties }) => [
    {
      id,
      type: `pace-bms-${query}`,
      ...PLACE,
      connection: CONNECTION,
      interval: 0,
      wires: [[`${id}-out`], [`${id}-events`]],
      ...properties,
    },
    inboxNode(`${id}-out`),
    inboxNode(`${id}-events`),
  ]);
  const ids = queries.map(({ query = 'analog', id = query }) => id);
  return [
    { id: PLACE.z, type: 'tab', label: 'Tests' },
    ...(connection ? [{ id: CONNECTION, type: 'pace-bms-connection', name: 'Shed', ...connection }] : []),
    ...others,
    ...queryNodes,
    { id: 'catch', type: 'catch', ...PLACE, scope: null, uncaught: false, wires: [['errors']] },
    inboxNode('errors'),
    { id: 'complete', type: 'complete', ...PLACE, scope: ids, wires: [['completed']] },
    inboxNode('completed'),
  ];
}

/** A loaded flow: its nodes' outputs, and a way to give them inputs. */
export class RunningFlow {
  readonly errors = new Inbox('errors');
  readonly completed = new Inbox('completed');
  readonly #outputs = new Map<string, Inbox>();

  constructor(queries: readonly QueryDefinition[]) {
    for (const { query = 'analog', id = query } of queries) {
      for (const output of ['out', 'events']) this.#outputs.set(`${id}-${output}`, new Inbox(`${id}-${output}`));
    }
  }

  out(id: string): Inbox {
    return this.#outputs.get(`${id}-out`) as Inbox;
  }

  events(id: string): Inbox {
    return this.#outputs.get(`${id}-events`) as Inbox;
  }

  /** Gives a node an input. */
  input(id: string, message: Properties = {}): void {
    nodeOf(id).receive(message);
  }

  /** Gives a node an input and waits until the node is done with it. @returns what it sent meanwhile. */
  async ask(id: string, message: Properties = {}): Promise<Message[]> {
    const { messages } = this.out(id);
    const sent = messages.length;
    const finished = this.completed.messages.length + this.errors.messages.length;
    this.input(id, message);
    await Inbox.any([this.completed, this.errors], finished + 1);
    return messages.slice(sent);
  }
}

/** Prepares a test file for flows that ask a replayed BMS, and cleans up after each test. */
export function bench(modules: Modules = []) {
  const servers: ReplayServer[] = [];
  before(startRuntime);
  after(stopRuntime);
  afterEach(async () => {
    await unloadFlow();
    await Promise.all(servers.splice(0).map((server) => server.close()));
  });

  const listen = async (answer: Answer, ...rest: [manner?: object, port?: number]) => {
    const server = await ReplayServer.listen(answer, ...rest);
    servers.push(server);
    return server;
  };
  const connect = (server: { port: number }, connection: Properties = {}) => ({
    transport: 'tcp',
    host: '127.0.0.1',
    port: server.port,
    timeout: 60,
    spacing: 0,
    retries: 0,
    ...connection,
  });
  const load = async (connection: Properties | null, ...queries: QueryDefinition[]) => {
    await loadFlow(flowOf(connection, queries), { modules });
    return new RunningFlow(queries);
  };
  return {
    listen,
    connect,
    load,
    /** Loads query nodes on a connection to a BMS that answers as `answer` says. */
    async run(answer: Answer, connection: Properties, ...queries: QueryDefinition[]) {
      const server = await listen(answer);
      return { server, flow: await load(connect(server, connection), ...queries) };
    },
    redeploy,
  };
}
