import type { Node, NodeAPI } from 'node-red';
import { asPaceError, type PaceError } from '../../src/errors.js';
import { HomeAssistantPublisher } from '../../src/messages/home-assistant/publisher.js';
import type { Progress } from '../../src/messages/home-assistant/publisher-types.js';
import {
  errorStatus,
  type NodeStatus,
  partialStatus,
  readingStatus,
  waitingStatus,
} from '../../src/polling/node-status.js';
import { remember, rememberedOf } from './bank-store.js';
import type { ConnectionNode } from './connection-node.js';
import { homeAssistantSettings } from './home-assistant-settings.js';
import { checkConnection, type InputMessage, registerNodeOfBank } from './messages-of-bank.js';
import { errorFacts, failing } from './node-messages.js';
import type { RawProperties } from './properties.js';
import { mayBeSilent } from './queries-of-bank.js';
import { claimTopic } from './topic-owners.js';
import { whenStarted } from './when-started.js';

/** Registers the node type that tells Home Assistant of a bank. */
export function registerHomeAssistantNode(RED: NodeAPI, type: string): void {
  registerNodeOfBank(RED, type, run);
}

/** @throws PaceError `CONFIG` */
function run(RED: NodeAPI, node: Node, properties: RawProperties, connection: ConnectionNode): void {
  const settings = homeAssistantSettings(properties, connection.name ?? '');
  const claim = claimTopic(settings.topic, connection.id);
  const shown = { text: '' };
  const failed = (error: PaceError): void => {
    show(node, errorStatus(error.badge), shown);
    node.error(error, { pace: { connection: connection.id, error: errorFacts(error) } });
  };
  const publisher = new HomeAssistantPublisher({
    settings,
    connectionId: connection.id,
    remembered: rememberedOf(RED, connection.id),
    host: {
      send: (messages) => node.send([messages.map((message) => ({ ...message }))]),
      progress: (progress) => show(node, statusOf(progress), shown),
      failed,
      remember: (remembered) => {
        remember(RED, connection.id, remembered).catch((thrown) => {
          if (!remembered.carried) return;
          node.warn(`which entities were carried over cannot be stored (${thrown}): send migrate after each restart`);
        });
      },
      mayBeSilent: (query) => mayBeSilent(RED, connection.id, query),
    },
  });
  const stopWaiting = whenStarted(RED, () => {
    try {
      claim.check();
    } catch (thrown) {
      failed(asPaceError(thrown, 'CONFIG'));
    }
  });
  node.on('input', (message: InputMessage, _send, done) => {
    try {
      claim.check();
      checkConnection(message, connection);
      publisher.take(message as unknown as Record<string, unknown>);
      done();
    } catch (thrown) {
      const error = asPaceError(thrown, 'SHAPE');
      if (error.code === 'CONFIG') show(node, errorStatus(error.badge), shown);
      done(failing(message, error, { ...message.pace, error: errorFacts(error) }));
    }
  });
  node.on('close', () => {
    stopWaiting();
    claim.giveBack();
    publisher.close();
  });
}

function statusOf({ step, packCount, onlineCount }: Progress): NodeStatus {
  if (step === 'readings') return waitingStatus('two readings');
  if (step === 'serial') return waitingStatus('the serial number');
  const packs = `${packCount} ${packCount === 1 ? 'pack' : 'packs'}`;
  if (onlineCount === packCount) return readingStatus(`${packs} told`);
  return partialStatus([`${packCount - onlineCount} of ${packs}`], 'offline');
}

function show(node: Node, status: NodeStatus, shown: { text: string }): void {
  if (status.text === shown.text) return;
  shown.text = status.text;
  node.status(status);
}
