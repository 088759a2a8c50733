/** Settings of a Node-RED under test: it tells its parent what it logs and what its nodes receive. */
const RED = require('node-red');

RED.hooks.add('onReceive.test', ({ destination, msg }) => {
  const { id, type, name } = destination.node;
  process.send({ received: { ...msg, id, type, name } });
});
// A parent that is gone needs it no more.
process.once('disconnect', () => process.exit());

module.exports = {
  uiHost: '127.0.0.1',
  uiPort: Number(process.env.PORT),
  flowFile: 'flows.json',
  credentialSecret: 'test',
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
