import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DIALECTS } from '../../src/dialects/registry.js';

describe('the registry', () => {
  it('knows every dialect by its own name', () => {
    assert.deepEqual(
      [...DIALECTS].map(([name, dialect]) => [name, dialect.name]),
      [['pace25', 'pace25']],
    );
  });
});
