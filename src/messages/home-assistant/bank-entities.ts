import { worstLevel } from '../../battery/alarms.js';
import {
  type AnalogSummary,
  type CellOfBank,
  type PackOf,
  type StatusSummary,
  summariseAnalog,
  summariseStatus,
} from '../../battery/bank-summary.js';
import type { BmsIdentity } from '../../battery/identity.js';
import { bmsStateOfCharge, bmsStateOfHealth } from '../info.js';
import { cellName, type Naming, packName } from '../names.js';
import { ampHours, amps, degrees, orNull, volts, watts } from '../numbers.js';
import { bankAlarmText } from '../warning.js';
import { diagnostic, type Entity, KINDS, main, onOff, stateText } from './entity.js';
import type { QueryName, Readings } from './incoming.js';
import { capacityEntities, cellRangeEntities } from './pack-entities.js';

/** What a bank's entities are made from, by query. */
export interface BankSources {
  analog: AnalogSummary & { packCount: number; onlineCount: number };
  warning: readonly PackOf<Readings['warning']>[];
  status: StatusSummary;
}

/** The packs of a bank that are online, at least one, among `packCount`, as its entities want them. */
export const BANK_SOURCES: {
  [Query in QueryName]: (online: readonly PackOf<Readings[Query]>[], packCount: number) => BankSources[Query];
} = {
  analog: (online, packCount) => ({ ...summariseAnalog(online), packCount, onlineCount: online.length }),
  warning: (online) => online,
  status: (online) => summariseStatus(online),
};

function measurements(naming: Naming): Entity<BankSources['analog']>[] {
  const place = ({ pack, number }: CellOfBank) => `${packName(pack, naming)}/${cellName(number, naming)}`;
  return [
    ...capacityEntities((summary: BankSources['analog']) => summary),
    main('voltage', 'Voltage', KINDS.packVoltage, ({ millivolts }) => volts(millivolts)),
    main('current', 'Current', KINDS.current, ({ currentMilliamps }) => amps(currentMilliamps)),
    main('power', 'Power', KINDS.power, (bank) => watts(bank.powerMilliwatts)),
    ...cellRangeEntities(({ cells }: BankSources['analog']) => cells),
    diagnostic('cell_min_place', 'Lowest cell is', KINDS.text, ({ cells }) => cells && place(cells.lowest)),
    diagnostic('cell_max_place', 'Highest cell is', KINDS.text, ({ cells }) => cells && place(cells.highest)),
    main(
      'temperature_min',
      'Lowest temperature',
      KINDS.temperature,
      ({ temperatures }) => temperatures && degrees(temperatures.lowest.value),
    ),
    main(
      'temperature_max',
      'Highest temperature',
      KINDS.temperature,
      ({ temperatures }) => temperatures && degrees(temperatures.highest.value),
    ),
    diagnostic('packs', 'Packs', KINDS.count, ({ packCount }) => packCount),
    diagnostic('packs_online', 'Packs online', KINDS.count, ({ onlineCount }) => onlineCount),
  ];
}

const alarmsOf = (packs: BankSources['warning']) => packs.flatMap(({ reading }) => reading.alarms);

const alarms = (naming: Naming): Entity<BankSources['warning']>[] => [
  main('problem', 'Problem', KINDS.problem, (packs) => onOff(alarmsOf(packs).length > 0)),
  main('alarm_level', 'Alarm level', KINDS.alarmLevel, (packs) => worstLevel(alarmsOf(packs))),
  main('alarms', 'Alarms', KINDS.text, (packs) => stateText(bankAlarmText(packs, naming))),
];

const STATES: readonly Entity<BankSources['status']>[] = [
  main('mode', 'Mode', KINDS.bankMode, ({ mode }) => mode),
  diagnostic('charge_mosfet', 'Charge MOSFETs', KINDS.state, ({ chargeMosfet }) => onOff(chargeMosfet)),
  diagnostic('discharge_mosfet', 'Discharge MOSFETs', KINDS.state, ({ dischargeMosfet }) => onOff(dischargeMosfet)),
  diagnostic('fully_charged', 'Fully charged', KINDS.state, ({ fullyCharged }) => onOff(fullyCharged)),
  diagnostic('balancing', 'Balancing', KINDS.state, ({ balancingCells }) => onOff(balancingCells.length > 0)),
];

/** The entities that each query's readings give a bank. */
export type BankEntities = { [Query in QueryName]: readonly Entity<BankSources[Query]>[] };

/** All entities of a bank, by the query that reads them. */
export function bankEntities(naming: Naming): BankEntities {
  return { analog: measurements(naming), warning: alarms(naming), status: STATES };
}

const capacity = (key: string, name: string, of: (identity: BmsIdentity) => number | null) =>
  diagnostic(key, name, KINDS.capacity, (identity: BmsIdentity) => orNull(of(identity), ampHours));

/** What the BMS asked tells of the one pack it is attached to. */
export const BMS_ENTITIES: readonly Entity<BmsIdentity>[] = [
  capacity('bms_remaining_capacity', 'BMS remaining capacity', (identity) => identity.remainingMilliampHours),
  capacity('bms_full_capacity', 'BMS full capacity', (identity) => identity.fullMilliampHours),
  capacity('bms_design_capacity', 'BMS design capacity', (identity) => identity.designMilliampHours),
  diagnostic('bms_soc', 'BMS state of charge', KINDS.charge, bmsStateOfCharge),
  diagnostic('bms_soh', 'BMS state of health', KINDS.health, bmsStateOfHealth),
];
