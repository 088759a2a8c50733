import type { Node, NodeAPI, NodeDef, NodeMessage, NodeMessageInFlow } from 'node-red';
import { asPaceError, PaceError } from '../../src/errors.js';
import { topicOf } from '../../src/messages/names.js';
import type { OutgoingMessage } from '../../src/messages/outgoing.js';
import { errorStatus } from '../../src/polling/node-status.js';
import { Poller } from '../../src/polling/poller.js';
import type { Delivery, PollResult } from '../../src/polling/poller-types.js';
import type { Query } from '../../src/polling/queries.js';
import { parseSelection } from '../../src/polling/selection.js';
import type { ConnectionNode } from './connection-node.js';
import { parseProperties, type RawProperties, text } from './properties.js';
import { type QuerySettings, querySettings } from './query-settings.js';
import type { SharedClient } from './shared-client.js';
import { whenStarted } from './when-started.js';

interface QueryNodeDefinition extends NodeDef {
  connection: string;
}

type Send = (messages: unknown) => void;
type Done = (error?: Error) => void;

/** What the node is about, in `msg.pace` of all its messages. */
interface Origin {
  connection: string;
  connectionName: string;
  query: string;
  dialect: string;
}

/** Registers a query's node type, which polls its query and sends what comes of it. */
export function registerQueryNode<Reading>(RED: NodeAPI, type: string, query: Query<Reading>): void {
  RED.nodes.registerType(type, function (this: Node, definition: QueryNodeDefinition): void {
    RED.nodes.createNode(this, definition);
    const connection = RED.nodes.getNode(definition.connection) as ConnectionNode | null;
    const origin: Origin = {
      connection: definition.connection ?? '',
      connectionName: connection?.name ?? '',
      query: query.shape.query,
      dialect: connection?.dialect ?? '',
    };
    try {
      const settings = querySettings(propertiesOf(definition, query.shape.query === 'analog'));
      const bank = usableBank(connection, definition);
      new QueryNode(RED, this, query, bank, settings, origin).start();
    } catch (thrown) {
      refuseToWork(RED, this, asPaceError(thrown, 'CONFIG'), origin);
    }
  });
}

/** The node's properties; a pack offset is the analog node's alone. */
function propertiesOf(definition: NodeDef, isAnalog: boolean): RawProperties {
  const { packOffset, ...properties } = definition as unknown as RawProperties;
  return isAnalog ? { ...properties, packOffset } : properties;
}

/** @throws PaceError `CONFIG` when there is no connection to use. */
function usableBank(connection: ConnectionNode | null, definition: QueryNodeDefinition): SharedClient {
  if (connection?.bank) return connection.bank;
  if (connection?.configError) throw connection.configError;
  parseProperties({ connection: definition.connection }, { connection: text('') }); // names a variable that is not set
  const advice = 'no connection is set, or it is missing or disabled: open the node and choose one';
  throw new PaceError('CONFIG', advice, { badge: 'connection missing' });
}

/** A node that cannot work says why: once by itself, and to every input. */
function refuseToWork(RED: NodeAPI, node: Node, error: PaceError, origin: Origin): void {
  const pace = { ...origin, error: errorFacts(error) };
  node.status(errorStatus(error.badge));
  node.on('input', (message, _send, done) => done(failing(message, error, pace)));
  const stopWaiting = whenStarted(RED, () => node.error(error, { pace }));
  node.on('close', () => stopWaiting());
}

function errorFacts({ code, rtn, packs }: PaceError): object {
  return { code, ...(rtn === undefined ? {} : { rtn }), ...(packs === undefined ? {} : { packs }) };
}

/** Marks a message with the error that it ends with. */
function failing(message: object, error: PaceError, pace: object): PaceError {
  Object.assign(message, { pace });
  return error;
}

class QueryNode<Reading> {
  readonly #RED: NodeAPI;
  readonly #node: Node;
  readonly #bank: SharedClient;
  readonly #settings: QuerySettings;
  readonly #origin: Origin;
  readonly #poller: Poller<Reading>;
  /** What ends the polls that inputs wait for. */
  readonly #inputs = new Set<(result: PollResult) => void>();

