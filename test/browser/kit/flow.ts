import { DEFAULTS, WITH_EVENTS } from '../../editor/contract.js';

export const TAB = 'f100000000000001';
export const CONNECTION = 'c100000000000001';
/** The ids of the nodes on the canvas, by type. */
export const NODES = {
  'pace-bms-analog': 'a100000000000001',
  'pace-bms-warning': 'a100000000000002',
  'pace-bms-status': 'a100000000000003',
  'pace-bms-info': 'a100000000000004',
  'pace-bms-homeassistant': 'a100000000000005',
  'pace-bms-limits': 'a100000000000006',
} as const;
export type NodeType = keyof typeof NODES;

export const connectionWith = (properties: object) => ({
  ...{ id: CONNECTION, type: 'pace-bms-connection', ...DEFAULTS['pace-bms-connection'], ...properties },
});

/** A flow of a connection and a node of each of these types, that read only when they are told to. */
export function flowWith(connection: object, types = Object.keys(NODES) as NodeType[]): object[] {
  const nodes = types.map((type, index) => ({
    ...{ id: NODES[type], type, z: TAB, x: 300, y: 100 + 80 * index, ...DEFAULTS[type], connection: CONNECTION },
    ...('interval' in (DEFAULTS[type] ?? {}) ? { interval: 0 } : {}),
    wires: WITH_EVENTS.includes(type) ? [[], []] : [[]],
  }));
  return [{ id: TAB, type: 'tab', label: 'Battery' }, connectionWith(connection), ...nodes];
}
