import { cellName, type Naming, packName, temperatureName } from '../names.js';
import { KINDS, type Kind } from './entity.js';
import type { QueryName } from './incoming.js';
import { cellKey, type PackStructure, sensorEntity } from './pack-entities.js';

/** An entity of bmspace dev (`bmspace.md`, discovery). */
export interface BmspaceEntity {
  query: QueryName | 'info';
  name: string;
  /** The end of its unique id. */
  id: string;
  /** Where its state is told, below the base topic. */
  topic: string;
  kind: Kind;
  /** The key of the entity that goes on from it in the device layout; null for none. */
  successor: string | null;
}

const millivolts: Kind = { ...KINDS.cellVoltage, unit: 'mV', precision: 0 };
const milliampHours: Kind = { ...KINDS.capacity, unit: 'mAh', precision: 0 };

type Row = readonly [query: QueryName, name: string, leaf: string, kind: Kind, successor: string | null];

/** What every pack has, after its cells and sensors; the leaf ends the unique id too. */
const PACK_ROWS: readonly Row[] = [
  ['analog', 'Current', 'i_pack', KINDS.current, 'current'],
  ['analog', 'Voltage', 'v_pack', KINDS.packVoltage, 'voltage'],
  ['analog', 'Remaining Capacity', 'i_remain_cap', milliampHours, 'remaining_capacity'],
  ['analog', 'State of Health', 'soh', KINDS.health, 'soh'],
  ['analog', 'Cycles', 'cycles', KINDS.cycles, 'cycles'],
  ['analog', 'Full Capacity', 'i_full_cap', milliampHours, 'full_capacity'],
  ['analog', 'Design Capacity', 'i_design_cap', milliampHours, 'design_capacity'],
  ['analog', 'State of Charge', 'soc', KINDS.charge, 'soc'],
  ['warning', 'Warnings', 'warnings', KINDS.text, 'alarms'],
  ['status', 'Balancing1', 'balancing1', KINDS.text, null],
  ['status', 'Balancing2', 'balancing2', KINDS.text, null],
  ['warning', 'Protection Short Circuit', 'prot_short_circuit', KINDS.problem, 'short_circuit'],
  ['warning', 'Protection Discharge Current', 'prot_discharge_current', KINDS.problem, 'discharge_over_current'],
  ['warning', 'Protection Charge Current', 'prot_charge_current', KINDS.problem, 'charge_over_current'],
  ['status', 'Current Limit', 'current_limit', KINDS.state, 'charge_limiter'],
  ['status', 'Charge FET', 'charge_fet', KINDS.state, 'charge_mosfet'],
  ['status', 'Discharge FET', 'discharge_fet', KINDS.state, 'discharge_mosfet'],
  ['status', 'Pack Indicate', 'pack_indicate', KINDS.state, 'pack_supplying'],
  ['status', 'Reverse', 'reverse', KINDS.problem, 'charger_reversed'],
  ['status', 'AC In', 'ac_in', KINDS.state, 'ac_in'],
  ['status', 'Heart', 'heart', KINDS.state, 'heater'],
  ['analog', 'Cell Max Volt Diff', 'cells_max_diff_calc', millivolts, 'cell_delta'],
];

/** All entities of a pack; `structure` is null where its cells and sensors are not known. */
export function bmspacePackEntities(pack: number, structure: PackStructure | null, naming: Naming): BmspaceEntity[] {
  const name = packName(pack, naming);
  const entity = (query: QueryName, label: string, id: string, leaf: string, kind: Kind, successor: string | null) => ({
    query,
    name: `${name.replace('pack_', 'Pack ')} ${label}`,
    id: `${name}_${id}`,
    topic: `${name}/${leaf}`,
    kind,
    successor,
  });
  const { cellCount, sensors } = structure ?? { cellCount: 0, sensors: [] };
  const cells = Array.from({ length: cellCount }, (_, i) => {
    const cell = cellName(i + 1, naming);
    const label = `${cell.replace('cell_', 'Cell ')} Voltage`;
    return entity('analog', label, `v_${cell}`, `v_cells/${cell}`, millivolts, cellKey(i + 1));
  });
  const temperatures = sensors.flatMap((isFitted, i) => {
    const sensor = temperatureName(i + 1);
    const [successor] = sensorEntity(i + 1, sensors.length);
    const label = `Temperature ${i + 1}`;
    return isFitted ? [entity('analog', label, sensor, `temps/${sensor}`, KINDS.temperature, successor)] : [];
  });
  return [
    ...cells,
    ...temperatures,
    ...PACK_ROWS.map(([query, label, leaf, kind, successor]) => entity(query, label, leaf, leaf, kind, successor)),
  ];
}

const ofBms = (name: string, id: string, topic: string, kind: Kind, successor: string): BmspaceEntity => ({
  query: 'info',
  ...{ name, id, topic, kind, successor },
});

/** What the BMS asked tells of the pack it is attached to. */
export const BMSPACE_BMS_ENTITIES: readonly BmspaceEntity[] = [
  ofBms('Pack Remaining Capacity', 'pack_i_remain_cap', 'pack_remain_cap', milliampHours, 'bms_remaining_capacity'),
  ofBms('Pack Full Capacity', 'pack_i_full_cap', 'pack_full_cap', milliampHours, 'bms_full_capacity'),
  ofBms('Pack Design Capacity', 'pack_i_design_cap', 'pack_design_cap', milliampHours, 'bms_design_capacity'),
  ofBms('Pack State of Charge', 'pack_soc', 'pack_soc', KINDS.charge, 'bms_soc'),
  ofBms('Pack State of Health', 'pack_soh', 'pack_soh', KINDS.health, 'bms_soh'),
];
