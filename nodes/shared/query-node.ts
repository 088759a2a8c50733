import type { NodeAPI, NodeMessageInFlow } from 'node-red';
import { Poller } from '../../src/polling/poller.js';
import type { Query } from '../../src/polling/queries.js';
import { parseSelection } from '../../src/polling/selection.js';
import { type PollingKind, registerPollingNode } from './polling-node.js';
import type { RawProperties } from './properties.js';
import { type QuerySettings, querySettings } from './query-settings.js';

type QueryInput = NodeMessageInFlow & { packs?: unknown };

/** Registers a query's node type, which polls its query and sends what comes of it. */
export function registerQueryNode<Reading>(RED: NodeAPI, type: string, query: Query<Reading>): void {
  const kind: PollingKind<QuerySettings> = {
    query: query.shape.query,
    settingsOf: (properties) => querySettings(propertiesOf(properties, query.shape.query === 'analog')),
    pollerOf: (client, settings, host) => {
      const poller = new Poller(query, client, settings, host);
      return {
        start: () => poller.start(),
        close: () => poller.close(),
        poll: (input: QueryInput) => poller.poll(parseSelection(input.packs, 'msg.packs')),
      };
    },
  };
  registerPollingNode(RED, type, kind);
}

/** The node's properties; a pack offset is the analog node's alone. */
function propertiesOf({ packOffset, ...properties }: RawProperties, isAnalog: boolean): RawProperties {
  return isAnalog ? { ...properties, packOffset } : properties;
}
