import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { anchorsOf, faultOf, linksOf, PAGES, ROOT, tableOf, textOf } from './pages.js';

for (const page of PAGES) {
  describe(`the links of ${page}`, () => {
    const links = linksOf(page);

    it('lead to files and places that are there', () => {
      const faults = links.map((link) => ({ ...link, fault: faultOf(page, link) })).filter(({ fault }) => fault);
      assert.deepEqual(faults, []);
    });

    it('say of each picture what is to be seen', () => {
      for (const { label, target } of links.filter(({ isImage }) => isImage)) {
        assert.ok(label.split(' ').length > 3, `${target} is only called "${label}"`);
      }
    });

    it('are each in one piece', () => {
      assert.doesNotMatch(textOf(page), /\]\s*\n\s*\(|\]\([^)\s]*\s/);
    });
  });
}

describe('a link that leads nowhere is found', () => {
  const link = (target: string) => ({ label: 'x', target, isImage: false });
  const cases = [
    { target: 'docs/nothing.md', fault: /is not there/ },
    { target: 'docs/wiring.md#nothing', fault: /has no #nothing/ },
    { target: '#nothing', fault: /has no #nothing/ },
  ];
  for (const { target, fault } of cases) {
    it(target, () => assert.match(faultOf('README.md', link(target)) ?? '', fault));
  }

  it('while one to a heading or a named place is none', () => {
    assert.equal(faultOf('README.md', link('docs/troubleshooting.md#portMissing')), null);
    assert.equal(faultOf('docs/wiring.md', link('#addresses-the-dip-switches')), null);
    assert.ok(anchorsOf('README.md').has('how-far-to-trust-it'));
  });
});

describe('README.md', () => {
  it('tells of every example', () => {
    const told = tableOf('README.md', 'example', 'what it shows').map(({ example }) => `${example}.json`);
    assert.deepEqual(told.sort(), readdirSync(join(ROOT, 'examples')).sort());
  });

  it('leads to every page of the docs', () => {
    const targets = linksOf('README.md').map(({ target }) => target.split('#')[0]);
    for (const page of PAGES.filter((name) => name.startsWith('docs/'))) assert.ok(targets.includes(page), page);
  });
});
