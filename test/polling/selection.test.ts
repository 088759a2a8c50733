import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { inspect } from 'node:util';
import { PaceError } from '../../src/errors.js';
import { parseSelection } from '../../src/polling/selection.js';

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);

describe('a selection of packs', () => {
  for (const all of [undefined, null, '', '  ']) {
    it(`${JSON.stringify(all)}: all`, () => assert.equal(parseSelection(all, 'packs'), null));
  }

  const good: [input: unknown, packs: number[]][] = [
    ['1', [1]],
    [2, [2]],
    [0, [0]],
    ['1,3-4', [1, 3, 4]],
    ['4-4', [4]],
    ['3,1,2', [1, 2, 3]],
    ['1-3,2-4', [1, 2, 3, 4]],
    [' 1 ,\t3 - 4 ', [1, 3, 4]],
    ['007', [7]],
    ['0-255', range(0, 255)],
    [
      [1, 3],
      [1, 3],
    ],
    [
      ['10', 9, '1-2'],
      [1, 2, 9, 10],
    ],
  ];
  for (const [input, packs] of good) {
    it(`${JSON.stringify(input)}: ${packs.length > 9 ? 'many' : packs.join(', ')}`, () => {
      assert.deepEqual(parseSelection(input, 'packs'), packs);
    });
  }

  const circular: { self?: unknown } = {};
  circular.self = circular;
  const bad: unknown[] = [
    'x',
    'all',
    '1-',
    '-1',
    '3-1',
    '1,,2',
    ',',
    '1,2,',
    '1 2',
    '1;2',
    '1.0',
    '0x1',
    '1e1',
    '256',
    '1-256',
    '1000',
    '\u0661',
    -1,
    1.5,
    256,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    true,
    {},
    [],
    [[1, 2]],
    [1, null],
    [1, 'x'],
    [''],
    Symbol('1'),
    1000n,
    circular,
    Object.create(null),
    [Object.create(null)],
  ];
  const texts: [input: unknown, shown: string][] = [
    ['1;2', '"1;2"'],
    [256, '"256"'],
    [[1, 'x'], '"1,x"'],
    [true, 'a value of type boolean'],
    [{}, 'a value of type object'],
    [[null], 'a value of type object'],
  ];
  for (const [input, shown] of texts) {
    it(`${inspect(input)} is shown as ${shown}`, () => {
      const message = `msg.packs: ${shown} is no list of packs such as 1,3-4 (0 to 255)`;
      assert.throws(() => parseSelection(input, 'msg.packs'), { code: 'CONFIG', message });
    });
  }

  for (const input of bad) {
    it(`${inspect(input)}: CONFIG, and the text names the input`, () => {
      assert.throws(
        () => parseSelection(input, 'msg.packs'),
        (error) => error instanceof PaceError && error.code === 'CONFIG' && error.message.startsWith('msg.packs: '),
      );
    });
  }
});
