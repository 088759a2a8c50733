import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { messagesPage } from '../../scripts/docs/messages-page.js';
import { alarmReading } from '../../src/dialects/pace25/alarm-reading.js';
import { alarmRecord } from '../../src/dialects/pace25/records.js';
import { Cursor } from '../../src/wire/field-codec.js';
import { PAGE, ROOT, rowsUnder } from './page.js';

describe('docs/messages.md', () => {
  it('is what the tables of the code make of it', () => {
    assert.equal(PAGE, messagesPage(), 'docs/messages.md is out of date: npm run docs');
  });

  it('has a heading for each of its links', () => {
    const headings = [...PAGE.matchAll(/^#{2,3} (.+)$/gm)].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replace(/[^\w -]/g, '')
        .replaceAll(' ', '-'),
    );
    const links = [...PAGE.matchAll(/\]\(#([^)]+)\)/g)].map(([, anchor]) => anchor);
    assert.ok(links.length >= headings.length);
    assert.deepEqual(
      links.filter((anchor) => !headings.includes(String(anchor))),
      [],
    );
  });

  it('links to pages that there are', () => {
    const pages = readdirSync(join(ROOT, 'docs'));
    const files = [...PAGE.matchAll(/\]\(([\w-]+\.md)/g)].map(([, file]) => String(file));
    assert.deepEqual(
      files.filter((file) => !pages.includes(file)),
      [],
    );
  });
});

/** The codes of all alarms that the bytes of a 44 record can say, each byte having each value. */
function codesOfEveryByte(): Set<string> {
  const quiet = [1, 0, 1, 0, ...Array<number>(12).fill(0)];
  const counts = [0, 2];
  const codes = new Set<string>();
  for (const at of quiet.keys()) {
    if (counts.includes(at)) continue;
    for (let byte = 0; byte < 256; byte++) {
      const record = alarmRecord.read(new Cursor(Uint8Array.from(quiet.with(at, byte))));
      for (const { code } of alarmReading(record).warning.alarms) codes.add(code);
    }
  }
  return codes;
}

describe('the codes on the page', () => {
  it('of alarms are those that a reply can lead to', () => {
    const documented = rowsUnder('Alarm codes').map(({ code = '' }) => code);
    assert.equal(new Set(documented).size, documented.length);
    assert.deepEqual(documented.sort(), [...codesOfEveryByte()].sort());
  });

  it('of errors are those that the code makes errors of', () => {
    const sources = ['src', 'nodes'].flatMap((folder) =>
      readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
        .filter((path) => path.endsWith('.ts'))
        .map((path) => readFileSync(join(ROOT, folder, path), 'utf8')),
    );
    const made = sources.flatMap((text) =>
      [...text.matchAll(/(?:new PaceError\(|asPaceError\(\w+,)\s*'([A-Z_]+)'/g)].map(([, code]) => String(code)),
    );
    const documented = rowsUnder('Error codes').map(({ code = '' }) => code);
    assert.deepEqual(documented.sort(), [...new Set(made)].sort());
  });

  it('of node status fit below a node', () => {
    const rows = rowsUnder('Below the nodes');
    assert.ok(rows.length > 0);
    for (const row of rows) assert.ok((row['text, for example'] ?? '').length <= 32, JSON.stringify(row));
  });
});
