import { type PackOf, summariseStatus } from '../battery/bank-summary.js';
import type { StatusReading } from '../battery/status.js';
import { cellName, type Naming, packName } from './names.js';
import { bit, type QueryShape, type Value } from './shape.js';

function pack({ balancingCells, settings, ...states }: StatusReading, naming: Naming): object {
  const cells = balancingCells.map((cell) => cellName(cell, naming));
  return { ...states, balancing: { active: cells.length > 0, cells }, settings };
}

function bank(packs: readonly PackOf<StatusReading>[], naming: Naming): object {
  const { balancingCells, ...states } = summariseStatus(packs);
  const cells = balancingCells.map((entry) => `${packName(entry.pack, naming)}/${cellName(entry.cell, naming)}`);
  return { ...states, balancing: { active: cells.length > 0, cells } };
}

/** Eight cells from `first` on as bmspace writes them: the highest first, 1 for a cell that is balanced. */
function balancingBits(balancingCells: readonly number[], first: number): string {
  return Array.from({ length: 8 }, (_, i) => bit(balancingCells.includes(first + 7 - i))).join('');
}

function values(reading: StatusReading): Value[] {
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
  deadBank: { mode: null, fullyCharged: null, chargeMosfet: null, dischargeMosfet: null, balancing: null },
  values,
  glance,
};
