import { type LikelyCause, PaceError } from '../errors.js';

/** Words of the operating system, what they mean in a few words, and what to do. The first that matches counts. */
const CAUSES: readonly { words: RegExp; badge: string; likelyCause: LikelyCause; advice: string }[] = [
  {
    words: /ENOENT|no such file|file not found|ENODEV|ENXIO/i,
    badge: 'port not found',
    likelyCause: 'portMissing',
    advice: 'the port does not exist: plug the adapter in, or choose another port',
  },
  {
    words: /cannot lock|EBUSY|access denied|resource busy/i,
    badge: 'port in use',
    likelyCause: 'portBusy',
    advice: 'another program or another connection node uses the port: close it there first',
  },
  {
    words: /EACCES|EPERM|permission denied/i,
    badge: 'no permission',
    likelyCause: 'portForbidden',
    advice: 'no permission: add the user that runs Node-RED to the group "dialout" and start it again',
  },
  {
    words: /ENOTTY|inappropriate ioctl|EINVAL|ENOTDIR|EISDIR|is a directory/i,
    badge: 'not a serial port',
    likelyCause: 'notSerialPort',
    advice: 'this is no serial port: choose another one',
  },
  {
    words: /ECONNREFUSED/,
    badge: 'connection refused',
    likelyCause: 'connectionRefused',
    advice: 'the host refuses the connection: check the port number and that the serial server is in TCP server mode',
  },
  {
    words: /ENOTFOUND|EAI_AGAIN/,
    badge: 'host not found',
    likelyCause: 'hostNotFound',
    advice: 'the host name is not known: check it, or give the IP address',
  },
  {
    words: /ETIMEDOUT/,
    badge: 'host does not answer',
    likelyCause: 'hostUnreachable',
    advice: 'the host does not answer: check its address, its power and the network',
  },
  {
    words: /EHOSTUNREACH|ENETUNREACH|EHOSTDOWN/,
    badge: 'host not reachable',
    likelyCause: 'hostUnreachable',
    advice: 'there is no way to the host: check its address and the network',
  },
];

/** Why a way to the BMS could not be opened, as an error that tells what to do. */
export function connectError(name: string, cause: unknown): PaceError {
  const error = cause instanceof Error ? cause : new Error(String(cause));
  const code = 'code' in error ? String(error.code) : '';
  const known = CAUSES.find(({ words }) => words.test(`${code} ${error.message}`));
  const { badge, likelyCause, advice } = known ?? { badge: 'cannot connect', advice: error.message };
  return new PaceError('NOT_CONNECTED', `${name}: ${advice}`, { badge, likelyCause, cause });
}

/** Why an open way is gone. */
export function lostError(name: string, cause: unknown): PaceError {
  const reason = cause instanceof Error && cause.message ? ` (${cause.message})` : '';
  return new PaceError(
    'NOT_CONNECTED',
    `${name}: the connection was lost${reason}: check the cable, the adapter and the network`,
    {
      badge: 'connection lost',
      likelyCause: 'lost',
      cause,
    },
  );
}
