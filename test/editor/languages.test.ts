import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { describe, it } from 'node:test';
import { NODES, ROOT } from './editor-files.js';

type Texts = Record<string, string>;

const LOCALES = join(NODES, 'locales');
const ENGLISH = 'en-US';

/** Texts and passages of help that are the same in English and in that language. */
const SAME: Record<string, readonly string[]> = {
  de: [
    'Absorption',
    'Details',
    'Discovery',
    'Firmware: __value__',
    'Host',
    'In Home Assistant',
    'Log',
    'MQTT',
    'Pack',
    'Packs',
    'Port',
    'Retain',
    'SOC, %',
    'Test',
    'Topic',
    's',
  ],
  'zh-CN': ['MQTT', 's'],
};

/** What no language may change: placeholders, options of bmspace, properties of a message, permissions, variables. */
const FIXED = /\w*_\w*|\b(?:msg|bank|pace-bms)\.[\w.]*\w|\$\{\w+\}/g;
const NUMBER = /\d+(?:[.,]\d+)*/g;

const pathOf = (language: string, file: string) => join(LOCALES, language, file);
const read = (language: string, file: string) => readFileSync(pathOf(language, file), 'utf8');
const all = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([found]) => found).sort();
const fixedIn = (text: string) => all(text, FIXED);
const numbersIn = (text: string) => all(text, NUMBER).map((number) => number.replaceAll(',', '.'));

function filesOf(language: string): string[] {
  return readdirSync(join(LOCALES, language), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.\w+$/.test(file))
    .map((file) => file.split(sep).join('/'))
    .sort();
}

/** The texts of a catalogue by their paths. */
function textsOf(labels: unknown, path = ''): Texts {
  if (typeof labels !== 'object' || labels === null) return { [path]: String(labels) };
  const branches = Object.entries(labels).map(([key, label]) => textsOf(label, path === '' ? key : `${path}.${key}`));
  return Object.assign({}, ...branches);
}
const catalogue = (language: string, file: string) => textsOf(JSON.parse(read(language, file)));

const differing = (expected: string[], found: string[]) => ({
  missing: expected.filter((key) => !found.includes(key)),
  unknown: found.filter((key) => !expected.includes(key)),
});

/** What is wrong with a text that stands for an English one. */
function faultsOf(language: string, english: string, text: string): string[] {
  const said = numbersIn(text);
  const faults: Record<string, boolean> = {
    'is empty': text.trim() === '',
    'is as in English': text === english && /[a-z]/i.test(text) && !(SAME[language] ?? []).includes(text),
    'has other lines': text.split('\n').length !== english.split('\n').length,
    'has other placeholders or identifiers': fixedIn(text).join() !== fixedIn(english).join(),
    'lacks a number': numbersIn(english).some((number) => !said.includes(number)),
  };
  return Object.keys(faults).filter((fault) => faults[fault]);
}

/** A stretch of help between two tags of blocks, with the tag before it. */
interface Passage {
  tag: string;
  text: string;
  /**
   * The tags in it, with the text of code and types, in any order: each language has its own order of words.
   * What stands for a value in code, such as <node id>, may be translated.
   */
  marks: string[];
  /** What is left besides code and types. */
  words: string;
  /** What it names: fields, choices, nodes and properties of messages. */
  names: string[];
}

const BLOCK_TAG = /(<(?!\/?(?:a|b|code|span)\b)[^>]+>)/;
const INLINE = /<(a|b|code|span)\b([^>]*)>(.*?)<\/\1>/gs;
const CODE = /<(code|span)\b[^>]*>.*?<\/\1>/gs;
const oneLine = (text: string) => text.replace(/\s+/g, ' ').trim();

function passagesOf(help: string): Passage[] {
  const [first = '', ...rest] = help.split(BLOCK_TAG);
  assert.equal(first.trim(), '', 'help begins with a tag');
  return rest.flatMap((tag, index) => (index % 2 === 0 ? [passageOf(tag, rest[index + 1] ?? '')] : []));
}

function passageOf(tag: string, html: string): Passage {
  const text = oneLine(html);
  const inline = [...text.matchAll(INLINE)];
  assert.doesNotMatch(text.replace(INLINE, ''), /[<>]/, `a tag is not closed: ${text}`);
  const marks = inline.map(([whole, name, attributes]) =>
    /^[ab]$/.test(name ?? '') ? `<${name}${attributes}>` : whole.replace(/&lt;.*?&gt;/g, '&lt;…&gt;'),
  );
  const words = oneLine(text.replace(CODE, '').replace(/<[^>]+>/g, ''));
  const bold = inline.filter(([, name]) => name === 'b').map(([, , , inside]) => inside ?? '');
  const title = tag.startsWith('<dt') ? words.split(/[,，、] */) : [words];
  const names = /^<(?:dt|h4)\b/.test(tag) ? title : bold;
  return { tag, text, marks: marks.sort(), words, names };
}

