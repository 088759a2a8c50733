import { PaceError } from '../errors.js';
import { Fields } from '../messages/fields.js';

/** A cell, by the name that the message gives it. */
export interface Cell {
  name: string;
  /** NaN where the message has no number. */
  volts: number;
}

/** What the cells of a pack show. */
export interface Cells {
  count: number;
  /** V. */
  sum: number;
  lowest: Cell;
  highest: Cell;
  /** The highest of those that show what a cell can have; null where none does. */
  highestSound: Cell | null;
  /** Those that show what no cell can have: a wire is broken, or there is no reading. */
  unsound: readonly Cell[];
}

/** What a message says of a pack's cells and sensors; null where it does not say. */
export interface Measurements {
  cells: Cells | null;
  /** °C, of the cell sensors. */
  temperatureMin: number | null;
  temperatureMax: number | null;
  mosfetTemperature: number | null;
  /** %. */
  soc: number | null;
  /** Ah. */
  remainingCapacity: number | null;
  fullCapacity: number | null;
}

/** Something wrong with a pack. */
export interface ActiveAlarm {
  code: string;
  level: string;
  label: string;
}

/** What a status message says of a pack's switches. */
export interface Switches {
  chargeMosfet: boolean;
  dischargeMosfet: boolean;
  chargeMosfetForcedOff: boolean;
  dischargeMosfetForcedOff: boolean;
  fullyCharged: boolean;
  chargerReversed: boolean;
  shutdown: boolean;
}

/** What each query tells of a pack. */
export interface Told {
  analog: Measurements;
  warning: readonly ActiveAlarm[];
  status: Switches;
}

/** What a message says of one pack. */
export interface PackReport<Query extends keyof Told = keyof Told> {
  pack: number;
  name: string;
  /** Epoch ms of its reading, to tell readings apart; null where the message does not say. */
  lastSeen: number | null;
  /** null of a pack that is offline. */
  told: Told[Query] | null;
}

/** A message of a query node. */
export type PackMessage = {
  [Query in keyof Told]: { query: Query; packs: readonly PackReport<Query>[] };
}[keyof Told];

const READERS: { [Query in keyof Told]: (payload: Record<string, unknown>) => Told[Query] } = {
  analog: measurementsOf,
  warning: alarmsOf,
  status: switchesOf,
};
const HIGHEST_PACK = 255;

/** Reads a message of an analog, warning or status node. @throws PaceError `SHAPE` for any other. */
export function readPackMessage(message: Record<string, unknown>): PackMessage {
  const query = queryOf(message);
  if (!Object.hasOwn(READERS, query)) {
    throw new PaceError('SHAPE', 'only messages of PACE analog, warning and status nodes can be used here', {
      badge: 'no PACE reading',
    });
  }
  if (typeof message.payload !== 'object' || message.payload === null) {
    const advice = `set Send of the ${query} node to a message for each pack, or one for the bank`;
    throw new PaceError('SHAPE', `single values cannot be used here: ${advice}`, { badge: 'single values' });
  }
  const read: (payload: Record<string, unknown>) => Told[keyof Told] = READERS[query as keyof Told];
  const payload = new Fields(message.payload, 'payload');
  const packs = payload.has('packs') ? payload.object('packs') : null;
  const reports = packs ? packs.names.map((name) => reportOf(packs.object(name), read)) : [reportOf(payload, read)];
  return { query, packs: reports } as PackMessage;
}

/** Of a message that came by MQTT nothing but the topic says what was asked. */
function queryOf({ pace, topic }: Record<string, unknown>): string {
  const { query = /[^/]*$/.exec(text(topic))?.[0] } = (pace ?? {}) as { query?: unknown };
  return text(query);
}

function reportOf(fields: Fields, read: (payload: Record<string, unknown>) => Told[keyof Told]): PackReport {
  return {
    pack: fields.whole('pack', 0, HIGHEST_PACK),
    name: fields.text('name'),
    lastSeen: number(fields.members.lastSeen),
    told: fields.flag('online') ? read(fields.members) : null,
  };
}

/** V that a cell can have. */
const LOWEST_CELL = 1;
const HIGHEST_CELL = 5;
const isSound = (volts: number) => volts >= LOWEST_CELL && volts <= HIGHEST_CELL;

function cellsOf(voltages: Record<string, unknown>): Cells | null {
  const cells = Object.keys(voltages).map((name): Cell => ({ name, volts: number(voltages[name]) ?? Number.NaN }));
  const [first] = cells;
  if (!first) return null;
  let [sum, lowest, highest] = [0, first, first];
  let highestSound: Cell | null = null;
  for (const cell of cells) {
    sum += cell.volts;
    if (cell.volts < lowest.volts) lowest = cell;
    if (cell.volts > highest.volts) highest = cell;
    if (isSound(cell.volts) && !(highestSound && highestSound.volts >= cell.volts)) highestSound = cell;
  }
  const unsound = cells.filter(({ volts }) => !isSound(volts));
  return { count: cells.length, sum, lowest, highest, highestSound, unsound };
}

function measurementsOf(payload: Record<string, unknown>): Measurements {
  return {
    cells: cellsOf(objectIn(payload, 'cellVoltages')),
    temperatureMin: number(payload.temperatureMin),
    temperatureMax: number(payload.temperatureMax),
    mosfetTemperature: number(payload.mosfetTemperature),
    soc: number(payload.soc),
    remainingCapacity: number(payload.remainingCapacity),
    fullCapacity: number(payload.fullCapacity),
  };
}

function alarmsOf({ active, level }: Record<string, unknown>): readonly ActiveAlarm[] {
  const alarms: unknown[] = Array.isArray(active) ? active : [];
  // An alarm that cannot be read would look like all is well.
  if (alarms.length === 0 && level !== 'normal') return [{ code: '', level: 'fault', label: 'alarms unknown' }];
  return alarms.map((alarm) => alarmOf(alarm as Partial<Record<keyof ActiveAlarm, unknown>> | null));
}

const alarmOf = (alarm: Partial<Record<keyof ActiveAlarm, unknown>> | null): ActiveAlarm => ({
  code: text(alarm?.code),
  level: text(alarm?.level),
  label: text(alarm?.label ?? alarm?.code),
});

function switchesOf(payload: Record<string, unknown>): Switches {
  const settings = objectIn(payload, 'settings');
  return {
    chargeMosfet: payload.chargeMosfet === true,
    dischargeMosfet: payload.dischargeMosfet === true,
    chargeMosfetForcedOff: settings.chargeMosfetForcedOff === true,
    dischargeMosfetForcedOff: settings.dischargeMosfetForcedOff === true,
    fullyCharged: payload.fullyCharged === true,
    chargerReversed: payload.chargerReversed === true,
    shutdown: payload.shutdown === true,
  };
}

const text = (value: unknown) => (typeof value === 'string' ? value : 'unknown');
const number = (value: unknown) => (typeof value === 'number' && Number.isFinite(value) ? value : null);

function objectIn(payload: Record<string, unknown>, name: string): Record<string, unknown> {
  const value = payload[name];
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
