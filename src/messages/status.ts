import { type PackOf, summariseStatus } from '../battery/bank-summary.js';
import { PACK_MODES, type StatusReading } from '../battery/status.js';
import type { FieldTable, LeafTable, LeafValue, Payload } from './field-table.js';
import { cellName, type Naming, packName } from './names.js';
import { bit, type QueryShape } from './shape.js';

/** What a pack's payload holds after `lastSeen`. */
export const STATUS_PACK = {
  mode: { is: 'string', oneOf: PACK_MODES, about: 'what the pack does' },
  fullyCharged: { is: 'boolean', about: 'the BMS takes the pack for full' },
  chargeMosfet: { is: 'boolean', about: 'the charge switch is on' },
  dischargeMosfet: { is: 'boolean', about: 'the discharge switch is on' },
  chargeCurrentLimiter: { is: 'boolean', about: 'the BMS holds the charge current down' },
  chargerReversed: { is: 'boolean', about: 'charger or terminals are connected the wrong way round; also an alarm' },
  packSupplying: { is: 'boolean', about: 'the pack supplies current' },
  acIn: { is: 'boolean', about: 'a charger or AC is present; seen on packs that are being charged' },
  heater: { is: 'boolean', about: 'the heating film is on' },
  shutdown: { is: 'boolean', about: 'the pack reports that it is shut down' },
  balancing: {
    is: 'object',
    of: {
      active: { is: 'boolean', about: 'at least one cell is being balanced' },
      cells: { is: 'list', of: 'string', about: 'those cells, such as `cell_4`' },
    },
    about: 'balancing of the cells',
  },
  settings: {
    is: 'object',
    of: {
      buzzerAlarm: { is: 'boolean', about: 'the buzzer sounds at an alarm' },
      ledAlarm: { is: 'boolean', about: 'the LED shows alarms' },
      chargeLimiter: { is: 'boolean', about: 'the charge current limiter is enabled' },
      chargeLimiterGear: { is: 'string', oneOf: ['high', 'low'], about: 'step of the charge current limiter' },
      chargeMosfetForcedOff: { is: 'boolean', about: 'the charge switch was switched off by command' },
      dischargeMosfetForcedOff: { is: 'boolean', about: 'the discharge switch was switched off by command' },
      systemLock: { is: 'boolean', about: 'the system lock is enabled' },
      testMode: { is: 'boolean', about: 'the BMS is in test mode' },
    },
    about: 'settings of the pack',
  },
} as const satisfies FieldTable;

/** What a bank's summary holds after its counts. */
export const STATUS_BANK = {
  mode: { is: 'string', oneOf: [...PACK_MODES, 'mixed'], about: 'what the packs do, `mixed` where they differ' },
  fullyCharged: { is: 'boolean', about: 'true when every online pack is full' },
  chargeMosfet: { is: 'boolean', about: 'true when on in every online pack' },
  dischargeMosfet: { is: 'boolean', about: 'true when on in every online pack' },
  balancing: {
    is: 'object',
    of: {
      active: { is: 'boolean', about: 'at least one cell of any pack is being balanced' },
      cells: { is: 'list', of: 'string', about: 'those cells, such as `pack_1/cell_4`' },
    },
    about: 'balancing of the cells',
  },
} as const satisfies FieldTable;

/** A pack's values, by the topics of bmspace (`bmspace.md` 1c). */
export const STATUS_VALUES = {
  balancing1: { is: 'string', about: 'cells 1 to 8 as 8 bits, cell 8 first; 1 for a cell that is being balanced' },
  balancing2: { is: 'string', about: 'cells 9 to 16 in the same way, cell 16 first' },
  fully: { is: 'number', about: '1 while fully charged, else 0' },
  current_limit: { is: 'number', about: '1 while the BMS holds the charge current down, else 0' },
  charge_fet: { is: 'number', about: '1 while the charge switch is on, else 0' },
  discharge_fet: { is: 'number', about: '1 while the discharge switch is on, else 0' },
  pack_indicate: { is: 'number', about: '1 while the pack supplies current, else 0' },
  reverse: { is: 'number', about: '1 while charger or terminals are connected the wrong way round, else 0' },
  ac_in: { is: 'number', about: '1 while a charger or AC is present, else 0' },
  heart: { is: 'number', about: '1 while the heating film is on, else 0 (bmspace’s spelling)' },
} as const satisfies LeafTable;

function pack({ balancingCells, settings, ...states }: StatusReading, naming: Naming): Payload<typeof STATUS_PACK> {
  const cells = balancingCells.map((cell) => cellName(cell, naming));
  return { ...states, balancing: { active: cells.length > 0, cells }, settings: { ...settings } };
}

function bank(packs: readonly PackOf<StatusReading>[], naming: Naming): Payload<typeof STATUS_BANK> {
  const { balancingCells, ...states } = summariseStatus(packs);
  const cells = balancingCells.map((entry) => `${packName(entry.pack, naming)}/${cellName(entry.cell, naming)}`);
  return { ...states, balancing: { active: cells.length > 0, cells } };
}

/** Eight cells from `first` on as bmspace writes them: the highest first, 1 for a cell that is balanced. */
function balancingBits(balancingCells: readonly number[], first: number): string {
  return Array.from({ length: 8 }, (_, i) => bit(balancingCells.includes(first + 7 - i))).join('');
}

function values(reading: StatusReading): LeafValue<typeof STATUS_VALUES, string | number>[] {
  return [
    ['balancing1', balancingBits(reading.balancingCells, 1)],
    ['balancing2', balancingBits(reading.balancingCells, 9)],
    ['fully', bit(reading.fullyCharged)],
    ['current_limit', bit(reading.chargeCurrentLimiter)],
    ['charge_fet', bit(reading.chargeMosfet)],
    ['discharge_fet', bit(reading.dischargeMosfet)],
    ['pack_indicate', bit(reading.packSupplying)],
    ['reverse', bit(reading.chargerReversed)],
    ['ac_in', bit(reading.acIn)],
    ['heart', bit(reading.heater)],
  ];
}

function glance(packs: readonly PackOf<StatusReading>[]): string {
  const { mode, chargeMosfet, dischargeMosfet, balancingCells } = summariseStatus(packs);
  const off = [...(chargeMosfet ? [] : ['charge']), ...(dischargeMosfet ? [] : ['discharge'])];
  if (off.length > 0) return `${mode} · ${off.join(', ')} off`;
  return balancingCells.length > 0 ? `${mode} · balancing ${balancingCells.length}` : `${mode} · MOSFETs on`;
}

/** MOSFETs, balancing, mode and settings (44), `pace-bms-status`. */
export const statusShape: QueryShape<StatusReading> = {
  query: 'status',
  pack,
  bank,
  deadBank: {
    ...{ mode: null, fullyCharged: null, chargeMosfet: null, dischargeMosfet: null, balancing: null },
  } satisfies Record<keyof typeof STATUS_BANK, null>,
  values,
  glance,
};
