import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { PaceError, type PaceErrorCode } from '../../src/errors.js';
import { Troubles } from '../../src/polling/troubles.js';

const NAMING = { padPacks: 0, padCells: 0 };
const error = (code: PaceErrorCode, ...packs: number[]) =>
  new PaceError(code, 'a long story', { badge: code, ...(packs.length > 0 ? { packs } : {}) });

let troubles: Troubles;
beforeEach(() => {
  troubles = new Troubles();
});

/** Polls a node of the packs 1 to 3. */
const poll = (failure: PaceError | null, answered: readonly number[]) =>
  troubles.update(failure, answered, (pack) => pack <= 3);
const look = (online: readonly number[], offline: readonly number[] = []) => {
  const status = troubles.status(online, offline, NAMING);
  return status && `${status.fill}: ${status.text}`;
};

describe('Troubles', () => {
  it('none at first', () => assert.equal(look([]), null));

  it('of the bank stay until one of the node’s packs answers', () => {
    poll(error('TIMEOUT'), []);
    assert.equal(look([1, 2]), 'red: TIMEOUT');
    poll(null, [9]);
    assert.equal(look([1, 2]), 'red: TIMEOUT');
    poll(null, [1]);
    assert.equal(look([1, 2]), null);
  });

  it('of a pack stay until that pack answers', () => {
    poll(error('TIMEOUT', 2), [1]);
    assert.equal(look([1, 2]), 'yellow: pack_2 no answer');
    poll(null, [1]);
    assert.equal(look([1, 2]), 'yellow: pack_2 no answer');
    poll(null, [2]);
    assert.equal(look([1, 2]), null);
  });

  it('of packs that are not the node’s do not count', () => {
    poll(error('NO_PACK', 9), []);
    assert.equal(look([1]), null);
    poll(error('TIMEOUT', 2, 9), [1]);
    assert.equal(look([1]), 'yellow: pack_2 no answer');
  });

  it('of several packs: in order, by the reason where it is not silence', () => {
    poll(error('NO_PACK', 3), [1]);
    poll(error('TIMEOUT', 2), [1]);
    assert.equal(look([1, 2]), 'yellow: pack_2, pack_3 no answer');
    troubles.clear();
    poll(error('CHECKSUM', 2), [1]);
    assert.equal(look([1, 2]), 'yellow: pack_2 CHECKSUM');
  });

  it('of all packs that count are the bank’s', () => {
    poll(error('CHECKSUM', 1, 2), []);
    assert.equal(look([1, 2]), 'red: CHECKSUM');
    assert.equal(look([1, 2, 3]), 'yellow: pack_1, pack_2 CHECKSUM');
    assert.equal(look([]), 'red: CHECKSUM');
  });

  it('a pack that is offline is one, though no poll failed', () => {
    assert.equal(look([1], [2]), 'yellow: pack_2 no answer');
    poll(error('TIMEOUT', 3), [1]);
    assert.equal(look([1], [2]), 'yellow: pack_2, pack_3 no answer');
    assert.equal(look([], [2]), 'red: TIMEOUT');
  });

  it('are forgotten with a new connection', () => {
    poll(error('TIMEOUT'), []);
    poll(error('TIMEOUT', 2), []);
    troubles.clear();
    assert.equal(look([1, 2]), null);
  });
});
