/**
 * Settings of the demo's Node-RED: on this machine only, quiet, and asking nothing of the network.
 * Where a parent process listens, it is told the first message of every query node.
 */
const { randomUUID } = require('node:crypto');
const RED = require('node-red');

const told = new Set();

/** Tells the parent what a query node sends, the first time. */
function tell({ source, msg }) {
  const { type } = source.node;
  if (!process.connected || !type.startsWith('pace-bms-') || !msg.payload?.bank || told.has(type)) return;
  told.add(type);
  process.send({ topic: msg.topic, bank: msg.payload.bank });
}

/** Shows errors, and warnings of nodes: what the runtime itself warns of is no news in a throw-away folder. */
function show({ level, id, type, name, msg }) {
  if (level !== RED.log.ERROR && level !== RED.log.FATAL && id === undefined) return;
  console.error(`${type ? `${name || type}: ` : ''}${msg?.message ?? msg}`);
}

if (process.connected) {
  RED.hooks.add('onSend.demo', (events) => events.filter(Boolean).forEach(tell));
  // Whatever ends the parent ends this process too.
  process.once('disconnect', () => process.emit('SIGTERM'));
}

module.exports = {
  uiHost: '127.0.0.1',
  uiPort: Number(process.env.PORT),
  flowFile: 'flows.json',
  credentialSecret: randomUUID(),
  logging: { terminal: { level: 'warn', handler: () => show } },
  telemetry: { enabled: false, updateNotification: false },
  externalModules: { palette: { allowInstall: false, allowUpload: false }, modules: { allowInstall: false } },
  editorTheme: { tours: false, palette: { catalogues: [] } },
};
