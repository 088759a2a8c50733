import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { collectingSplitter, split, textOf } from '../support/split.js';

const ASK = '~250146900000FDA5\r';
const TWO = '~25014600E00202FD35\r';
const FIVE = '~25014600E00205FD32\r';
/** A reply whose hex digits have letters. */
const LETTERS = '~25014600400C232727102710FB35\r';

interface Case {
  name: string;
  pieces: string[];
  /** The frames to be found, as they came. */
  frames: string[];
  /** The codes of what was refused. */
  refused?: string[];
}

const cases: Case[] = [
  { name: 'one frame', pieces: [TWO], frames: [TWO] },
  { name: 'noise before SOI', pieces: [`\r\nxx25\0\xff${TWO}`], frames: [TWO] },
  { name: 'NULs around and between frames', pieces: [`\0\0${TWO}\0\0\0${FIVE}\0`], frames: [TWO, FIVE] },
  { name: 'LF after CR', pieces: [`${TWO}\n${FIVE}\n`], frames: [TWO, FIVE] },
  { name: 'a second CR', pieces: [`${TWO}\r${FIVE}`], frames: [TWO, FIVE] },
  { name: 'several frames in a piece', pieces: [ASK + TWO + FIVE], frames: [ASK, TWO, FIVE] },
  { name: 'a frame in single bytes', pieces: [...TWO], frames: [TWO] },
  { name: 'a frame cut inside its header', pieces: [TWO.slice(0, 8), TWO.slice(8)], frames: [TWO] },
  { name: 'nothing of an unfinished frame', pieces: [TWO.slice(0, -1)], frames: [] },
  { name: 'SOI inside a header', pieces: [`~2501${TWO}`], frames: [TWO], refused: ['FRAME'] },
  { name: 'SOI inside INFO', pieces: [LETTERS.slice(0, 20) + TWO], frames: [TWO], refused: ['FRAME'] },
  { name: 'CR in the header', pieces: [`~2501\r${TWO}`], frames: [TWO], refused: ['FRAME'] },
  { name: 'CR before the announced length', pieces: [`~25014600400C2327\r${TWO}`], frames: [TWO], refused: ['FRAME'] },
  {
    name: 'the rest of a frame that CR cut',
    pieces: [`${LETTERS.slice(0, 20)}\r`, LETTERS.slice(20), TWO],
    frames: [TWO],
    refused: ['FRAME'],
  },
  {
    name: 'CR after the announced length',
    pieces: [`~25014600E0020200FD35\r${TWO}`],
    frames: [TWO],
    refused: ['FRAME'],
  },
  { name: 'EOI missing before the next frame', pieces: [TWO.slice(0, -1) + FIVE], frames: [FIVE], refused: ['FRAME'] },
  {
    name: 'lower-case hex',
    pieces: ['~25014600e00202fcf5\r'.replace('fcf5', checksumOf('25014600e00202'))],
    frames: ['~25014600e00202FD15\r'],
  },
  { name: 'CHKSUM of other characters', pieces: ['~25014600E00202FD36\r', TWO], frames: [TWO], refused: ['CHECKSUM'] },
  {
    name: 'LCHKSUM wrong, CHKSUM right',
    pieces: [`~25014600D00202${checksumOf('25014600D00202')}\r`, TWO],
    frames: [TWO],
    refused: ['FRAME'],
  },
  { name: 'LENID odd', pieces: [`~25014600D0032FD\r${TWO}`], frames: [TWO], refused: ['FRAME'] },
  { name: 'a letter that is no hex digit', pieces: [`~25014600E002G2FD35\r${TWO}`], frames: [TWO], refused: ['FRAME'] },
  { name: 'NUL inside a frame', pieces: [`~25014600E0\0${TWO}`], frames: [TWO], refused: ['FRAME'] },
  { name: 'a byte above 0x7f inside a frame', pieces: [`~25014600E0\xb2${TWO}`], frames: [TWO], refused: ['FRAME'] },
];

function checksumOf(body: string): string {
  const sum = [...body].reduce((total, character) => total + character.charCodeAt(0), 0);
  return (-sum & 0xffff).toString(16).toUpperCase().padStart(4, '0');
}

describe('FrameSplitter', () => {
  for (const { name, pieces, frames, refused = [] } of cases) {
    it(`${name}: ${frames.length} good, ${refused.length} refused`, () => {
      const found = split(...pieces);
      assert.deepEqual(
        found.frames.map(({ characters }) => textOf(characters)),
        frames,
      );
      assert.deepEqual(
        found.rejected.map(({ error }) => error.code),
        refused,
      );
    });
  }

  it('tells what a refused frame had', () => {
    const { rejected } = split('~25014600400C2327\r');
    assert.equal(textOf(rejected[0]?.characters ?? new Uint8Array()), '~25014600400C2327\r');
  });

  it('tells whether bytes belonged to a frame', () => {
    const { splitter } = collectingSplitter();
    const push = (text: string) => splitter.push(Buffer.from(text, 'latin1'));
    assert.deepEqual(['\0\0', '25014600', '~2501', '46', '', 'zz', '4600'].map(push), [
      false,
      false,
      true,
      true,
      false,
      true,
      false,
    ]);
  });

  it('knows whether it is inside a frame, until a reset', () => {
    const { splitter, frames, rejected } = collectingSplitter();
    const push = (text: string) => splitter.push(Buffer.from(text, 'latin1'));
    assert.equal(splitter.midFrame, false);
    push(TWO.slice(0, 15));
    assert.equal(splitter.midFrame, true);
    splitter.reset();
    assert.equal(splitter.midFrame, false);
    push(TWO.slice(15) + FIVE);
    assert.equal(splitter.midFrame, false);
    assert.deepEqual(
      frames.map(({ characters }) => textOf(characters)),
      [FIVE],
    );
    assert.deepEqual(rejected, []);
  });

  it('keeps frames apart in memory: a later one does not change an earlier', () => {
    const { frames } = split(TWO, FIVE);
    assert.deepEqual(
      frames.map(({ info }) => [...info]),
      [[2], [5]],
    );
    assert.equal(textOf(frames[0]?.characters ?? new Uint8Array()), TWO);
  });
});
