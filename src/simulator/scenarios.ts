import { type Curve, interpolate } from '../battery/curve.js';

/** Cells a pack can have; boards with these counts are known (`pace-v25.md` 3.3). */
export const CELL_COUNTS = [8, 13, 14, 15, 16] as const;
/** Packs a bank can have. */
export const MOST_PACKS = 16;

/** When it is in the scenario. */
export interface Moment {
  /** Time of day, 0-24. */
  hour: number;
  /** Model time since the scenario began. */
  seconds: number;
}

/** A sensor that misbehaves for a while, again and again. */
export interface SensorEvent {
  readonly pack: number;
  /** From 1. */
  readonly sensor: number;
  /** Model seconds: when in each period it begins and ends. */
  readonly everySeconds: number;
  readonly from: number;
  readonly to: number;
  /** The highest °C it reads half-way, rising and falling smoothly; null when it is unplugged. */
  readonly peakCelsius: number | null;
}

/** What a bank goes through. */
export interface Scenario {
  readonly description: string;
  /** Model seconds that pass in a second. */
  readonly speed: number;
  readonly startHour: number;
  /** 0-1; packs start within the reach around it. */
  readonly startCharge: number;
  readonly startChargeReach: number;
  /** Volts a cell at which the charger holds the bank. */
  readonly chargerVolts: number;
  /** Amps a pack that charger and load bring about together, positive while charging. */
  readonly amps: (moment: Moment) => number;
  readonly sensorEvents?: readonly SensorEvent[];
  /** Places of the bank, from 1, without a pack. */
  readonly emptySlots?: readonly number[];
  /** How many packs there are where one is asked for. */
  readonly insteadOfOnePack?: number;
}

/** Common absorption voltage of LiFePO4, 56.4 V of 16 cells. */
const ABSORPTION_VOLTS = 3.525;

/** Amps a pack that a household draws, by hour. */
const HOUSEHOLD_AMPS: Curve = [
  [0, 3],
  [5, 3],
  [6.5, 7],
  [8.5, 4],
  [12, 5],
  [14, 4],
  [17, 7],
  [18.5, 11],
  [21, 8],
  [23, 4],
  [24, 3],
];
/** What a kettle or an oven adds now and then by day. */
const APPLIANCE_AMPS = 18;
const NOON_SUN_AMPS = 28;
const SUNRISE_HOUR = 6.5;
const SUNSET_HOUR = 18.5;

function sunAmps(hour: number): number {
  if (hour <= SUNRISE_HOUR || hour >= SUNSET_HOUR) return 0;
  const height = Math.sin((Math.PI * (hour - SUNRISE_HOUR)) / (SUNSET_HOUR - SUNRISE_HOUR));
  // Passing clouds: two waves that do not repeat together take away up to 30 %.
  const clouds = Math.max(0, Math.sin(hour * 9.1) + Math.sin(hour * 4.7)) * 0.15;
  return NOON_SUN_AMPS * height * (1 - clouds);
}

function householdAmps(hour: number): number {
  const appliance = hour > 7 && hour < 22 && Math.sin(hour * 5.3) > 0.97;
  return interpolate(HOUSEHOLD_AMPS, hour) + (appliance ? APPLIANCE_AMPS : 0);
}

const solarAmps = ({ hour }: Moment): number => sunAmps(hour) - householdAmps(hour);

/** The alarms repeat after this long: two minutes at the scenario's speed. */
const ALARM_ROUND_SECONDS = 3600;
const ALARM_ROUND_AMPS: Curve = [
  [0, 12],
  [1500, 12],
  [1501, -45],
  [1800, -45],
  [1801, 0],
  [ALARM_ROUND_SECONDS, 0],
];

/** Low: discharged for an hour and a half, then charged for as long. */
const LOW_ROUND_SECONDS = 10_800;
const LOW_ROUND_AMPS: Curve = [
  [0, -6],
  [5400, -6],
  [5401, 8],
  [LOW_ROUND_SECONDS, 8],
];

const SOLAR_DAY = {
  description: 'a day of sun: charging to full, absorption and balancing, then evening and night; a day in 24 minutes',
  speed: 60,
  startHour: 9,
  startCharge: 0.4,
  startChargeReach: 0.02,
  chargerVolts: ABSORPTION_VOLTS,
  amps: solarAmps,
} as const satisfies Scenario;

const TABLE = {
  'solar-day': SOLAR_DAY,
  idle: {
    description: 'half full, no current',
    speed: 1,
    startHour: 12,
    startCharge: 0.55,
    startChargeReach: 0,
    chargerVolts: ABSORPTION_VOLTS,
    amps: () => 0,
  },
  full: {
    description: 'held full by the charger, balancing',
    speed: 10,
    startHour: 14,
    startCharge: 1,
    startChargeReach: 0.001,
    chargerVolts: ABSORPTION_VOLTS,
    amps: () => 10,
  },
  low: {
    description: 'nearly empty: low capacity, under-voltage warning and protection, then a charge; 18 minutes a round',
    speed: 10,
    startHour: 5,
    startCharge: 0.048,
    startChargeReach: 0.001,
    // The voltage of a nearly empty cell, so that every round ends where the first began.
    chargerVolts: 3.2,
    amps: ({ seconds }) => interpolate(LOW_ROUND_AMPS, seconds % LOW_ROUND_SECONDS),
  },
  alarms: {
    description:
      'over-voltage warning and protection, a hot cell, a sensor fault: one after the other, every 2 minutes',
    speed: 30,
    startHour: 12,
    startCharge: 0.998,
    startChargeReach: 0.0005,
    // A charger set far too high.
    chargerVolts: 4,
    amps: ({ seconds }) => interpolate(ALARM_ROUND_AMPS, seconds % ALARM_ROUND_SECONDS),
    sensorEvents: [
      { pack: 1, sensor: 2, everySeconds: ALARM_ROUND_SECONDS, from: 1900, to: 2700, peakCelsius: 53 },
      { pack: 1, sensor: 4, everySeconds: ALARM_ROUND_SECONDS, from: 2800, to: 3300, peakCelsius: null },
    ],
  },
  'missing-pack': {
    ...SOLAR_DAY,
    description: 'a day of sun with an empty place in the bank where pack 2 would be',
    emptySlots: [2],
    insteadOfOnePack: 3,
  },
} as const satisfies Record<string, Scenario>;

/** The name of a scenario. */
export type ScenarioName = keyof typeof TABLE;

/** Every scenario by its name. */
export const SCENARIOS: Readonly<Record<ScenarioName, Scenario>> = TABLE;

/** The scenarios' names. */
export const SCENARIO_NAMES = Object.keys(SCENARIOS) as readonly ScenarioName[];

/** Whether there is a scenario of that name. */
export function isScenario(name: string): name is ScenarioName {
  return Object.hasOwn(SCENARIOS, name);
}
