import type { NodeAPI } from 'node-red';
import { analogQuery } from '../src/polling/queries.js';
import { registerQueryNode } from './shared/query-node.js';

export = (RED: NodeAPI): void => registerQueryNode(RED, 'pace-bms-analog', analogQuery);