  constructor(
    RED: NodeAPI,
    node: Node,
    query: Query<Reading>,
    bank: SharedClient,
    settings: QuerySettings,
    origin: Origin,
  ) {
    this.#RED = RED;
    this.#node = node;
    this.#bank = bank;
    this.#settings = settings;
    this.#origin = origin;
    this.#poller = new Poller(query, bank.client, settings, {
      deliver: (delivery) => node.send(this.#outputs(delivery, null)),
      failed: (error) => node.error(error, this.#failureMessage(error)),
      recovered: (whom) => node.warn(`${origin.query}: ${whom} answers again`),
      status: (status) => node.status(status),
    });
  }

  /** Listens to the node's inputs and end, and lets the poller run. */
  start(): void {
    this.#node.on('input', (message, send, done) => {
      this.#onInput(message, send as Send, done).catch((thrown) => done(asPaceError(thrown, 'SHAPE')));
    });
    const stopWaiting = whenStarted(this.#RED, () => this.#poller.start());
    this.#node.on('close', (removed: boolean, done: () => void) => {
      this.#endInputs();
      stopWaiting();
      this.#poller.close();
      this.#bank.deregister(removed).then(done, done);
    });
    this.#bank.register();
  }

  async #onInput(message: NodeMessageInFlow, send: Send, done: Done): Promise<void> {
    const { delivery, error } = await this.#pollUntilClosed(message);
    if (delivery.messages.length + delivery.events.length > 0) send(this.#outputs(delivery, message));
    if (error) done(failing(message, error, { ...this.#origin, error: errorFacts(error) }));
    else done();
  }

  #pollUntilClosed(message: NodeMessageInFlow): Promise<PollResult> {
    return new Promise((resolve) => {
      this.#inputs.add(resolve);
      void this.#poll(message).then((result) => {
        this.#inputs.delete(resolve);
        resolve(result);
      });
    });
  }

  #endInputs(): void {
    const error = new PaceError('CLOSED', 'the node was stopped before the answer came');
    for (const end of this.#inputs) end({ delivery: { messages: [], events: [], info: null }, error, answered: [] });
    this.#inputs.clear();
  }

  async #poll(message: NodeMessageInFlow & { packs?: unknown }): Promise<PollResult> {
    try {
      return await this.#poller.poll(parseSelection(message.packs, 'msg.packs'));
    } catch (thrown) {
      return { delivery: { messages: [], events: [], info: null }, error: asPaceError(thrown, 'CONFIG'), answered: [] };
    }
  }

  /** A delivery for `send`: on the first output as copies of `original`, where there is one. */
  #outputs({ messages, events, info }: Delivery, original: NodeMessage | null): NodeMessage[][] {
    const { durationMs = null, receivedAt = null } = info ?? {};
    const frame = this.#settings.includeRaw && info ? { frame: info.frames().join('\n') } : {};
    const pace = { ...this.#origin, durationMs, receivedAt, ...frame };
    const parts = this.#parts(messages);
    const readings = messages.map(({ topic, payload }, i) => ({
      ...(original ? this.#RED.util.cloneMessage(original) : {}),
      topic,
      payload,
      pace: { ...pace },
      ...(parts[i] ? { parts: parts[i] } : {}),
    }));
    if (events.length === 0) return [readings];
    return [readings, events.map((event) => this.#freshMessage(event, pace))];
  }

  #freshMessage({ topic, payload }: OutgoingMessage, pace: object): NodeMessage {
    return { _msgid: this.#RED.util.generateId(), topic, payload, pace: { ...pace } };
  }

  /** For each message that has a place in a group, how a Join node finds it. */
  #parts(messages: readonly OutgoingMessage[]): (object | null)[] {
    const groups = new Map<string, { id: string; size: number }>();
    const places = messages.map(({ part }) => {
      if (!part) return null;
      const group = groups.get(part.group) ?? { id: this.#RED.util.generateId(), size: 0 };
      groups.set(part.group, group);
      group.size += 1;
      return { group, key: part.key, index: group.size - 1 };
    });
    return places.map(
      (place) =>
        place && { id: place.group.id, type: 'object', key: place.key, index: place.index, count: place.group.size },
    );
  }

  #failureMessage(error: PaceError): NodeMessage {
    return {
      topic: topicOf(this.#settings.topic, 'bank', this.#origin.query),
      pace: { ...this.#origin, error: errorFacts(error) },
    };
  }
}
