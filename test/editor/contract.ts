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

export const QUERIES = ['pace-bms-analog', 'pace-bms-warning', 'pace-bms-status'];
/** The nodes of the palette, as they are called there. */
export const PALETTE: Record<string, string> = {
  'pace-bms-analog': 'pace analog',
  'pace-bms-warning': 'pace warning',
  'pace-bms-status': 'pace status',
  'pace-bms-info': 'pace info',
  'pace-bms-homeassistant': 'pace home assistant',
};
