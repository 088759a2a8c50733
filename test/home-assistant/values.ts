import { DEFAULT_PAYLOADS, MAX_STATE_LENGTH } from './documented.js';
import { isObject, type Json } from './message.js';
import { NON_NUMERIC_CLASSES } from './sensor-classes.js';

/** What a message makes of a state: a new value, null for unknown; without one the old value stays. */
export interface Verdict {
  value?: string | null;
  /** What Home Assistant writes into its log. */
  error?: string;
}

/** What a template, or a template that does not exist, makes of a payload; null where it fails. */
export interface Rendered {
  text: string | null;
  error?: string;
}

const SIMPLE_TEMPLATE = /^\{\{\s*value_json((?:\.[A-Za-z_]\w*|\[\d+\]|\['[^']*'\]|\["[^"]*"\])*)\s*\}\}$/;
const STEP = /\.(\w+)|\[(\d+)\]|\['([^']*)'\]|\["([^"]*)"\]/g;

/** A JSON value as Jinja writes it. */
function written(value: unknown): Rendered {
  if (value === null) return { text: 'None' };
  if (typeof value === 'boolean') return { text: value ? 'True' : 'False' };
  if (typeof value === 'object') return { text: null, error: 'renders a list or a mapping' };
  return { text: String(value) };
}

const inner = (value: unknown, key: string): unknown =>
  (isObject(value) || Array.isArray(value)) && Object.hasOwn(value, key) ? (value as Json)[key] : undefined;

/** Renders a template of the simple kind, `{{ value_json.a['b'] }}`; any other is an error. */
export function render(template: string | undefined, payload: string): Rendered {
  if (template === undefined) return { text: payload };
  const path = SIMPLE_TEMPLATE.exec(template)?.[1];
  if (path === undefined) return { text: null, error: `cannot tell what ${template} does` };
  let value: unknown;
  try {
    value = JSON.parse(payload);
  } catch {
    return { text: null, error: `${template}: value_json is undefined` };
  }
  const keys = [...path.matchAll(STEP)].map((step) => step.slice(1).find((part) => part !== undefined) ?? '');
  for (const [index, key] of keys.entries()) {
    value = inner(value, key);
    if (value !== undefined) continue;
    // What is missing at the end is empty text; to look into what is missing fails.
    return { text: index === keys.length - 1 ? '' : null, error: `${template}: there is no ${key}` };
  }
  return written(value);
}

/** Whether Home Assistant takes a sensor for a number. */
export function isNumeric({ device_class, state_class, unit_of_measurement, suggested_display_precision }: Json) {
  if (NON_NUMERIC_CLASSES.includes(String(device_class))) return false;
  const unit = String(unit_of_measurement ?? '').trim();
  return [device_class, state_class, unit || undefined, suggested_display_precision].some((key) => key !== undefined);
}

const NUMBER = /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i;
const MOMENT = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}([.,]\d+)?)?(Z|[+-]\d{2}:?\d{2})$/;
const DATE = /^\d{4}-\d{2}-\d{2}/;

function numberVerdict(text: string): Verdict {
  if (text === '') return {};
  if (NUMBER.test(text) && Number.isFinite(Number(text))) return { value: text };
  return { error: `is a number, and '${text}' is none` };
}

function optionVerdict(text: string, options: readonly unknown[]): Verdict {
  return options.includes(text) ? { value: text } : { error: `'${text}' is none of ${options.join(', ')}` };
}

function textVerdict(text: string): Verdict {
  if (text.length <= MAX_STATE_LENGTH) return { value: text };
  return { value: null, error: `a state of ${text.length} characters is too long` };
}

function momentVerdict(text: string): Verdict {
  const ms = MOMENT.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(ms)) return { value: null, error: `'${text}' is no ISO 8601 moment with a time zone` };
  return { value: `${new Date(ms).toISOString().slice(0, 19)}+00:00` };
}

function dateVerdict(text: string): Verdict {
  if (DATE.test(text) && !Number.isNaN(Date.parse(text))) return { value: text.slice(0, 10) };
  return { value: null, error: `'${text}' is no ISO 8601 date` };
}

const CLASS_VERDICTS: Record<string, (text: string) => Verdict> = {
  date: dateVerdict,
  timestamp: momentVerdict,
  uptime: momentVerdict,
};

function sensorVerdict(config: Json, text: string): Verdict {
  if (text === 'None') return { value: null };
  if (isNumeric(config)) return numberVerdict(text);
  if (Array.isArray(config.options)) return optionVerdict(text, config.options);
  return (CLASS_VERDICTS[String(config.device_class)] ?? textVerdict)(text);
}

function binaryVerdict(config: Json, text: string): Verdict {
  const { payload_on = DEFAULT_PAYLOADS.on, payload_off = DEFAULT_PAYLOADS.off } = config;
  if (text.trim() === '') return {};
  if (text === payload_on) return { value: 'on' };
  if (text === payload_off) return { value: 'off' };
  if (text === 'None') return { value: null };
  return { error: `'${text}' is neither ${payload_on} nor ${payload_off}` };
}

/** What a message on its state topic makes of a component's state. */
export function verdict(platform: string, config: Json, payload: string): Verdict {
  const { text, error } = render(config.value_template as string | undefined, payload);
  if (text === null) return error === undefined ? {} : { error };
  const result = platform === 'sensor' ? sensorVerdict(config, text) : binaryVerdict(config, text);
  const errors = [error, result.error].filter((each) => each !== undefined);
  return errors.length > 0 ? { ...result, error: errors.join('; ') } : result;
}
