import type { Node, NodeAPI, NodeDef } from 'node-red';
import { asPaceError, type PaceError } from '../src/errors.js';
import { BankClient } from '../src/link/bank-client.js';
import { reportWhenStarted } from './shared/config-report.js';
import type { ConnectionNode } from './shared/connection-node.js';
import { connectionSettings } from './shared/connection-settings.js';
import type { RawProperties } from './shared/properties.js';
import { SharedClient } from './shared/shared-client.js';

export = (RED: NodeAPI): void => {
  /** Owns the line to a bank and its queue; the query nodes share it. */
  function PaceBmsConnection(this: ConnectionNode, definition: NodeDef): void {
    RED.nodes.createNode(this, definition);
    try {
      const settings = connectionSettings(definition as unknown as RawProperties, this.name || this.id);
      const log = (level: number, text: string) => level <= settings.debugLevel && this.log(text);
      this.bank = new SharedClient(new BankClient({ ...settings, log }));
      this.dialect = settings.dialect.name;
      closeWith(this, () => this.bank?.close());
    } catch (thrown) {
      const error: PaceError = asPaceError(thrown, 'CONFIG');
      this.configError = error;
      const message = { pace: { connection: this.id, connectionName: this.name ?? '', error: { code: error.code } } };
      const stopWaiting = reportWhenStarted(RED, this, error, message);
      closeWith(this, async () => stopWaiting());
    }
  }

  function closeWith(node: Node, close: () => Promise<void> | undefined): void {
    node.on('close', (_removed: boolean, done: () => void) => {
      Promise.resolve(close()).then(done, done);
    });
  }

  RED.nodes.registerType('pace-bms-connection', PaceBmsConnection);
};
