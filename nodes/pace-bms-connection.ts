import type { NodeAPI, NodeDef } from 'node-red';
import { asPaceError } from '../src/errors.js';
import { BankClient } from '../src/link/bank-client.js';
import type { ConnectionNode } from './shared/connection-node.js';
import { connectionSettings } from './shared/connection-settings.js';
import { serveStatistics } from './shared/connection-statistics.js';
import type { RawProperties } from './shared/properties.js';
import { keepWhileRunning } from './shared/running-connections.js';
import { servePoll } from './shared/serve-poll.js';
import { servePorts } from './shared/serve-ports.js';
import { serveTrial } from './shared/serve-trial.js';
import { SharedClient } from './shared/shared-client.js';

const TYPE = 'pace-bms-connection';

export = (RED: NodeAPI): void => {
  /** Owns the line to a bank and its queue; the query nodes share it. */
  function PaceBmsConnection(this: ConnectionNode, definition: NodeDef): void {
    RED.nodes.createNode(this, definition);
    try {
      const settings = connectionSettings(definition as unknown as RawProperties, this.name || this.id);
      const log = (level: number, text: () => string) => level <= settings.debugLevel && this.log(text());
      this.bank = new SharedClient(new BankClient({ ...settings, log }));
      this.dialect = settings.dialect.name;
      this.place = settings.transport.place;
      keepWhileRunning(this);
      this.on('close', (_removed: boolean, done: () => void) => {
        Promise.resolve(this.bank?.close()).then(done, done);
      });
    } catch (thrown) {
      this.configError = asPaceError(thrown, 'CONFIG'); // the nodes that use it report it, where a Catch node sees them
    }
  }

  RED.nodes.registerType(TYPE, PaceBmsConnection);
  serveStatistics(RED, TYPE);
  servePorts(RED);
  serveTrial(RED);
  servePoll(RED);
};
