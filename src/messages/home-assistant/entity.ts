/** A quantity as Home Assistant shows it. */
export interface Entity<Source> {
  /** Its name in state messages and at the end of its unique id; never padded. */
  readonly key: string;
  /** For people; Home Assistant puts the device's name before it. */
  readonly name: string;
  /** The end of its entity id, where that is not the key. */
  readonly entityId?: string;
  readonly kind: Kind;
  /** What it is under in Home Assistant's device page; a main reading has none. */
  readonly category?: 'diagnostic';
  /** It changes with every reading; that alone is no reason to tell. */
  readonly isAlwaysNew?: boolean;
  /** Null where it is not known. */
  value(source: Source): string | number | null;
}

type Value<Source> = Entity<Source>['value'];

/** A main reading. */
export const main = <Source>(key: string, name: string, kind: Kind, value: Value<Source>): Entity<Source> => ({
  key,
  name,
  kind,
  value,
});

/** A reading for those who look closer. */
export const diagnostic = <Source>(key: string, name: string, kind: Kind, value: Value<Source>): Entity<Source> => ({
  ...main(key, name, kind, value),
  category: 'diagnostic',
});

/** What Home Assistant must know of a kind of quantity. */
export interface Kind {
  readonly platform: 'sensor' | 'binary_sensor';
  readonly deviceClass?: string;
  readonly stateClass?: 'measurement' | 'total_increasing';
  readonly unit?: string;
  /** Decimals to show. */
  readonly precision?: number;
  /** All values there are. */
  readonly options?: readonly string[];
}

const measured = (unit: string | null, precision: number, deviceClass?: string): Kind => ({
  platform: 'sensor',
  stateClass: 'measurement',
  precision,
  ...(unit === null ? {} : { unit }),
  ...(deviceClass === undefined ? {} : { deviceClass }),
});

/** Every kind of quantity there is (`home-assistant.md`, entity classes). */
export const KINDS = {
  charge: measured('%', 1, 'battery'),
  health: measured('%', 1),
  packVoltage: measured('V', 2, 'voltage'),
  cellVoltage: measured('V', 3, 'voltage'),
  current: measured('A', 2, 'current'),
  power: measured('W', 0, 'power'),
  capacity: measured('Ah', 2),
  temperature: measured('°C', 1, 'temperature'),
  count: measured(null, 0),
  cycles: { platform: 'sensor', stateClass: 'total_increasing', precision: 0 },
  time: { platform: 'sensor', deviceClass: 'timestamp' },
  text: { platform: 'sensor' },
  alarmLevel: { platform: 'sensor', deviceClass: 'enum', options: ['normal', 'warning', 'protection', 'fault'] },
  packMode: { platform: 'sensor', deviceClass: 'enum', options: ['charging', 'discharging', 'idle'] },
  bankMode: { platform: 'sensor', deviceClass: 'enum', options: ['charging', 'discharging', 'idle', 'mixed'] },
  problem: { platform: 'binary_sensor', deviceClass: 'problem' },
  state: { platform: 'binary_sensor' },
} as const satisfies Record<string, Kind>;

/** A flag as Home Assistant's binary sensors have it. */
export const onOff = (flag: boolean) => (flag ? 'ON' : 'OFF');

/** The longest text that Home Assistant takes for a state. */
const LONGEST_STATE = 255;

/** As much of a text as fits a state. */
export const fitted = (text: string) => (text.length > LONGEST_STATE ? `${text.slice(0, LONGEST_STATE - 1)}…` : text);

/** A text that fits a state; `none` for nothing. */
export const stateText = (text: string) => (text === '' ? 'none' : fitted(text));
