import type { Node, NodeAPI, NodeMessage } from 'node-red';
import { asPaceError } from '../../src/errors.js';
import { type Edge, edgesBetween } from '../../src/limits/edges.js';
import { Limits } from '../../src/limits/limits.js';
import type { LimitsPayload } from '../../src/limits/payload.js';
import { topicOf } from '../../src/messages/names.js';
import {
  errorStatus,
  type NodeStatus,
  readingStatus,
  staleStatus,
  waitingStatus,
} from '../../src/polling/node-status.js';
import type { ConnectionNode } from './connection-node.js';
import { type LimitsNodeSettings, limitsSettings } from './limits-settings.js';
import { checkConnection, type InputMessage, registerNodeOfBank } from './messages-of-bank.js';
import { errorFacts, failing } from './node-messages.js';
import { whenStarted } from './when-started.js';

/** Limits are sent again after so long, ms, so that who takes them can tell that this goes on. */
const REPEAT_MS = 10_000;

/** Registers the node type that finds the limits of a bank. */
export function registerLimitsNode(RED: NodeAPI, type: string): void {
  registerNodeOfBank(RED, type, (_RED, node, properties, connection) => {
    new LimitsNode(RED, node, limitsSettings(properties), connection);
  });
}

/** A limits node at work. It goes by the time that only ever goes on, never by the clock. */
class LimitsNode {
  readonly #node: Node;
  readonly #settings: LimitsNodeSettings;
  readonly #connection: ConnectionNode;
  readonly #limits: Limits;
  #last: LimitsPayload | null = null;
  #sent = { what: '', at: Number.NEGATIVE_INFINITY };
  #shown = '';
  #timer: NodeJS.Timeout | undefined;

  constructor(RED: NodeAPI, node: Node, settings: LimitsNodeSettings, connection: ConnectionNode) {
    this.#node = node;
    this.#settings = settings;
    this.#connection = connection;
    this.#limits = new Limits(settings, connection.bank?.client.addresses?.length ?? null);
    const stopWaiting = whenStarted(RED, () => this.#tellByItself());
    node.on('input', (message: InputMessage, _send, done) => this.#take(message, done));
    node.on('close', () => {
      stopWaiting();
      clearTimeout(this.#timer);
    });
  }

  #take(message: InputMessage, done: (error?: Error) => void): void {
    try {
      checkConnection(message, this.#connection);
      this.#limits.take(message as unknown as Record<string, unknown>, performance.now());
      this.#tell();
      done();
    } catch (thrown) {
      const error = asPaceError(thrown, 'SHAPE');
      this.#show(errorStatus(error.badge));
      done(failing(message, error, { ...message.pace, error: errorFacts(error) }));
    }
  }

  /** Sends what has changed, and the limits now and then though nothing has. */
  #tell(): void {
    const now = performance.now();
    const limits = this.#limits.at(now);
    const { age: _growing, ...what } = limits;
    const text = JSON.stringify(what);
    const edges = this.#last ? edgesBetween(this.#last, limits) : [];
    this.#last = limits;
    this.#show(statusOf(limits));
    if (text !== this.#sent.what || now - this.#sent.at >= REPEAT_MS) {
      this.#sent = { what: text, at: now };
      this.#node.send([this.#message('limits', limits)]);
    }
    for (const edge of edges) this.#node.send([null, this.#message('event', withTime(edge))]);
    this.#tellAgainIn(Math.min(this.#limits.changesAt(now), this.#sent.at + REPEAT_MS) - now);
  }

  #tellAgainIn(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#tellByItself(), Math.ceil(ms));
  }

  /** Where no input is to blame, whatever is thrown would end Node-RED. */
  #tellByItself(): void {
    try {
      this.#tell();
    } catch (thrown) {
      const error = asPaceError(thrown, 'SHAPE');
      this.#show(errorStatus(error.badge));
      this.#node.error(error, { pace: { connection: this.#connection.id, error: errorFacts(error) } });
      this.#tellAgainIn(REPEAT_MS);
    }
  }

  #message(what: string, payload: object): NodeMessage {
    const { id, name, dialect } = this.#connection;
    const pace = { connection: id, connectionName: name ?? '', query: 'limits', dialect };
    // What a flow does with a message must change neither what comes next nor another message.
    const own = structuredClone(payload);
    return { topic: topicOf(this.#settings.topic, 'bank', what), payload: own, pace } as NodeMessage;
  }

  #show(status: NodeStatus): void {
    const text = JSON.stringify(status);
    if (text === this.#shown) return;
    this.#shown = text;
    this.#node.status(status);
  }
}

const withTime = (edge: Edge) => ({ ...edge, at: Date.now() });

function statusOf({ mode, chargeVoltage, chargeCurrent, dischargeCurrent, age }: LimitsPayload): NodeStatus {
  if (mode === 'starting') return waitingStatus('an analog reading');
  if (mode === 'stale') return staleStatus((age ?? 0) * 1000);
  const text = `${chargeVoltage ?? '?'} V · +${chargeCurrent} A · −${dischargeCurrent} A`;
  const isFree = chargeCurrent > 0 && dischargeCurrent > 0;
  return isFree ? readingStatus(text) : { fill: 'yellow', shape: 'ring', text };
}
