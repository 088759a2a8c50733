/** Settings of a Node-RED that a package is installed into: it tells its parent what it logs and what its nodes send. */
// This file is not beside the Node-RED that reads it.
const RED = require.main.require('./lib/red.js');

/** A message of a battery that does not answer is not what anybody installs this for. */
const isOfNobody = ({ payload }) => payload?.online === false || payload?.bank?.onlineCount === 0;

const senders = new WeakMap();
RED.hooks.add('preDeliver.test', ({ source, msg }) => {
  senders.set(msg, source.id);
});
RED.hooks.add('onReceive.test', ({ msg }) => {
  if (senders.has(msg) && !isOfNobody(msg)) process.send({ receivedFrom: senders.get(msg) });
});
RED.events.on('flows:started', () => process.send({ flowsStarted: true }));
// A parent that is gone needs it no more.
process.once('disconnect', () => process.exit());

module.exports = {
  uiHost: '127.0.0.1',
  uiPort: Number(process.env.PORT),
  flowFile: 'flows.json',
  credentialSecret: 'test',
  coreNodesDir: process.env.CORE_NODES,
  telemetry: { enabled: false, updateNotification: false },
  editorTheme: { tours: false, palette: { catalogues: [] } },
  logging: {
    test: {
      level: 'info',
      handler:
        () =>
        ({ level, type, name, msg }) =>
          process.send({ logged: { level, type, name, text: String(msg) } }),
    },
  },
};
