import type { Node, NodeAPI, NodeDef, NodeMessageInFlow } from 'node-red';
import { asPaceError, PaceError } from '../../src/errors.js';
import type { BankClient } from '../../src/link/bank-client.js';
import { NOTHING, type PollerHost, type PollResult } from '../../src/polling/poller-types.js';
import type { ConnectionNode } from './connection-node.js';
import { errorFacts, failing, failureMessage, type Origin, outputsOf, sendEach } from './node-messages.js';
import type { RawProperties } from './properties.js';
import { type AskingNode, missingConnection, refuseToWork } from './refusal.js';
import type { SharedClient } from './shared-client.js';
import { whenStarted } from './when-started.js';

interface PollingNodeDefinition extends NodeDef {
  connection: string;
}

/** What every node that polls is set to. */
interface SharedSettings {
  /** The base topic. */
  topic: string;
  /** Whether messages carry the reply as it came. */
  includeRaw?: boolean;
}

/** Asks a bank for a node, at intervals and when an input comes. */
export interface NodePoller {
  start(): void;
  close(): void;
  /** @throws PaceError for an input that cannot be used. */
  poll(input: NodeMessageInFlow): Promise<PollResult>;
}

/** A kind of node that polls a bank and sends what comes of it. */
export interface PollingKind<Settings extends SharedSettings> {
  /** The query's name in `msg.pace`. */
  query: string;
  /** @throws PaceError `CONFIG` */
  settingsOf(properties: RawProperties): Settings;
  pollerOf(client: BankClient, settings: Settings, host: PollerHost): NodePoller;
}

type Send = (messages: unknown) => void;
type Done = (error?: Error) => void;

const types = new Set<string>();

/** Whether nodes of a type poll a bank. */
export const isPollingType = (type: string): boolean => types.has(type);

/** Registers the type of a kind of node. */
export function registerPollingNode<Settings extends SharedSettings>(
  RED: NodeAPI,
  type: string,
  kind: PollingKind<Settings>,
): void {
  types.add(type);
  RED.nodes.registerType(type, function (this: Node, definition: PollingNodeDefinition): void {
    RED.nodes.createNode(this, definition);
    const connection = RED.nodes.getNode(definition.connection) as ConnectionNode | null;
    const origin: Origin = {
      connection: definition.connection ?? '',
      connectionName: connection?.name ?? '',
      query: kind.query,
      dialect: connection?.dialect ?? '',
    };
    try {
      const settings = kind.settingsOf(definition as unknown as RawProperties);
      const bank = usableBank(connection, definition);
      new PollingNode(RED, this, kind, bank, settings, origin).start();
    } catch (thrown) {
      refuseToWork(RED, this, asPaceError(thrown, 'CONFIG'), origin);
    }
  });
}

/** @throws PaceError `CONFIG` when there is no connection to use. */
function usableBank(connection: ConnectionNode | null, definition: PollingNodeDefinition): SharedClient {
  if (connection?.bank) return connection.bank;
  throw connection?.configError ?? missingConnection(definition.connection);
}

/** How a poll ends that brings nothing but an error. */
const failed = (error: PaceError): PollResult => ({ delivery: NOTHING, error, answered: [] });

class PollingNode<Settings extends SharedSettings> {
  readonly #RED: NodeAPI;
  readonly #node: AskingNode;
  readonly #bank: SharedClient;
  readonly #origin: Origin;
  readonly #includeRaw: boolean;
  readonly #poller: NodePoller;
  /** What ends the polls that inputs wait for. */
  readonly #inputs = new Set<(result: PollResult) => void>();

  constructor(
    RED: NodeAPI,
    node: AskingNode,
    kind: PollingKind<Settings>,
    bank: SharedClient,
    settings: Settings,
    origin: Origin,
  ) {
    this.#RED = RED;
    this.#node = node;
    this.#bank = bank;
    this.#origin = origin;
    this.#includeRaw = settings.includeRaw ?? false;
    this.#poller = kind.pollerOf(bank.client, settings, {
      deliver: (delivery) => {
        const outputs = outputsOf(RED, delivery, origin, this.#includeRaw, null);
        sendEach(RED, outputs, (messages) => node.send(messages));
      },
      failed: (error) => node.error(error, failureMessage(error, settings.topic, origin)),
      recovered: (whom) => node.warn(`${origin.query}: ${whom} answers again`),
      status: (status) => node.status(status),
    });
  }

  /** Listens to the node's inputs and end, and lets the poller run. */
  start(): void {
    this.#node.on('input', (message, send, done) => {
      this.#onInput(message, send as Send, done).catch((thrown) => done(asPaceError(thrown, 'SHAPE')));
    });
    this.#node.hindrance = () => {
      const { state } = this.#bank.client;
      return state.name === 'backoff' ? state.error : null;
    };
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
    if (delivery.messages.length + delivery.events.length > 0) {
      sendEach(this.#RED, outputsOf(this.#RED, delivery, this.#origin, this.#includeRaw, message), send);
    }
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
    for (const end of this.#inputs) end(failed(error));
    this.#inputs.clear();
  }

  async #poll(message: NodeMessageInFlow): Promise<PollResult> {
    try {
      return await this.#poller.poll(message);
    } catch (thrown) {
      return failed(asPaceError(thrown, 'CONFIG'));
    }
  }
}
