import type { NodeAPI } from 'node-red';
import { INFO } from '../../src/messages/info.js';
import { InfoPoller } from '../../src/polling/info-poller.js';
import { infoSettings } from './info-settings.js';
import { registerPollingNode } from './polling-node.js';

/** Registers the node type that tells who the BMS of a bank are. */
export function registerInfoNode(RED: NodeAPI, type: string): void {
  registerPollingNode(RED, type, {
    query: INFO,
    settingsOf: infoSettings,
    pollerOf: (client, settings, host) => new InfoPoller(client, settings, host),
  });
}
