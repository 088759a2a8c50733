import {
  type AlarmPack,
  type AnalogPack,
  alarmReply,
  analogReply,
  EMPTY_ALARM_SLOT,
  EMPTY_SLOT,
  frame,
} from '../nodes/kit/replies.js';
import { BASE } from './kit.js';

/*
 * What bmspace dev publishes (`bmspace.md` 1c), and what this package does where that differs. A row is the last part
 * of the topic, bmspace's text, and ours where it is another; null is no message at all. Besides the differences that are
 * meant (current, soc and soh, texts and serials, what is null) ours has no `.0` behind a whole number.
 */
type Row = readonly [leaf: string, bmspace: string | null, ours?: string | null];
/** A topic and its payload's text. */
export type Published = readonly [topic: string, payload: string];

/** A pack on the wire, and what is published of it. */
interface Specimen {
  analog: AnalogPack;
  alarms: AlarmPack;
  rows: readonly Row[];
  /** bmspace words it otherwise. */
  warnings: (cell: (number: number) => string) => string;
}

const CHARGING: Specimen = {
  analog: {
    cells: [3331, 3332, 3333, 3334, 3335, 3336, 3337, 3338, 3339, 3340, 3341, 3342, 3343, 3344, 3345, 3350],
    temperatures: [2941, 2942, 2951, 2961, 2980, 2930],
    current: 2550,
    remaining: 7001,
    full: 9900,
    design: 10_000,
  },
  alarms: { system: 0b0010_0110, balance1: 0b0000_1000, balance2: 0b1000_0001 },
  rows: [
    ['cells_max_diff_calc', '19'],
    ['temps/temp_1', '21.1'],
    ['temps/temp_2', '21.2'],
    ['temps/temp_3', '22.1'],
    ['temps/temp_4', '23.1'],
    ['temps/temp_5', '25.0', '25'],
    ['temps/temp_6', '20.0', '20'],
    ['i_pack', '25.5'],
    ['v_pack', '53.42'],
    ['i_remain_cap', '70010'],
    ['i_full_cap', '99000'],
    ['i_design_cap', '100000'],
    ['soc', '70.72'],
    ['soh', '99.0', '99'],
    ['balancing1', '00001000'],
    ['balancing2', '10000001'],
    ['prot_short_circuit', '0'],
    ['prot_discharge_current', '0'],
    ['prot_charge_current', '0'],
    ['fully', '0'],
    ['current_limit', '0'],
    ['charge_fet', '1'],
    ['discharge_fet', '1'],
    ['pack_indicate', '0'],
    ['reverse', '0'],
    ['ac_in', '1'],
    ['heart', '0'],
  ],
  warnings: () => '',
};

/** Its current is negative, one of its sensors is not fitted. */
const DISCHARGING: Specimen = {
  analog: {
    cells: [3204, 3204, 3204, 3204, 3204, 3204, 3204, 3204, 3210, 3210, 3210, 3210, 3210, 3210, 3210, 3199],
    temperatures: [2730, 2725, 2731, 2720, 2760, 0x8000],
    current: -1234,
    remaining: 1500,
    full: 10_000,
    design: 10_000,
  },
  alarms: {
    cells: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
    system: 0b0000_1110,
    warning2: 0b1000_0000,
  },
  rows: [
    ['cells_max_diff_calc', '11'],
    ['temps/temp_1', '0.0', '0'],
    ['temps/temp_2', '-0.5'],
    ['temps/temp_3', '0.1'],
    ['temps/temp_4', '-1.0', '-1'],
    ['temps/temp_5', '3.0', '3'],
    ['temps/temp_6', '3003.8', null],
    ['i_pack', '-12.33', '-12.34'],
    ['v_pack', '51.301'],
    ['i_remain_cap', '15000'],
    ['i_full_cap', '100000'],
    ['i_design_cap', '100000'],
    ['soc', '15.0', '15'],
    ['soh', '100.0', '100'],
    ['balancing1', '00000000'],
    ['balancing2', '00000000'],
    ['prot_short_circuit', '0'],
    ['prot_discharge_current', '0'],
    ['prot_charge_current', '0'],
    ['fully', '0'],
    ['current_limit', '0'],
    ['charge_fet', '1'],
    ['discharge_fet', '1'],
    ['pack_indicate', '1'],
    ['reverse', '0'],
    ['ac_in', '0'],
    ['heart', '0'],
  ],
  warnings: (cell) => `Battery low; ${cell(16)} below limit`,
};

