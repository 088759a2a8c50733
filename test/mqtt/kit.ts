import { afterEach, before } from 'node:test';
import { bench, flowOf, type Properties, type QueryDefinition, RunningFlow } from '../nodes/kit/flow.js';
import { commandsOf } from '../nodes/kit/info.js';
import { type BrokerKind, type Login, type MqttBroker, MqttInbox, startBroker } from '../support/mqtt-broker.js';
import { applySettings, coreNodes, loadFlow, redeploy, statusOf } from '../support/node-red.js';
import type { ReplayServer } from '../support/replay-bms.js';
import { BrokerLine } from './broker-line.js';

/** The id of the `mqtt out` node, and the base topic of the flows. */
export const MQTT_OUT = 'mqtt-out';
export const BASE = 'bmspace';
export const AVAILABILITY = `${BASE}/availability`;
const MQTT_BROKER = 'broker';

/** How soon Node-RED tries again to reach a broker, ms. */
const RECONNECT_MS = 50;

/** One `mqtt out` node and its broker node, whose will is that of a bmspace; `properties` are the broker node's. */
export const mqttNodes = ({ port }: { port: number }, properties: Properties = {}): Properties[] => [
  {
    id: MQTT_BROKER,
    type: 'mqtt-broker',
    broker: '127.0.0.1',
    port: String(port),
    autoConnect: true,
    protocolVersion: '4',
    keepalive: '60',
    cleansession: true,
    willTopic: AVAILABILITY,
    willPayload: 'offline',
    willQos: '0',
    willRetain: 'false',
    ...properties,
  },
  {
    id: MQTT_OUT,
    type: 'mqtt out',
    z: 'tab',
    x: 0,
    y: 0,
    topic: '',
    qos: '',
    retain: '',
    broker: MQTT_BROKER,
    wires: [],
  },
];

/** The three queries and info in value shape, each wired to the one `mqtt out`. */
export const valueQueries = (properties: Properties = {}): QueryDefinition[] =>
  (['analog', 'warning', 'status', 'info'] as const).map((query) => ({
    query,
    output: 'value',
    topic: BASE,
    wires: [[MQTT_OUT, `${query}-out`], [`${query}-events`]],
    ...properties,
  }));

/** Loads a flow that has MQTT nodes; `login` is what the broker node has for credentials. */
export async function loadMqttFlow(flow: Properties[], login: Login | null = null): Promise<void> {
  const credentials = login ? { [MQTT_BROKER]: login } : {};
  await loadFlow(flow, { modules: [coreNodes('network/10-mqtt.js')], credentials });
}

/** Waits until the BMS has been asked three times more by each of `commands`. */
export async function isAskedOn(server: ReplayServer, commands: readonly string[]): Promise<void> {
  const from = server.requests.length;
  const times = (command: string) =>
    commandsOf(server.requests.slice(from)).filter((asked) => asked === command).length;
  while (commands.some((command) => times(command) < 3)) await server.asked(server.requests.length + 1);
}

/** Prepares a test file for flows between a replayed BMS and a broker, and cleans up after each test. */
export function mqttBench() {
  const { listen, connect } = bench();
  /** Waits long for the BMS: a test here is not about its silence. */
  const patiently = (server: { port: number }, connection: Properties = {}) =>
    connect(server, { timeout: 2000, ...connection });
  const closers: (() => Promise<void>)[] = [];
  before(() => applySettings({ mqttReconnectTime: RECONNECT_MS }));
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close();
  });

  return {
    listen,
    connect: patiently,
    async broker(kind: BrokerKind, login: Login | null = null): Promise<MqttBroker> {
      const broker = await startBroker(kind, { login });
      closers.push(() => broker.stop());
      return broker;
    },
    async line(broker: { port: number }): Promise<BrokerLine> {
      const line = await BrokerLine.open(broker);
      closers.push(() => line.close());
      return line;
    },
    async inbox(broker: MqttBroker): Promise<MqttInbox> {
      const inbox = await MqttInbox.open(broker);
      closers.push(() => inbox.close());
      return inbox;
    },
    /** Loads nodes that read a BMS at `connection` and publish to a broker, or to a line to it. */
    async load(
      connection: Properties,
      broker: { port: number },
      queries: QueryDefinition[],
      { login = null, brokerNode = {} }: { login?: Login | null; brokerNode?: Properties } = {},
    ): Promise<RunningFlow> {
      await loadMqttFlow(flowOf(connection, queries, mqttNodes(broker, brokerNode)), login);
      return new RunningFlow(queries);
    },
    /** The same, with the nodes deployed once the broker is reached, so that nothing they send is lost. */
    async loadOnceReached(
      connection: Properties,
      broker: { port: number },
      queries: QueryDefinition[],
    ): Promise<RunningFlow> {
      const mqtt = mqttNodes(broker);
      await loadMqttFlow(flowOf(null, [], mqtt));
      await statusOf(MQTT_OUT, ({ fill }) => fill === 'green');
      await redeploy(flowOf(connection, queries, mqtt), 'nodes');
      return new RunningFlow(queries);
    },
  };
}
