import type { NodeAPI } from 'node-red';
import { registerHomeAssistantNode } from './shared/home-assistant-node.js';

export = (RED: NodeAPI): void => registerHomeAssistantNode(RED, 'pace-bms-homeassistant');
