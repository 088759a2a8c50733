/** How bad it is, mildest first. */
export const ALARM_LEVELS = ['normal', 'warning', 'protection', 'fault'] as const;
/** One of the levels. */
export type AlarmLevel = (typeof ALARM_LEVELS)[number];
/** What the levels mean. */
export const LEVEL_MEANINGS: Readonly<Record<AlarmLevel, string>> = {
  normal: 'nothing is wrong',
  warning: 'a limit is near or passed; the pack goes on',
  protection: 'the BMS has acted to protect the pack, as by switching charging or discharging off',
  fault: 'something is broken or connected wrongly',
};

/** Something wrong with a pack. */
export interface Alarm {
  /** Stable name, such as `cellOverVoltageProtection`. */
  readonly code: string;
  readonly level: Exclude<AlarmLevel, 'normal'>;
  /** In words; of a cell's or sensor's alarm what follows its name. */
  readonly label: string;
  /** The cell that has it, from 1. */
  readonly cell?: number;
  /** The temperature sensor that has it, from 1. */
  readonly temperature?: number;
}

/** Where a measured quantity stands against its limits; a code that no document names is kept in hex. */
export type LimitState = keyof typeof LIMIT_STATES | `unknown-${string}`;

/** The states that documents name. */
export const LIMIT_STATES = {
  normal: 'within its limits',
  low: 'below the lower limit',
  high: 'above the upper limit',
  other: 'another fault',
} as const;

/** A pack's states against its limits, and what follows from them and from the BMS's own flags. */
export interface WarningReading {
  cellStates: readonly LimitState[];
  temperatureStates: readonly LimitState[];
  chargeCurrentState: LimitState;
  packVoltageState: LimitState;
  dischargeCurrentState: LimitState;
  /** What is wrong, worst first. */
  alarms: readonly Alarm[];
}

/** The worst level among `alarms`. */
export function worstLevel(alarms: readonly { level: AlarmLevel }[]): AlarmLevel {
  const worst = Math.max(0, ...alarms.map(({ level }) => ALARM_LEVELS.indexOf(level)));
  return ALARM_LEVELS[worst] as AlarmLevel;
}

/** `alarms` with the worst first, otherwise in the order given. */
export function worstFirst(alarms: readonly Alarm[]): readonly Alarm[] {
  if (alarms.length < 2) return alarms;
  return [...alarms].sort((a, b) => ALARM_LEVELS.indexOf(b.level) - ALARM_LEVELS.indexOf(a.level));
}

/** The quantities that have a limit state, with the words their alarms begin with. */
const SUBJECTS = {
  cell: '',
  temperature: '',
  chargeCurrent: 'Charge current ',
  packVoltage: 'Pack voltage ',
  dischargeCurrent: 'Discharge current ',
} as const;
type Subject = keyof typeof SUBJECTS;

const NAMED_STATES: Record<string, { suffix: string; level: Alarm['level']; words: string }> = {
  low: { suffix: 'BelowLimit', level: 'warning', words: 'below limit' },
  high: { suffix: 'AboveLimit', level: 'warning', words: 'above limit' },
  other: { suffix: 'OtherFault', level: 'fault', words: 'other fault' },
};

/** The alarm that a limit state stands for that is not normal. */
function alarmOfState(subject: Subject, state: LimitState, number: number): Alarm {
  const named = NAMED_STATES[state];
  const { suffix, level, words } = named ?? {
    suffix: 'State',
    level: 'warning' as const,
    words: `state 0x${state.slice('unknown-'.length)}`,
  };
  const alarm = { code: `${subject}${suffix}`, level, label: `${SUBJECTS[subject]}${words}` };
  if (subject === 'cell') return { ...alarm, cell: number };
  if (subject === 'temperature') return { ...alarm, temperature: number };
  return alarm;
}

/** The alarms that a pack's limit states stand for: its cells, its sensors, then currents and voltage. */
export function alarmsOfStates(states: Omit<WarningReading, 'alarms'>): Alarm[] {
  const { cellStates, temperatureStates } = states;
  const alarms: Alarm[] = [];
  const add = (subject: Subject, state: LimitState, index: number) => {
    if (state !== 'normal') alarms.push(alarmOfState(subject, state, index + 1));
  };
  for (let i = 0; i < cellStates.length; i++) add('cell', cellStates[i] as LimitState, i);
  for (let i = 0; i < temperatureStates.length; i++) add('temperature', temperatureStates[i] as LimitState, i);
  add('chargeCurrent', states.chargeCurrentState, 0);
  add('packVoltage', states.packVoltageState, 0);
  add('dischargeCurrent', states.dischargeCurrentState, 0);
  return alarms;
}
