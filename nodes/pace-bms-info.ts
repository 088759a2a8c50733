import type { NodeAPI } from 'node-red';
import { registerInfoNode } from './shared/info-node.js';

export = (RED: NodeAPI): void => registerInfoNode(RED, 'pace-bms-info');