/** Every flag is set, and there is a state of every kind. */
const ALARMED: Specimen = {
  analog: {
    cells: [3650, 3650, 3650, 3655, 3650, 3650, 3650, 3650, 3650, 3650, 3650, 3650, 3650, 3650, 3650, 3650],
    temperatures: [3230, 3235, 3231, 3232, 3330, 3180],
    current: -1,
    remaining: 10_050,
    full: 10_000,
    design: 9000,
  },
  alarms: {
    cells: [1, 2, 0, 0xf0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    temperatures: [2, 0, 0x85, 0, 0, 0],
    chargeCurrent: 2,
    packVoltage: 2,
    dischargeCurrent: 0xf0,
    protection1: 0xff,
    protection2: 0xff,
    system: 0xff,
    control: 0xff,
    fault: 0xff,
    balance1: 0xff,
    balance2: 0xff,
    warning1: 0xff,
    warning2: 0xff,
  },
  rows: [
    ['cells_max_diff_calc', '5'],
    ['temps/temp_1', '50.0', '50'],
    ['temps/temp_2', '50.5'],
    ['temps/temp_3', '50.1'],
    ['temps/temp_4', '50.2'],
    ['temps/temp_5', '60.0', '60'],
    ['temps/temp_6', '45.0', '45'],
    ['i_pack', '-0.0', '-0.01'],
    ['v_pack', '58.405'],
    ['i_remain_cap', '100500'],
    ['i_full_cap', '100000'],
    ['i_design_cap', '90000'],
    ['soc', '100.5', '100'],
    ['soh', '111.11', '100'],
    ['balancing1', '11111111'],
    ['balancing2', '11111111'],
    ['prot_short_circuit', '1'],
    ['prot_discharge_current', '1'],
    ['prot_charge_current', '1'],
    ['fully', '1'],
    ['current_limit', '1'],
    ['charge_fet', '1'],
    ['discharge_fet', '1'],
    ['pack_indicate', '1'],
    ['reverse', '1'],
    ['ac_in', '1'],
    ['heart', '1'],
  ],
  warnings: (cell) =>
    [
      'Charger/terminals connected reversed',
      'Charge MOSFET fault',
      'Discharge MOSFET fault',
      'Temperature sensor (NTC) fault',
      'Communication fault',
      'Cell fault',
      'Sampling chip fault',
      'Current limiter fault',
      'Heating film fault',
      `${cell(4)} other fault`,
      'Discharge current other fault',
      'Cell over-voltage protection',
      'Cell under-voltage protection',
      'Pack over-voltage protection',
      'Pack under-voltage protection',
      'Charge over-current protection',
      'Discharge over-current protection',
      'Short-circuit protection',
      'Charger voltage too high',
      'Cells too hot to charge',
      'Cells too hot to discharge',
      'Cells too cold to charge',
      'Cells too cold to discharge',
      'MOSFET too hot',
      'Environment too hot',
      'Environment too cold',
      'Cell voltage high',
      'Cell voltage low',
      'Pack voltage high',
      'Pack voltage low',
      'Charge current high',
      'Discharge current high',
      'Cells hot while charging',
      'Cells hot while discharging',
      'Cells cold while charging',
      'Cells cold while discharging',
      'Environment hot',
      'Environment cold',
      'MOSFET hot',
      'Battery low',
      `${cell(1)} below limit`,
      `${cell(2)} above limit`,
      'temp_1 above limit',
      'temp_3 state 0x85',
      'Charge current above limit',
      'Pack voltage above limit',
    ].join('; '),
};

/** It tells no capacities, and only a discharge MOSFET is on. */
const UNLEARNT: Specimen = {
  analog: {
    cells: Array(16).fill(3250),
    temperatures: [2870, 2871, 2872, 2873, 2874, 2875],
    current: 0,
    remaining: 0,
    full: 0,
    design: 0,
  },
  alarms: { system: 0b0000_0100, protection1: 0b0010_0000 },
  rows: [
    ['cells_max_diff_calc', '0'],
    ['temps/temp_1', '14.0', '14'],
    ['temps/temp_2', '14.1'],
    ['temps/temp_3', '14.2'],
    ['temps/temp_4', '14.3'],
    ['temps/temp_5', '14.4'],
    ['temps/temp_6', '14.5'],
    ['i_pack', '0.0', '0'],
    ['v_pack', '52.0', '52'],
    ['i_remain_cap', '0'],
    ['i_full_cap', '0'],
    ['i_design_cap', '0'],
    ['soc', null],
    ['soh', null],
    ['balancing1', '00000000'],
    ['balancing2', '00000000'],
    ['prot_short_circuit', '0'],
    ['prot_discharge_current', '1'],
    ['prot_charge_current', '0'],
    ['fully', '0'],
    ['current_limit', '0'],
    ['charge_fet', '0'],
    ['discharge_fet', '1'],
    ['pack_indicate', '0'],
    ['reverse', '0'],
    ['ac_in', '0'],
    ['heart', '0'],
  ],
  warnings: () => 'Discharge over-current protection',
};

const SPECIMENS = [CHARGING, DISCHARGING, ALARMED, UNLEARNT];

const ascii = (text: string) => frame([...Buffer.from(text, 'latin1')]);
/** What the BMS asked tells of itself. */
const IDENTITY_ANSWERS = {
  C1: ascii('P16S100A-1812-1.00 \0'),
  C2: ascii('6637305050334-743505GPSR7PC733YW79370036'),
  90: frame([10]),
  // 62.04, 103.46 and 100.00 Ah
  A6: frame([0x18, 0x3c, 0x28, 0x6a, 0x27, 0x10]),
  B1: frame([24, 8, 21, 5, 29, 31]),
};
const IDENTITY: readonly Row[] = [
  ['bms_version', 'P16S100A-1812-1.00 \0', 'P16S100A-1812-1.00'],
  ['bms_sn', '6637305050334-7', '6637305050334-743505'],
  ['pack_sn', 'GPSR7PC733YW79', 'GPSR7PC733YW79370036'],
  ['pack_remain_cap', '62040'],
  ['pack_full_cap', '103460'],
  ['pack_design_cap', '100000'],
  ['pack_soc', '59.97'],
  ['pack_soh', '103.46', '100'],
];

/** A bank of `slots` packs, of which those in `absent` are not there. */
export interface Bank {
  slots: number;
  absent?: readonly number[];
}

const slotsOf = ({ slots, absent = [] }: Bank) =>
  Array.from({ length: slots }, (_, i) => ({
    pack: i + 1,
    isAbsent: absent.includes(i + 1),
    specimen: SPECIMENS[i % SPECIMENS.length] as Specimen,
  }));
/** Cycles tell packs apart that are the same specimen. */
const cyclesOf = (pack: number) => 100 + pack;

/** What the master of the bank answers, by command. */
export function answersOf(bank: Bank): Record<string, string> {
  const slots = slotsOf(bank);
  const analog = ({ pack, isAbsent, specimen }: (typeof slots)[number]) =>
    isAbsent ? EMPTY_SLOT : { ...specimen.analog, cycles: cyclesOf(pack) };
  return {
    42: analogReply(slots.map(analog)),
    44: alarmReply(slots.map(({ isAbsent, specimen }) => (isAbsent ? EMPTY_ALARM_SLOT : specimen.alarms))),
    ...IDENTITY_ANSWERS,
  };
}

const ours = (rows: readonly Row[], at: string): Published[] =>
  rows.flatMap(([leaf, bmspace, text = bmspace]) => (text === null ? [] : [[`${at}/${leaf}`, text] as const]));

/** What one reading of the whole bank publishes, availability aside; `digits` is the padding of both numbers. */
export function publishedOf(bank: Bank, digits: number): Published[] {
  const padded = (number: number) => String(number).padStart(digits, '0');
  const cell = (number: number) => `cell_${padded(number)}`;
  const packs = slotsOf(bank).flatMap(({ pack, isAbsent, specimen }) => {
    if (isAbsent) return [];
    const at = `${BASE}/pack_${padded(pack)}`;
    const cells = (specimen.analog.cells ?? []).map(
      (millivolts, i): Row => [`v_cells/${cell(i + 1)}`, `${millivolts}`],
    );
    const numbered: Row[] = [
      ['cycles', `${cyclesOf(pack)}`],
      ['warnings', specimen.warnings(cell)],
    ];
    return ours([...cells, ...numbered, ...specimen.rows], at);
  });
  return [...packs, ...ours(IDENTITY, BASE)];
}
