import { type MqttBroker, MqttInbox, startBroker } from '../support/mqtt-broker.js';
import { NodeRedProcess } from './node-red-process.js';
import type { ProjectCopy } from './project-copy.js';

/** An example that runs with a broker of its own. */
export interface BrokerRun {
  nodeRed: NodeRedProcess;
  broker: MqttBroker;
  /** Opened before Node-RED was started. */
  inbox: MqttInbox;
  /** One more, such as after a restart of the broker. */
  openInbox(): Promise<MqttInbox>;
}

/** Runs a flow with its MQTT broker replaced by one on this machine, and ends both whatever comes of the check. */
export async function withBroker(
  project: ProjectCopy,
  flow: readonly { type: string }[],
  check: (run: BrokerRun) => Promise<void>,
): Promise<void> {
  const closers: (() => Promise<void>)[] = [];
  try {
    const broker = await startBroker('aedes');
    closers.push(() => broker.stop());
    const openInbox = async () => {
      const inbox = await MqttInbox.open(broker);
      closers.push(() => inbox.close());
      return inbox;
    };
    const inbox = await openInbox();
    const reached = { broker: '127.0.0.1', port: String(broker.port) };
    const replaced = flow.map((node) => (node.type === 'mqtt-broker' ? { ...node, ...reached } : node));
    const nodeRed = await NodeRedProcess.start(project, replaced);
    closers.push(() => nodeRed.stop());
    await check({ nodeRed, broker, inbox, openInbox });
  } finally {
    for (const close of closers.reverse()) await close();
  }
}
