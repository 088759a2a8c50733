import { ERROR_CODES, PACE_ERROR_CODES, PaceError, type PaceErrorCode } from '../../src/errors.js';
import {
  errorStatus,
  linkStatus,
  type NodeStatus,
  partialStatus,
  readingStatus,
  staleStatus,
  waitingStatus,
} from '../../src/polling/node-status.js';
import { GLANCES } from './examples.js';
import { code, table } from './markdown.js';

const badgeOf = (errorCode: PaceErrorCode) => new PaceError(errorCode, '').badge;
const PORT_NOT_FOUND = new PaceError('NOT_CONNECTED', '', { badge: 'port not found' });

/** What a node shows below itself, and when. */
const STATUSES: readonly (readonly [when: string, status: NodeStatus])[] = [
  ['the line is being opened', linkStatus({ name: 'connecting' })],
  [
    'it could not be opened, and is tried again',
    linkStatus({ name: 'backoff', retryInMs: 8000, error: PORT_NOT_FOUND }),
  ],
  ['it is open, and nothing has come yet', waitingStatus('an answer')],
  ['the same with interval 0', waitingStatus('an input')],
  ['**pace analog** has read the packs', readingStatus(GLANCES.analog)],
  ['**pace warning** has read them', readingStatus(GLANCES.warning)],
  ['**pace status** has read them', readingStatus(GLANCES.status)],
  ['**pace info** has read the BMS', readingStatus(GLANCES.info)],
  ['some packs answer, others do not', partialStatus(['pack_2'], badgeOf('TIMEOUT'))],
  ['something is wrong with all of them', errorStatus(badgeOf('CHECKSUM'))],
  ['no pack has a reading any more that counts', staleStatus(25_000)],
];

/** Texts by what they tell. */
export const statusTable = () =>
  table(
    ['when', 'look', 'text, for example'],
    STATUSES.map(([when, { fill, shape, text }]) => [when, `${fill} ${shape}`, code(text)]),
  );

/** The codes of errors, with what to do. */
export const errorTable = () =>
  table(
    ['code', 'what it means', 'what helps', 'below the node'],
    PACE_ERROR_CODES.map((errorCode) => {
      const { meaning, remedy, badge } = ERROR_CODES[errorCode];
      return [code(errorCode), meaning, remedy, code(badge)];
    }),
  );
