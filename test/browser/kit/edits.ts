import type { Value } from './dialog.js';
import type { NodeType } from './flow.js';

/** What is written into a field: what is wrong there, if anything can be, and what is right and not the default. */
export type Edit = [property: string, wrong: string | null, right: Value];

const NAMES: Edit[] = [
  ['topic', 'a/#', 'home/battery'],
  ['padPacks', '10', '2'],
];
const CELLS: Edit = ['padCells', '1.5', '3'];
const QUERY: Edit[] = [
  ['name', null, 'roof'],
  ['packs', '4-3', '1,3-4'],
  ['interval', 'abc', '2.5'],
  ['output', null, 'bank'],
  ...NAMES,
  CELLS,
  ['onlyChanges', null, true],
  ['staleAfter', '0', '60'],
  ['includeRaw', null, true],
];
/** Every property of every node of the palette, but its connection. */
export const EDITS: Record<NodeType, Edit[]> = {
  'pace-bms-analog': [...QUERY, ['packOffset', '3', '20']],
  'pace-bms-warning': QUERY,
  'pace-bms-status': QUERY,
  'pace-bms-info': [['name', null, 'who'], ['interval', '-1', '3600'], ['output', null, 'value'], ...NAMES],
  'pace-bms-homeassistant': [
    ['name', null, 'house'],
    ['layout', null, 'bmspace'],
    ['deviceName', null, 'Garage 2'],
    ['perCellEntities', null, false],
    ['expireAfter', '0.5', '90'],
    ['discoveryPrefix', 'two words', 'ha'],
    ['retainDiscovery', null, true],
    ...NAMES,
    CELLS,
  ],
  'pace-bms-limits': [
    ['name', null, 'inverter'],
    ['topic', 'a/#', 'home/battery'],
    ['maxChargeCurrent', '10001', '100'],
    ['maxDischargeCurrent', '', '120.5'],
    ['bankMaxChargeCurrent', '-1', '180'],
    ['bankMaxDischargeCurrent', '5 A', `\${FUSE}`],
    ['ceilingVoltage', '3.4', '3.6'],
    ['absorptionVoltage', '3.3', '3.5'],
    ['floatVoltage', '2.8', '3.35'],
    ['minVoltage', 'x', '3'],
    ['cellsInSeries', '33', '15'],
    ['absorptionTime', '86401', '1800'],
    ['balanceDelta', '10', '0.02'],
    ['rebulkSoc', '101', '90'],
    ['holdTime', '3601', '60'],
    ['rampCurrent', '0', '2.5'],
    ['rampVoltage', '11', '0.002'],
    ['staleAfter', '0', '45'],
    ['onStale', null, 'hold30min'],
  ],
};
/** Of a connection, by its line and mode, with the fields that both bring. */
export const CONNECTION_EDITS: [transport: string, addressing: string, edits: Edit[]][] = [
  [
    'serial',
    'addressed',
    [
      ['serialPort', ' ', '/dev/ttyUSB0'],
      ['baudRate', '49', '19200'],
      ['addresses', '4-3', '1-4,7'],
    ],
  ],
  [
    'tcp',
    'relay',
    [
      ['host', 'two words', '127.0.0.1'],
      ['port', '65536', `\${BATTERY_PORT}`],
      ['address', '256', '2'],
      ['addresses', 'x', '0-254'],
    ],
  ],
  [
    'simulator',
    'master',
    [
      ['simPacks', '17', '3'],
      ['simCells', null, '8'],
      ['simScenario', null, 'idle'],
      ['address', '1.5', '3'],
    ],
  ],
];
/** Those of any line and mode. */
export const ALWAYS: Edit[] = [
  ['name', null, 'Shed'],
  ['timeout', '9', '3000'],
  ['spacing', '-1', '0'],
  ['retries', '11', '0'],
  ['debugLevel', null, '3'],
];
