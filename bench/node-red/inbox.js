/** The node type `bench-inbox`: what arrives there is counted, and told to the process that started this Node-RED. */
const { monitorEventLoopDelay } = require('node:perf_hooks');
const { setTimeout: wait } = require('node:timers/promises');

/** Between two looks at the clock, ms; the delay is what passes beyond it. */
const RESOLUTION_MS = 10;
const NANOSECONDS = 1e6;

/** By topic: how many messages have come, and when the first and the last. */
const arrivals = new Map();
let onArrival = () => {};
let isFirst = true;

/** A time that all processes of the machine share, ms. */
const now = () => performance.timeOrigin + performance.now();

function note({ topic }) {
  const at = now();
  const { count, first } = arrivals.get(topic) ?? { count: 0, first: at };
  arrivals.set(topic, { count: count + 1, first, last: at });
  if (isFirst) process.send?.({ event: 'first message', at });
  isFirst = false;
  onArrival();
}

module.exports = (RED) => {
  RED.nodes.registerType('bench-inbox', function (definition) {
    RED.nodes.createNode(this, definition);
    this.on('input', (message, _send, done) => {
      note(message);
      done();
    });
  });
  RED.events.on('flows:started', () => {
    isFirst = true;
    process.send?.({ event: 'flows started', at: now() });
  });

  /** Gives nodes an input at once, waits until as many messages have come, and does so again; tells what each took, ms. */
  async function cycles({ nodes, times }) {
    const took = [];
    for (let cycle = 0; cycle < times; cycle++) {
      const start = performance.now();
      let missing = nodes.length;
      await new Promise((resolve) => {
        onArrival = () => {
          missing -= 1;
          if (missing === 0) resolve();
        };
        for (const id of nodes) RED.nodes.getNode(id).receive({});
      });
      took.push(performance.now() - start);
    }
    return took;
  }

  /** What this process costs, in so many stretches of time. */
  async function load({ stretches, seconds }) {
    const costs = [];
    for (let i = 0; i < stretches; i++) {
      const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
      delay.enable();
      const [before, start] = [process.cpuUsage(), performance.now()];
      await wait(seconds * 1000);
      const { user, system } = process.cpuUsage(before);
      const elapsed = performance.now() - start;
      delay.disable();
      const delayOf = (percentile) => Math.max(0, delay.percentile(percentile) / NANOSECONDS - RESOLUTION_MS);
      costs.push({
        share: (user + system) / 10 / elapsed,
        delayP50: delayOf(50),
        delayP99: delayOf(99),
        megabytes: process.memoryUsage.rss() / 2 ** 20,
      });
    }
    return costs;
  }

  const commands = { cycles, load, arrivals: () => ({ now: now(), topics: [...arrivals.values()] }) };
  process.on('message', async ({ command, options }) => {
    process.send({ answer: await commands[command](options) });
  });
};
