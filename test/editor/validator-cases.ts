import { connectionSettings } from '../../nodes/shared/connection-settings.js';
import { homeAssistantSettings } from '../../nodes/shared/home-assistant-settings.js';
import { infoSettings } from '../../nodes/shared/info-settings.js';
import { limitsSettings } from '../../nodes/shared/limits-settings.js';
import { querySettings } from '../../nodes/shared/query-settings.js';
import type { Property } from './editor-files.js';

/** A value that comes from the environment. */
const env = (name: string): string => `\${${name}}`;

/** What a validator takes and refuses, with what else must be set for the field to count. */
export interface Cases {
  with?: Record<string, Property>;
  takes: unknown[];
  refuses: unknown[];
}
const CONNECTION_CASES: Record<string, Cases[]> = {
  transport: [{ takes: ['serial', 'tcp', 'simulator'], refuses: ['', 'usb'] }],
  serialPort: [
    { takes: ['/dev/ttyUSB0', 'COM3', env('BATTERY_PORT')], refuses: ['', '  ', `/dev/${env('BATTERY_PORT')}`] },
    { with: { transport: 'tcp' }, takes: [''], refuses: [] },
  ],
  baudRate: [
    { takes: [9600, '9600', '250000', env('BAUD')], refuses: ['', 'abc', '0', '49', '-9600', '96.5', 4000001] },
    { with: { transport: 'simulator' }, takes: ['abc'], refuses: [] },
  ],
  host: [
    {
      with: { transport: 'tcp' },
      takes: ['192.168.1.50', 'battery.local', '::1', env('HOST')],
      refuses: ['', ' ', 'two words'],
    },
    { takes: [''], refuses: [] },
  ],
  port: [
    { with: { transport: 'tcp' }, takes: [1, '5000', 65535, env('PORT')], refuses: ['', 0, 65536, 'http'] },
    { takes: ['abc'], refuses: [] },
  ],
  dialect: [{ takes: ['pace25'], refuses: ['', 'morse'] }],
  addressing: [{ takes: ['master', 'addressed', 'relay'], refuses: ['', 'slave'] }],
  address: [
    { takes: [0, '1', 255, env('ADDRESS')], refuses: ['', -1, 256, '1.5', '1-2'] },
    { with: { addressing: 'addressed' }, takes: ['abc'], refuses: [] },
  ],
  addresses: [
    {
      with: { addressing: 'addressed' },
      takes: ['1', '1-4,7', '0-254', '1, 3 - 4', 2, env('PACKS')],
      refuses: ['', 'x', '4-3', '255', '1-', ',1', '1;2'],
    },
    { with: { addressing: 'relay' }, takes: ['1-4'], refuses: ['x'] },
    { takes: ['x'], refuses: [] },
  ],
  timeout: [{ takes: [10, '1000', 60000, env('TIMEOUT')], refuses: ['', 9, 60001, '1e3', 'abc'] }],
  spacing: [{ takes: [0, '200', 60000, env('SPACING')], refuses: ['', -1, 60001, '0.5'] }],
  retries: [{ takes: [0, '2', 10, env('RETRIES')], refuses: ['', -1, 11, 'some'] }],
  debugLevel: [{ takes: [0, '1', 2, '3'], refuses: ['', 4, -1] }],
  simPacks: [
    { with: { transport: 'simulator' }, takes: [1, '16', env('PACKS')], refuses: ['', 0, 17] },
    { takes: ['abc'], refuses: [] },
  ],
  simCells: [{ with: { transport: 'simulator' }, takes: [8, '13', 14, 15, '16'], refuses: ['', 12, 17] }],
  simScenario: [
    {
      with: { transport: 'simulator' },
      takes: ['solar-day', 'idle', 'full', 'low', 'alarms', 'missing-pack'],
      refuses: ['', 'fire'],
    },
  ],
};
const QUERY_CASES: Record<string, Cases[]> = {
  packs: [
    {
      takes: ['', '1', '1,3-4', ' 1, 3 - 4 ', '0-255', 2, env('PACKS')],
      refuses: ['x', '4-3', '256', '1,', '1..3', '-1'],
    },
  ],
  interval: [
    {
      takes: [0, '0', 5, '0.05', '.5', 86400, env('EVERY')],
      refuses: ['', 'abc', '0.04', 86401, -1, '5 s', `${env('EVERY')} s`],
    },
  ],
  output: [{ takes: ['pack', 'bank', 'value'], refuses: ['', 'all'] }],
  topic: [
    { takes: ['', 'pace', '/a/b/', 'übrig', env('TOPIC')], refuses: ['a/#', '+/pace', 'a\0b', `${env('TOPIC')}/a`] },
  ],
  padPacks: [{ takes: [0, '2', 9, env('PAD')], refuses: ['', 10, -1, '1.5', 'x'] }],
  padCells: [{ takes: [0, '2', 9, env('PAD')], refuses: ['', 10, -1, '1.5', 'x'] }],
  onlyChanges: [{ takes: [true, false], refuses: ['', 'maybe'] }],
  staleAfter: [{ takes: ['', '0.5', 60, env('STALE')], refuses: [0, '0.04', -1, 'abc'] }],
  includeRaw: [{ takes: [true, false], refuses: ['', 'maybe'] }],
};
const OFFSET_CASES: Cases[] = [
  { takes: ['', 0, '0', 2, '20', 80, env('OFFSET')], refuses: [1, 3, 81, 82, -2, '2.0', 'x'] },
];

