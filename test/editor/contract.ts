import type { Property } from './editor-files.js';

/** The contract's properties and defaults. */
export const DEFAULTS: Record<string, Record<string, Property>> = {
  'pace-bms-connection': {
    name: '',
    transport: 'serial',
    serialPort: '',
    baudRate: 9600,
    host: '',
    port: 5000,
    dialect: 'pace25',
    addressing: 'master',
    address: 1,
    addresses: '1',
    timeout: 1000,
    spacing: 200,
    retries: 2,
    debugLevel: 0,
    simPacks: 2,
    simCells: 16,
    simScenario: 'solar-day',
  },
  'pace-bms-analog': {
    name: '',
    connection: '',
    packs: '',
    interval: 5,
    output: 'pack',
    topic: 'pace',
    padPacks: 0,
    padCells: 0,
    packOffset: '',
    onlyChanges: false,
    staleAfter: '',
    includeRaw: false,
  },
};
const { packOffset: _analogOnly, ...ofEveryQuery } = DEFAULTS['pace-bms-analog'] as Record<string, Property>;
DEFAULTS['pace-bms-warning'] = ofEveryQuery;
DEFAULTS['pace-bms-status'] = ofEveryQuery;
DEFAULTS['pace-bms-info'] = { name: '', connection: '', interval: 0, output: 'bank', topic: 'pace', padPacks: 0 };
DEFAULTS['pace-bms-homeassistant'] = {
  name: '',
  connection: '',
  topic: 'pace',
  discoveryPrefix: 'homeassistant',
  layout: 'device',
  deviceName: '',
  padPacks: 0,
  padCells: 0,
  expireAfter: '',
  perCellEntities: true,
  retainDiscovery: false,
};
const TEMPERATURES = [
  [5, 50],
  [10, 100],
  [40, 100],
  [45, 50],
  [50, 25],
  [55, 0],
];
DEFAULTS['pace-bms-limits'] = {
  name: '',
  connection: '',
  cellsInSeries: '',
  maxChargeCurrent: 50,
  maxDischargeCurrent: 60,
  bankMaxChargeCurrent: '',
  bankMaxDischargeCurrent: '',
  absorptionVoltage: 3.45,
  floatVoltage: 3.375,
  minVoltage: 2.9,
  ceilingVoltage: 3.65,
  absorptionTime: 900,
  rebulkSoc: 80,
  balanceDelta: 0.01,
  curves: {
    chargeByCell: [
      [3.375, 100],
      [3.4, 25],
      [3.425, 5],
      [3.45, 0.5],
      [3.5, 0],
    ],
    dischargeByCell: [
      [2.8, 0],
      [2.9, 0.5],
      [3, 5],
      [3.1, 25],
      [3.19, 100],
    ],
    chargeByTemperature: [[0, 0], [2, 25], ...TEMPERATURES],
    dischargeByTemperature: [[-10, 0], [0, 25], ...TEMPERATURES],
    byMosfetTemperature: [
      [70, 100],
      [80, 25],
      [90, 0],
    ],
    bySoc: [],
  },
  holdTime: 30,
  rampCurrent: 5,
  rampVoltage: 0.001,
  staleAfter: 30,
  onStale: 'zero',
  topic: 'pace',
};

/** Properties that have no field, but a piece of the dialog of their own. */
export const WITHOUT_FIELD = ['curves'];
export const QUERIES = ['pace-bms-analog', 'pace-bms-warning', 'pace-bms-status'];
/** The nodes with a second output, of events. */
export const WITH_EVENTS = ['pace-bms-warning', 'pace-bms-limits'];
/** The nodes of the palette, as they are called there. */
export const PALETTE: Record<string, string> = {
  'pace-bms-analog': 'pace analog',
  'pace-bms-warning': 'pace warning',
  'pace-bms-status': 'pace status',
  'pace-bms-info': 'pace info',
  'pace-bms-homeassistant': 'pace home assistant',
  'pace-bms-limits': 'pace limits',
};
