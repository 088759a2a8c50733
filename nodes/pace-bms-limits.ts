import type { NodeAPI } from 'node-red';
import { registerLimitsNode } from './shared/limits-node.js';

export = (RED: NodeAPI): void => registerLimitsNode(RED, 'pace-bms-limits');
