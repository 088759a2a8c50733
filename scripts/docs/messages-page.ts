import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RETURN_CODES } from '../../src/dialects/pace25/frames.js';
import { ALARM_FIELDS, ANALOG_FIELDS } from '../../src/dialects/pace25/records.js';
import { EDGE, EDGES, LIMITS } from '../../src/limits/payload.js';
import { ANALOG_BANK, ANALOG_PACK, ANALOG_VALUES } from '../../src/messages/analog.js';
import { ERROR_FACTS, PACE, PARTS } from '../../src/messages/envelope.js';
import { EVENT } from '../../src/messages/events.js';
import type { Unit } from '../../src/messages/field-table.js';
import { INFO_PAYLOAD, INFO_VALUES } from '../../src/messages/info.js';
import { ampHours, amps, degrees, percent, volts, watts } from '../../src/messages/numbers.js';
import { BANK_VALUES, EVERY_BANK, EVERY_PACK } from '../../src/messages/outgoing.js';
import { STATUS_BANK, STATUS_PACK, STATUS_VALUES } from '../../src/messages/status.js';
import { WARNING_BANK, WARNING_PACK, WARNING_VALUES } from '../../src/messages/warning.js';
import { toHex } from '../../src/wire/hex.js';
import { bankEntityTable, packEntityTable } from './entity-rows.js';
import { EXAMPLES } from './examples.js';
import { fieldTable, leafTable, onBank, onPack } from './field-rows.js';
import { alarmTable, levelTable, limitAlarmTable, limitStateTable, stateBitTable } from './flag-rows.js';
import { LIMITS_EXAMPLES } from './limits-examples.js';
import { code, codes, contents, table } from './markdown.js';
import { errorTable, statusTable } from './status-rows.js';

const FIRST_LINE =
  '<!-- Made by `npm run docs` from the tables of the code: change those, or scripts/docs/messages.template.md. -->';

/** The units of pack and bank messages, with what rounds to them. */
const UNITS: readonly (readonly [what: string, unit: Unit, rounded: (small: number) => number])[] = [
  ['voltage', 'V', volts],
  ['current', 'A', amps],
  ['power', 'W', watts],
  ['charge', 'Ah', ampHours],
  ['share', '%', percent],
  ['temperature', '°C', degrees],
];

const decimalsOf = (rounded: (small: number) => number) =>
  String(rounded(12_345_678.912345)).split('.')[1]?.length ?? 0;

function unitTable(): string {
  const rows = UNITS.map(([what, unit, rounded]) => [what, unit, String(decimalsOf(rounded))]);
  return table(['what', 'unit', 'decimals at most'], rows);
}

function returnCodeTable(): string {
  const rows = Object.entries(RETURN_CODES).map(([rtn, words]) => [code(rtn), code(toHex(Number(rtn), 2)), words]);
  return table(['`rtn`', 'hex', 'what the BMS says'], rows);
}

/** What each event of limits can have become. */
function edgeTable(): string {
  const words: Record<keyof typeof EDGES, string> = {
    charge: 'charging',
    discharge: 'discharging',
    readings: 'analog readings of all packs',
    mode: 'how far the bank is charged',
  };
  const rows = Object.entries(EDGES).map(([event, states]) => [
    code(event),
    codes(states),
    words[event as keyof typeof EDGES],
  ]);
  return table(['event', 'state', 'of'], rows);
}

function wireTable(fields: Readonly<Record<string, { unit: string }>>): string {
  const rows = Object.entries(fields).map(([name, { unit }]) => [code(name), unit]);
  return table(['field', 'unit'], rows);
}

/** What the template has a place for. */
const PARTS_OF_PAGE: Readonly<Record<string, () => string>> = {
  ...EXAMPLES,
  ...LIMITS_EXAMPLES,
  'msg.pace': () => fieldTable(PACE, 'msg.pace.'),
  'msg.parts': () => fieldTable(PARTS, 'msg.parts.'),
  units: unitTable,
  'analog pack': () => fieldTable({ ...EVERY_PACK, ...ANALOG_PACK }),
  'analog bank': () => fieldTable({ ...EVERY_BANK, ...ANALOG_BANK }, 'bank.'),
  'analog values': () => leafTable({ ...onPack(ANALOG_VALUES), ...onBank(BANK_VALUES) }),
  'warning pack': () => fieldTable({ ...EVERY_PACK, ...WARNING_PACK }),
  'warning bank': () => fieldTable({ ...EVERY_BANK, ...WARNING_BANK }, 'bank.'),
  'warning values': () => leafTable(onPack(WARNING_VALUES)),
  event: () => fieldTable(EVENT),
  levels: levelTable,
  'limit states': limitStateTable,
  'limit alarms': limitAlarmTable,
  alarms: alarmTable,
  'status pack': () => fieldTable({ ...EVERY_PACK, ...STATUS_PACK }),
  'status bank': () => fieldTable({ ...EVERY_BANK, ...STATUS_BANK }, 'bank.'),
  'status values': () => leafTable(onPack(STATUS_VALUES)),
  'state bits': stateBitTable,
  info: () => fieldTable(INFO_PAYLOAD),
  'info values': () => leafTable(onBank(INFO_VALUES)),
  limits: () => fieldTable(LIMITS),
  'limits event': () => fieldTable(EDGE),
  'limits event states': edgeTable,
  'pack entities': packEntityTable,
  'bank entities': bankEntityTable,
  'msg.pace.error': () => fieldTable(ERROR_FACTS, 'msg.pace.error.'),
  'error codes': errorTable,
  'return codes': returnCodeTable,
  'node status': statusTable,
  'analog reply': () => wireTable(ANALOG_FIELDS),
  'alarm reply': () => wireTable(ALARM_FIELDS),
};

/** `docs/messages.md`. @throws Error for a place without a part, and for a part without a place. */
export function messagesPage(): string {
  const template = readFileSync(join(__dirname, 'messages.template.md'), 'utf8');
  const unused = new Set(Object.keys(PARTS_OF_PAGE));
  const page = template.replace(/^\{\{(.+)\}\}$/gm, (place, name: string) => {
    if (name === 'contents') return place;
    const part = PARTS_OF_PAGE[name];
    if (!part) throw new Error(`there is nothing to put in the place of ${place}`);
    unused.delete(name);
    return part();
  });
  if (unused.size > 0) throw new Error(`the template has no place for ${[...unused].join(', ')}`);
  return `${FIRST_LINE}\n\n${page.replace('{{contents}}', contents(page))}`;
}
