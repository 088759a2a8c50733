import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { connectError, lostError } from '../../src/link/connect-errors.js';

const cases: { cause: unknown; badge: string; says: RegExp }[] = [
  {
    cause: 'Error: No such file or directory, cannot open /dev/ttyUSB0',
    badge: 'port not found',
    says: /plug the adapter in/,
  },
  { cause: 'Opening COM3: File not found', badge: 'port not found', says: /choose another port/ },
  { cause: 'Error Resource temporarily unavailable Cannot lock port', badge: 'port in use', says: /close it there/ },
  { cause: 'Opening COM3: Access denied', badge: 'port in use', says: /another program/ },
  { cause: 'Error: Permission denied, cannot open /dev/ttyUSB0', badge: 'no permission', says: /"dialout"/ },
  {
    cause: 'Error: Inappropriate ioctl for device, cannot open /etc/hosts',
    badge: 'not a serial port',
    says: /choose another/,
  },
  { cause: 'Error: Is a directory, cannot open /dev', badge: 'not a serial port', says: /no serial port/ },
  { cause: { code: 'ECONNREFUSED' }, badge: 'connection refused', says: /TCP server mode/ },
  { cause: { code: 'ENOTFOUND' }, badge: 'host not found', says: /IP address/ },
  { cause: { code: 'EAI_AGAIN' }, badge: 'host not found', says: /IP address/ },
  { cause: { code: 'ETIMEDOUT' }, badge: 'host does not answer', says: /power/ },
  { cause: { code: 'EHOSTUNREACH' }, badge: 'host not reachable', says: /network/ },
  { cause: { code: 'ENETUNREACH' }, badge: 'host not reachable', says: /network/ },
  { cause: 'something new', badge: 'cannot connect', says: /something new/ },
];

const asCause = (cause: unknown) =>
  typeof cause === 'string' ? new Error(cause) : Object.assign(new Error('connect'), cause);

describe('connectError', () => {
  for (const { cause, badge, says } of cases) {
    it(`${typeof cause === 'string' ? cause : Object.values(Object(cause))}: ${badge}`, () => {
      const error = connectError('the way', asCause(cause));
      assert.equal(error.code, 'NOT_CONNECTED');
      assert.equal(error.badge, badge);
      assert.match(error.message, /^the way: /);
      assert.match(error.message, says);
      assert.ok(error.cause instanceof Error);
    });
  }

  it('takes what is no Error', () => {
    assert.equal(connectError('the way', 'oops').message, 'the way: oops');
  });
});

describe('lostError', () => {
  it('says why where that is known, and what to do', () => {
    const advice = 'check the cable, the adapter and the network';
    const lost = 'the way: the connection was lost';
    assert.equal(lostError('the way', new Error('unplugged')).message, `${lost} (unplugged): ${advice}`);
    assert.equal(lostError('the way', undefined).message, `${lost}: ${advice}`);
    assert.equal(lostError('the way', undefined).code, 'NOT_CONNECTED');
  });
});
