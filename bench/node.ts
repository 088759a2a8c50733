import type { Node, NodeAPI } from 'node-red';
import { type Figure, figureOf } from './results.js';
import { BankInMemory } from './support/bank-in-memory.js';
import { built } from './support/built.js';
import { EmbeddedNodeRed } from './support/embedded-node-red.js';

const { SharedClient } = built<typeof import('../nodes/shared/shared-client.js')>('nodes/shared/shared-client.js');
const NODE_TYPES = ['analog', 'warning', 'status'].map((query) =>
  built<(RED: NodeAPI) => void>(`nodes/pace-bms-${query}.js`),
);

const PACKS = 16;
const INTERVAL_SECONDS = 0.05;
/** Node.js compiles what runs often. */
const WARM_UP_POLLS = 150;
const POLLS = 31;

const CASES = [
  ['analog', 'pack'],
  ['analog', 'bank'],
  ['analog', 'value'],
  ['warning', 'bank'],
  ['status', 'bank'],
] as const;

/** What is looked at: the clock, and what is on the heap. */
const GAUGES = [
  { what: 'time', unit: 'µs', look: () => performance.now() * 1000 },
  { what: 'heap', unit: 'kB', look: () => process.memoryUsage().heapUsed / 1000 },
] as const;

/** What a poll took until the node sent, and until the next node had all of it. */
interface Poll {
  untilSend: number;
  untilArrival: number;
}

/** Looks at a gauge when a reading comes, when it is sent, and when the last of its messages has arrived. */
class Watch {
  /** What to look at. */
  gauge: () => number = GAUGES[0].look;
  #polls: Poll[] = [];
  #read = 0;
  #sent = 0;
  #underWay = 0;
  #wanted = Number.POSITIVE_INFINITY;
  #finish: (polls: Poll[]) => void = () => {};

  read(): void {
    this.#read = this.gauge();
  }

  /** A node may send the messages of a poll one by one; none arrives before the last is sent. */
  sent(messages: number): void {
    if (this.#underWay === 0) this.#sent = this.gauge();
    this.#underWay += messages;
  }

  arrived(): void {
    if (this.#underWay === 0) return; // sent before the watch began
    this.#underWay -= 1;
    if (this.#underWay > 0) return;
    const arrived = this.gauge();
    this.#polls.push({ untilSend: this.#sent - this.#read, untilArrival: arrived - this.#read });
    if (this.#polls.length === this.#wanted) this.#finish(this.#polls);
  }

  /** The polls to come. */
  next(polls: number): Promise<Poll[]> {
    this.#polls = [];
    this.#wanted = polls;
    return new Promise((resolve) => {
      this.#finish = resolve;
    });
  }
}

/** Tells `watch` whenever a node sends. */
function watchSends(node: Node, watch: Watch): void {
  const send = node.send.bind(node);
  node.send = (messages) => {
    watch.sent((messages as unknown[]).flat().filter(Boolean).length);
    send(messages);
  };
}

/** What a poll costs from its reading on, inside Node-RED. */
export async function nodeFigures(): Promise<Figure[]> {
  const watch = new Watch();
  const bank = new SharedClient(new BankInMemory(PACKS, () => watch.read()).asClient);
  const nodeRed = await EmbeddedNodeRed.start(NODE_TYPES);
  nodeRed.register('bench-battery', (node) => Object.assign(node, { bank, dialect: 'pace25' }));
  nodeRed.register('bench-sink', (node) =>
    node.on('input', (_message, _send, done) => {
      watch.arrived();
      done();
    }),
  );
  const figures: Figure[] = [];
  for (const [query, output] of CASES) {
    await nodeRed.deploy(flowOf(query, output));
    watchSends(nodeRed.node('query'), watch);
    for (const { what, unit, look } of GAUGES) {
      watch.gauge = look;
      await watch.next(WARM_UP_POLLS);
      global.gc?.();
      figures.push(...figuresOf(`${query}, ${output} shape, ${what}`, unit, await watch.next(POLLS)));
    }
  }
  await nodeRed.stop();
  return figures;
}

function flowOf(query: string, output: string): Record<string, unknown>[] {
  const place = { z: 'tab', x: 0, y: 0 };
  const settings = { connection: 'battery', interval: INTERVAL_SECONDS, output, topic: 'pace' };
  return [
    { id: 'tab', type: 'tab', label: 'Benchmark' },
    { id: 'battery', type: 'bench-battery', name: '' },
    { id: 'query', type: `pace-bms-${query}`, ...place, ...settings, wires: [['sink']] },
    { id: 'sink', type: 'bench-sink', ...place, wires: [] },
  ];
}

function figuresOf(name: string, unit: string, polls: readonly Poll[]): Figure[] {
  const untilSend = polls.map((poll) => poll.untilSend);
  const untilArrival = polls.map((poll) => poll.untilArrival);
  return [
    figureOf(`${name}: reading to send`, unit, untilSend),
    figureOf(`${name}: reading to the next node`, unit, untilArrival),
  ];
}
