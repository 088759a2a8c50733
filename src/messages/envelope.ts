import { PACE_ERROR_CODES } from '../errors.js';
import type { FieldTable } from './field-table.js';

/** `msg.pace.error`. */
export const ERROR_FACTS = {
  code: { is: 'string', oneOf: PACE_ERROR_CODES, about: 'what went wrong' },
  rtn: { is: 'number', about: 'the return code of the BMS', only: 'with `REFUSED`' },
  packs: {
    is: 'list',
    of: 'number',
    about: 'numbers of the packs without an answer',
    only: 'where it is about certain packs',
  },
} as const satisfies FieldTable;

/** `msg.pace`. */
export const PACE = {
  connection: { is: 'string', about: 'id of the connection node' },
  connectionName: { is: 'string', about: 'its name; empty where it has none' },
  query: { is: 'string', oneOf: ['analog', 'warning', 'status', 'info', 'limits'], about: 'what was asked or found' },
  dialect: { is: 'string', about: 'the protocol of the connection, such as `pace25`' },
  durationMs: {
    ...{ is: 'number', unit: 'ms', about: 'from request to the end of the reply; of several exchanges the sum' },
    ...{ nullWhen: 'nothing was ever read', only: 'with readings and events' },
  },
  receivedAt: {
    ...{ is: 'number', unit: 'epoch ms', about: 'when the reply came; of several the oldest' },
    ...{ nullWhen: 'nothing was ever read', only: 'with readings and events' },
  },
  frame: {
    ...{ is: 'string', about: 'the reply as it came, from `~` to the checksum; several parted by a line feed' },
    only: 'with **Raw frame**',
  },
  error: { is: 'object', of: ERROR_FACTS, about: 'what went wrong', only: 'with errors' },
} as const satisfies FieldTable;

/** `msg.parts`: how a join node puts the messages of one reading together. */
export const PARTS = {
  id: { is: 'string', about: 'one for all messages that belong together; a new one for each reading' },
  type: { is: 'string', oneOf: ['object'], about: 'what a join node makes of them' },
  key: { is: 'string', about: 'name of the pack, or of the value' },
  index: { is: 'number', about: 'place among them, from 0' },
  count: { is: 'number', about: 'messages really sent' },
} as const satisfies FieldTable;
