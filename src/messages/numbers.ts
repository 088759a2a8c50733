/** `value / divisor`, rounded half away from zero to `decimals`, never -0. */
function scaled(value: number, divisor: number, decimals: number): number {
  const factor = 10 ** decimals;
  return (Math.sign(value) * Math.round((Math.abs(value) * factor) / divisor)) / factor + 0;
}

/** mV as V. */
export const volts = (millivolts: number) => scaled(millivolts, 1000, 3);
/** mA as A. */
export const amps = (milliamps: number) => scaled(milliamps, 1000, 2);
/** mA as A for a glance, with one decimal and a typographic minus. */
export const glanceAmps = (milliamps: number) => scaled(milliamps, 1000, 1).toFixed(1).replace('-', '−');
/** mW as W. */
export const watts = (milliwatts: number) => scaled(milliwatts, 1000, 1);
/** mAh as Ah. */
export const ampHours = (milliampHours: number) => scaled(milliampHours, 1000, 2);
/** Tenths of a °C as °C. */
export const degrees = (tenths: number) => scaled(tenths, 10, 1);
/** %, to the decimals that messages have. */
export const percent = (value: number) => scaled(value, 1, 2);

/** `convert` of what there is, null of nothing. */
export function orNull<T>(value: T | null, convert: (value: T) => number): number | null {
  return value === null ? null : convert(value);
}
