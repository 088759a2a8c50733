import type { StateClass } from './documented.js';

/** What a sensor of a device class may be. */
export interface SensorClass {
  /** Its units; 'none' where it has none, 'any' where Home Assistant does not look. */
  units: readonly string[] | 'none' | 'any';
  /** It may also go without a unit. */
  unitless?: boolean;
  stateClasses: readonly StateClass[];
}

const MEASUREMENT: readonly StateClass[] = ['measurement'];
const TOTALS: readonly StateClass[] = ['total', 'total_increasing'];
const ANY: readonly StateClass[] = ['measurement', ...TOTALS];

/** Home Assistant takes either of the two characters that look like a micro sign. */
const bothMicros = (unit: string) => (unit.includes('μ') ? [unit, unit.replace('μ', 'µ')] : [unit]);

const of = (units: string, stateClasses = MEASUREMENT): SensorClass => ({
  units: units.split('|').flatMap(bothMicros),
  stateClasses,
});
const plain = (stateClasses: readonly StateClass[]): SensorClass => ({ units: 'none', stateClasses });

const ENERGY = 'J|kJ|MJ|GJ|mWh|Wh|kWh|MWh|GWh|TWh|cal|kcal|Mcal|Gcal';
const PRESSURE = 'mPa|Pa|hPa|kPa|bar|cbar|mbar|mmHg|inHg|inH₂O|psi';
const TEMPERATURE = '°C|°F|K';
const VOLUME = 'L|mL|gal|fl. oz.|m³|ft³|CCF|MCF';
const MICROGRAMS = 'μg/m³';

/** Device classes that are no number. */
export const NON_NUMERIC_CLASSES: readonly string[] = ['date', 'enum', 'timestamp', 'uptime'];

export const SENSOR_CLASSES: Record<string, SensorClass> = {
  absolute_humidity: of('g/m³|mg/m³'),
  apparent_power: of('mVA|VA|kVA'),
  aqi: plain(MEASUREMENT),
  area: of('m²|cm²|km²|mm²|in²|ft²|yd²|mi²|ac|ha', ANY),
  atmospheric_pressure: of(PRESSURE),
  battery: of('%'),
  blood_glucose_concentration: of('mg/dL|mmol/L'),
  carbon_dioxide: of('ppm'),
  carbon_monoxide: of(`ppb|ppm|${MICROGRAMS}|mg/m³`),
  conductivity: of('S/cm|mS/cm|μS/cm'),
  current: of('A|mA|μA'),
  data_rate: of('bit/s|kbit/s|Mbit/s|Gbit/s|B/s|kB/s|MB/s|GB/s|KiB/s|MiB/s|GiB/s'),
  data_size: of('bit|kbit|Mbit|Gbit|B|kB|MB|GB|TB|PB|EB|ZB|YB|KiB|MiB|GiB|TiB|PiB|EiB|ZiB|YiB', ANY),
  date: plain([]),
  distance: of('km|m|cm|mm|mi|nmi|yd|ft|in', ANY),
  duration: of('d|h|min|s|ms|μs', ANY),
  energy: of(ENERGY, TOTALS),
  energy_distance: of('kWh/100km|Wh/km|mi/kWh|km/kWh'),
  energy_storage: of(ENERGY),
  enum: plain([]),
  frequency: of('mHz|Hz|kHz|MHz|GHz'),
  gas: of('L|m³|ft³|CCF|MCF', TOTALS),
  humidity: of('%'),
  illuminance: of('lx'),
  irradiance: of('W/m²|BTU/(h⋅ft²)'),
  moisture: of('%'),
  monetary: { units: 'any', stateClasses: ['total'] },
  nitrogen_dioxide: of(`ppb|ppm|${MICROGRAMS}`),
  nitrogen_monoxide: of(`ppb|${MICROGRAMS}`),
  nitrous_oxide: of(MICROGRAMS),
  ozone: of(`ppb|ppm|${MICROGRAMS}`),
  ph: plain(MEASUREMENT),
  pm1: of(MICROGRAMS),
  pm10: of(MICROGRAMS),
  pm25: of(MICROGRAMS),
  pm4: of(MICROGRAMS),
  power: of('mW|W|kW|MW|GW|TW'),
  power_factor: { ...of('%'), unitless: true },
  precipitation: of('cm|in|mm', ANY),
  precipitation_intensity: of('in/d|in/h|mm/d|mm/h'),
  pressure: of(PRESSURE),
  radon: of('Bq/m³|pCi/L'),
  reactive_energy: of('varh|kvarh', TOTALS),
  reactive_power: of('mvar|var|kvar'),
  signal_strength: of('dB|dBm'),
  sound_pressure: of('dB|dBA'),
  speed: of('ft/s|in/d|in/h|in/s|km/h|kn|m/min|m/s|mph|mm/d|mm/h|mm/s|Beaufort'),
  sulphur_dioxide: of(`ppb|${MICROGRAMS}`),
  temperature: of(TEMPERATURE),
  temperature_delta: of(TEMPERATURE),
  timestamp: plain([]),
  uptime: plain([]),
  volatile_organic_compounds: of(`${MICROGRAMS}|mg/m³`),
  volatile_organic_compounds_parts: of('ppb|ppm'),
  voltage: of('V|mV|μV|kV|MV'),
  volume: of(VOLUME, TOTALS),
  volume_flow_rate: of('m³/h|m³/min|m³/s|ft³/min|L/h|L/min|L/s|gal/d|gal/h|gal/min|mL/s'),
  volume_storage: of(VOLUME),
  water: of('L|gal|m³|ft³|CCF|MCF', TOTALS),
  weight: of('kg|g|mg|μg|oz|lb|st', ANY),
  wind_direction: of('°', ['measurement_angle']),
  wind_speed: of('Beaufort|ft/s|km/h|kn|m/s|mph'),
};
