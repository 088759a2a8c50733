import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { LIKELY_CAUSES, PACE_ERROR_CODES } from '../../src/errors.js';
import { anchorsOf, ROOT, tableOf, textOf } from './pages.js';

const PAGE = 'docs/troubleshooting.md';
const text = textOf(PAGE);
const anchors = anchorsOf(PAGE);

/** What a node can say below itself: the code's `badge` and status texts, in pieces that do not vary. */
function statusTexts(): string[] {
  const sources = ['src', 'nodes'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !/simulator/.test(name))
      .map((name) => readFileSync(join(ROOT, folder, name), 'utf8')),
  );
  const literal = /(?:badge: |(?:errorStatus|waitingStatus|partialStatus)\(.*?)(?:'([^']+)'|`([^`]+)`)/g;
  const found = sources.flatMap((source) =>
    [...source.matchAll(literal)].map(([, plain, template]) => plain ?? template ?? ''),
  );
  return [...new Set(found.flatMap((words) => words.split(/\$\{[^}]*\}/)).map((words) => words.trim()))].filter(
    (words) => /[a-z]{3}/.test(words),
  );
}

describe(PAGE, () => {
  for (const code of PACE_ERROR_CODES) {
    it(`says what to do about ${code}`, () => {
      const row = tableOf(PAGE, 'code', 'meaning', 'see').find((one) => one.code?.includes(`\`${code}\``));
      assert.ok(row?.meaning && row.see);
    });
  }

  const labels = JSON.parse(readFileSync(join(ROOT, 'nodes', 'locales', 'en-US', 'pace-bms-connection.json'), 'utf8'))[
    'pace-bms-connection'
  ];
  const headings = tableOf(PAGE, 'it says', 'cause', 'see');

  it('has every cause that Try it can name, and no other', () => {
    assert.deepEqual(headings.map(({ cause }) => cause).sort(), LIKELY_CAUSES.map((cause) => `\`${cause}\``).sort());
  });

  for (const cause of LIKELY_CAUSES) {
    it(`goes on where Try it says ${cause}`, () => {
      assert.ok(anchors.has(cause), `there is no <a id="${cause}">`);
      const row = headings.find((one) => one.cause === `\`${cause}\``);
      assert.equal(row?.['it says'], labels.cause[cause].title);
    });
  }

  it('has every text that can stand below a node', () => {
    const texts = statusTexts();
    assert.ok(texts.length > 25, `only ${texts.length} were found in the code`);
    assert.deepEqual(
      texts.filter((words) => !text.includes(words)),
      [],
    );
  });

  it('names the log levels as the dialog does', () => {
    const rows = tableOf(PAGE, 'level', 'name in the dialog', 'what is written');
    assert.deepEqual(
      rows.map((row) => row['name in the dialog']),
      Object.values(labels.debug),
    );
  });
});
