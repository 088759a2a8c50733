import type { NodeAPI } from 'node-red';
import { statusQuery } from '../src/polling/queries.js';
import { registerQueryNode } from './shared/query-node.js';

export = (RED: NodeAPI): void => registerQueryNode(RED, 'pace-bms-status', statusQuery);
