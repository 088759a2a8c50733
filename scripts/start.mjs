/**
 * Shows the package at work, `npm start`: Node-RED on this machine with a simulated battery bank and its dashboard, in a
 * folder that is thrown away at the end. PORT asks for another port than 1880.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { build, ensureInstalled, root } from './prepare.mjs';

const OLDEST_NODE = 20;
const DEFAULT_PORT = 1880;
const LONGEST_START_MS = 120_000;
const LONGEST_STOP_MS = 10_000;
const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** Why the demo cannot run, for the person who started it. */
class Refusal extends Error {}

/** The port that PORT asks for. @throws Refusal */
function wantedPort(text = '') {
  if (text.trim() === '') return DEFAULT_PORT;
  const port = /^\s*\d+\s*$/.test(text) ? Number(text) : 0;
  if (port >= 1 && port <= 65_535) return port;
  throw new Refusal(`PORT must be a whole number from 1 to 65535, not "${text}".`);
}

/** @throws Refusal when nothing can listen on `port`. */
async function checkFree(port) {
  const server = createServer();
  server.listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch ({ code, message }) {
    const reason = code === 'EADDRINUSE' ? 'is taken by another program' : `cannot be used (${message})`;
    throw new Refusal(`Port ${port} ${reason}. Choose another one, such as: PORT=1990 npm start`);
  }
  server.close();
  await once(server, 'close');
}

/** A folder for Node-RED with the demo's flow, this package and the dashboard. */
function makeUserDir() {
  const userDir = mkdtempSync(join(tmpdir(), 'pace-bms-demo-'));
  copyFileSync(join(root, 'examples', '02-dashboard.json'), join(userDir, 'flows.json'));
  const dashboard = join('@flowfuse', 'node-red-dashboard');
  link(root, join(userDir, 'node_modules', 'node-red-contrib-pace-bms'));
  link(join(root, 'node_modules', dashboard), join(userDir, 'node_modules', dashboard));
  return userDir;
}

function link(target, path) {
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(target, path, 'junction');
}

/** Waits until `child` serves all of `addresses`. @returns false when it ended before. */
async function serves(child, addresses) {
  const deadline = Date.now() + LONGEST_START_MS;
  while (child.exitCode === null && child.signalCode === null) {
    const answers = await Promise.all(addresses.map((address) => fetch(address).catch(() => null)));
    if (answers.every((answer) => answer?.ok)) return true;
    if (Date.now() > deadline) throw new Refusal('Node-RED has started but does not answer.');
    await wait(100);
  }
  return false;
}

/** A query's first answer, in a line. */
const LINES = {
  analog: ({ soc, voltage, current, cellMin, cellMax, onlineCount }) =>
    `${Math.round(soc)} %, ${voltage.toFixed(2)} V, ${current.toFixed(1)} A, ${onlineCount} packs, ` +
    `cells ${cellMin.voltage.toFixed(3)} to ${cellMax.voltage.toFixed(3)} V`,
  warning: ({ level, text }) => (level === 'normal' ? 'no alarms' : `${level}: ${text}`),
  status: ({ mode, chargeMosfet, dischargeMosfet }) =>
    `${mode}, charge MOSFETs ${onOff(chargeMosfet)}, discharge MOSFETs ${onOff(dischargeMosfet)}`,
};
const onOff = (on) => (on ? 'on' : 'off');

function lineOf({ topic, bank }) {
  const query = topic.split('/').at(-1);
  return `  ${query.padEnd(8)}${bank.onlineCount > 0 ? LINES[query](bank) : 'no pack answers'}`;
}

/** Runs the demo until it is told to stop. @returns the exit code. */
async function main() {
  if (Number.parseInt(process.versions.node, 10) < OLDEST_NODE) {
    throw new Refusal(`This needs Node.js ${OLDEST_NODE} or later; here is ${process.version}.`);
  }
  const port = wantedPort(process.env.PORT);
  await checkFree(port);
  ensureInstalled();
  build();
  const userDir = makeUserDir();
  try {
    return await runNodeRed(userDir, port);
  } finally {
    rmSync(userDir, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Runs Node-RED until it ends, by a signal or by itself. @returns the exit code. */
async function runNodeRed(userDir, port) {
  const nodeRed = join(root, 'node_modules', 'node-red', 'red.js');
  const settings = join(root, 'scripts', 'demo', 'settings.cjs');
  const child = spawn(process.execPath, [nodeRed, '--userDir', userDir, '--settings', settings], {
    cwd: userDir,
    env: { ...process.env, PORT: String(port) },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const ended = once(child, 'exit');
  let stopping = false;
  const stop = () => {
    if (stopping) return;
    stopping = true;
    // Node-RED's own word for it, which every system has; what does not listen is ended.
    if (child.connected) child.send('shutdown', () => {});
    setTimeout(() => child.kill('SIGKILL'), LONGEST_STOP_MS).unref();
  };
  for (const signal of STOP_SIGNALS) process.on(signal, stop);

  welcome(child, port).catch((error) => {
    console.error(error.message);
    child.kill('SIGKILL');
  });
  const [code, killedBy] = await ended;
  if (stopping) {
    console.log('\nStopped; nothing is left of it.');
    return 0;
  }
  console.error(`Node-RED has ended by itself (${killedBy ?? `exit code ${code}`}).`);
  return 1;
}

/** Tells where to look once that is there, and then the first readings. */
async function welcome(child, port) {
  const readings = [];
  let show = (reading) => readings.push(reading);
  child.on('message', (reading) => show(reading));
  const editor = `http://127.0.0.1:${port}/`;
  const dashboard = `${editor}dashboard`;
  if (!(await serves(child, [editor, dashboard]))) return;
  console.log(`
A simulated battery bank in Node-RED. Ctrl-C ends it; what you change is not kept.

  Editor     ${editor}
  Dashboard  ${dashboard}

First readings:`);
  show = (reading) => console.log(lineOf(reading));
  readings.forEach(show);
}

main()
  .then((code) => {
    process.exitCode = code;
  })
  .catch((error) => {
    console.error(error instanceof Refusal ? error.message : error);
    process.exitCode = 1;
  });