const INFO_CASES: Record<string, Cases[]> = {
  interval: QUERY_CASES.interval as Cases[],
  output: [{ takes: ['bank', 'value'], refuses: ['', 'pack'] }],
  topic: QUERY_CASES.topic as Cases[],
  padPacks: QUERY_CASES.padPacks as Cases[],
};

const HOME_ASSISTANT_CASES: Record<string, Cases[]> = {
  topic: [...(QUERY_CASES.topic as Cases[]), { takes: ['a/b c'], refuses: ['a\nb', 'a\u007fb'] }],
  discoveryPrefix: [
    {
      takes: ['homeassistant', '/home/assistant/', ' ha ', env('PREFIX')],
      refuses: ['', ' ', '/', 'two words', 'ha/#', '+/ha', 'h\0a', 'h\u007fa', `${env('PREFIX')}/ha`],
    },
  ],
  layout: [{ takes: ['device', 'bmspace'], refuses: ['', 'json'] }],
  deviceName: [{ takes: ['', 'Garage 2', 7, 'Größe + #1', env('BANK')], refuses: [`${env('BANK')} 2`] }],
  padPacks: QUERY_CASES.padPacks as Cases[],
  padCells: QUERY_CASES.padCells as Cases[],
  expireAfter: [
    { takes: ['', 0, '0', 1, '90', 31_536_000, env('EXPIRE')], refuses: ['0.5', -1, 31_536_001, 'abc', '90 s'] },
  ],
  perCellEntities: [{ takes: [true, false], refuses: ['', 'maybe'] }],
  retainDiscovery: [{ takes: [true, false], refuses: ['', 'maybe'] }],
};