/** Each English label with that of the language, of all nodes and of Node-RED's own for MQTT. */
function labelPairs(language: string): [string, string][] {
  const ours = filesOf(ENGLISH)
    .filter((file) => file.endsWith('.json') && existsSync(pathOf(language, file)))
    .map((file) => [catalogue(ENGLISH, file), catalogue(language, file)]);
  return [...ours, [nodeRed(ENGLISH), nodeRed(language)]].flatMap(([english = {}, translated = {}]) =>
    Object.entries(english).flatMap(([key, text]): [string, string][] => {
      const label = translated[key];
      return label === undefined ? [] : [[text, label]];
    }),
  );
}

function nodeRed(language: string): Texts {
  const path = join(ROOT, 'node_modules', '@node-red', 'nodes', 'locales', language, 'messages.json');
  const { common, mqtt } = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {};
  return textsOf({ common, mqtt });
}

/** Whether `name` is what the English one is called in the language; the help may leave out what follows a comma. */
function isCalled(pairs: [string, string][], english: string, name: string, tag: string): boolean {
  const labels = pairs.filter(([text]) => text === english || text.startsWith(`${english},`));
  if (labels.length === 0) return tag === '<h4>' || name === english;
  return labels.some(([text, label]) => (text === english ? label === name : label.startsWith(name)));
}

const languages = readdirSync(LOCALES).filter((language) => language !== ENGLISH);

describe('the languages of the editor', () => {
  it('are German and Chinese at least, besides English', () => {
    for (const language of ['de', 'zh-CN']) assert.ok(languages.includes(language), `${language} is missing`);
  });
});

for (const language of languages) {
  describe(`the editor in ${language}`, () => {
    const files = filesOf(ENGLISH);
    const present = files.filter((file) => existsSync(pathOf(language, file)));
    const pairs = labelPairs(language);

    it('has the same files as in English', () => {
      assert.deepEqual(filesOf(language), files);
    });

    for (const file of present.filter((name) => name.endsWith('.json'))) {
      it(`has every label of ${file}`, () => {
        const english = catalogue(ENGLISH, file);
        const translated = catalogue(language, file);
        assert.deepEqual(differing(Object.keys(english), Object.keys(translated)), { missing: [], unknown: [] });
        const faults = Object.entries(translated).flatMap(([key, text]) => {
          const original = english[key] ?? '';
          const found = /(?:^|\.)include\./.test(key)
            ? text !== original
            : faultsOf(language, original, text).join(', ');
          return found ? [`${key}: ${text}: ${found}`] : [];
        });
        assert.deepEqual(faults, []);
      });

      it(`names the field in what is wrong with it, in ${file}`, () => {
        const labels = catalogue(language, file);
        for (const [key, text] of Object.entries(labels).filter(([path]) => /(?:^|\.)error\./.test(path))) {
          const label = labels[key.replace('error.', 'label.')];
          if (label) assert.ok(text.startsWith(label) && /^ ?[:：]/.test(text.slice(label.length)), `${key}: ${text}`);
        }
      });
    }

    for (const file of present.filter((name) => name.endsWith('.html'))) {
      it(`has all of the help in ${file}`, () => {
        const english = passagesOf(read(ENGLISH, file));
        const translated = passagesOf(read(language, file));
        assert.deepEqual(
          translated.map(({ tag }) => tag),
          english.map(({ tag }) => tag),
        );
        for (const [index, passage] of translated.entries()) {
          const original = english[index] as Passage;
          assert.deepEqual(passage.marks, original.marks, passage.text);
        }
        const faults = translated.flatMap(({ words, text }, index) => {
          const original = english[index] as Passage;
          const isProse = /[a-z]{2}/.test(original.words) && !/^<dt\b/.test(original.tag);
          const found = isProse ? faultsOf(language, original.words, words).join(', ') : '';
          return found ? [`${text}: ${found}`] : [];
        });
        assert.deepEqual(faults, []);
      });

      it(`calls what ${file} names as it is called elsewhere`, () => {
        const translated = passagesOf(read(language, file));
        for (const [index, { tag, names }] of passagesOf(read(ENGLISH, file)).entries()) {
          const named = translated[index]?.names ?? [];
          assert.equal(named.length, names.length, `${names} is not ${named}`);
          for (const name of names) {
            assert.ok(
              named.some((candidate) => isCalled(pairs, name, candidate, tag)),
              `${name} is not called ${named.join(', ')}`,
            );
          }
        }
      });
    }
  });
}
