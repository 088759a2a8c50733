import type { AnalogReading } from '../../src/battery/analog.js';
import { DAY_SECONDS } from './calendar.js';

/** One cell's voltage and one cell sensor's temperature are read wrong, more and more and back again. */
const CELL = { pack: 2, index: 8, reach: 10, days: 50 };
const SENSOR = { pack: 1, index: 2, reach: 40, days: 80 };

/** How far a reading is off. */
const offset = ({ reach, days }: { reach: number; days: number }, seconds: number) =>
  Math.round(reach * Math.sin((2 * Math.PI * seconds) / (days * DAY_SECONDS)));

/** What the BMS of a pack makes of what is. */
export function drifted(pack: number, reading: AnalogReading, seconds: number): AnalogReading {
  const { cellMillivolts, temperatureTenths } = reading;
  return {
    ...reading,
    cellMillivolts: pack === CELL.pack ? changed(cellMillivolts, CELL.index, offset(CELL, seconds)) : cellMillivolts,
    temperatureTenths:
      pack === SENSOR.pack ? changed(temperatureTenths, SENSOR.index, offset(SENSOR, seconds)) : temperatureTenths,
  };
}

function changed<Value extends number | null>(values: readonly Value[], index: number, by: number): Value[] {
  return values.map((value, i) => (i === index && value !== null ? ((value + by) as Value) : value));
}