const AMPS: Cases = { takes: [0, '0.5', 50, 10000, env('AMPS')], refuses: [-1, 10001, 'abc', '5 A', '1e3'] };
/** Two rows of two columns. */
const ROWS = [
  [3.4, 100],
  ['3.5', '0.5'],
];
const LIMITS_CASES: Record<string, Cases[]> = {
  cellsInSeries: [{ takes: ['', 1, '16', 32, env('CELLS')], refuses: [0, 33, '15.5', 'x'] }],
  maxChargeCurrent: [AMPS, { takes: [], refuses: [''] }],
  maxDischargeCurrent: [AMPS, { takes: [], refuses: [''] }],
  bankMaxChargeCurrent: [AMPS, { takes: [''], refuses: [] }],
  bankMaxDischargeCurrent: [AMPS, { takes: [''], refuses: [] }],
  minVoltage: [{ takes: [1, '2.9', 3.375, env('VOLTS')], refuses: ['', 0.99, 5.01, '2,9', 'x'] }],
  floatVoltage: [
    { takes: [2.9, '3.375', 3.45, env('VOLTS')], refuses: ['', 2.899, 5.01, 'x'] },
    { with: { minVoltage: 3.3 }, takes: [3.3], refuses: [3.299] },
    { with: { minVoltage: undefined }, takes: [2.9], refuses: [2.899] },
    { with: { minVoltage: env('VOLTS') }, takes: [env('MORE_VOLTS')], refuses: [0.9] },
  ],
  absorptionVoltage: [
    { takes: [3.375, '3.45', 3.65, env('VOLTS')], refuses: ['', 3.374, 5.01, 'x'] },
    { with: { floatVoltage: env('VOLTS') }, takes: [env('MORE_VOLTS')], refuses: [2.899] },
    { with: { floatVoltage: 'x' }, takes: [env('VOLTS')], refuses: [2.899] },
  ],
  ceilingVoltage: [
    { takes: [3.45, '3.65', 5, env('VOLTS')], refuses: ['', 3.449, 5.01, 'x'] },
    { with: { absorptionVoltage: '3.6' }, takes: ['3.6'], refuses: ['3.59'] },
  ],
  absorptionTime: [{ takes: [0, '900', 86400, env('TIME')], refuses: ['', -1, 86401, '15 min'] }],
  rebulkSoc: [{ takes: [0, '80', 99.5, 100, env('SOC')], refuses: ['', -1, 101, '80%'] }],
  balanceDelta: [{ takes: [0.001, '0.01', 0.1, env('DELTA')], refuses: ['', 0, 0.0009, 0.11, 10] }],
  curves: [
    {
      takes: [
        {},
        { chargeByCell: [], bySoc: null },
        { chargeByCell: ROWS, dischargeByTemperature: [...ROWS, [-10.5, 0]] },
        { bySoc: [...ROWS.map((row) => [...row, 100]), [0, 0, 0]] },
        env('CURVES'),
      ],
      refuses: [
        '',
        'abc',
        7,
        [],
        { chargeByCells: ROWS },
        { chargeByCell: 'x' },
        { chargeByCell: [[3.4, 100]] },
        { chargeByCell: [...ROWS, [3.4, 50]] },
        { chargeByCell: [...ROWS, ['3.40', 50]] },
        { chargeByCell: [...ROWS, [3.6, 101]] },
        { chargeByCell: [...ROWS, [3.6, -1]] },
        { chargeByCell: [...ROWS, ['', 50]] },
        { chargeByCell: [...ROWS, [3.6, null]] },
        { chargeByCell: [...ROWS, [3.6]] },
        { chargeByCell: [...ROWS, null] },
        { chargeByCell: [...ROWS, 3.6] },
        { bySoc: ROWS },
      ],
    },
  ],
  holdTime: [{ takes: [0, '30', 3600, env('TIME')], refuses: ['', -1, 3601, 'x'] }],
  rampCurrent: [{ takes: [0.01, '5', 10000, env('RAMP')], refuses: ['', 0, 0.009, 10001] }],
  rampVoltage: [{ takes: [0.0001, '0.001', 10, env('RAMP')], refuses: ['', 0, 0.00009, 10.1] }],
  staleAfter: [{ takes: [1, '30', 3600, env('STALE')], refuses: ['', 0, 0.9, 3601] }],
  onStale: [{ takes: ['zero', 'hold30min', env('STALE')], refuses: ['', 'hold'] }],
  topic: QUERY_CASES.topic as Cases[],
};

/** What the runtime makes of a node's properties. */
export const settingsOf = (type: string, raw: Record<string, unknown>): unknown => {
  if (type === 'pace-bms-connection') return connectionSettings(raw, 'test');
  if (type === 'pace-bms-homeassistant') return homeAssistantSettings(raw, 'test');
  if (type === 'pace-bms-limits') return limitsSettings(raw);
  return type === 'pace-bms-info' ? infoSettings(raw) : querySettings(raw);
};

const CASES: Record<string, Record<string, Cases[]>> = {
  'pace-bms-connection': CONNECTION_CASES,
  'pace-bms-analog': { ...QUERY_CASES, packOffset: OFFSET_CASES },
  'pace-bms-warning': QUERY_CASES,
  'pace-bms-status': QUERY_CASES,
  'pace-bms-info': INFO_CASES,
  'pace-bms-homeassistant': HOME_ASSISTANT_CASES,
  'pace-bms-limits': LIMITS_CASES,
};
/** What the validators of a node must take and refuse, by property. */
export const casesOf = (type: string) => CASES[type] as Record<string, Cases[]>;
