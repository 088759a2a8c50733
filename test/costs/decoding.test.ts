import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, describe, it, mock } from 'node:test';
import { BankDecoding, REPLY_CHARACTERS } from './bank-decoding.js';

/** All that makes a text of bytes. */
const TEXT_MAKERS = Object.getOwnPropertyNames(Buffer.prototype).filter((name) => /^toString$|Slice$/.test(name));
/** Of messages and names; a frame is longer. */
const LONGEST_TEXT = 100;
/** What a reply's readings are made of: 16 packs of two lists and an object each, and what finds and checks them. */
const MOST_HEAP_BYTES = 60_000;

afterEach(() => mock.restoreAll());

/** The lengths of all texts that are made of bytes from now on. */
function watchTexts(): number[] {
  const lengths: number[] = [];
  const prototype = Buffer.prototype as unknown as Record<string, (...given: unknown[]) => string>;
  for (const name of TEXT_MAKERS) {
    const make = prototype[name] as (...given: unknown[]) => string;
    mock.method(prototype, name, function (this: Buffer, ...given: unknown[]) {
      const made = make.apply(this, given);
      if (typeof made === 'string') lengths.push(made.length);
      return made;
    });
  }
  const { fromCharCode } = String;
  mock.method(String, 'fromCharCode', (...codes: number[]) => {
    lengths.push(codes.length);
    return fromCharCode(...codes);
  });
  return lengths;
}

describe('what decoding the reply of 16 packs costs', () => {
  it('no text of the frame, unless somebody wants it', () => {
    const decoding = new BankDecoding();
    const lengths = watchTexts();
    const reply = decoding.decode();
    assert.deepEqual(
      lengths.filter((length) => length > LONGEST_TEXT),
      [],
    );
    reply.text();
    assert.equal(lengths.at(-1), REPLY_CHARACTERS - 1);
  });

  it('two pieces of memory: the characters and what they spell', () => {
    const decoding = new BankDecoding();
    const allocations = [mock.method(Buffer, 'allocUnsafe'), mock.method(Buffer, 'alloc'), mock.method(Buffer, 'from')];
    decoding.decode();
    const sizes = allocations.flatMap(({ mock: { calls } }) => calls.map(({ arguments: [size] }) => size));
    assert.deepEqual(sizes, [REPLY_CHARACTERS, (REPLY_CHARACTERS - 18) / 2]);
  });

  it(`less than ${MOST_HEAP_BYTES / 1000} kB on the heap`, () => {
    const roomForAll = ['--min-semi-space-size=64', '--max-semi-space-size=64'];
    const args = [...roomForAll, '--expose-gc', '--import', 'tsx', join(__dirname, 'heap-of-decoding.ts')];
    const bytes = Number(execFileSync(process.execPath, args, { encoding: 'utf8' }));
    assert.ok(bytes > 1000 && bytes < MOST_HEAP_BYTES, `${bytes} bytes a reply`);
  });
});
